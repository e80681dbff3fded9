import type { Attribute, Attributes } from "../../../provider/framework/attribute";
import { at, elementType, sameValue } from "../../../provider/framework/shape";
import { isList, isObject, isUnknown, type Value } from "../../../provider/plugin/value";

/**
 * What Terraform would refuse in a plan, by path; empty when the plan stands.
 *
 * The rules are those of AssertPlanValid (internal/plans/objchange of hashicorp/terraform, read 2026-11): a configured
 * value is planned as configured or as prior, a computed one that is not configured as anything.
 */
export function planFaults(attributes: Attributes, prior: Value, config: Value, planned: Value, path = ""): string[] {
  return Object.entries(attributes).flatMap(([name, attribute]) =>
    faults(attribute, at(prior, name), at(config, name), at(planned, name), path === "" ? name : `${path}.${name}`),
  );
}

function faults(attribute: Attribute, prior: Value, config: Value, planned: Value, path: string): string[] {
  const { mode, type, options } = attribute;
  if (sameValue(type, planned, config)) return [];
  if (prior !== null && config !== null && sameValue(type, planned, prior)) return [];
  if (options.writeOnly) return planned === null ? [] : [`${path}: write-only and planned`];
  if (mode === "computed" || (mode === "optional+computed" && config === null)) return [];
  if (config === null) return [`${path}: planned, not configured and not computed`];
  if (!("attributes" in type)) return [`${path}: neither as configured nor as before`];
  if (planned === null || isUnknown(planned)) return [`${path}: configured and planned as nothing or unknown`];
  if (type.kind === "object") return planFaults(type.attributes, prior, config, planned, path);
  const keys = keysOf(config);
  if (String(keys) !== String(keysOf(planned))) return [`${path}: other elements than configured`];
  if (type.kind === "object-set") return [];
  return keys.flatMap((key) =>
    planFaults(type.attributes, at(prior, key), at(config, key), at(planned, key), `${path}[${key}]`),
  );
}

/**
 * Where a value is no completion of an earlier one, by path: Terraform lets nothing that was known change, neither from
 * the first plan to the plan just before an apply, nor from that to the new state (AssertObjectCompatible, same folder).
 */
export function completionFaults(attributes: Attributes, earlier: Value, later: Value, path = ""): string[] {
  return Object.entries(attributes).flatMap(([name, { type }]) =>
    changed(type, at(earlier, name), at(later, name), `${path}.${name}`),
  );
}

function changed(type: Attribute["type"], earlier: Value, later: Value, path: string): string[] {
  if (isUnknown(earlier)) return [];
  if (earlier === null || later === null || isUnknown(later)) return earlier === later ? [] : [`${path}: changed`];
  if (type.kind === "object") return completionFaults(type.attributes, earlier, later, path);
  if (!isList(earlier) && !isObject(earlier)) return earlier === later ? [] : [`${path}: changed`];
  const keys = keysOf(earlier);
  if (String(keys) !== String(keysOf(later))) return [`${path}: other elements`];
  if (type.kind === "set" || type.kind === "object-set") return changedSet(type, earlier, later, path);
  return keys.flatMap((key) => changed(elementType(type), at(earlier, key), at(later, key), `${path}[${key}]`));
}

function changedSet(type: Attribute["type"], earlier: Value, later: Value, path: string): string[] {
  if (!isList(earlier) || !isList(later)) return [];
  const fits = (a: Value, b: Value) => changed(elementType(type), a, b, path).length === 0;
  const lost = earlier.filter((a) => !later.some((b) => fits(a, b)));
  const new_ = later.filter((b) => !earlier.some((a) => fits(a, b)));
  return lost.length + new_.length === 0 ? [] : [`${path}: an element of the set changed`];
}

function keysOf(value: Value): (string | number)[] {
  if (isList(value)) return [...value.keys()];
  return isObject(value) ? Object.keys(value).sort() : [];
}
