import { isList, isObject, type ObjectValue, toNumber, unknown, type Value } from "../plugin/value";
import type { Attributes, AttributeType, Primitive } from "./attribute";
import type { Path } from "./definition";
import { elementType } from "./shape";

/** An object as handlers see it, before its attributes give it a type; see `Known`. */
export type KnownObject = { readonly [name: string]: unknown };

/**
 * A value from Terraform as handlers see it: null and unknown are `undefined` (and left out of objects), numbers are numbers.
 *
 * A number with more digits than JavaScript keeps is NaN; `validate` has refused it before.
 */
export function toKnown(type: AttributeType, value: Value): unknown {
  if (value === null || value === unknown) return undefined;
  if (type.kind === "object") return isObject(value) ? toKnownObject(type.attributes, value) : undefined;
  if (isList(value)) return value.map((one) => toKnown(elementType(type), one));
  if (isObject(value)) return mapValues(value, (one) => toKnown(elementType(type), one));
  const isNumber = type.kind === "primitive" && type.primitive === "number";
  return isNumber && typeof value === "string" ? (toNumber(value) ?? Number.NaN) : value;
}

/** {@link toKnown} for the object of a whole resource, data source or provider configuration. */
export function toKnownObject(attributes: Attributes, value: ObjectValue): KnownObject {
  const known = Object.entries(attributes).map(
    ([name, { type }]) => [name, toKnown(type, value[name] ?? null)] as const,
  );
  return Object.fromEntries(known.filter(([, one]) => one !== undefined));
}

/** One place where something is not of the shape that its attribute declares. */
export interface Misfit {
  readonly path: Path;
  readonly got: string;
  readonly wanted: string;
}

/** A value for Terraform, and what had to be left out of it (null stands there) because it had another shape. */
export interface Conformed<V> {
  readonly value: V;
  readonly misfits: readonly Misfit[];
}

/**
 * What a handler returned, as a value for Terraform: `undefined` and absent attributes become null, write-only ones always.
 *
 * @param extra what becomes of a name that is not declared: a misfit, or nothing (states of other versions)
 */
export function conformObject(
  attributes: Attributes,
  known: unknown,
  { extra = "misfit" }: { readonly extra?: "misfit" | "drop" } = {},
): Conformed<ObjectValue> {
  const misfits: Misfit[] = [];
  const value = new Conformer(misfits, extra).object(attributes, known, []);
  return { value: value ?? new Conformer([], "drop").empty(attributes), misfits };
}

class Conformer {
  constructor(
    private readonly misfits: Misfit[],
    private readonly extra: "misfit" | "drop",
  ) {}

  object(attributes: Attributes, known: unknown, path: Path): ObjectValue | null {
    if (!isRecord(known)) return this.misfit(path, known, "an object");
    if (this.extra === "misfit") this.refuseExtra(attributes, known, path);
    return mapValues(attributes, ({ type, options }, name) =>
      options.writeOnly ? null : this.value(type, known[name], [...path, name]),
    );
  }

  empty(attributes: Attributes): ObjectValue {
    return mapValues(attributes, () => null);
  }

  value(type: AttributeType, known: unknown, path: Path): Value {
    if (known === undefined || known === null) return null;
    switch (type.kind) {
      case "primitive":
        return this.primitive(type.primitive, known, path);
      case "object":
        return this.object(type.attributes, known, path);
      case "list":
      case "set":
      case "object-list":
      case "object-set":
        return this.list(type, known, path);
      case "map":
      case "object-map":
        return this.map(type, known, path);
    }
  }

  private primitive(primitive: Primitive, known: unknown, path: Path): Value {
    if (primitive === "string" && typeof known === "string") return known;
    if (primitive === "bool" && typeof known === "boolean") return known;
    if (primitive === "number" && typeof known === "number" && Number.isFinite(known)) return known;
    return this.misfit(path, known, `a ${primitive}`);
  }

  private list(type: AttributeType, known: unknown, path: Path): Value {
    if (!Array.isArray(known)) return this.misfit(path, known, "a list");
    return known.map((one: unknown, index) => this.element(type, one, [...path, index]));
  }

  private map(type: AttributeType, known: unknown, path: Path): Value {
    if (!isRecord(known)) return this.misfit(path, known, "a map");
    return mapValues(known, (one, key) => this.element(type, one, [...path, key]));
  }

  private element(type: AttributeType, known: unknown, path: Path): Value {
    if (known === undefined || known === null) return this.misfit(path, known, "an element");
    return this.value(elementType(type), known, path);
  }

  private refuseExtra(attributes: Attributes, known: Record<string, unknown>, path: Path): void {
    for (const name of Object.keys(known)) {
      const declared = Object.hasOwn(attributes, name);
      if (!declared && known[name] !== undefined) this.misfit([...path, name], known[name], "no such attribute");
    }
  }

  private misfit(path: Path, got: unknown, wanted: string): null {
    this.misfits.push({ path, got: describe(got), wanted });
    return null;
  }
}

/** The same keys with other values. */
export function mapValues<A, B>(object: { readonly [key: string]: A }, change: (value: A, key: string) => B) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The kind of a value and never the value itself, which may be a secret. */
function describe(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return `a${typeof value === "object" ? "n" : ""} ${typeof value}`;
}
