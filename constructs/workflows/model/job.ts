import { type Condition, type NeededJob, type Secret, type Text, Trusted, type Untrusted } from "./expression";
import type { Env, Step } from "./step";

const scopes = [
  "actions",
  "attestations",
  "checks",
  "contents",
  "deployments",
  "id-token",
  "issues",
  "pull-requests",
  "security-events",
  "statuses",
] as const;

/** What a job's token may touch. */
type Scope = (typeof scopes)[number];

/** A write permission, with the reason why the job needs it. */
export interface Write {
  readonly write: string;
}

/** Permission to write, with its reason, such as `write("posts the address of the preview")`. */
export const write = (reason: string): Write => ({ write: reason });

/** A read permission that is not obvious, with its reason. */
export interface Read {
  readonly read: string;
}

/** Permission to read, with its reason, such as `read("asks how long the run took")`; "read" alone does for contents. */
export const read = (reason: string): Read => ({ read: reason });

/** What a job's token may do; what is not named is denied. */
export type Permissions = Readonly<
  Partial<Record<Exclude<Scope, "contents">, Read | Write> & { contents: "read" | Write }>
>;

/** A container that runs beside a job. */
interface Service {
  /** By digest: "postgres@sha256:...". */
  readonly image: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly options?: string;
}

interface CommonJob<O extends string> {
  readonly id: string;
  /** Name of its check run: what a required status check names. @default the id */
  readonly name?: string;
  /** Jobs that come first, besides those whose outputs it reads. */
  readonly needs?: readonly NeededJob[];
  readonly if?: Condition;
  readonly permissions: Permissions;
  readonly concurrency?: Concurrency;
  /** Read by the jobs after it and by whoever calls the workflow. */
  readonly outputs?: Readonly<Record<O, Trusted>>;
}

/** One group at a time: a newer run waits, or cancels the one before. */
export interface Concurrency {
  readonly group: Text | string;
  readonly cancelInProgress: boolean;
}

/** A job that runs steps. */
export interface StepJob<O extends string = string> extends CommonJob<O> {
  /** Whole minutes, at most 30 (W07). */
  readonly timeoutMinutes: number;
  /** GitHub environment: its approvals, its branch rules and its secrets. */
  readonly environment?: { readonly name: string; readonly url?: Text | string | Trusted };
  readonly env?: Env;
  readonly services?: Readonly<Record<string, Service>>;
  readonly matrix?: Readonly<Record<string, readonly string[]>>;
  readonly steps: readonly Step[];
  readonly calls?: never;
}

/** A job that calls another workflow of this repository. */
export interface CallJob<O extends string = string> extends CommonJob<O> {
  /** File of the called workflow, such as "rollback-staging.yml". */
  readonly calls: string;
  readonly with?: Readonly<Record<string, string | number | boolean | Trusted | Untrusted>>;
  /** By name; never all of them. */
  readonly secrets?: Readonly<Record<string, Secret>>;
  readonly steps?: never;
}

/** A job as others see it. */
export type Job = (StepJob | CallJob) & {
  /** "success", "failure", "cancelled" or "skipped". Whoever reads it needs the job. */
  readonly result: Trusted;
};

/** A job whose outputs can be read by name. */
export type JobHandle<O extends string> = Job & { output(name: O): Trusted };

/** A job that runs steps; its handle reads outputs, and reading them is needing the job. */
export const job = <const O extends string = never>(definition: StepJob<O>): JobHandle<O> => handle(definition);

/** A job that calls another workflow; `outputs` names what that workflow gives back. */
export function call<const O extends string = never>(
  definition: Omit<CallJob<O>, "outputs"> & { readonly reads?: readonly O[] },
): JobHandle<O> {
  const { reads, ...rest } = definition;
  return handle<O>(rest);
}

function handle<O extends string>(definition: StepJob<O> | CallJob<O>): JobHandle<O> {
  const self: NeededJob = { id: definition.id };
  const methods = {
    output: { value: (name: O) => new Trusted(`needs.${definition.id}.outputs.${name}`, [self]) },
    result: { get: () => new Trusted(`needs.${definition.id}.result`, [self]) },
  };
  return Object.defineProperties({ ...definition }, methods) as JobHandle<O>;
}
