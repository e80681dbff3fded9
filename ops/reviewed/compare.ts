/** Whether what would be done now is what was reviewed. */
import { isObject, pathText } from "../../report/difference";
import { harmless } from "../../report/harmless";
import { type NormalChange, textOf } from "./normal";
import type { Reviewed, ReviewedStack } from "./record";

/** One thing that is not as it was when it was reviewed. */
export interface Moved {
  readonly stack: string;
  /** "stack": the stack itself was not reviewed. "change": what would be done differs, with nothing else to blame but what is out there. */
  readonly what: "stack" | "configuration" | "state" | "change";
  /** Address or part of the configuration; empty: the stack as a whole. */
  readonly where: string;
  /** Reviewed and now, in words. */
  readonly text: string;
}

/** Everything that moved since the review, for the stacks of `now`; empty: it would do exactly what was reviewed. */
export function compare(reviewed: Reviewed, now: Reviewed): readonly Moved[] {
  return Object.entries(now.stacks).flatMap(([stack, present]) => {
    const before = reviewed.stacks[stack];
    if (!before) return [{ stack, what: "stack" as const, where: "", text: "was not reviewed" }];
    if (before.digest === present.digest) return [];
    return movedIn(before, present).map(({ what, where, text }) => ({
      stack,
      what,
      where: harmless(where),
      text: harmless(text),
    }));
  });
}

type Found = Omit<Moved, "stack">;

function movedIn(before: ReviewedStack, now: ReviewedStack): readonly Found[] {
  return [
    ...union(before.configuration, now.configuration).flatMap((where): readonly Found[] => {
      const [was, is] = [before.configuration[where], now.configuration[where]];
      if (was === is) return [];
      const text = was === undefined ? "was not declared, now it is" : is ? "is declared otherwise" : "is gone";
      return [{ what: "configuration", where, text }];
    }),
    ...(stateText(before) === stateText(now)
      ? []
      : [{ what: "state", where: "", text: `reviewed ${stateText(before)}, now ${stateText(now)}` } as const]),
    ...union(before.changes, now.changes).flatMap((where): readonly Found[] =>
      changeTexts(before.changes[where], now.changes[where]).map((text) => ({ what: "change", where, text })),
    ),
    ...besidesMoved(before.besides, now.besides),
  ];
}

const stateText = ({ state }: ReviewedStack): string =>
  state ? `serial ${state.serial} of ${state.lineage}` : "no state";

function changeTexts(was: NormalChange | undefined, is: NormalChange | undefined): readonly string[] {
  if (!was || !is) return [`reviewed ${verb(was)}, now ${verb(is)}`];
  if (textOf(was) === textOf(is)) return [];
  if (verb(was) !== verb(is)) return [`reviewed ${verb(was)}, now ${verb(is)}`];
  const [before, now] = [leaves(was), leaves(is)];
  const paths = union(before, now).filter((path) => before[path] !== now[path]);
  // An empty list in place of nothing shows in no leaf.
  if (paths.length === 0) return ["is done otherwise than reviewed"];
  return paths.map((path) => `${path}: reviewed ${before[path] ?? "nothing"}, now ${now[path] ?? "nothing"}`);
}

/** What is done, in a word. */
function verb(change: NormalChange | undefined): string {
  if (!change) return "nothing";
  if (change.actions.length > 1) return "replace";
  if (change.actions[0] !== "no-op") return change.actions[0] ?? "nothing";
  return change.importing === undefined ? "move" : "import";
}

/** Each value of a change with its path, in one line: "guest.memory_mb" is "512 -> 1024". */
function leaves({ before, after, ...rest }: NormalChange): Readonly<Record<string, string>> {
  const [was, is, how] = [before, after, { ...rest }].map((one) => flat(one));
  const sides = union(was ?? {}, is ?? {}).map((path): [string, string] => [
    path || "(the whole)",
    `${was?.[path] ?? "not set"} -> ${is?.[path] ?? "not set"}`,
  ]);
  return { ...how, ...Object.fromEntries(sides) };
}

function flat(value: unknown, path: readonly (string | number)[] = []): Readonly<Record<string, string>> {
  if (isObject(value) && typeof value.$ === "string") return { [pathText(path)]: `(${value.$})` };
  const inner = Array.isArray(value) ? [...value.entries()] : isObject(value) ? Object.entries(value) : [];
  if (inner.length === 0) return value === null ? {} : { [pathText(path)]: JSON.stringify(value) };
  return Object.assign({}, ...inner.map(([key, one]) => flat(one, [...path, key])));
}

function besidesMoved(before: readonly string[], now: readonly string[]): readonly Found[] {
  const only = (from: readonly string[], other: readonly string[], text: string) =>
    from.filter((one) => !other.includes(one)).map((where): Found => ({ what: "change", where, text }));
  return [...only(before, now, "reviewed, and not needed any more"), ...only(now, before, "was not reviewed")];
}

const union = (a: object, b: object): readonly string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
