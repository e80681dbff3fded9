import type { Schema, SchemaAttribute, SchemaObject } from "../plugin/tfplugin6";
import type { Attribute, Attributes, AttributeType } from "./attribute";

/** What a provider, resource or data source declares, in the form that Terraform asks for. Nested attributes, never blocks. */
export function wireSchema(summary: string, attributes: Attributes, version = 0): Schema {
  const block = { version, description: summary, description_kind: "MARKDOWN", attributes: wireAttributes(attributes) };
  return { version, block: { ...block, description_kind: "MARKDOWN" } };
}

function wireAttributes(attributes: Attributes): SchemaAttribute[] {
  return Object.entries(attributes).map(([name, attribute]) => wireAttribute(name, attribute));
}

function wireAttribute(name: string, { mode, type, options }: Attribute): SchemaAttribute {
  return {
    name,
    ...wireType(type),
    description: options.doc,
    description_kind: "MARKDOWN",
    required: mode === "required",
    optional: mode === "optional" || mode === "optional+computed",
    computed: mode === "computed" || mode === "optional+computed",
    sensitive: options.sensitive === true,
    write_only: options.writeOnly === true,
  };
}

function wireType(type: AttributeType): Pick<SchemaAttribute, "type" | "nested_type"> {
  if ("attributes" in type) {
    return { nested_type: { nesting: nestings[type.kind], attributes: wireAttributes(type.attributes) } };
  }
  const constraint = type.kind === "primitive" ? type.primitive : [type.kind, type.element];
  return { type: Buffer.from(JSON.stringify(constraint)) };
}

const nestings = {
  object: "SINGLE",
  "object-list": "LIST",
  "object-set": "SET",
  "object-map": "MAP",
} as const satisfies Record<string, SchemaObject["nesting"]>;

/**
 * Contradictions in a declaration, which Terraform or the plan would stumble on later. Empty when there are none.
 *
 * @param updatable false when the resource has no `update`: then whatever can be configured must replace it
 * @param planned true when the resource has a `plan`, which may give what the attribute rules leave open
 */
export function contradictions(attributes: Attributes, { updatable = true, planned = false } = {}): string[] {
  const context = { planned, insideSet: false };
  const faults = Object.entries(attributes).flatMap(([name, attribute]) => faultsOf(attribute, name, context));
  if (updatable) return faults;
  const fixed = Object.entries(attributes).filter(([, { mode, options }]) => mode !== "computed" && !options.replace);
  return [...faults, ...fixed.map(([name]) => `${name}: there is no update, so it must be replace or computed`)];
}

function faultsOf(attribute: Attribute, path: string, context: { planned: boolean; insideSet: boolean }): string[] {
  const { mode, type, options } = attribute;
  const open = mode === "optional+computed" && options.default === undefined && !options.keep;
  const rules: readonly (readonly [boolean, string])[] = [
    [open && !context.planned, "needs a default or keep"],
    [options.default !== undefined && !mode.includes("computed"), "only computed attributes have a default"],
    [options.keep === true && !mode.includes("computed"), "only computed attributes keep the prior value"],
    [options.volatile === true && (mode !== "computed" || options.default !== undefined), "is not merely computed"],
    [options.writeOnly === true && mode.includes("computed"), "is write-only and so cannot be computed"],
    [options.writeOnly === true && context.insideSet, "is write-only and so cannot be in a set"],
    [!/^[a-z][a-z0-9_]*$/.test(path.slice(path.lastIndexOf(".") + 1)), "is no snake_case name"],
  ];
  const own = rules.filter(([broken]) => broken).map(([, fault]) => `${path}: ${fault}`);
  if (!("attributes" in type)) return own;
  const inside = { ...context, insideSet: context.insideSet || type.kind === "object-set" };
  const nested = Object.entries(type.attributes).flatMap(([name, one]) => faultsOf(one, `${path}.${name}`, inside));
  return [...own, ...nested];
}
