/**
 * What `terraform providers schema -json` says of types, as far as it is about order: which of their lists are sets.
 *
 * @see https://developer.hashicorp.com/terraform/cli/commands/providers/schema (format 1.x)
 */
import { z } from "zod";
import { isObject } from "./difference";

/** One side of a resource or data source: attributes by name, and blocks. */
interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, { readonly nesting_mode: string; readonly block: Block }>>;
}

interface Attribute {
  /** A type as Terraform writes it: "string", ["set", "string"], ["object", {...}]. */
  readonly type?: unknown;
  readonly nested_type?: { readonly nesting_mode: string; readonly attributes: Readonly<Record<string, Attribute>> };
}

/** Types that the providers of a stack bring, by name. */
export interface Schemas {
  readonly managed: Readonly<Record<string, Block>>;
  readonly data: Readonly<Record<string, Block>>;
}

/** Reads Terraform's answer; throws what is not as documented. */
export function schemasOf(text: string): Schemas {
  const { provider_schemas } = schemas.parse(JSON.parse(text));
  const all = Object.values(provider_schemas);
  const blocks = (kind: "resource_schemas" | "data_source_schemas") =>
    Object.fromEntries(all.flatMap((one) => Object.entries(one[kind]).map(([name, { block }]) => [name, block])));
  return { managed: blocks("resource_schemas"), data: blocks("data_source_schemas") };
}

/** The value with each set in one and the same order, however it was given; what the schema does not know stays as it is. */
export function inOrder(value: unknown, block: Block | undefined): unknown {
  if (!isObject(value) || !block) return value;
  return mapped(value, (inner, name) => {
    const attribute = block.attributes?.[name];
    if (attribute) return ofAttribute(inner, attribute);
    const nested = block.block_types?.[name];
    return nested ? nest(inner, nested.nesting_mode, (one) => inOrder(one, nested.block)) : inner;
  });
}

/** JSON with sorted keys: equal values have one text. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  ) ?? "null";

function ofAttribute(value: unknown, { type, nested_type: nested }: Attribute): unknown {
  if (!nested) return ofType(value, type);
  return nest(value, nested.nesting_mode, (one) => inOrder(one, { attributes: nested.attributes }));
}

function ofType(value: unknown, type: unknown): unknown {
  if (!Array.isArray(type)) return value;
  const [kind, inner]: readonly unknown[] = type;
  if (kind === "object" && isObject(value) && isObject(inner))
    return mapped(value, (one, name) => ofType(one, inner[name]));
  if (kind === "tuple" && Array.isArray(value) && Array.isArray(inner))
    return value.map((one, index) => ofType(one, inner[index]));
  return nest(value, String(kind), (one) => ofType(one, inner));
}

/** What a nesting of this mode holds; one that stands alone ("single", "group") is no list. */
function nest(value: unknown, mode: string, each: (value: unknown) => unknown): unknown {
  if (mode === "map" && isObject(value)) return mapped(value, each);
  if (!Array.isArray(value)) return each(value);
  const all = value.map(each);
  return mode === "set" ? all.sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1)) : all;
}

const mapped = (
  value: Readonly<Record<string, unknown>>,
  each: (value: unknown, name: string) => unknown,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, each(inner, name)]));

const attribute: z.ZodType<Attribute> = z.lazy(() =>
  z.object({
    type: z.unknown().optional(),
    nested_type: z.object({ nesting_mode: z.string(), attributes: z.record(z.string(), attribute) }).optional(),
  }),
);
const block: z.ZodType<Block> = z.lazy(() =>
  z.object({
    attributes: z.record(z.string(), attribute).optional(),
    block_types: z.record(z.string(), z.object({ nesting_mode: z.string(), block })).optional(),
  }),
);
const typed = z.record(z.string(), z.object({ block })).default({});
const schemas = z.object({
  provider_schemas: z.record(z.string(), z.object({ resource_schemas: typed, data_source_schemas: typed })).default({}),
});
