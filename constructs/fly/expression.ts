import { type IResolvable, Token } from "cdktf";
import type { AppShape } from "../../config/app-shape";
import type { Known } from "../../config/rule";

/**
 * A shape in which a Terraform expression may stand for every value. Texts and numbers take string and number Tokens as they are;
 * words of a fixed list and booleans take an IResolvable. Keys, and what decides which constructs there are, are always known.
 */
export type Expressible<T> = T extends string
  ? string extends T
    ? T
    : T | IResolvable
  : T extends boolean
    ? boolean | IResolvable
    : T extends readonly (infer E)[]
      ? readonly Expressible<E>[]
      : T extends object
        ? { readonly [K in keyof T]: Expressible<T[K]> }
        : T;

/** Booleans of the shape: Terraform takes "true" for true, but an expression that is one stays itself. */
const booleans = new Set(["forceHttps", "autostart"]);

/** The same with every expression in the type that it stands for: a Token. */
export function withTokens(props: Expressible<AppShape>): AppShape {
  // The one place where the type cannot follow: a Token has the type of what it stands for.
  return convert(props, "") as AppShape;
}

function convert(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Token.isUnresolved(value) && !Array.isArray(value)) return booleans.has(key) ? value : Token.asString(value);
  if (Array.isArray(value)) return value.map((one) => convert(one, key));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, convert(one, name)]));
}

/** A Token, or a text with `${`, which Terraform reads as an expression too. */
function isExpression(value: unknown): boolean {
  return Token.isUnresolved(value) || (typeof value === "string" && value.includes("${"));
}

/** The same without every expression: what a rule can judge now. */
export function known(shape: AppShape): Known<AppShape> {
  return without(shape) as Known<AppShape>;
}

function without(value: unknown): unknown {
  if (isExpression(value)) return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(without);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, without(one)]));
}

/** Whether an expression stands anywhere in the value. */
export function hasExpression(value: unknown): boolean {
  if (isExpression(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasExpression);
}
