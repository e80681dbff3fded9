/**
 * A value that Terraform does not know yet: it will be decided while applying.
 *
 * It may stand wherever a value may, also inside lists and objects. It is not `null`, which says that there is no value.
 */
export const unknown: unique symbol = Symbol("unknown");

/**
 * Any value that crosses between Terraform and the provider, without its type: lists, sets and tuples are arrays,
 * maps and objects are records.
 *
 * A number that is not a whole one, or a very large one, may stand here as decimal text; see `toNumber`.
 */
export type Value = null | boolean | number | string | typeof unknown | readonly Value[] | ObjectValue;

/** The value of an object, a map or a block. A key that is absent is not the same as one that is `null`. */
export interface ObjectValue {
  readonly [key: string]: Value;
}

/** True for the marker of a value that is decided while applying; false for a collection that merely holds one. */
export function isUnknown(value: Value): value is typeof unknown {
  return value === unknown;
}

/** True for a list, a set or a tuple. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** True for an object, a map or a block. */
export function isObject(value: Value): value is ObjectValue {
  return typeof value === "object" && value !== null && !isList(value);
}

/** True when neither the value nor anything inside it is unknown. */
export function whollyKnown(value: Value): boolean {
  if (value === unknown) return false;
  if (typeof value !== "object" || value === null) return true;
  return Object.values<Value>(value).every(whollyKnown);
}

/**
 * The number that a value of Terraform's type `number` stands for.
 *
 * Terraform computes with 512 bits and sends what is neither a 64-bit integer nor exactly a double, such as 0.1, as decimal
 * text (docs/plugin-protocol/object-wire-format.md of hashicorp/terraform, read 2026-11).
 *
 * @returns undefined when the text is no number, or has more digits than a JavaScript number keeps
 */
export function toNumber(value: number | string): number | undefined {
  if (typeof value === "number") return value;
  const number = Number(value);
  const digits = normalDecimal(value);
  return digits !== undefined && digits === normalDecimal(String(number)) ? number : undefined;
}

/** Sign and significant digits, and the power of ten of the last; undefined when the text is no decimal number. */
function normalDecimal(text: string): string | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text);
  if (!match) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const significant = (whole + fraction).replace(/^0+/, "");
  const digits = significant.replace(/0+$/, "");
  if (digits === "") return "0";
  const power = Number(exponent) - fraction.length + significant.length - digits.length;
  return `${sign === "-" ? "-" : ""}${digits}e${power}`;
}
