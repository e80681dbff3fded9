/** Carries out plans that somebody has agreed to. */
import { isDeepStrictEqual } from "node:util";
import type { Trouble } from "../report/model";
import { applySettled } from "./github/settle";
import { guardOf } from "./guard/guard";
import type { PlannedStack, Running } from "./plan";
import { terraformFor } from "./plan";
import type { Stack } from "./project";
import { applyFiles, proposedBy, withdrawFiles } from "./propose/apply-files";
import { withRemedy } from "./propose/refusal";
import type { Step } from "./terraform-message";

export interface AppliedStack {
  readonly stack: string;
  /** "proposed": a pull request waits for its merge; "stopped": interrupted on the way; "skipped": a stack that it needs was not applied. */
  readonly outcome: "applied" | "proposed" | "failed" | "stopped" | "skipped";
  /** What was done, by address: created, updated, ... */
  readonly done: readonly { readonly address: string; readonly action: string }[];
  /** Addresses that the plan would have changed and that were not. */
  readonly undone: readonly string[];
  readonly troubles: readonly Trouble[];
  /** Of the pull request that was proposed. */
  readonly url?: string;
}

/** Applies one stack after the other, those that others need first; a failure leaves out only the stacks that need the failed one. */
export async function applyPlans(
  plans: readonly PlannedStack[],
  running: Running,
  onStart: (stack: string) => void,
): Promise<readonly AppliedStack[]> {
  const results: AppliedStack[] = [];
  for (const one of inOrder(plans)) {
    const { stack, report, planned } = one;
    if (!planned) continue;
    if (report.outcome !== "differs") {
      const withdrawn = await withdrawFiles(one, running);
      if (withdrawn) results.push(withdrawn);
      continue;
    }
    const missing = needsOf(stack).some((name) =>
      results.some((result) => result.stack === name && result.outcome !== "applied"),
    );
    const all = Object.keys(report.actions);
    if (missing || running.interruption.soft.aborted) {
      results.push({
        stack: stack.name,
        outcome: missing ? "skipped" : "stopped",
        done: [],
        undone: all,
        troubles: [],
      });
      continue;
    }
    onStart(stack.name);
    const files = proposedBy(stack);
    results.push(
      files
        ? await applyFiles(one, files, running)
        : await applySettled(one, running, (plan) => applyOne(plan, running)),
    );
  }
  return results;
}

async function applyOne({ stack, report, planned }: PlannedStack, running: Running): Promise<AppliedStack> {
  if (!planned?.differs) return { stack: stack.name, outcome: "applied", done: [], undone: [], troubles: [] };
  const terraform = terraformFor(stack, running, (step) => tellStep(step, stack.name, running));
  const { succeeded, troubles, done } = await terraform.apply(planned.file);
  const addresses = [...new Set(done.filter(({ action }) => action !== "read").map(({ address }) => address))];
  const finished = addresses.map((address) => ({ address, action: report.actions[address] ?? "update" }));
  const interrupted = running.interruption.soft.aborted && !succeeded;
  return {
    stack: stack.name,
    outcome: succeeded ? "applied" : interrupted ? "stopped" : "failed",
    done: finished,
    undone: Object.keys(report.actions).filter((address) => !addresses.includes(address)),
    troubles: troubles.filter((one) => isNew(one, report.troubles)).map(withRemedy),
  };
}

/** Not what the plan told already, nor "execution halted", which Terraform says once per graph beside the error that halted it. */
const isNew = (trouble: Trouble, told: readonly Trouble[]): boolean =>
  trouble.summary !== "execution halted" && !told.some((one) => isDeepStrictEqual(one, trouble));

/** Resources as they come and go; the seconds of a long one only where they can be overwritten. */
function tellStep(
  { kind, phase, address, action = "", elapsedSeconds = 0 }: Step,
  stack: string,
  running: Running,
): void {
  if (kind === "lock") running.progress(`${stack}: waiting for the run that holds its state`);
  if (kind !== "apply" || action === "read") return;
  if (phase === "progress") running.progress(`${stack}: ${address}: ${action}, ${elapsedSeconds} s so far`);
  else running.say(`  ${address}: ${phase === "start" ? "started" : phase} (${action})`);
}

/** Names of the stacks that have to be applied before. */
function needsOf(stack: Stack): readonly string[] {
  const after = guardOf(stack)?.after;
  return after === undefined ? stack.dependencies : [...stack.dependencies, after];
}

/** Stacks after those that they depend on; else as given. */
function inOrder(plans: readonly PlannedStack[]): readonly PlannedStack[] {
  const sorted: PlannedStack[] = [];
  const visit = (one: PlannedStack) => {
    if (sorted.includes(one)) return;
    for (const name of needsOf(one.stack)) {
      const needed = plans.find(({ stack }) => stack.name === name);
      if (needed) visit(needed);
    }
    sorted.push(one);
  };
  for (const one of plans) visit(one);
  return sorted;
}
