/** What an apply asks before it touches an environment that customers use, and before it makes a preview (docs/decisions/0014). */
import { z } from "zod";
import { type Guard, guardShape } from "../../config/guard-shape";
import { pendingOf } from "../../report/model";
import { Failure } from "../failure";
import { type PlannedStack, planStacks, type Running, reportPlans } from "../plan";
import { refuseProductionValues } from "../preview/production-value";
import type { Stack } from "../project";
import { stackFacts } from "../stack-facts";
import { outsideWindow } from "./window";

/** What the caller says about it. */
export interface Excuse {
  /** The first deployment: there is nothing to go back to. */
  readonly first: boolean;
  /** Why window and order are stepped over; undefined: they bind. */
  readonly emergency: string | undefined;
}

/** The moment, and every stack of the program: those that are not applied are asked too. */
export interface Scene {
  readonly all: readonly Stack[];
  /** Unix ms. */
  readonly now: number;
  /** Whether Fly is a sandbox on this machine. */
  readonly local: boolean;
}

/** A rule that was stepped over in an emergency. */
export interface Overridden {
  readonly stack: string;
  readonly app: string;
  readonly rule: "window" | "order";
  readonly text: string;
}

/** How an environment that customers use is guarded, as its stack declares it; undefined: it is not. */
export const guardOf = (stack: Stack): Guard | undefined => stackFacts(stack, facts)?.guard;

const facts = z.object({ guard: guardShape.optional() });

/**
 * Asks every rule of every plan that would change something; nothing has been changed by then.
 *
 * @returns what an emergency steps over, to be recorded before the first change
 * @throws Failure with each rule that refuses and what to do
 */
export async function guardApply(
  plans: readonly PlannedStack[],
  running: Running,
  scene: Scene,
  excuse: Excuse,
): Promise<readonly Overridden[]> {
  if (excuse.emergency?.trim() === "") {
    throw new Failure("An emergency needs a reason: --emergency 'why'. Nothing was changed. [infra/guard-reason]");
  }
  const changing = plans.filter(({ report }) => report.outcome === "differs");
  for (const { stack } of changing) refuseMixedValues(stack, scene.all, running.env);
  const asked = await Promise.all(changing.map((one) => asks(one, plans, running, scene)));
  const hits = asked.flat();
  const refusing = hits.filter(({ rule }) => (rule === "way back" ? !excuse.first : excuse.emergency === undefined));
  if (refusing.length > 0) {
    throw new Failure(
      `Nothing was changed:\n${refusing.map(({ stack, text, next, id }) => `  ${stack}: ${text}. ${next} [${id}]`).join("\n")}`,
    );
  }
  return hits.flatMap(({ rule, stack, app, text }) => (rule === "way back" ? [] : [{ rule, stack, app, text }]));
}

interface Hit {
  readonly rule: Overridden["rule"] | "way back";
  readonly stack: string;
  readonly app: string;
  readonly text: string;
  readonly next: string;
  readonly id: string;
}

async function asks(
  one: PlannedStack,
  plans: readonly PlannedStack[],
  running: Running,
  scene: Scene,
): Promise<readonly Hit[]> {
  const guard = guardOf(one.stack);
  if (!guard) return [];
  const hit = (rule: Hit["rule"], text: string | undefined, next: string, id: string): readonly Hit[] =>
    text === undefined ? [] : [{ rule, stack: one.stack.name, app: guard.app, text, next, id }];
  const emergency = 'In an emergency: --emergency "why"';
  return [
    ...hit(
      "window",
      guard.window && !isExempt(scene, running) ? outsideWindow(guard.window, scene.now) : undefined,
      `Wait for the window. ${emergency}; a rollback needs none.`,
      "infra/guard-window",
    ),
    ...hit(
      "order",
      await notBefore(guard, plans, running, scene),
      `Apply it first: npx infra apply ${guard.after}. ${emergency}.`,
      "infra/guard-order",
    ),
    ...hit(
      "way back",
      nothingToGoBackTo(one, guard),
      "If this is the first deployment of the app, say so: --first",
      "infra/guard-first",
    ),
  ];
}

/** `infra sandbox env` says so of the sandbox, whose production nobody uses; the real Fly does not listen to it. */
const isExempt = ({ local }: Scene, { env }: Running): boolean => local && env.INFRA_WINDOW === "open";

/**
 * Why the stack that comes before is not as declared; undefined: it is, or goes first in this run. In GitHub Actions each job has the token of one
 * app alone, and the workflow holds the order (`needs`).
 */
async function notBefore(
  { after }: Guard,
  plans: readonly PlannedStack[],
  running: Running,
  { all }: Scene,
): Promise<string | undefined> {
  if (after === undefined || plans.some(({ stack }) => stack.name === after)) return undefined;
  const stack = all.find(({ name }) => name === after);
  if (!stack || running.env.GITHUB_ACTIONS === "true") return undefined;
  running.progress(`Reading ${after}, which comes before`);
  const { report } = await reportPlans("plan", await planStacks([stack], running, { lock: false }));
  const [before] = report.stacks;
  if (!before || before.outcome === "error") return `${after} comes before and could not be read`;
  const pending = pendingOf(before).length;
  return pending === 0 ? undefined : `${after} comes before and has ${pending} pending`;
}

/** A group that is made has no earlier image. */
function nothingToGoBackTo({ planned }: PlannedStack, { app }: Guard): string | undefined {
  const made = planned?.plan?.resource_changes.some(
    ({ type, change }) => type === "fly_process_group" && change.actions.length === 1 && change.actions[0] === "create",
  );
  return made ? `${app} has no image to go back to` : undefined;
}

/** No value of production in a preview, however the preview is made. */
function refuseMixedValues(stack: Stack, all: readonly Stack[], env: NodeJS.ProcessEnv): void {
  if (!/^preview-\d+$/.test(stack.name)) return;
  for (const guarded of all.filter((one) => guardOf(one) !== undefined)) refuseProductionValues(stack, guarded, env);
}
