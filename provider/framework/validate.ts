import { isList, isObject, isUnknown, type ObjectValue, toNumber, type Value, whollyKnown } from "../plugin/value";
import type { Attribute, Attributes, AttributeType } from "./attribute";
import { toKnown } from "./conform";
import type { Diagnostic, Path } from "./definition";
import { at, elementType } from "./shape";

/**
 * Everything that is wrong with the single attributes of a configuration, all at once.
 *
 * Unknown values are not judged; Terraform asks again when they are known. Terraform itself has checked the types.
 */
export function validateAttributes(attributes: Attributes, config: ObjectValue): Diagnostic[] {
  return validateObject(attributes, config, []);
}

function validateObject(attributes: Attributes, config: ObjectValue, path: Path): Diagnostic[] {
  return Object.entries(attributes).flatMap(([name, attribute]) =>
    validateAttribute(attribute, at(config, name), [...path, name]),
  );
}

function validateAttribute(attribute: Attribute, value: Value, path: Path): Diagnostic[] {
  const { mode, type, options } = attribute;
  if (value === null) return mode === "required" ? [missing(path)] : [];
  if (mode === "computed") return [readOnly(path)];
  if (isUnknown(value)) return [];
  const inside = validateInside(type, value, path);
  if (inside.length > 0 || !whollyKnown(value)) return inside;
  const problem = options.check?.(toKnown(type, value));
  return problem === undefined ? [] : [{ summary: `Invalid ${nameOf(path)}`, detail: problem, path }];
}

function validateInside(type: AttributeType, value: Value, path: Path): Diagnostic[] {
  if (type.kind === "object") return isObject(value) ? validateObject(type.attributes, value, path) : [];
  if (isList(value)) return value.flatMap((one, i) => validateElement(type, one, [...path, i]));
  if (isObject(value)) return Object.entries(value).flatMap(([key, one]) => validateElement(type, one, [...path, key]));
  const numeric = type.kind === "primitive" && type.primitive === "number" && typeof value === "string";
  return numeric && toNumber(value) === undefined ? [tooManyDigits(value, path)] : [];
}

function validateElement(type: AttributeType, value: Value, path: Path): Diagnostic[] {
  if (value === null) return [emptyElement(path)];
  return isUnknown(value) ? [] : validateInside(elementType(type), value, path);
}

function nameOf(path: Path): string {
  return String(path.findLast((step) => typeof step === "string") ?? "value");
}

function missing(path: Path): Diagnostic {
  return {
    summary: `${nameOf(path)} is missing`,
    detail: `The attribute "${nameOf(path)}" is required and has no value here. Give it one. [provider/required]`,
    path,
  };
}

function readOnly(path: Path): Diagnostic {
  return {
    summary: `${nameOf(path)} cannot be configured`,
    detail: `The provider decides "${nameOf(path)}"; it can be read and not set. Remove it from the configuration. [provider/read-only]`,
    path,
  };
}

function emptyElement(path: Path): Diagnostic {
  return {
    summary: `${nameOf(path)} holds null`,
    detail: `An element of a list, set or map has to have a value. Leave out the one at ${JSON.stringify(path.at(-1))} or give it a value. [provider/null-element]`,
    path,
  };
}

function tooManyDigits(value: string, path: Path): Diagnostic {
  return {
    summary: `${nameOf(path)} has too many digits`,
    detail: `${value} has more digits than the provider can keep, which is about 15. Write a shorter number. [provider/number-digits]`,
    path,
  };
}
