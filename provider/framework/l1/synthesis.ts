import { Token } from "cdktf";
import type { Attributes, AttributeType } from "../attribute";
import { mapValues } from "../conform";
import { elementType } from "../shape";
import { camel, isGiven } from "./props";

/** The attributes of Terraform's JSON from the props of a construct: snake_case, without what is not given. Tokens stay as they are. */
export function synthesize(attributes: Attributes, props: object): Record<string, unknown> {
  const given: Record<string, unknown> = { ...props };
  const entries = Object.entries(attributes)
    .filter(([name, attribute]) => isGiven(attribute) && given[camel(name)] !== undefined)
    .map(([name, { type }]) => [name, synthesizeValue(type, given[camel(name)])] as const);
  return Object.fromEntries(entries);
}

function synthesizeValue(type: AttributeType, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Token.isUnresolved(value)) return value;
  if (Array.isArray(value)) return value.map((one: unknown) => synthesizeValue(elementType(type), one));
  if (type.kind === "object") return synthesize(type.attributes, value);
  return mapValues({ ...value }, (one) => synthesizeValue(elementType(type), one));
}
