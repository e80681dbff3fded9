import type { AttributePath } from "../plugin/tfplugin6";
import type { Attributes, AttributeType } from "./attribute";
import type { Path } from "./definition";
import { elementType } from "./shape";

/** A path as people write it: `services[0].ports[1].port`, `env["LOG_LEVEL"]`. */
export function pathText(attributes: Attributes, path: Path): string {
  return steps(attributes, path).reduce((text, step) => {
    if (step.attribute_name !== undefined) return text === "" ? step.attribute_name : `${text}.${step.attribute_name}`;
    return `${text}[${step.element_key_int ?? JSON.stringify(step.element_key_string)}]`;
  }, "");
}

/**
 * A path for Terraform, which tells attribute names, map keys and list indexes apart.
 *
 * It ends where the schema does, and at a set, whose elements have no key.
 */
export function wirePath(attributes: Attributes, path: Path): AttributePath {
  return { steps: steps(attributes, path) };
}

type Step = NonNullable<AttributePath["steps"]>[number];

function steps(attributes: Attributes, path: Path): Step[] {
  const found: Step[] = [];
  let type: AttributeType = { kind: "object", attributes };
  for (const key of path) {
    const step = stepInto(type, key);
    if (!step) break;
    found.push(step.step);
    type = step.type;
  }
  return found;
}

function stepInto(type: AttributeType, key: string | number): { step: Step; type: AttributeType } | undefined {
  switch (type.kind) {
    case "object": {
      const attribute = type.attributes[key];
      return attribute && { step: { attribute_name: String(key) }, type: attribute.type };
    }
    case "list":
    case "object-list":
      return typeof key === "number" ? { step: { element_key_int: key }, type: elementType(type) } : undefined;
    case "map":
    case "object-map":
      return { step: { element_key_string: String(key) }, type: elementType(type) };
    default:
      return undefined;
  }
}
