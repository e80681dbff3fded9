/**
 * What a plan found, as data: the one model behind the terminal, JSON and every later face.
 *
 * Drift (Fly differs from what was last applied) and pending change (the configuration differs from what was last applied) are never
 * one number.
 */

import type { Danger } from "./danger";

/** Drift has three kinds: "field", "undeclared", "missing". "pending" is a pending change; "follows" comes along with another and is never counted. */
export type FindingKind = "field" | "undeclared" | "missing" | "pending" | "follows";

/** How much a finding matters; `report/severity.ts` has the table. */
export type Severity = "critical" | "high" | "medium" | "low";

/** Since when something is as it is, and by whom: as far as Fly or GitHub say so. null: they do not. */
export interface Origin {
  /** ISO 8601, UTC. */
  readonly since: string | null;
  /** Login or address of a person, or what acted ("Fly"). */
  readonly by: string | null;
  /** Where that stands, or why it is unknown; a few words. */
  readonly source: string;
}

/** What can be done about one finding, each as something to type. */
export interface Remedies {
  /** Makes it as declared. */
  readonly apply: string;
  /** Takes what was found into the configuration. */
  readonly adopt: string;
  /** Lets it be until a day, with a reason. */
  readonly ignore: string;
  /** Marks it as known and to be repaired by a day. */
  readonly known: string;
  /** The line of `drift-ignore.yaml` that `ignore` writes, to be filled in and pasted. */
  readonly entry: string;
}

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
  /** Names the finding in commands: the same in every run, for one stack, address and path. Only `drift` judges findings: id, severity, origin, remedies. */
  readonly id?: string;
  readonly severity?: Severity;
  /** Why it has this severity. */
  readonly why?: string;
  readonly origin?: Origin;
  readonly remedies?: Remedies;
}

/** An entry of `drift-ignore.yaml`: what is let be, until when, and who answers for it. */
export interface Ignore {
  /** "ignore": wanted as it is. "known": to be repaired by then. */
  readonly kind: "ignore" | "known";
  readonly stack: string;
  readonly address: string;
  /** As the finding has it; `*` stands for any characters. */
  readonly path: string;
  readonly reason: string;
  readonly owner: string;
  /** Last day on which it holds, "2026-12-31", UTC. */
  readonly until: string;
}

/** A finding that is let be: it is told, and counts for nothing. */
export interface Ignored {
  readonly finding: Finding;
  readonly by: Ignore;
}

/** One of the checks beside the plans, with what it found. */
export interface Check {
  readonly name: string;
  /** "skip": it was not made; `lines` say why. */
  readonly verdict: "pass" | "fail" | "error" | "skip";
  readonly lines: readonly string[];
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
  /** Findings that the project lets be for a while. Absent: nobody looked. */
  readonly ignored?: readonly Ignored[];
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
  /** When reality was read, ISO 8601. Only of `drift`, as is all that follows. */
  readonly checkedAt?: string;
  readonly checks?: readonly Check[];
  /** Entries of `drift-ignore.yaml` that no finding needs any more. */
  readonly unusedIgnores?: readonly Ignore[];
  /** Stacks that a fast sweep left out, so that nothing is said about how they are. */
  readonly unread?: readonly Unread[];
}

/** A stack that a fast sweep did not read. */
export interface Unread {
  readonly stack: string;
  /** When it was read in full last, and found as declared; ISO 8601. */
  readonly since: string;
  /** Whether listings show its apps as they were then. false: it has none, and nothing of it was looked at. */
  readonly listed: boolean;
}

/** Everything that Fly says and the last apply did not. */
export const driftOf = (stack: StackReport): readonly Finding[] =>
  stack.findings.filter(({ kind }) => kind === "field" || kind === "undeclared" || kind === "missing");

/** Everything that the configuration says and the last apply did not. */
export const pendingOf = (stack: StackReport): readonly Finding[] =>
  stack.findings.filter(({ kind }) => kind === "pending");

/** 1 when a stack could not be read or a check not be made, else 2 when a stack differs or a check fails, else 0. */
export function exitCodeOf({ stacks, checks = [] }: Report): 0 | 1 | 2 {
  if (stacks.some(({ outcome }) => outcome === "error") || checks.some(({ verdict }) => verdict === "error")) return 1;
  return stacks.some(({ outcome }) => outcome === "differs") || checks.some(({ verdict }) => verdict === "fail")
    ? 2
    : 0;
}
