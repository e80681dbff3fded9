/** A review of what a pull request declares, as data: the model behind its comment, its JSON and the terminal. */
import type { StackReport } from "./model";

/** A stack that the pull request changes. */
export interface ReviewedReport extends StackReport {
  /** Names of its Fly apps. */
  readonly apps: readonly string[];
  /** Expected US dollars a month, before and after; an estimate. Absent: it holds nothing that costs. */
  readonly cost?: { readonly before: number; readonly after: number };
  /** Version of the state that the plan began from; absent: there is none yet. */
  readonly state?: { readonly lineage: string; readonly serial: number };
  /** Digest of what was reviewed, as `--out` writes it. Absent: it could not be planned. */
  readonly digest?: string;
}

/** A label without which the change is not to be merged. */
export interface Approval {
  readonly label: string;
  /** Why it is needed: "it destroys or replaces objects of production". */
  readonly why: string;
  /** "unknown": no pull request was named. */
  readonly outcome: "given" | "missing" | "void" | "unknown";
  /** Who gave it, or why it does not count, in words. */
  readonly text: string;
}

export interface Review {
  /** Head of the pull request; absent: nobody said. */
  readonly commit?: string;
  readonly stacks: readonly ReviewedReport[];
  /** Stacks in which the pull request changes nothing: they were not planned. */
  readonly untouched: readonly string[];
  /** Stacks that it declares no more. */
  readonly dropped: readonly string[];
  readonly approvals: readonly Approval[];
  /** What the base branch does not allow; with any of it nothing was planned. */
  readonly refusals: readonly { readonly where: string; readonly text: string }[];
}

export interface Verdict {
  readonly state: "success" | "failure";
  /** One line of at most 140 characters, without anything from outside but names of stacks and labels. */
  readonly text: string;
}

/** Whether it can be merged as far as the plan is concerned, and in one line why. */
export function verdictOf({ stacks, refusals, approvals, dropped }: Review): Verdict {
  const told = (state: Verdict["state"], text: string): Verdict => ({
    state,
    text: text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text,
  });
  if (refusals.length > 0) {
    const what =
      refusals.length === 1
        ? "1 thing that the base branch does not allow"
        : `${refusals.length} things that the base branch does not allow`;
    return told("failure", `refused before it was planned: ${what}`);
  }
  const unread = stacks.filter(({ outcome }) => outcome === "error").map(({ stack }) => plainName(stack));
  if (unread.length > 0) return told("failure", `could not be planned: ${unread.join(", ")}`);
  const lacking = approvals.filter(({ outcome }) => outcome === "missing" || outcome === "void");
  if (lacking.length > 0)
    return told(
      "failure",
      `waits for the ${lacking.length === 1 ? "label" : "labels"} ${lacking.map(({ label }) => label).join(" and ")}`,
    );
  const changes = stacks.reduce((sum, { actions }) => sum + Object.keys(actions).length, 0);
  const gone = dropped.length > 0 ? `; no longer declared: ${dropped.map(plainName).join(", ")}` : "";
  const where = stacks.filter(({ actions }) => Object.keys(actions).length > 0).map(({ stack }) => plainName(stack));
  if (changes === 0) return told("success", `nothing would be done${gone}`);
  return told(
    "success",
    `${changes} ${changes === 1 ? "resource changes" : "resources change"} in ${where.join(", ")}${gone}`,
  );
}

/** The name of a stack where no code span can stand. */
export const plainName = (stack: string): string => stack.replace(/[^\w-]/g, "?");

/** GitHub takes no longer description of a status. */
const LONGEST = 140;

/** 1 without a verdict of success, else 2 when anything would be done, else 0. */
export function reviewExitCode(review: Review): 0 | 1 | 2 {
  if (verdictOf(review).state === "failure") return 1;
  return review.stacks.some(({ outcome }) => outcome === "differs") || review.dropped.length > 0 ? 2 : 0;
}
