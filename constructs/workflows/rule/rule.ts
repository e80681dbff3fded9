import type { Configuration } from "../../../config";
import type { ParsedJob, ParsedStep, ParsedWorkflow, Path } from "./parsed-workflow";

/** What a rule may look at besides the file. */
export interface Surroundings {
  readonly config: Pick<Configuration, "repository" | "delivery">;
  /** Every workflow file, the judged one too. */
  readonly all: readonly ParsedWorkflow[];
}

/** Takes one problem: its id, where in the file it is, and what is wrong. */
export type Report = (id: string, path: Path, text: string) => void;

/** One rule of the list in README.md. */
export interface Rule {
  /** Its number there, such as "W07". */
  readonly id: `W${number}`;
  /** Looks at one file. */
  check(file: ParsedWorkflow, report: Report, surroundings: Surroundings): void;
}

/** Every step of a file, with its job and its path. */
export const stepsOf = (
  file: ParsedWorkflow,
): readonly { readonly job: ParsedJob; readonly step: ParsedStep; readonly path: Path }[] =>
  file.jobs.flatMap((job) => job.steps.map((step, index) => ({ job, step, path: ["jobs", job.id, "steps", index] })));

/** Every use of an action: its name without the reference, and what stands behind the "@". */
export const usesOf = (file: ParsedWorkflow) =>
  stepsOf(file).flatMap(({ job, step, path }) => {
    if (step.uses === undefined) return [];
    const [action = "", reference = ""] = step.uses.split("@");
    return [{ job, step, path, action, reference }];
  });

/** A shell variable is read in this text: `$NAME` or `${NAME...}`. */
export const reads = (text: string, name: string): boolean => new RegExp(`\\$(\\{[#!]?)?${name}\\b`).test(text);

/** Values that somebody outside chose: a title, a branch name, an input. */
export const untrusted =
  /\$\{\{[^}]*\b(inputs\.|github\.event\.inputs|github\.(head_ref|base_ref|ref_name|actor|triggering_actor)\b|github\.event\.[a-z_.]*\b(title|body|message|ref|login|label|name|email)\b)/;

/** A job of this environment changes what users see. */
export const deploys = (job: ParsedJob): boolean => job.environment === "production" || job.environment === "staging";
