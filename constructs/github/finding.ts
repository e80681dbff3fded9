import { type Expression, format, literal } from "./expression";

/** Objects of one kind that GitHub lists; each that is not declared is a finding. */
export interface Listing {
  /** A list; `one` is an element of it in the expressions below. */
  readonly items: Expression;
  /** Kind and name, as `ignore` of the configuration names it. */
  readonly object: Expression;
  /** What tells it from others, besides its name. */
  readonly about?: Expression;
  /** What removes it. */
  readonly remove: Expression;
  /** Absent: none is declared. */
  readonly declared?: { readonly name: Expression; readonly among: readonly string[] };
}

/** Findings of a listing: a map of object to text. */
export function undeclared({ items, object, about, remove, declared }: Listing): Expression {
  const text = about
    ? format("nobody declared it (%s); remove it: %s", about, remove)
    : format("nobody declared it; remove it: %s", remove);
  const unless = declared ? ` if !contains(${literal([...declared.among])}, ${declared.name})` : "";
  return `{ for one in ${items} : ${object} => ${text}${unless} }`;
}

/** A finding that is there while `isThere` holds. */
export const single = (object: string, text: Expression, isThere: Expression): Expression =>
  `{ for one in [1] : ${literal(object)} => ${text} if ${isThere} }`;
