/** What a plan would do, said in one way only: equal intent has one text, whatever order Terraform wrote it in. No sensitive value is in it. */
import { isObject } from "../../report/difference";
import type { PlanJson, ResourceChange } from "../../report/plan-json";
import { canonical, inOrder, type Schemas } from "../../report/provider-schema";

/** What would be done to one object. `before` and `after` hold `UNKNOWN` and `SENSITIVE` in place of such values. */
export interface NormalChange {
  /** "create", "update", "delete", "read", "forget"; two of them for a replacement; "no-op" where an object is only imported or moved. */
  readonly actions: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
  /** Paths that force a replacement. */
  readonly replace?: readonly string[];
  /** Id that is taken into the state; empty: only known when applied. */
  readonly importing?: string;
  /** Address that the state had it at. */
  readonly moved?: string;
}

/** In place of a value that only the apply will bring. */
const UNKNOWN = { $: "known after apply" } as const;
/** In place of a value that may not be shown. Two of them are alike: a hash of a secret could be tried out by who holds the record. */
const SENSITIVE = { $: "sensitive" } as const;

/** Everything that an apply of the plan would do, by address; outputs as "output.<name>". What stays as it is has no entry. */
export function normalChanges(plan: PlanJson, schemas: Schemas): Readonly<Record<string, NormalChange>> {
  const hide = hiding(secretsIn(plan), plan.timestamp);
  const resources = plan.resource_changes.filter(acts).map((one): [string, NormalChange] => {
    const { address, deposed, mode, type, previous_address: moved } = one;
    const block = schemas[mode][type];
    const { replace_paths: paths = [], importing } = one.change;
    const change = sides(one.change, (value) => hide(inOrder(value, block)));
    return [
      deposed === undefined ? address : `${address} (deposed ${deposed})`,
      {
        ...change,
        ...(paths.length > 0 && { replace: paths.map((path) => path.join(".")).sort() }),
        ...(importing && { importing: importing.id ?? "" }),
        ...(moved !== undefined && { moved }),
      },
    ];
  });
  const outputs = Object.entries(plan.output_changes)
    .filter(([, { actions }]) => !actions.includes("no-op"))
    .map(([name, change]): [string, NormalChange] => [`output.${name}`, sides(change, hide)]);
  return Object.fromEntries([...resources, ...outputs].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const acts = ({ change, previous_address: moved }: ResourceChange): boolean =>
  !change.actions.includes("no-op") || change.importing !== undefined || moved !== undefined;

type Change = ResourceChange["change"];

const sides = (change: Change, tidy: (value: unknown) => unknown): NormalChange => ({
  actions: change.actions,
  before: tidy(withMarks(change.before, change.before_sensitive, undefined)),
  after: tidy(withMarks(change.after, change.after_sensitive, change.after_unknown)),
});

/** A value with its two trees of marks worked in; a key whose value is unknown is in the marks alone. */
function withMarks(value: unknown, sensitive: unknown, unknown: unknown): unknown {
  if (unknown === true) return UNKNOWN;
  if (sensitive === true) return value === null || value === undefined ? null : SENSITIVE;
  const inner = (one: unknown, key: string | number) => withMarks(one, at(sensitive, key), at(unknown, key));
  if (Array.isArray(value)) return value.map(inner);
  if (!isObject(value) && !isObject(unknown)) return value ?? null;
  const [known, marked] = [isObject(value) ? value : {}, isObject(unknown) ? unknown : {}];
  const keys = [...new Set([...Object.keys(known), ...Object.keys(marked)])];
  return Object.fromEntries(keys.map((key) => [key, inner(known[key], key)]));
}

const at = (marks: unknown, key: string | number): unknown => {
  if (Array.isArray(marks)) return marks[Number(key)];
  return isObject(marks) ? marks[key] : undefined;
};

/** Every text that the plan calls sensitive somewhere: it may stand elsewhere without a mark, such as in the output of terraform_data. */
function secretsIn(plan: PlanJson): ReadonlySet<string> {
  const found = new Set<string>();
  const collect = (value: unknown, marks: unknown): void => {
    if (marks === true) for (const text of textsIn(value)) found.add(text);
    else if (typeof value === "object" && value !== null && typeof marks === "object" && marks !== null)
      for (const [key, one] of Object.entries(value)) collect(one, at(marks, key));
  };
  const changes = [...plan.resource_changes, ...plan.resource_drift].map(({ change }) => change);
  for (const change of [...changes, ...Object.values(plan.output_changes)]) {
    collect(change.before, change.before_sensitive);
    collect(change.after, change.after_sensitive);
  }
  const declared = plan.configuration?.root_module?.variables ?? {};
  for (const [name, { value }] of Object.entries(plan.variables ?? {})) collect(value, declared[name]?.sensitive);
  return found;
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Replaces a text that is, or holds, one of the secrets, a short one only where it is the whole text; and the time of the plan, which is no intent. */
function hiding(secrets: ReadonlySet<string>, time: string | undefined): (value: unknown) => unknown {
  const long = [...secrets].filter(({ length }) => length >= SHORTEST);
  const hide = (value: unknown): unknown => {
    if (typeof value === "string") {
      if (secrets.has(value) || long.some((secret) => value.includes(secret))) return SENSITIVE;
      return time ? value.replaceAll(time, "(time of the plan)") : value;
    }
    if (Array.isArray(value)) return value.map(hide);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, hide(one)]));
  };
  return hide;
}

/** Of a text that is looked for inside others. */
const SHORTEST = 6;

/** The text that is compared. */
export const textOf = (change: NormalChange): string => canonical(change);
