/** A shape that the constructs take: what their rules refuse is left out of it, to be said in another way. */
import type { AppShape } from "../../config/app-shape";
import type { Problem } from "../../config/problem";
import { appProblems } from "../../config/rule";
import { isObject } from "../../report/difference";

/** The shape without what the rules refuse, and what of it cannot be left out. */
export function permitted(shape: AppShape): { readonly shape: AppShape; readonly problems: readonly Problem[] } {
  for (let current: AppShape = shape; ; ) {
    const problems = appProblems(current, "");
    const problem = problems.find(({ path }) => removable(current, steps(path)) !== undefined);
    if (!problem) return { shape: current, problems };
    // Only what may be left out is taken out of it, so that it stays what its type says.
    current = without(current, removable(current, steps(problem.path)) ?? []) as AppShape;
  }
}

type Step = string | number;

/** What a part cannot be without: the part itself is left out instead. */
const required = new Set(["interval", "timeout", "type", "internalPort", "port", "name", "path", "softLimit"]);
/** What an app cannot be without. */
const vital = new Set(["app", "regions", "image", "groups"]);

/** The path to leave out for a problem at `path`: itself, or the nearest thing around it that may be missing. */
function removable(shape: unknown, path: readonly Step[]): readonly Step[] | undefined {
  const last = path.at(-1);
  if (last === undefined || (path.length === 1 && vital.has(String(last)))) return undefined;
  const around = path.slice(0, -1);
  if (required.has(String(last)) && path[0] === "groups" && path.length > 3) return removable(shape, around);
  return valueAt(shape, path) === undefined ? undefined : path;
}

function steps(path: string): readonly Step[] {
  return path.split(/[.[\]]+/).flatMap((step) => (step === "" ? [] : [/^\d+$/.test(step) ? Number(step) : step]));
}

function valueAt(value: unknown, [step, ...rest]: readonly Step[]): unknown {
  if (step === undefined) return value;
  if (Array.isArray(value)) return valueAt(value[Number(step)], rest);
  return isObject(value) ? valueAt(value[step], rest) : undefined;
}

function without(value: unknown, [step, ...rest]: readonly Step[]): unknown {
  if (step === undefined) return undefined;
  const keep = (one: unknown) => (rest.length === 0 ? undefined : without(one, rest));
  if (Array.isArray(value)) {
    const list = value.map((one: unknown, index) => (index === step ? keep(one) : one));
    return list.filter((one) => one !== undefined);
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, one]) => [name, name === String(step) ? keep(one) : one] as const);
  return Object.fromEntries(entries.filter(([, one]) => one !== undefined));
}
