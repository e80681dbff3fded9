import { isList, isObject, isUnknown, type ObjectValue, unknown, type Value } from "../plugin/value";
import type { Attributes, AttributeType } from "./attribute";

/**
 * True when Terraform would show no difference between two values of one attribute: sets have no order, a nested
 * attribute that is absent is null. An unknown value is the same as nothing but another unknown one.
 */
export function sameValue(type: AttributeType, a: Value, b: Value): boolean {
  if (a === b) return true;
  if (isList(a) && isList(b)) {
    const unordered = type.kind === "set" || type.kind === "object-set";
    return (
      a.length === b.length && (unordered ? sameSet(type, a, b) : a.every((one, i) => sameElement(type, one, b[i])))
    );
  }
  if (!isObject(a) || !isObject(b)) return false;
  if (type.kind === "object") return sameObject(type.attributes, a, b);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameElement(type, a[key] ?? null, b[key]))
  );
}

/** {@link sameValue} for whole objects: every declared attribute is the same. */
export function sameObject(attributes: Attributes, a: ObjectValue, b: ObjectValue): boolean {
  return Object.entries(attributes).every(([name, { type }]) => sameValue(type, a[name] ?? null, b[name] ?? null));
}

/** What stands at a name, key or index: unknown below an unknown value, null where nothing stands. */
export function at(value: Value, key: string | number): Value {
  if (isUnknown(value)) return unknown;
  if (isList(value)) return value[Number(key)] ?? null;
  return isObject(value) && Object.hasOwn(value, key) ? (value[key] ?? null) : null;
}

/** The type of what a collection holds; of an object itself, the object. */
export function elementType(type: AttributeType): AttributeType {
  if ("attributes" in type) return { kind: "object", attributes: type.attributes };
  return { kind: "primitive", primitive: "element" in type ? type.element : type.primitive };
}

function sameElement(type: AttributeType, a: Value, b: Value | undefined): boolean {
  return b !== undefined && sameValue(elementType(type), a, b);
}

function sameSet(type: AttributeType, a: readonly Value[], b: readonly Value[]): boolean {
  const rest = [...b];
  return a.every((one) => {
    const at = rest.findIndex((other) => sameElement(type, one, other));
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}
