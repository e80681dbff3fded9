/**
 * One form for values that mean the same: what is left out stands as its default, and an object that says nothing but
 * defaults stands as null where null is its default. The defaults are the schema's, so Fly's rewriting of a config
 * (fly-api.md 2.7) is told once.
 */
import type { Attribute, Attributes, Value } from "../../framework";

/** A value as JSON has it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** True for an object that is no list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every attribute of the object, completed in the order of declaration, because a default may look at those before it. */
export function canonicalObject(attributes: Attributes, value: JsonObject): JsonObject {
  const done: Record<string, Json> = {};
  for (const [name, attribute] of Object.entries(attributes))
    done[name] = canonicalValue(attribute, value[name] ?? null, done);
  return done;
}

/** One attribute, completed; `siblings` are the attributes before it. */
function canonicalValue(attribute: Attribute, value: Json, siblings: JsonObject): Json {
  const { type } = attribute;
  const standard = standardOf(attribute, siblings);
  const given = value ?? standard;
  if (given === null) return null;
  switch (type.kind) {
    case "object": {
      const done = isJsonObject(given) ? canonicalObject(type.attributes, given) : null;
      const saysNothing = standard === null && same(done, canonicalObject(type.attributes, {}));
      return saysNothing ? null : done;
    }
    case "object-list":
    case "object-set":
      return listOf(given).map((one) => canonicalObject(type.attributes, isJsonObject(one) ? one : {}));
    case "object-map":
      return mapOf(given, (one) => canonicalObject(type.attributes, isJsonObject(one) ? one : {}));
    default:
      return given;
  }
}

/** The canonical object with its objects that say nothing written out as well, but for those that must say something. */
export function writtenOut(attributes: Attributes, value: JsonObject): JsonObject {
  return mapOf(canonicalObject(attributes, value), (one, name) => {
    const type = attributes[name]?.type;
    if (!type || !("attributes" in type)) return one;
    const within = (inner: Json) => writtenOut(type.attributes, isJsonObject(inner) ? inner : {});
    if (type.kind !== "object") return Array.isArray(one) ? one.map(within) : mapOf(one, within);
    const mustSay = Object.values(type.attributes).some(({ mode }) => mode === "required");
    return one === null && mustSay ? null : within(one);
  });
}

/** Deep equality of canonical values. */
export function same(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, i) => same(one, b[i] ?? null));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key] ?? null, b[key] ?? null))
  );
}

/** The value as a list; anything else is an empty one. */
export function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The same keys with other values; anything that is no object has no keys. */
export function mapOf(value: Json, change: (one: Json, key: string) => Json): JsonObject {
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one, key)]))
    : {};
}

function standardOf({ mode, type, options }: Attribute, siblings: JsonObject): Json {
  if (mode === "required") return nothingOf(type);
  const standard: Value | undefined =
    typeof options.default === "function" ? options.default(siblings) : options.default;
  return toJson(standard);
}

/** What Fly leaves out of an answer although it was sent: the empty text, list or map. */
function nothingOf(type: Attribute["type"]): Json {
  if (type.kind === "primitive") return type.primitive === "string" ? "" : null;
  if (type.kind === "object") return null;
  return type.kind === "map" || type.kind === "object-map" ? {} : [];
}

/** Defaults hold no unknown value once their siblings are known. */
function toJson(value: Value | undefined): Json {
  return value === undefined || typeof value === "symbol" ? null : (value as Json);
}
