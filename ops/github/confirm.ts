/** Confirms that GitHub protects the default branch as declared: asks as a person would, and compares every field. */
import { z } from "zod";
import { branchRule, protection } from "../../api/github/shape";
import type { Governance } from "../../config/governance-shape";
import { isObject, pathText, same } from "../../report/difference";
import { declaredBranchRule, liveBranchRule, rulesByType } from "./normal";
import type { Answered, Witness } from "./witness";

/** One field as it was compared. undefined: it is not there. */
interface Confirmed {
  readonly field: string;
  readonly declared: unknown;
  readonly live: unknown;
  readonly same: boolean;
}

export interface ConfirmedCall {
  /** As it can be typed: "gh api repos/...". */
  readonly command: string;
  readonly fields: readonly Confirmed[];
}

/** Asks for the rules of the default branch and for its classic protection: one protects it, and the other has nothing to say. */
export async function confirmProtection(wanted: Governance, witness: Witness): Promise<readonly ConfirmedCall[]> {
  const { owner, name, settings, mechanism } = wanted;
  const branch = encodeURIComponent(settings.default_branch);
  const root = `repos/${owner}/${name}`;
  const call = async (path: string, compare: (answer: Answered) => readonly Confirmed[]): Promise<ConfirmedCall> => ({
    command: `gh api ${path}`,
    fields: compare(await witness.ask(path)),
  });
  const rules = call(`${root}/rules/branches/${branch}`, (answer) => compareRules(wanted, answer));
  const classic = call(`${root}/branches/${branch}/protection`, (answer) => compareClassic(wanted, answer));
  return Promise.all(mechanism === "ruleset" ? [rules, classic] : [classic, rules]);
}

/** Rules of one type from two rulesets are both in force, so that a second one is a difference. */
function compareRules(wanted: Governance, answer: Answered): readonly Confirmed[] {
  const live = z.array(branchRule).parse(answer ?? []);
  const declared = wanted.rulesets.flatMap(({ target, rules }) => (target === "branch" ? rules : []));
  const first = live.filter((one, index) => live.findIndex(({ type }) => type === one.type) === index);
  const more = live.filter((one) => !first.includes(one));
  return [
    ...compare(rulesByType(declared), rulesByType(first, declared)),
    ...more.map(({ type, ruleset_id }) => ({
      field: `${type} (again, in ruleset ${ruleset_id})`,
      declared: undefined,
      live: true,
      same: false,
    })),
    ...(declared.length + live.length === 0 ? [{ field: "rules", declared: "none", live: "none", same: true }] : []),
  ];
}

function compareClassic({ branch_rule: declared }: Governance, answer: Answered): readonly Confirmed[] {
  if (!declared) {
    const live = answer === undefined ? "none (404)" : "classic protection";
    return [{ field: "protection", declared: "none (404)", live, same: answer === undefined }];
  }
  return compare(declaredBranchRule(declared), answer === undefined ? {} : liveBranchRule(protection.parse(answer)));
}

function compare(declared: unknown, live: unknown): readonly Confirmed[] {
  const [wanted, found] = [new Map(leaves(declared)), new Map(leaves(live))];
  return [...new Set([...wanted.keys(), ...found.keys()])].map((field) => ({
    field,
    declared: wanted.get(field),
    live: found.get(field),
    // A switch that GitHub leaves out is off.
    same: same(wanted.get(field) ?? false, found.get(field) ?? false),
  }));
}

/** Every value with its path; a list is one value. */
function leaves(value: unknown, path: readonly string[] = []): readonly (readonly [string, unknown])[] {
  if (!isObject(value)) return [[pathText(path), value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}
