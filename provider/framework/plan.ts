import { isList, isObject, type ObjectValue, unknown, type Value, whollyKnown } from "../plugin/value";
import type { Attribute, Attributes, AttributeType } from "./attribute";
import { mapValues, toKnown } from "./conform";
import type { Path } from "./definition";
import { at, elementType, sameObject, sameValue } from "./shape";

/**
 * What the attribute rules plan for one object.
 *
 * A configured value is planned as configured, or in the prior spelling where both are equal. One that is left out is
 * planned as its default, else as before, else as unknown. Terraform holds the plan against configuration and prior
 * (AssertPlanValid in internal/plans/objchange of hashicorp/terraform, read 2026-11) and so does a property test.
 *
 * @param prior the object as last read; null when there is none: a create, or a new element of a list or map
 */
export function planObject(attributes: Attributes, config: ObjectValue, prior: ObjectValue | null): ObjectValue {
  const planned: Record<string, Value> = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    const before = prior === null ? undefined : (prior[name] ?? null);
    planned[name] = planAttribute(attribute, config[name] ?? null, before, planned);
  }
  return planned;
}

/**
 * The plan with its volatile attributes made unknown, if it changes anything.
 *
 * Those that are no longer as before have been planned by somebody who knows better, and stay.
 */
export function withVolatile(attributes: Attributes, planned: ObjectValue, prior: ObjectValue): ObjectValue {
  if (sameObject(attributes, planned, prior)) return planned;
  return forgetVolatile(attributes, planned, prior);
}

/** Paths of the `replace` attributes that differ between prior and planned, outermost first. */
export function replacements(attributes: Attributes, planned: ObjectValue, prior: ObjectValue): Path[] {
  return Object.entries(attributes).flatMap(([name, attribute]) =>
    replacementsAt(attribute, planned[name] ?? null, prior[name] ?? null, [name]),
  );
}

/** True when two wholly known, non-null values of an attribute mean the same, in whatever spelling. */
export function equalValue(attribute: Attribute, a: Value, b: Value): boolean {
  const { type, options } = attribute;
  if (sameValue(type, a, b)) return true;
  return options.equal?.(toKnown(type, a), toKnown(type, b)) ?? false;
}

function planAttribute(
  attribute: Attribute,
  config: Value,
  prior: Value | undefined,
  siblings: Readonly<Record<string, Value>>,
): Value {
  const { mode, options } = attribute;
  if (options.writeOnly) return null;
  if (mode !== "computed" && config === unknown) return unknown;
  if (mode !== "computed" && config !== null) return planConfigured(attribute, config, prior ?? null);
  if (mode === "required" || mode === "optional") return null;
  if (prior !== undefined && (options.keep || options.default === undefined)) return prior;
  const standard = defaultOf(options.default, siblings);
  if (standard === null && mode === "optional+computed" && saysNothing(attribute.type, prior ?? null))
    return prior ?? null;
  return standard === null || standard === unknown ? standard : planConfigured(attribute, standard, prior ?? null);
}

/** An object of defaults only is as good as none: whether it was written out is nothing to plan. */
function saysNothing(type: AttributeType, value: Value): boolean {
  if (type.kind !== "object" || !isObject(value)) return false;
  return sameObject(type.attributes, planObject(type.attributes, {}, value), value);
}

function planConfigured(attribute: Attribute, config: Value, prior: Value): Value {
  const planned = planInside(attribute.type, config, prior);
  const mayKeep = prior !== null && whollyKnown(planned);
  return mayKeep && equalValue(attribute, planned, prior) ? prior : planned;
}

function planInside(type: AttributeType, config: Value, prior: Value): Value {
  switch (type.kind) {
    case "object":
      return planElement(type.attributes, config, prior);
    case "object-list":
      return isList(config) ? config.map((one, i) => planElement(type.attributes, one, at(prior, i))) : config;
    case "object-map":
      return isObject(config)
        ? mapValues(config, (one, key) => planElement(type.attributes, one, at(prior, key)))
        : config;
    case "object-set":
      return isList(config) ? planSet(type.attributes, config, isList(prior) ? prior : []) : config;
    default:
      return config;
  }
}

function planElement(attributes: Attributes, config: Value, prior: Value): Value {
  return isObject(config) ? planObject(attributes, config, isObject(prior) ? prior : null) : config;
}

