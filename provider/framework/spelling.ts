import { isList, isObject, isUnknown, type ObjectValue, type Value, whollyKnown } from "../plugin/value";
import type { Attribute, Attributes, AttributeType } from "./attribute";
import { mapValues } from "./conform";
import type { Path } from "./definition";
import { equalValue } from "./plan";
import { at, sameObject } from "./shape";

/**
 * A fresh reading in the spelling of the state: what is equal by value (`equal`, sets in another order) stays as it was
 * written, so that only what really differs is a difference. Differences stay as read.
 */
export function respell(attributes: Attributes, fresh: ObjectValue, state: ObjectValue): ObjectValue {
  return mapValues(fresh, (value, name): Value => {
    const attribute = attributes[name];
    return attribute ? respellValue(attribute, value, at(state, name)) : value;
  });
}

function respellValue(attribute: Attribute, fresh: Value, state: Value): Value {
  if (fresh === null || state === null) return fresh;
  if (equalValue(attribute, fresh, state)) return state;
  const { type } = attribute;
  if (!("attributes" in type)) return fresh;
  const inside = (one: Value, before: Value): Value =>
    isObject(one) && isObject(before) ? respell(type.attributes, one, before) : one;
  if (type.kind === "object") return inside(fresh, state);
  if (type.kind === "object-set") return respellSet(type.attributes, fresh, state);
  if (isList(fresh)) return fresh.map((one, i) => inside(one, at(state, i)));
  return isObject(fresh) ? mapValues(fresh, (one, key) => inside(one, at(state, key))) : fresh;
}

/** Each element in the spelling of the first element of the state that it is equal to. */
function respellSet(attributes: Attributes, fresh: Value, state: Value): Value {
  if (!isList(fresh) || !isList(state)) return fresh;
  return fresh.map((one) => {
    const same = state.find((before) => {
      if (!isObject(one) || !isObject(before)) return false;
      return sameObject(attributes, respell(attributes, one, before), before);
    });
    return same ?? one;
  });
}

/** A place where an apply left something else than was planned. */
export interface Surprise {
  readonly path: Path;
  readonly planned: Value;
  readonly actual: Value;
  readonly sensitive: boolean;
}

/**
 * The state after an apply: what was planned where that is known, what the platform decided where it is not.
 *
 * Terraform refuses a state that differs from its plan. Where the platform holds something else, the plan is stored and
 * the difference returned; the next refresh then shows it as drift, which is what it is.
 */
export function settle(
  attributes: Attributes,
  planned: ObjectValue,
  actual: ObjectValue,
): { readonly state: ObjectValue; readonly surprises: readonly Surprise[] } {
  const place: Place = { path: [], sensitive: false, surprises: [] };
  return { state: settleObject(attributes, planned, actual, place), surprises: place.surprises };
}

interface Place {
  readonly path: Path;
  readonly sensitive: boolean;
  readonly surprises: Surprise[];
}

function settleObject(attributes: Attributes, planned: ObjectValue, actual: ObjectValue, place: Place): ObjectValue {
  return mapValues(attributes, (attribute, name): Value => {
    const sensitive = place.sensitive || attribute.options.sensitive === true;
    const here = { ...place, sensitive, path: [...place.path, name] };
    return settleValue(attribute, at(planned, name), at(actual, name), here);
  });
}

function settleValue(attribute: Attribute, planned: Value, actual: Value, place: Place): Value {
  if (isUnknown(planned)) return actual;
  if (planned === actual) return planned;
  if (planned !== null && actual !== null) {
    if (whollyKnown(planned) && equalValue(attribute, planned, actual)) return planned;
    const inside = settleInside(attribute.type, planned, actual, place);
    if (inside !== undefined) return inside;
  }
  return surprise(planned, actual, place);
}

/** The settled value where planned and actual have the same elements to compare, undefined where they have not. */
function settleInside(type: AttributeType, planned: Value, actual: Value, place: Place): Value | undefined {
  const element = (one: Value, key: string | number): Value =>
    settleElement(type, one, at(actual, key), { ...place, path: [...place.path, key] });
  if (type.kind === "object" && isObject(planned) && isObject(actual)) {
    return settleObject(type.attributes, planned, actual, place);
  }
  if (isList(planned) && isList(actual)) {
    if (type.kind === "set" || type.kind === "object-set") return settleSet(type, planned, actual, place);
    return planned.length === actual.length ? planned.map(element) : undefined;
  }
  if (isObject(planned) && isObject(actual) && sameKeys(planned, actual)) return mapValues(planned, element);
  return undefined;
}

/** Planned elements have to find one each that completes them; the order is the plan's. */
function settleSet(
  type: AttributeType,
  planned: readonly Value[],
  actual: readonly Value[],
  place: Place,
): Value | undefined {
  const rest = [...actual];
  const settled = planned.map((one) => {
    for (const [index, candidate] of rest.entries()) {
      const attempt = { ...place, surprises: [] };
      const value = settleElement(type, one, candidate, attempt);
      if (attempt.surprises.length > 0) continue;
      rest.splice(index, 1);
      return value;
    }
    return undefined;
  });
  const complete = settled.filter((one) => one !== undefined);
  return rest.length === 0 && complete.length === planned.length ? complete : undefined;
}

function settleElement(type: AttributeType, planned: Value, actual: Value, place: Place): Value {
  if (isUnknown(planned)) return actual;
  if ("attributes" in type && isObject(planned) && isObject(actual)) {
    return settleObject(type.attributes, planned, actual, place);
  }
  return planned === actual ? planned : surprise(planned, actual, place);
}

function surprise(planned: Value, actual: Value, { path, sensitive, surprises }: Place): Value {
  surprises.push({ path, planned, actual, sensitive });
  return withoutUnknown(planned);
}

function sameKeys(a: ObjectValue, b: ObjectValue): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key));
}

/** A state holds nothing unknown; null fits every type. */
function withoutUnknown(value: Value): Value {
  if (isUnknown(value)) return null;
  if (isList(value)) return value.map(withoutUnknown);
  return isObject(value) ? mapValues(value, withoutUnknown) : value;
}
