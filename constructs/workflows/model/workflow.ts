import { input, quoted, Text, type Untrusted } from "./expression";
import type { Concurrency, Job } from "./job";

/** An input of a manual run or of a call. */
export interface InputDefinition {
  readonly type: "string" | "boolean" | "number" | "choice";
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string | boolean | number;
  /** For a choice. */
  readonly options?: readonly string[];
}

interface BranchFilter {
  readonly branches?: readonly string[];
  readonly tags?: readonly string[];
  readonly paths?: readonly string[];
}

/** What starts a workflow. `pull_request_target` and `workflow_run` do not exist here: they run strangers' code with our secrets (W04). */
export interface Triggers {
  readonly push?: BranchFilter;
  readonly pullRequest?: {
    readonly types?: readonly (
      | "opened"
      | "synchronize"
      | "reopened"
      | "closed"
      | "edited"
      | "labeled"
      | "unlabeled"
      | "ready_for_review"
    )[];
    readonly branches?: readonly string[];
    readonly paths?: readonly string[];
  };
  readonly mergeGroup?: true;
  /** Cron in UTC, off the full hour (W16). */
  readonly schedule?: string;
  /** By hand; every schedule has it too. */
  readonly manual?: { readonly inputs?: Readonly<Record<string, InputDefinition>> };
  /** By another workflow of this repository. */
  readonly call?: {
    readonly inputs?: Readonly<Record<string, InputDefinition>>;
    readonly secrets?: Readonly<Record<string, { readonly description: string; readonly required: boolean }>>;
    readonly outputs?: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  };
}

/** A workflow file as data. */
export interface Workflow {
  /** Name of the file in .github/workflows. */
  readonly file: string;
  /** Name of the file here that it is written from, where it is not that of `file`: a file whose name the configuration chooses. */
  readonly source?: string;
  /** What GitHub shows. */
  readonly name: string;
  /** One sentence: what it is for; stands at the head of the file. */
  readonly purpose: string;
  readonly on: Triggers;
  /** One run at a time, by group (W08). A workflow that others call names a group of its own for that case: see `groupUnlessCalled`. */
  readonly concurrency: Concurrency;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: readonly Job[];
}

/** Names a workflow. */
export const workflow = (definition: Workflow): Workflow => definition;

/** Inputs declared once and read by name: `const { inputs, read } = inputsOf({ version: {...} })`, `read.version`. */
export function inputsOf<const K extends string>(
  inputs: Readonly<Record<K, InputDefinition>>,
): { readonly inputs: Readonly<Record<K, InputDefinition>>; readonly read: Readonly<Record<K, Untrusted>> } {
  const names = Object.keys(inputs) as K[];
  return { inputs, read: Object.fromEntries(names.map((name) => [name, input(name)])) as Record<K, Untrusted> };
}

/**
 * The concurrency of a workflow that is started by hand and called by others: the group when started by hand, one of its own when called.
 * A called workflow in its caller's group would wait for its caller, or cancel it. The call must pass `called: true`.
 */
export const groupUnlessCalled = (group: string): Concurrency => ({
  group: new Text(`\${{ inputs.called && format('called-{0}', github.run_id) || ${quoted(group)} }}`, []),
  cancelInProgress: false,
});
