/** An apply of a governed repository: what Terraform's provider cannot set is set over REST, before it and, where it undid that, after it. */
import type { Trouble } from "../../report/model";
import type { AppliedStack } from "../apply";
import { Failure } from "../failure";
import { type PlannedStack, planStacks, type Running } from "../plan";
import { governanceOf } from "./governed";

/** Applies one stack by `apply`, which gets the plan that holds by then. */
export async function applySettled(
  one: PlannedStack,
  running: Running,
  apply: (plan: PlannedStack) => Promise<AppliedStack>,
): Promise<AppliedStack> {
  if (!governanceOf(one.stack)) return apply(one);
  const { stack } = one;
  const settled: string[] = [];
  const settle = async () => {
    const done = await settleOver(one, running);
    if (done === undefined) return false;
    settled.push(done);
    running.say(`  ${done}`);
    return true;
  };
  try {
    const plan = (await settle()) && one.planned?.differs ? await planAnew(one, running) : one;
    const applied = await apply(plan);
    if (plan !== one) await plan.planned?.discard();
    await settle();
    return { ...applied, done: [...settled.map(doneOf), ...applied.done] };
  } catch (error) {
    const troubles = [troubleOf(error)];
    const undone = Object.keys(one.report.actions);
    return { stack: stack.name, outcome: "failed", done: settled.map(doneOf), undone, troubles };
  }
}

const doneOf = (text: string) => ({ address: text.split(":").slice(0, 2).join(":"), action: "update" });

/** Sets what the provider cannot. Returns what was done in words; undefined: nothing, or there is no such repository yet. */
async function settleOver({ stack }: PlannedStack, { env, interruption }: Running): Promise<string | undefined> {
  const { openGithub }: typeof import("./connect") = require("./connect");
  const { applyPinning }: typeof import("./pinning") = require("./pinning");
  const wanted = governanceOf(stack);
  if (!wanted) return undefined;
  const github = openGithub({ env, signal: interruption.soft });
  if ((await github.get(`repos/${wanted.owner}/${wanted.name}`)) === undefined) return undefined;
  return applyPinning(github, wanted);
}

/**
 * The plan after a change over REST: what Terraform had read before counts no more.
 *
 * @throws Failure when it would do what nobody agreed to, or cannot be made
 */
async function planAnew(one: PlannedStack, running: Running): Promise<PlannedStack> {
  const { stack } = one;
  await one.planned?.discard();
  const [plan] = await planStacks([stack], running, { lock: true });
  const agreed = one.report.actions;
  const more = Object.entries(plan?.report.actions ?? {}).filter(([address, action]) => agreed[address] !== action);
  if (plan?.planned && more.length === 0) return plan;
  await plan?.planned?.discard();
  const why =
    more.length > 0
      ? `it would now also ${more.map(([address, action]) => `${action} ${address}`).join(", ")}`
      : (plan?.report.troubles ?? []).map(({ summary }) => summary).join("; ");
  throw new Failure(
    `The plan that was agreed to does not hold any more: ${why}. Nothing else was changed. Run it again: npx infra apply ${stack.name} [github/plan-changed]`,
  );
}

/** What GitHub refused, or a plan that does not hold; anything else is a mistake of ours. */
function troubleOf(error: unknown): Trouble {
  const isExpected = error instanceof Failure || (error instanceof Error && error.name === "GithubError");
  if (!isExpected) throw error;
  return { severity: "error", summary: "Not applied in full", detail: error.message };
}
