import type { ActionName, ActionUse, Inputs, OutputName } from "../action/action";
import { type Condition, type Secret, type Text, Trusted, type Untrusted } from "./expression";
import type { Script } from "./script";

/** Values that a step finds in its environment. */
export type Env = Readonly<Record<string, string | number | boolean | Trusted | Untrusted | Text | Secret>>;

interface CommonStep {
  /** What people read in the log. */
  readonly name: string;
  readonly if?: Condition;
  readonly env?: Env;
  /** Whole minutes. */
  readonly timeoutMinutes?: number;
  /** A failure does not end the job: only for what is no gate, with the reason why. */
  readonly mayFail?: string;
  readonly workingDirectory?: string;
}

/** A step that runs a script. */
export interface RunStep<O extends string = string> extends CommonStep {
  readonly run: Script;
  readonly use?: never;
  /** Names that the script writes to GITHUB_OUTPUT; needs an id. */
  readonly outputs?: readonly O[];
  readonly id?: string;
}

/** A step that uses an action of the lock. */
export interface UseStep extends CommonStep {
  readonly use: ActionUse;
  readonly run?: never;
  readonly outputs?: readonly string[];
  readonly id?: string;
}

/** One step of a job. */
export type Step = RunStep | UseStep;

/** A step of a given id whose outputs can be read: `handle.output("image")`. */
export type StepHandle<S extends Step, O extends string> = S & {
  readonly id: string;
  /** What the step left under this name. Ours made it, so it is trusted; an untrusted value must go through {@link validated} first. */
  output(name: O): Trusted;
  /** "success", "failure", "cancelled" or "skipped", before `mayFail` makes it a success. */
  readonly outcome: Trusted;
};

/** Names a step, so that later steps can read its outputs. */
export function step<const O extends string>(
  id: string,
  definition: Omit<RunStep<O>, "id">,
): StepHandle<RunStep<O>, O> {
  return handle<RunStep<O>, O>(id, { ...definition, id });
}

/** A step that uses an action, with inputs typed by the lock. */
export function use<A extends ActionName>(
  name: string,
  action: A,
  inputs: Inputs<A>,
  rest: Omit<CommonStep, "name"> & { readonly id?: string } = {},
): StepHandle<UseStep, OutputName<A>> {
  const { id, ...common } = rest;
  const given = { name, use: { action, inputs }, ...common, ...(id !== undefined && { id }) };
  return handle<UseStep, OutputName<A>>(id ?? "", given);
}

function handle<S extends Step, O extends string>(id: string, definition: S): StepHandle<S, O> {
  const reading = (path: string) => {
    if (id === "") throw new Error(`Step "${definition.name}" has no id to read it by.`);
    return new Trusted(`steps.${id}.${path}`);
  };
  const methods = {
    output: { value: (name: O) => reading(`outputs.${name}`) },
    outcome: { get: () => reading("outcome") },
  };
  return Object.defineProperties({ ...definition }, methods) as StepHandle<S, O>;
}
