/**
 * What a plan found, as data: the one model behind the terminal, JSON and every later face.
 *
 * Drift (Fly differs from what was last applied) and pending change (the configuration differs from what was last applied) are never
 * one number.
 */

import type { Danger } from "./danger";

/** Drift has three kinds: "field", "undeclared", "missing". "pending" is a pending change; "follows" comes along with another and is never counted. */
export type FindingKind = "field" | "undeclared" | "missing" | "pending" | "follows";

export interface Finding {
  readonly kind: FindingKind;
  /** Terraform address, such as "fly_process_group.app". */
  readonly address: string;
  /** Where in the resource: "guest.memory_mb", a machine's id, "secret/DATABASE_URL"; empty: the resource as a whole. */
  readonly path: string;
  /** One sentence part for people. Holds both values where there are two; never a sensitive one. */
  readonly text: string;
  /** An apply does not undo it: it leaves the object as it is and says what to type. */
  readonly left?: boolean;
  /** The value that was last applied (drift), or that is in place (pending). Absent where a text says it all, and where sensitive. */
  readonly was?: unknown;
  /** The value found on Fly (drift), or the one that is configured (pending). */
  readonly is?: unknown;
}

export interface Trouble {
  readonly severity: "error" | "warning";
  /** A few words. */
  readonly summary: string;
  /** What was got, what is allowed, what to type next; may have several lines. */
  readonly detail: string;
  readonly address?: string;
  /** Attribute, in the configuration's spelling: "guest.memory_mb". */
  readonly path?: string;
}

export interface StackReport {
  readonly stack: string;
  /** "error": the stack could not be read, and the findings are not complete. */
  readonly outcome: "same" | "differs" | "error";
  /** Resources that the stack declares or has in its state. */
  readonly resources: number;
  readonly findings: readonly Finding[];
  /** What Terraform would do, by address: "create", "update", "replace", "delete". */
  readonly actions: Readonly<Record<string, Action>>;
  readonly troubles: readonly Trouble[];
  /** What of it can hurt when it is applied, the worst first. Absent: nothing was judged. */
  readonly dangers?: readonly Danger[];
  /** Wanted values that Fly cannot hold: no differences, only said. */
  readonly notes: readonly string[];
}

export type Action = "create" | "update" | "replace" | "delete";

export interface Report {
  /** What made it: "plan", "drift", "apply". */
  readonly command: string;
  readonly stacks: readonly StackReport[];
}

/** Everything that Fly says and the last apply did not. */
export const driftOf = (stack: StackReport): readonly Finding[] =>
  stack.findings.filter(({ kind }) => kind === "field" || kind === "undeclared" || kind === "missing");

/** Everything that the configuration says and the last apply did not. */
export const pendingOf = (stack: StackReport): readonly Finding[] =>
  stack.findings.filter(({ kind }) => kind === "pending");

/** 1 when a stack could not be read, else 2 when one differs, else 0. */
export function exitCodeOf({ stacks }: Report): 0 | 1 | 2 {
  if (stacks.some(({ outcome }) => outcome === "error")) return 1;
  return stacks.some(({ outcome }) => outcome === "differs") ? 2 : 0;
}
