import { sameDecimal } from "./decimal";

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
 * A number that a double cannot hold to the last digit stands here as decimal text; see `toNumber`.
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

/** True when neither the value nor anything inside it is unknown. */
export function whollyKnown(value: Value): boolean {
  if (value === unknown) return false;
  if (typeof value !== "object" || value === null) return true;
  return Object.values<Value>(value).every(whollyKnown);
}

/**
 * The number that a value of Terraform type `number` stands for.
 *
 * Terraform computes with 512 bits and sends what is neither a 64-bit integer nor exactly a double, 0.1 for one, as
 * decimal text (docs/plugin-protocol/object-wire-format.md of hashicorp/terraform, read 2026-11).
 *
 * @returns undefined when the text is no number, or has more digits than a JavaScript number keeps
 */
export function toNumber(value: number | string): number | undefined {
  if (typeof value === "number") return value;
  const number = Number(value);
  return sameDecimal(String(number), value) ? number : undefined;
}