/**
 * Elements of a set have no key. An element is unchanged if a prior one is equal to it once that one's computed values
 * are kept; the others are new.
 */
function planSet(attributes: Attributes, config: readonly Value[], prior: readonly Value[]): Value[] {
  const fits = config.map((one) =>
    [...prior.keys()].filter((index) => {
      const before = prior[index] ?? null;
      const kept = planElement(attributes, one, before);
      return isObject(kept) && isObject(before) && sameObject(attributes, kept, before);
    }),
  );
  const taken = match(fits);
  return config.map((one, i) => planElement(attributes, one, prior[taken.get(i) ?? -1] ?? null));
}

/** Gives as many as possible one of the indexes that fit them, each to one only (augmenting paths). */
function match(fits: readonly (readonly number[])[]): Map<number, number> {
  const holder = new Map<number, number>();
  const place = (one: number, tried: Set<number>): boolean =>
    (fits[one] ?? []).some((index) => {
      if (tried.has(index)) return false;
      tried.add(index);
      const other = holder.get(index);
      if (other !== undefined && !place(other, tried)) return false;
      holder.set(index, one);
      return true;
    });
  for (const one of fits.keys()) place(one, new Set());
  return new Map([...holder].map(([index, one]) => [one, index]));
}

class NotYetKnown extends Error {}

/** A default that looks at a sibling which is not yet known is not yet known either. */
function defaultOf(standard: Attribute["options"]["default"], siblings: Readonly<Record<string, Value>>): Value {
  if (standard === undefined) return unknown;
  if (typeof standard !== "function") return standard;
  const guarded = new Proxy(siblings, {
    get(target, name: string) {
      const sibling = target[name];
      if (sibling !== undefined && !whollyKnown(sibling)) throw new NotYetKnown();
      return sibling;
    },
  });
  try {
    return standard(guarded);
  } catch (error) {
    if (error instanceof NotYetKnown) return unknown;
    throw error;
  }
}

function forgetVolatile(attributes: Attributes, planned: ObjectValue, prior: ObjectValue | null): ObjectValue {
  return mapValues(planned, (value, name): Value => {
    const attribute = attributes[name];
    if (!attribute) return value;
    const before = prior?.[name] ?? null;
    const kept = prior !== null && sameValue(attribute.type, value, before);
    if (attribute.options.volatile && kept) return unknown;
    return forgetInside(attribute.type, value, before);
  });
}

function forgetInside(type: AttributeType, value: Value, prior: Value): Value {
  if (!("attributes" in type)) return value;
  const forget = (one: Value, before: Value): Value =>
    isObject(one) ? forgetVolatile(type.attributes, one, isObject(before) ? before : null) : one;
  if (type.kind === "object") return forget(value, prior);
  if (isList(value)) return value.map((one, i) => forget(one, type.kind === "object-set" ? one : at(prior, i)));
  return isObject(value) ? mapValues(value, (one, key) => forget(one, at(prior, key))) : value;
}

function replacementsAt(attribute: Attribute, planned: Value, prior: Value, path: Path): Path[] {
  const { type, options } = attribute;
  if (sameValue(type, planned, prior)) return [];
  if (options.replace) return [path];
  if (!("attributes" in type) || type.kind === "object-set") return [];
  return childKeys(type, planned, prior).flatMap((key) => {
    const child: Attribute = type.kind === "object" ? nested(type.attributes, key) : element(attribute);
    return replacementsAt(child, at(planned, key), at(prior, key), [...path, key]);
  });
}

/** Keys to compare below two values, one of which may be null or unknown. */
function childKeys(type: AttributeType, planned: Value, prior: Value): (string | number)[] {
  if (type.kind === "object") return Object.keys(type.attributes);
  const sides: readonly Value[] = [planned, prior];
  const keys = sides.flatMap((value): (string | number)[] => {
    if (isList(value)) return [...value.keys()];
    return isObject(value) ? Object.keys(value) : [];
  });
  return [...new Set(keys)];
}

function nested(attributes: Attributes, name: string | number): Attribute {
  const found = attributes[name];
  if (!found) throw new Error(`no attribute ${name}`);
  return found;
}

function element({ mode, type }: Attribute): Attribute {
  return { mode, type: elementType(type), options: { doc: "" } };
}
