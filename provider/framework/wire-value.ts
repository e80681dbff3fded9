import { decodeValue, encodeValue } from "../plugin/dynamic-value";
import type { DynamicValue } from "../plugin/tfplugin6";
import { isList, isObject, type ObjectValue, toNumber, type Value } from "../plugin/value";
import type { Attributes, AttributeType } from "./attribute";
import { mapValues } from "./conform";
import { elementType } from "./shape";

/**
 * An object from Terraform; null when there is none.
 *
 * Numbers are numbers, also those that travel as decimal text (0.1); only one with more digits than JavaScript keeps
 * stays text.
 */
export function readObject(attributes: Attributes, dynamic: DynamicValue | undefined): ObjectValue | null {
  const value = decodeValue(dynamic);
  return isObject(value) ? objectWithNumbers(attributes, value) : null;
}

/** A value for Terraform. */
export function writeValue(value: Value): DynamicValue {
  return { msgpack: encodeValue(value) };
}

function objectWithNumbers(attributes: Attributes, value: ObjectValue): ObjectValue {
  return mapValues(value, (one, name): Value => {
    const attribute = attributes[name];
    return attribute ? withNumbers(attribute.type, one) : one;
  });
}

function withNumbers(type: AttributeType, value: Value): Value {
  if (type.kind === "primitive") {
    return type.primitive === "number" && typeof value === "string" ? (toNumber(value) ?? value) : value;
  }
  if (type.kind === "object") return isObject(value) ? objectWithNumbers(type.attributes, value) : value;
  const inside = (one: Value): Value => withNumbers(elementType(type), one);
  if (isList(value)) return value.map(inside);
  return isObject(value) ? mapValues(value, inside) : value;
}
