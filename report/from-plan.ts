/** Reads findings out of Terraform's plan. */
import { type Difference, differences, isObject, pathText, same } from "./difference";
import { gateFindings } from "./gate";
import { harmless } from "./harmless";
import type { Action, Finding, FindingKind } from "./model";
import type { PlanJson, ResourceChange } from "./plan-json";
import { portrait } from "./portrait";

export interface PlanFindings {
  readonly findings: readonly Finding[];
  readonly actions: Readonly<Record<string, Action>>;
  /** Managed resources in the plan, changed or not. */
  readonly resources: number;
}

/**
 * Every difference that the plan would act on. A value that moved on Fly and is already what the configuration says is none:
 * nothing would be done about it.
 */
export function findingsOf(plan: PlanJson): PlanFindings {
  const drift = new Map(plan.resource_drift.map((one) => [one.address, one]));
  const changes = plan.resource_changes.filter(({ mode }) => mode === "managed");
  const acting = changes.flatMap((change) => {
    const action = actionOf(change);
    return action ? [{ change, action }] : [];
  });
  return {
    findings: [
      ...acting.flatMap(({ change, action }) => ofResource(change, action, drift.get(change.address))),
      ...changes.filter(isOnlyImported).map(({ address }) => whole("pending", address, takenOver)),
      ...Object.entries(plan.output_changes).flatMap(([name, change]) =>
        change.actions.includes("no-op") ? [] : [whole("follows", `output.${name}`, "changes")],
      ),
    ],
    actions: Object.fromEntries(acting.map(({ change, action }) => [change.address, action])),
    resources: changes.length,
  };
}

const takenOver = "is there already, as declared; apply takes it over and changes nothing of it";

const isOnlyImported = (resource: ResourceChange): boolean =>
  resource.change.importing !== undefined && actionOf(resource) === undefined;

function actionOf({ change: { actions } }: ResourceChange): Action | undefined {
  if (actions.includes("delete") && actions.includes("create")) return "replace";
  const action = actions[0];
  return action === "create" || action === "update" || action === "delete" ? action : undefined;
}

function ofResource(resource: ResourceChange, action: Action, drift: ResourceChange | undefined): readonly Finding[] {
  const { address, type, change } = resource;
  const gate = gateFindings(resource);
  if (gate.length > 0) return gate;
  if (action === "create") {
    return drift
      ? [
          whole(
            "missing",
            address,
            `is gone from ${type.startsWith("github_") ? "GitHub" : "Fly"}; apply makes ${named(type, change.after)} again`,
          ),
        ]
      : [whole("pending", address, `not there yet; apply makes ${named(type, change.after)}`)];
  }
  if (action === "delete")
    return [whole("pending", address, `no longer declared; apply destroys ${named(type, change.before)}`)];
  const special = specialFindings(resource);
  const applied = drift ? drift.change.before : change.before;
  const fields = differences({ applied, live: change.before, wanted: change.after })
    .filter(({ path }) => !isSpecial(resource, path))
    .flatMap((difference) => fieldFindings(resource, difference));
  const found = [...special, ...fields];
  const counted = found.filter(({ kind }) => kind !== "follows");
  if (counted.length > 0) return counted;
  return found.length > 0 ? found : [whole("follows", address, action === "replace" ? "is made anew" : "is updated")];
}

const named = (type: string, values: unknown): string => harmless(portrait(type, values)) || "it";

const whole = (kind: FindingKind, address: string, text: string): Finding => ({ kind, address, path: "", text });

/**
 * Maps that our provider reads as they are and plans as empty: what no attribute can show. Each entry is a finding, whatever an earlier
 * apply wrote down.
 */
const SPECIAL = ["divergence", "undeclared", "status"];

const isSpecial = ({ type }: ResourceChange, path: Difference["path"]): boolean =>
  type.startsWith("fly_") && SPECIAL.includes(String(path[0]));

