/**
 * Attribute builders: one declaration gives the wire schema, the TypeScript types of config, plan and state,
 * the construct's props and the reference page.
 *
 * Modes are Terraform's. "optional+computed" means: the user may leave it out and the provider then plans `default`
 * (never the prior value, so that a change made outside to an omitted attribute shows), or, with `keep: true`, the prior value.
 */
import type { Value } from "../plugin/value";

export type Mode = "required" | "optional" | "computed" | "optional+computed";
export type Primitive = "string" | "number" | "bool";

/** What every attribute may say besides its mode and type. `T` is the TypeScript type of its value. */
export interface AttributeOptions<T> {
  /** One or two sentences for the reference page and the construct's docstring: meaning, unit, range, default, source. */
  readonly doc: string;
  /** A change destroys and creates the resource again. */
  readonly replace?: boolean;
  readonly sensitive?: boolean;
  readonly writeOnly?: boolean;
  /**
   * What is planned when the configuration leaves the attribute out. A function sees the sibling attributes as planned so far
   * (declared earlier in the same object); where it looks at one that is not yet known, unknown is planned. Allowed on "computed" (planned so on every plan, e.g. an always-empty divergence)
   * and "optional+computed". `null` is a value: planned as absent. The default of an object (or of objects in a list or map) is completed by
   * the defaults of its own attributes, so `{}` means "all defaults".
   */
  readonly default?: Value | ((siblings: Readonly<Record<string, Value>>) => Value);
  /** Left out: keep the prior value; on create the `default`, else unknown. The default of "computed" attributes that have no `default`. */
  readonly keep?: boolean;
  /** Computed and without `default`: becomes unknown in a plan that changes anything else of the resource. */
  readonly volatile?: boolean;
  /** Two spellings of one value (60s, 1m0s): plan keeps the prior spelling, read keeps the state's. Default: deep equality. */
  readonly equal?: (a: T, b: T) => boolean;
  /** Checked on every known configured value; a text names the problem, without path; ids in brackets. */
  readonly check?: (value: T) => string | undefined;
}

export type AttributeType =
  | { readonly kind: "primitive"; readonly primitive: Primitive }
  | { readonly kind: "list" | "set" | "map"; readonly element: Primitive }
  | { readonly kind: "object" | "object-list" | "object-set" | "object-map"; readonly attributes: Attributes };

/** An attribute with its mode `M` and the TypeScript type `T` of a known value. */
export interface Attribute<M extends Mode = Mode, T = unknown, Y extends AttributeType = AttributeType> {
  readonly mode: M;
  readonly type: Y;
  // biome-ignore lint/suspicious/noExplicitAny: options are contravariant in T; the builders below check them.
  readonly options: AttributeOptions<any>;
  /** Never set; carries `T` for inference. */
  readonly valueType?: T;
}

export type Attributes = { readonly [name: string]: Attribute };

/** An attribute that holds objects: of kind `K`, with the attributes `S`. */
export type NestedAttribute<
  M extends Mode,
  T,
  K extends "object" | "object-list" | "object-set" | "object-map",
  S extends Attributes,
> = Attribute<M, T, { readonly kind: K; readonly attributes: S }>;

interface PrimitiveTypes {
  readonly string: string;
  readonly number: number;
  readonly bool: boolean;
}

/** Value of an attribute in state and in handlers: absent, null and not-yet-known computed values are `undefined`. */
export type ValueOf<A> = A extends Attribute<infer _M, infer T> ? T : never;

type RequiredNames<S extends Attributes> = {
  [K in keyof S]: S[K] extends Attribute<"required", unknown> ? K : never;
}[keyof S];

/** The object that handlers see: required attributes are there, every other may be undefined. */
export type Known<S extends Attributes> = { readonly [K in RequiredNames<S>]: ValueOf<S[K]> } & {
  readonly [K in Exclude<keyof S, RequiredNames<S>>]?: ValueOf<S[K]> | undefined;
};

function attribute<M extends Mode, T>(mode: M, type: AttributeType, options: AttributeOptions<T>): Attribute<M, T> {
  return { mode, type, options };
}

const primitive =
  <P extends Primitive>(name: P) =>
  <M extends Mode>(mode: M, options: AttributeOptions<PrimitiveTypes[P]>): Attribute<M, PrimitiveTypes[P]> =>
    attribute(mode, { kind: "primitive", primitive: name }, options);

export const string = primitive("string");
export const number = primitive("number");
export const bool = primitive("bool");

/** A list of primitives; order matters. */
export const list = <M extends Mode, P extends Primitive>(
  mode: M,
  element: P,
  options: AttributeOptions<readonly PrimitiveTypes[P][]>,
): Attribute<M, readonly PrimitiveTypes[P][]> => attribute(mode, { kind: "list", element }, options);

/** A set of primitives. */
export const set = <M extends Mode, P extends Primitive>(
  mode: M,
  element: P,
  options: AttributeOptions<readonly PrimitiveTypes[P][]>,
): Attribute<M, readonly PrimitiveTypes[P][]> => attribute(mode, { kind: "set", element }, options);

/** A map from string to a primitive. */
export const map = <M extends Mode, P extends Primitive>(
  mode: M,
  element: P,
  options: AttributeOptions<Readonly<Record<string, PrimitiveTypes[P]>>>,
): Attribute<M, Readonly<Record<string, PrimitiveTypes[P]>>> => attribute(mode, { kind: "map", element }, options);

/** One nested object. */
export const object = <M extends Mode, S extends Attributes>(
  mode: M,
  attributes: S,
  options: AttributeOptions<Known<S>>,
): NestedAttribute<M, Known<S>, "object", S> => ({ mode, type: { kind: "object", attributes }, options });

/** A list of nested objects. */
export const objectList = <M extends Mode, S extends Attributes>(
  mode: M,
  attributes: S,
  options: AttributeOptions<readonly Known<S>[]>,
): NestedAttribute<M, readonly Known<S>[], "object-list", S> => ({
  mode,
  type: { kind: "object-list", attributes },
  options,
});

/** A set of nested objects. New resources avoid it: a changed element shows as one removed and one added. */
export const objectSet = <M extends Mode, S extends Attributes>(
  mode: M,
  attributes: S,
  options: AttributeOptions<readonly Known<S>[]>,
): NestedAttribute<M, readonly Known<S>[], "object-set", S> => ({
  mode,
  type: { kind: "object-set", attributes },
  options,
});

/** A map from string to a nested object. */
export const objectMap = <M extends Mode, S extends Attributes>(
  mode: M,
  attributes: S,
  options: AttributeOptions<Readonly<Record<string, Known<S>>>>,
): NestedAttribute<M, Readonly<Record<string, Known<S>>>, "object-map", S> => ({
  mode,
  type: { kind: "object-map", attributes },
  options,
});
