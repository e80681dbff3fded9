/** What an audit sees of one object of a repository. */
import { differences, isObject, pathText } from "../../report/difference";
import { harmless } from "../../report/harmless";
import type { FindingKind } from "../../report/model";

export interface Observation {
  readonly kind: Extract<FindingKind, "field" | "undeclared" | "missing">;
  /** Kind and name, such as "ruleset/history" or "webhook/42"; what `ignore` of the configuration names. */
  readonly object: string;
  /** Where in the object; empty: the object as a whole. */
  readonly field: string;
  readonly text: string;
  /** An apply leaves it as it is. */
  readonly left?: boolean;
  /** The declared value, and the one that was found. */
  readonly was?: unknown;
  readonly is?: unknown;
}

/** Something that GitHub did not show to this token. */
export class Hidden extends Error {
  /** What would show it, such as "administration=write". */
  readonly wants: string;
  constructor(what: string, wants: string) {
    super(`${what}: GitHub leaves it out for this token, which lacks the permission ${wants}`);
    this.wants = wants;
  }
}

/** Every value in which an object differs from what was declared, path by path. */
export function fieldsOf(object: string, declared: unknown, live: unknown): readonly Observation[] {
  return differences({ applied: declared, live, wanted: declared }).map(({ path, live: is, wanted: was }) => ({
    kind: "field",
    object,
    field: harmless(pathText(path)),
    text: differenceText(is, was),
    was: was ?? null,
    is: is ?? null,
  }));
}

/** An object that is there and that nobody declared. `about`: what tells it from others; `remove`: what to type. */
export const undeclared = (object: string, about: string, remove: string): Observation => ({
  kind: "undeclared",
  object,
  field: "",
  text: harmless(`nobody declared it${about ? ` (${about})` : ""}; remove it: ${remove}`),
  left: true,
});

/** A declared object that is not there. */
export const missing = (object: string, text = "is missing; apply makes it again"): Observation => ({
  kind: "missing",
  object,
  field: "",
  text,
});

function differenceText(is: unknown, was: unknown): string {
  if (is === undefined || is === null) return isPlain(was) ? `is not set, declared ${show(was)}` : "is missing";
  return was === undefined || was === null
    ? `is ${show(is)}, which nobody declared`
    : `is ${show(is)}, declared ${show(was)}`;
}

const isPlain = (value: unknown): boolean => !isObject(value) && value !== true;

/** A value on one line, short and harmless. */
function show(value: unknown): string {
  const text = harmless(JSON.stringify(value) ?? "not set");
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

const LONGEST = 100;