function specialFindings({ type, address, change }: ResourceChange): readonly Finding[] {
  if (!type.startsWith("fly_") || !isObject(change.before)) return [];
  const before = change.before;
  return SPECIAL.flatMap((attribute) => {
    const entries = before[attribute];
    if (!isObject(entries)) return [];
    return Object.entries(entries).map(([key, text]) => ({
      kind: specialKind(attribute, String(text)),
      address,
      path: harmless(key),
      text: harmless(attribute === "undeclared" ? `nobody declared it (${text})` : String(text)),
      ...(attribute === "undeclared" && policyFor(key, change.after) !== "remove" && { left: true }),
    }));
  });
}

/** What the configuration says of an undeclared object, such as "secret/OLD": "remove" or, without a word, "refuse". */
function policyFor(object: string, wanted: unknown): unknown {
  const policy = isObject(wanted) && wanted.policy;
  return isObject(policy) ? policy[object.split("/")[0] ?? ""] : undefined;
}

function specialKind(attribute: string, text: string): FindingKind {
  if (attribute === "status" && text.includes("rotated")) return "pending";
  if (attribute === "undeclared" || /undeclared|unexpected|nobody declared/.test(text)) return "undeclared";
  return /\bmissing\b|^deleted|^gone/.test(text) ? "missing" : "field";
}

/** One difference between Fly and the configuration is drift, a pending change, or one of each: the last apply's value decides. */
function fieldFindings({ address, change }: ResourceChange, difference: Difference): readonly Finding[] {
  const { path, applied, live, wanted } = difference;
  const where = { address, path: harmless(pathText(path)) };
  if (marked(change.after_unknown, path)) {
    return [{ kind: "follows", ...where, text: `${show(live)} -> (known after apply)` }];
  }
  const secret = [change.before_sensitive, change.after_sensitive].some((marks) => marked(marks, path));
  const values = (was: unknown, is: unknown) => (secret ? {} : { was: was ?? null, is: is ?? null });
  const found: Finding[] = [];
  if (!same(live, applied)) {
    found.push({
      kind: "field",
      ...where,
      text: driftText(difference, secret ? masked : show),
      ...values(applied, live),
    });
  }
  if (!same(wanted, applied)) {
    const say = secret ? masked : show;
    found.push({ kind: "pending", ...where, text: `${say(applied)} -> ${say(wanted)}`, ...values(applied, wanted) });
  }
  return found;
}

const masked = () => "(sensitive)";

function driftText({ applied, live, wanted }: Difference, say: (value: unknown) => string): string {
  if (!same(wanted, applied)) return `is ${say(live)}, was ${say(applied)} at the last apply`;
  return same(wanted, null) ? `is ${say(live)}, not declared` : `is ${say(live)}, declared ${say(applied)}`;
}

const at = (value: unknown, path: Difference["path"]): unknown =>
  path.reduce<unknown>((inner, part) => {
    if (Array.isArray(inner)) return inner[Number(part)];
    return isObject(inner) ? inner[part] : undefined;
  }, value);

/** Whether a tree of marks covers the path: `true` at it, above it, or anywhere below it. */
function marked(marks: unknown, path: Difference["path"]): boolean {
  if (marks === true) return true;
  if (path.length === 0) return hasMark(marks);
  const [first, ...rest] = path;
  return marked(at(marks, first === undefined ? [] : [first]), rest);
}

const hasMark = (marks: unknown): boolean =>
  marks === true || (typeof marks === "object" && marks !== null && Object.values(marks).some(hasMark));

/** A value as a person reads it: short, on one line, harmless, without what is empty in it. */
function show(value: unknown): string {
  if (value === null || value === undefined) return "not set";
  const text = harmless(
    JSON.stringify(value, (_key, inner: unknown) => (same(inner, null) ? undefined : inner)) ?? "empty",
  );
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

const LONGEST = 100;
