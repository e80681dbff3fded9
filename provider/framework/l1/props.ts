import type { IResolvable } from "cdktf";
import type { Attribute, Attributes, ValueOf } from "../attribute";

/** The name of an attribute in TypeScript: `memory_mb` is `memoryMb`. */
export type Camel<Name> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Name;

type Given = "required" | "optional" | "optional+computed";
type NamesOf<S extends Attributes, M> = {
  [K in keyof S]: S[K] extends { readonly mode: infer Own } ? (Own extends M ? K : never) : never;
}[keyof S];

/**
 * What a user gives for these attributes: camelCase, without those that the provider decides. Strings, numbers, and lists
 * and maps of them may be Tokens as they are; everything else may be an IResolvable.
 */
export type Props<S extends Attributes> = {
  readonly [K in NamesOf<S, "required"> as Camel<K>]: PropOf<S[K]>;
} & {
  readonly [K in NamesOf<S, Exclude<Given, "required">> as Camel<K>]?: PropOf<S[K]> | undefined;
};

type Nested<K, S> = { readonly type: { readonly kind: K; readonly attributes: S } };

type PropOf<A> =
  A extends Nested<infer K, infer S extends Attributes> ? NestedProp<K, Props<S> | IResolvable> : FlatProp<ValueOf<A>>;

type NestedProp<K, P> = K extends "object"
  ? P
  : (K extends "object-map" ? { readonly [key: string]: P } : readonly P[]) | IResolvable;

type FlatProp<T> = T extends boolean
  ? boolean | IResolvable
  : T extends string | number
    ? T
    : T extends readonly (infer E)[]
      ? readonly FlatProp<E>[] | IResolvable
      : T extends { readonly [key: string]: infer E }
        ? { readonly [key: string]: FlatProp<E> } | IResolvable
        : never;

/** References to these attributes as Terraform will know them: strings, numbers, lists and maps as Tokens, all else resolvable. */
export type References<S extends Attributes> = {
  readonly [K in keyof S as Camel<K>]: ReferenceTo<S[K]>;
};

/** A reference to an object, and to each of its attributes. */
type ObjectReference<S extends Attributes> = IResolvable & References<S>;

type ReferenceTo<A> =
  A extends Nested<"object", infer S extends Attributes>
    ? ObjectReference<S>
    : A extends Nested<infer _K, infer _S>
      ? IResolvable
      : FlatReference<ValueOf<A>>;

type FlatReference<T> = T extends boolean
  ? IResolvable
  : T extends string | number
    ? T
    : T extends readonly (infer E)[]
      ? E extends boolean
        ? IResolvable
        : E[]
      : T extends { readonly [key: string]: infer E }
        ? { [key: string]: E }
        : never;

/** {@link Camel} at run time; the one place where a name changes its case. */
export function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** An attribute that a user may give. */
export function isGiven({ mode }: Attribute): boolean {
  return mode !== "computed";
}
