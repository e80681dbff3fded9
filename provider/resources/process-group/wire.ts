/**
 * Attributes and wire documents are the same tree under the same names; this walks both along the schema.
 * What the schema does not name is reported when read and kept when written.
 */
import type { Attribute, Attributes } from "../../framework";
import { canonicalObject, isJsonObject, type Json, type JsonObject, listOf, mapOf } from "./canonical";
import { elementKeys } from "./difference";
import { formatDuration, parseDuration } from "./duration";
import { sameDuration } from "./equality";

/** An object as the schema has it, canonical, and the paths of what it does not name. */
export interface ReadObject {
  readonly value: JsonObject;
  readonly unknownFields: readonly string[];
}

/** Reads a wire object. Zero values that the schema does not name say nothing and are not reported. */
export function readObject(attributes: Attributes, wire: JsonObject, prefix = ""): ReadObject {
  const unknownFields: string[] = [];
  const value = canonicalObject(attributes, read(attributes, wire, prefix, unknownFields));
  return { value, unknownFields };
}

/** Writes a wire object: without empty values and without objects that say nothing but defaults. */
export function writeObject(attributes: Attributes, value: JsonObject): JsonObject {
  return write(attributes, canonicalObject(attributes, value));
}

/** `wanted`, plus what `base` has and the schema does not name. */
export function keepUnknown(attributes: Attributes, base: JsonObject, wanted: JsonObject): JsonObject {
  const foreign = Object.entries(base).filter(([name, value]) => !Object.hasOwn(attributes, name) && !isZero(value));
  const known = Object.entries(attributes).map(([name, attribute]) => {
    const kept = keepInside(attribute, base[name] ?? null, wanted[name] ?? null, name);
    return [name, kept] as const;
  });
  return Object.fromEntries([...foreign, ...known.filter(([, value]) => value !== null)]);
}

function read(attributes: Attributes, wire: JsonObject, prefix: string, unknownFields: string[]): JsonObject {
  const value: Record<string, Json> = {};
  for (const [name, field] of Object.entries(wire)) {
    const attribute = attributes[name];
    const path = prefix + name;
    if (attribute) value[name] = readValue(attribute, field, path, unknownFields);
    else if (!isZero(field)) unknownFields.push(path);
  }
  return value;
}

function readValue(attribute: Attribute, wire: Json, path: string, unknownFields: string[]): Json {
  const { type } = attribute;
  if (wire === null) return null;
  switch (type.kind) {
    case "object":
      return isJsonObject(wire) ? read(type.attributes, wire, `${path}.`, unknownFields) : null;
    case "object-list":
      return listOf(wire).map((one, i) =>
        read(type.attributes, isJsonObject(one) ? one : {}, `${path}[${i}].`, unknownFields),
      );
    case "object-map":
      return mapOf(wire, (one, key) =>
        read(type.attributes, isJsonObject(one) ? one : {}, `${path}.${key}.`, unknownFields),
      );
    case "map":
      return readMap(wire, path, unknownFields);
    case "list":
      return listOf(wire);
    default:
      return readPrimitive(attribute, wire);
  }
}

/** Only texts: a header that is false or a list is Fly's, not the schema's. */
function readMap(wire: Json, path: string, unknownFields: string[]): Json {
  const texts = Object.entries(isJsonObject(wire) ? wire : {}).filter(([key, one]) => {
    if (typeof one !== "string") unknownFields.push(`${path}.${key}`);
    return typeof one === "string";
  });
  return Object.fromEntries(texts);
}

/** Durations come as text or as nanoseconds; `autostop` comes back as a boolean for "off" and "stop" (fly-api.md 2.7). */
function readPrimitive({ type, options }: Attribute, wire: Json): Json {
  if (type.kind !== "primitive" || type.primitive !== "string") return wire;
  if (typeof wire === "boolean") return wire ? "stop" : "off";
  if (options.equal !== sameDuration) return wire;
  const ns = typeof wire === "number" ? wire : parseDuration(String(wire));
  return ns === undefined ? wire : formatDuration(ns);
}

function write(attributes: Attributes, value: JsonObject): JsonObject {
  const fields = Object.entries(attributes).map(
    ([name, attribute]) => [name, writeValue(attribute, value[name] ?? null)] as const,
  );
  return Object.fromEntries(
    fields.filter(([name, field]) => field !== null && (isRequired(attributes[name]) || !isEmpty(field))),
  );
}

function writeValue({ mode, type, options }: Attribute, value: Json): Json {
  switch (type.kind) {
    case "object":
      return isJsonObject(value) ? write(type.attributes, value) : null;
    case "object-list":
      return listOf(value).map((one) => write(type.attributes, isJsonObject(one) ? one : {}));
    case "object-map":
      return mapOf(value, (one) => write(type.attributes, isJsonObject(one) ? one : {}));
    default:
      return mode !== "required" && isZero(value) && !saysSomething(options.default, value) ? null : value;
  }
}

function isRequired(attribute: Attribute | undefined): boolean {
  return attribute?.mode === "required";
}

/** 0 and false are sent only where leaving them out would mean something else. */
function saysSomething(standard: Attribute["options"]["default"], value: Json): boolean {
  return standard !== undefined && typeof standard !== "function" && standard !== value && value !== "";
}

/** What is the same as being left out: null, false, 0, "", an empty list or object, and a list or object of such. */
function isZero(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isJsonObject(value)) return Object.values(value).every(isZero);
  return !value;
}

function isEmpty(value: Json): boolean {
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}

function keepInside({ type }: Attribute, base: Json, wanted: Json, name: string): Json {
  const keep = (attributes: Attributes, was: Json, want: Json): Json =>
    isJsonObject(was) && isJsonObject(want) ? keepUnknown(attributes, was, want) : want;
  switch (type.kind) {
    case "object": {
      const kept = keep(type.attributes, base, wanted ?? {});
      return wanted === null && isEmpty(kept) ? null : kept;
    }
    case "object-list": {
      const before = new Map(elementKeys(name, listOf(base)).map((key, i) => [key, listOf(base)[i] ?? null]));
      const keys = elementKeys(name, listOf(wanted));
      return wanted && listOf(wanted).map((one, i) => keep(type.attributes, before.get(keys[i] ?? "") ?? null, one));
    }
    case "object-map":
      return (
        wanted &&
        mapOf(wanted, (one, key) => keep(type.attributes, (isJsonObject(base) ? base[key] : null) ?? null, one))
      );
    default:
      return wanted;
  }
}
