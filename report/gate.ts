import { isObject } from "./difference";
import { harmless } from "./harmless";
import type { Finding, FindingKind } from "./model";
import type { ResourceChange } from "./plan-json";

/**
 * Resources that hold findings in words, by object: a map in this attribute. What is as declared has no entry, or this text. One with an index
 * is only there while it finds something.
 */
const GATES: Readonly<Record<string, string>> = {
  "terraform_data.drift_gate": "input",
  "terraform_data.drift_gate[0]": "input",
  "null_resource.read_back": "triggers",
};
const AS_DECLARED = "as declared";

/** Whether a resource of a plan only says what differs elsewhere. */
export const isGate = (address: string): boolean => address in GATES;

/** What a gate says: one finding for each object, whose path is the object; empty: nothing, or the resource is no gate. */
export function gateFindings({ address, change }: ResourceChange): readonly Finding[] {
  const attribute = GATES[address];
  if (attribute === undefined || !isObject(change.after)) return [];
  const entries = change.after[attribute];
  if (!isObject(entries)) return [];
  return Object.entries(entries).flatMap(([object, text]) => {
    if (typeof text !== "string" || text === AS_DECLARED) return [];
    const kind = kindOf(text);
    const left = kind === "undeclared" || needsPerson(text);
    return [{ kind, address, path: harmless(object), text: harmless(text), ...(left && { left }) }];
  });
}

/** Values of secrets and decisions: nothing that an apply could make. */
const needsPerson = (text: string): boolean => /gh secret set|\[config\//.test(text);

function kindOf(text: string): FindingKind {
  if (text.startsWith("nobody declared it")) return "undeclared";
  return text.startsWith("is missing") ? "missing" : "field";
}
