import { isList, isObject, type ObjectValue, type Value } from "../plugin/value";
import type { Attributes, AttributeType } from "./attribute";
import { mapValues } from "./conform";
import { at } from "./shape";

/** The plan with its write-only attributes, which are null in every plan and state, filled in from the configuration. */
export function withWriteOnly(attributes: Attributes, planned: ObjectValue, config: Value): ObjectValue {
  return mapValues(planned, (value, name): Value => {
    const attribute = attributes[name];
    if (!attribute) return value;
    return attribute.options.writeOnly ? at(config, name) : fillInside(attribute.type, value, at(config, name));
  });
}

function fillInside(type: AttributeType, planned: Value, config: Value): Value {
  if (!("attributes" in type) || type.kind === "object-set") return planned;
  const fill = (one: Value, configured: Value): Value =>
    isObject(one) ? withWriteOnly(type.attributes, one, configured) : one;
  if (type.kind === "object") return fill(planned, config);
  if (isList(planned)) return planned.map((one, i) => fill(one, at(config, i)));
  return isObject(planned) ? mapValues(planned, (one, key) => fill(one, at(config, key))) : planned;
}
