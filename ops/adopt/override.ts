/** What has to be set beside the props of a construct so that it says what is live: paths into Terraform's JSON, and the values there. */
import { isDeepStrictEqual as same } from "node:util";
import type { Attributes } from "../../provider/framework";
import type { AttributeType } from "../../provider/framework/attribute";
import { conformObject } from "../../provider/framework/conform";
import { planObject } from "../../provider/framework/plan";
import { elementType } from "../../provider/framework/shape";
import { isList, isObject, type ObjectValue, type Value } from "../../provider/plugin/value";

/** One call of `addOverride`. `value` undefined: what stands there is taken away. */
export interface Override {
  /** Such as "services.0.ports.1.tls_options"; no step of it holds a dot. */
  readonly path: string;
  readonly value: Value | undefined;
}

/**
 * The overrides that lead from what would be planned to what is live, for these attributes. A value that is never null in a plan and null
 * live cannot be reached, and neither can a shorter list: nothing is returned for it.
 */
export function overridesTo(
  live: ObjectValue,
  planned: ObjectValue,
  {
    attributes,
    config,
    names,
  }: { readonly attributes: Attributes; readonly config: ObjectValue; readonly names: readonly string[] },
): readonly Override[] {
  const all = names.flatMap((name) => {
    const type = attributes[name]?.type;
    return type ? ofValue(type, live[name] ?? null, planned[name] ?? null, name) : [];
  });
  return all.filter(({ path, value }) => value !== undefined || valueAt(config, path.split(".")) !== null);
}

/** The configuration with the overrides in it, as `addOverride` merges them into Terraform's JSON. */
export function overridden(attributes: Attributes, config: ObjectValue, overrides: readonly Override[]): ObjectValue {
  const merged = overrides.reduce<Value>((done, { path, value }) => setAt(done, path.split("."), value), config);
  return conformObject(attributes, merged).value;
}

function ofValue(type: AttributeType, live: Value, planned: Value, path: string): readonly Override[] {
  if (same(live, planned) || live === null) return [];
  if (isObject(live) && isObject(planned) && type.kind === "object") {
    return Object.entries(type.attributes).flatMap(([name, attribute]) => {
      const [before, after] = [planned[name] ?? null, live[name] ?? null] as const;
      const here = `${path}.${name}`;
      const isLeftOut = !same(before, after) && same(after, standardOf(type.attributes, name, live));
      return isLeftOut ? [{ path: here, value: undefined }] : ofValue(attribute.type, after, before, here);
    });
  }
  if (isObject(live) && isObject(planned) && type.kind === "object-map" && keysFit(live, planned)) {
    return [...new Set([...Object.keys(planned), ...Object.keys(live)])].flatMap((key) => {
      const before: Value = planned[key] ?? null;
      const after: Value = live[key] ?? null;
      if (after === null) return [{ path: `${path}.${key}`, value: undefined }];
      return isObject(before) && isObject(after)
        ? replaceObject(before, after, `${path}.${key}`)
        : [{ path: `${path}.${key}`, value: sparse(elementType(type), after) }];
    });
  }
  if (isList(live) && isList(planned) && planned.length > 0) {
    if (live.length < planned.length) return [];
    return live.flatMap((one, index) => ofValue(elementType(type), one, planned[index] ?? null, `${path}.${index}`));
  }
  return [{ path, value: sparse(type, live) }];
}

/** What an attribute would be, were it left out of an object that is else as it is. */
const standardOf = (attributes: Attributes, name: string, object: ObjectValue): Value =>
  attributes[name]?.mode === "required"
    ? null
    : (planObject(attributes, { ...object, [name]: null }, null)[name] ?? null);

/** An element of a map of objects: what it lacks is taken away, what it has is set. */
function replaceObject(planned: ObjectValue, live: ObjectValue, path: string): readonly Override[] {
  return [...new Set([...Object.keys(planned), ...Object.keys(live)])].flatMap((name) => {
    const before: Value = planned[name] ?? null;
    const after: Value = live[name] ?? null;
    return same(before, after) ? [] : [{ path: `${path}.${name}`, value: after ?? undefined }];
  });
}

/** Dots part the steps of a path, so that a key with one cannot be in it. */
const keysFit = (...maps: readonly ObjectValue[]): boolean =>
  maps.every((one) => Object.keys(one).every((key) => !key.includes(".")));

/** The value without what its defaults say anyway. */
function sparse(type: AttributeType, value: Value): Value {
  if (isList(value)) return value.map((one) => sparse(elementType(type), one));
  if (!isObject(value) || type.kind !== "object") return value;
  const entries = Object.entries(type.attributes).flatMap(([name, attribute]): [string, Value][] => {
    const one = value[name] ?? null;
    const goesWithoutSaying = one === null || same(one, standardOf(type.attributes, name, value));
    return goesWithoutSaying ? [] : [[name, sparse(attribute.type, one)]];
  });
  return Object.fromEntries(entries);
}

function valueAt(value: Value, [step, ...rest]: readonly string[]): Value {
  if (step === undefined) return value;
  if (isList(value)) return valueAt(value[Number(step)] ?? null, rest);
  return isObject(value) ? valueAt(value[step] ?? null, rest) : null;
}

function setAt(target: Value, [step, ...rest]: readonly string[], value: Value | undefined): Value {
  if (step === undefined) return value ?? null;
  if (isList(target)) {
    const list = [...target];
    list[Number(step)] = setAt(list[Number(step)] ?? null, rest, value);
    return list;
  }
  const { [step]: before = null, ...others } = isObject(target) ? target : {};
  return rest.length === 0 && value === undefined ? others : { ...others, [step]: setAt(before, rest, value) };
}
