/** Plans stacks side by side and reports what differs. */
import { setMaxListeners } from "node:events";
import { dangersOf } from "../report/danger";
import { findingsOf } from "../report/from-plan";
import { exitCodeOf, type Report, type StackReport, type Trouble } from "../report/model";
import { notesOf } from "./declared";
import { Failure } from "./failure";
import type { Host } from "./host";
import type { Interruption } from "./process";
import type { Stack } from "./project";
import { type Planned, type Terraform, terraformIn } from "./terraform";
import type { Step } from "./terraform-message";

/** What running Terraform in stacks needs. */
export interface Running {
  readonly env: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
  /** See `TerraformOptions`. */
  readonly reattach: string | undefined;
  /** See `Host`. */
  readonly remember?: Host["remember"];
  /** Told what goes on at this moment; the next text takes its place. */
  progress(text: string): void;
  /** Told what happened, to be kept. */
  say(text: string): void;
}

export interface PlannedStack {
  readonly stack: Stack;
  readonly report: StackReport;
  /** undefined: the stack could not be planned. Its file has to be discarded. */
  readonly planned: Planned | undefined;
}

/**
 * Reads every stack live, all at once. One that fails is an error of its own and does not hide the others.
 *
 * @throws Interrupted
 */
export async function planStacks(
  stacks: readonly Stack[],
  running: Running,
  options: { readonly lock: boolean },
): Promise<readonly PlannedStack[]> {
  // One Ctrl-C reaches as many runs as there are stacks; Node warns of a leak from eleven on.
  setMaxListeners(0, running.interruption.soft, running.interruption.hard);
  const progress = new Map<string, string>();
  const tell = (stack: string, text: string) => {
    progress.set(stack, text);
    running.progress([...progress].map(([name, what]) => `${name}: ${what}`).join("   "));
  };
  const all = await Promise.allSettled(stacks.map((stack) => planStack(stack, running, options, tell)));
  const thrown = all.find((one) => one.status === "rejected");
  if (!thrown) return all.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  await Promise.all(all.map((one) => one.status === "fulfilled" && one.value.planned?.discard()));
  throw thrown.reason;
}

/** The reports alone; the plans are forgotten. */
export async function reportPlans(
  command: string,
  plans: readonly PlannedStack[],
): Promise<{ readonly report: Report; readonly exitCode: 0 | 1 | 2 }> {
  await Promise.all(plans.map(({ planned }) => planned?.discard()));
  const report = { command, stacks: plans.map((one) => one.report) };
  return { report, exitCode: exitCodeOf(report) };
}

async function planStack(
  stack: Stack,
  running: Running,
  { lock }: { readonly lock: boolean },
  tell: (stack: string, text: string) => void,
): Promise<PlannedStack> {
  let read = 0;
  const onStep = ({ kind, phase }: Step) => {
    if (kind === "lock") tell(stack.name, "waiting for the run that holds its state");
    if (kind === "refresh" && phase === "done") tell(stack.name, `${++read} read`);
  };
  const terraform = terraformFor(stack, running, onStep);
  tell(stack.name, "starting");
  try {
    await terraform.init();
    const planned = await terraform.plan({ lock });
    tell(stack.name, planned.plan ? "read" : "failed");
    return { stack, planned: planned.plan && planned, report: reportOf(stack, planned) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return {
      stack,
      planned: undefined,
      report: failed(stack, [{ severity: "error", summary: "Not planned", detail: error.message }]),
    };
  }
}

/** Terraform in a stack's directory, over the running provider. */
export const terraformFor = (
  stack: Stack,
  { env, interruption, reattach }: Running,
  onStep?: (step: Step) => void,
): Terraform => terraformIn({ directory: stack.directory, env, interruption, reattach, onStep });

function reportOf(stack: Stack, { plan, differs, troubles }: Planned): StackReport {
  if (!plan) return failed(stack, troubles);
  return {
    stack: stack.name,
    outcome: differs ? "differs" : "same",
    ...findingsOf(plan),
    dangers: dangersOf(plan),
    troubles,
    notes: notesOf(stack),
  };
}

const failed = (stack: Stack, troubles: readonly Trouble[]): StackReport => ({
  stack: stack.name,
  outcome: "error",
  resources: 0,
  findings: [],
  actions: {},
  troubles,
  notes: notesOf(stack),
});
