/** Makes or updates the preview of one pull request: planned, applied, marked, asked for its health. */
import type { Fly, Machine } from "../../api/fly";
import { stacksText, type Wording } from "../../report/terminal";
import { applyPlans } from "../apply";
import { declaredCost } from "../cost/declared-cost";
import type { Range } from "../cost/estimate";
import { declaredIn } from "../declared";
import { Failure, Interrupted } from "../failure";
import { planStacks, type Running } from "../plan";
import type { Stack } from "../project";
import { patience, untilAnswers } from "./health";
import { mark, type PreviewMark, refuseForeign } from "./mark";

export interface Making {
  readonly number: number;
  readonly mark: PreviewMark;
  readonly fly: Fly;
  /** Where it has to answer 200; undefined: nobody is asked, Fly's own checks tell. */
  addressOf(url: string): string | undefined;
  /** How a plan that failed is told. */
  readonly wording: Wording;
}

export interface Made {
  readonly app: string;
  readonly url: string;
  /** false: it was as declared already. */
  readonly changed: boolean;
  /** What its machines run, by tag or digest. */
  readonly image: string;
  /** In words. */
  readonly health: string;
  /** US dollars a month; undefined: a part of it has no known price. */
  readonly cost: Range | undefined;
}

/** @throws Failure that says how to go on, Interrupted */
export async function makePreview(stack: Stack, running: Running, making: Making): Promise<Made> {
  const { number, fly, addressOf } = making;
  const [app = ""] = declaredIn([stack]).apps;
  await refuseForeign(fly, app, making.mark.repository);
  const changed = await applied(stack, app, running, making);
  await mark(fly, app, number, making.mark);
  const url = `https://${app}.fly.dev`;
  const answered = await answers(app, addressOf(url), running);
  const machines = await fly.machines.list(app);
  const [cost] = declaredCost([stack]);
  return {
    app,
    url,
    changed,
    image: imageOf(machines),
    health: [...answered, ...checksOf(machines)].join("; "),
    cost: cost && cost.unknown.length === 0 ? cost : undefined,
  };
}

/** @returns whether anything was changed */
async function applied(stack: Stack, app: string, running: Running, { number, wording }: Making): Promise<boolean> {
  const plans = await planStacks([stack], running, { lock: true });
  try {
    const troubled = plans.flatMap(({ report }) => (report.outcome === "error" ? [report] : []));
    if (troubled.length > 0) {
      running.say(stacksText(troubled, wording));
      throw new Failure(`Preview ${number} could not be planned; nothing was changed. [infra/preview-failed]`);
    }
    const done = await applyPlans(plans, running, () => running.say(`Making preview ${number} (${app})`));
    if (running.interruption.soft.aborted)
      throw new Interrupted(`Interrupted. Go on where this ended: npx infra preview up ${number}`);
    const failed = done.filter(({ outcome }) => outcome !== "applied");
    if (failed.length === 0) return done.length > 0;
    const why = failed.flatMap(({ troubles }) => troubles.map(({ summary, detail }) => `${summary}: ${detail}`));
    throw new Failure(
      `Preview ${number} is not whole.\n${why.join("\n")}\nGo on where this ended: npx infra preview up ${number} [infra/preview-failed]`,
    );
  } finally {
    await Promise.all(plans.map(({ planned }) => planned?.discard()));
  }
}

async function answers(app: string, address: string | undefined, running: Running): Promise<readonly string[]> {
  if (address === undefined) return [];
  running.progress(`Waiting for ${address}`);
  const status = await untilAnswers(address, running.interruption.soft);
  if (status === 200) return [`${new URL(address).pathname} answers 200`];
  throw new Failure(
    `${address} answers ${status || "nothing"} after ${patience.attempts} attempts. The preview stays as it is. Look: fly logs -a ${app} [infra/preview-unhealthy]`,
  );
}

function checksOf(machines: readonly Machine[]): readonly string[] {
  const checks = machines.flatMap((machine) => machine.checks ?? []);
  const started = machines.filter(({ state }) => state === "started").length;
  const passing = checks.filter(({ status }) => status === "passing").length;
  return [
    `${started} of ${machines.length} machines started`,
    ...(checks.length > 0 ? [`${passing} of ${checks.length} checks pass`] : []),
  ];
}

const imageOf = (machines: readonly Machine[]): string =>
  [
    ...new Set(machines.map(({ image_ref: ref, config }) => ref?.tag ?? ref?.digest ?? config?.image ?? "unknown")),
  ].join(", ") || "none";
