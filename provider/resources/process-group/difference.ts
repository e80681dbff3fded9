import type { Attribute, Attributes } from "../../framework";
import { canonicalObject, isJsonObject, type Json, type JsonObject, listOf, same } from "./canonical";

/** One place where a machine is not as declared. */
export interface Difference {
  /** "services[tcp 3000].ports[443].handlers". */
  readonly path: string;
  /** Path, what is there and what is declared, for people. */
  readonly text: string;
}

/** What names an element of a list, so that a removed first element does not make all others look changed. */
const identity: Readonly<Record<string, readonly string[]>> = {
  services: ["protocol", "internal_port"],
  ports: ["port", "start_port", "end_port"],
  checks: ["type", "port"],
  files: ["guest_path"],
  statics: ["url_prefix"],
  options: ["name"],
  dns_forward_rules: ["basename"],
};

/** Values that may be private although they should not be: said to differ, never printed. */
const unprinted = /^env\.|\.raw_value$/;

/** Every difference between two objects of the same attributes, in the order of declaration. Neither need be complete. */
export function differences(attributes: Attributes, declared: JsonObject, live: JsonObject): Difference[] {
  return ofObject(attributes, canonicalObject(attributes, declared), canonicalObject(attributes, live), "");
}

/** Keys of the elements of a named list: "tcp 3000", and "tcp 3000 (2)" for the second of that kind. */
export function elementKeys(list: string, elements: readonly Json[]): string[] {
  const seen = new Map<string, number>();
  return elements.map((element, index) => {
    const names = identity[list];
    const key = names && isJsonObject(element) ? nameOf(element, names) : String(index);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? key : `${key} (${count})`;
  });
}

function nameOf(element: JsonObject, names: readonly string[]): string {
  return names
    .map((name) => element[name])
    .filter((part) => part !== 0 && part !== "" && part != null)
    .join(" ");
}

function ofObject(attributes: Attributes, declared: JsonObject, live: JsonObject, prefix: string): Difference[] {
  return Object.entries(attributes).flatMap(([name, attribute]) =>
    ofValue(attribute, declared[name] ?? null, live[name] ?? null, prefix + name, name),
  );
}

function ofValue(attribute: Attribute, declared: Json, live: Json, path: string, name: string): Difference[] {
  const { type, options } = attribute;
  if (same(declared, live)) return [];
  if (declared !== null && live !== null && options.equal?.(declared, live)) return [];
  switch (type.kind) {
    case "object":
      if (!isJsonObject(declared) || !isJsonObject(live)) return [difference(path, declared, live)];
      return ofObject(type.attributes, declared, live, `${path}.`);
    case "object-list":
      return ofEntries(keyed(name, declared), keyed(name, live), (key) => `${path}[${key}]`, type.attributes);
    case "object-map":
      return ofEntries(entries(declared), entries(live), (key) => `${path}.${key}`, type.attributes);
    case "map":
      return ofEntries(entries(declared), entries(live), (key) => `${path}.${key}`);
    default:
      return [difference(path, declared, live)];
  }
}

function ofEntries(
  declared: ReadonlyMap<string, Json>,
  live: ReadonlyMap<string, Json>,
  pathOf: (key: string) => string,
  attributes?: Attributes,
): Difference[] {
  return [...new Set([...declared.keys(), ...live.keys()])].flatMap((key) => {
    const [want = null, have = null] = [declared.get(key), live.get(key)];
    const path = pathOf(key);
    if (have === null) return [{ path, text: `${path} is absent, declared` }];
    if (want === null) return [{ path, text: `${path} is not declared` }];
    if (attributes && isJsonObject(want) && isJsonObject(have)) return ofObject(attributes, want, have, `${path}.`);
    return same(want, have) ? [] : [difference(path, want, have)];
  });
}

function difference(path: string, declared: Json, live: Json): Difference {
  if (unprinted.test(path)) return { path, text: `${path} has another value than declared` };
  return { path, text: `${path} is ${words(live)}, declared ${words(declared)}` };
}

function words(value: Json): string {
  if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) return "none";
  if (Array.isArray(value)) return value.map(words).join(", ");
  if (isJsonObject(value)) return "there";
  return String(value);
}

function keyed(name: string, value: Json): Map<string, Json> {
  const elements = listOf(value);
  const keys = elementKeys(name, elements);
  return new Map(elements.map((element, i) => [keys[i] ?? String(i), element]));
}

function entries(value: Json): Map<string, Json> {
  return new Map(isJsonObject(value) ? Object.entries(value) : []);
}
