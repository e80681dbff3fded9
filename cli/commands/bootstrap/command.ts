import type { PlannedBootstrap, Site } from "../../../ops/bootstrap/environment";
import type { Step } from "../../../ops/bootstrap/step";
import { Failure } from "../../../ops/failure";
import type { Stack } from "../../../ops/project";
import { defineCommand, type ExitCode, shared } from "../../define-command";
import type { Io } from "../../io";
import { type Session, withStacks, wordingFor } from "../../session";
import type { Tools } from "../../tools";
import { agree, stepsText } from "./steps";

export const bootstrap = defineCommand({
  name: "bootstrap",
  summary: "Make a new environment from nothing, step by step: staging, previews, or the place of Terraform's state.",
  details:
    "Looks at tools, tokens and the sources of secrets, shows the plan and asks; then applies the environment's stack and, where its GitHub environment is not there, the stack that governs the repository; asks for health; and says what remains for a person. For preview an app is made to try it and removed again. A run that was cut off is finished by the next one. Values of secrets and tokens are never shown.",
  positionals: { what: { doc: "staging, preview or state." } },
  options: {
    dryRun: { type: "boolean", doc: "Only say what would be done." },
    yes: { type: "boolean", doc: "Do not ask." },
    json: shared.json,
  },
  exitCodes: { 0: "it is there; what remains by hand is listed", 2: "with --dry-run: something is to be done" },
  examples: ["bootstrap state", "bootstrap staging --dry-run", "bootstrap preview --yes"],
  async run({ what, dryRun, yes, json }, tools, io) {
    const choices: Choices = { what, dryRun, yes, json };
    if (what === "state") return bootstrapState(choices, tools, io);
    if (what === "staging" || what === "preview") return bootstrapEnvironment(what, choices, tools, io);
    throw new Failure(
      `"${what}" is nothing that can be bootstrapped: staging, preview or state. ${what === "production" ? "Production asks for its approvals: npx infra apply production. " : ""}Nothing was changed. [infra/bootstrap-what]`,
    );
  },
});

interface Choices {
  readonly what: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

async function bootstrapEnvironment(
  environment: "staging" | "preview",
  choices: Choices,
  tools: Tools,
  io: Io,
): Promise<ExitCode> {
  const { probe }: typeof import("../../../ops/preview/pattern") = require("../../../ops/preview/pattern");
  const isTrial = environment === "preview";
  const env = isTrial ? { ...tools.env, PREVIEW_NUMBER: String(probe) } : tools.env;
  return withStacks([], { ...tools, env }, io, async (session) => {
    const {
      carryOut,
      planBootstrap,
    }: typeof import("../../../ops/bootstrap/environment") = require("../../../ops/bootstrap/environment");
    const site = siteOf(environment, session, tools);
    io.progress("Looking at what is there");
    const plan = await planBootstrap(site);
    try {
      tellPlan(plan, choices, io);
      const early = await mayGoOn(plan.steps, `bootstrap ${environment}`, choices, tools, io);
      if (early !== undefined) return early;
      return conclude(await carryOut(site, plan), choices, io);
    } finally {
      await Promise.all(plan.plans.map(({ planned }) => planned?.discard()));
    }
  });
}

/** Everything that a bootstrap of an environment works with. @throws Failure when the program has no such stack */
function siteOf(environment: "staging" | "preview", { stacks, running }: Session, tools: Tools): Site {
  const { chooseStacks }: typeof import("../../../ops/project") = require("../../../ops/project");
  const { probe, probed }: typeof import("../../../ops/preview/pattern") = require("../../../ops/preview/pattern");
  const {
    refuseProductionValues,
  }: typeof import("../../../ops/preview/production-value") = require("../../../ops/preview/production-value");
  const { flyFrom }: typeof import("../../../ops/fly") = require("../../../ops/fly");
  // Without a token nothing is asked; the step about tokens says what is missing.
  const { env } = tools;
  const hasToken = Boolean(env.FLY_API_TOKEN || env.FLY_ACCESS_TOKEN);
  const { fly, local } = flyFrom(hasToken ? env : { ...env, FLY_API_TOKEN: "none" });
  const shared = { environment, stacks, project: tools, running, fly, local };
  if (environment === "staging")
    return { ...shared, stack: chooseStacks(stacks, [environment])[0] as Stack, trial: undefined };
  const { stack, pattern } = probed(stacks);
  const production = stacks.find(({ name }) => name === "production");
  refuseProductionValues(stack, production, tools.env);
  return { ...shared, stack, trial: { pattern, number: probe } };
}

/** What Terraform would change, then the steps. */
function tellPlan({ steps, plans }: PlannedBootstrap, { json, what }: Choices, io: Io): void {
  const { stacksText }: typeof import("../../../report/terminal") = require("../../../report/terminal");
  io.progress("");
  const reports = plans.map(({ report }) => report).filter(({ outcome }) => outcome === "differs");
  if (reports.length > 0) io.say(`${stacksText(reports, wordingFor(io, "say"))}\n`);
  if (!json) io.say(`Bootstrap ${what}:\n${stepsText(steps, io, "say")}\n`);
}

/** Whether to stop before anything is changed, and with which exit code; undefined: go on. */
async function mayGoOn(
  steps: readonly Step[],
  what: string,
  choices: Choices,
  tools: Tools,
  io: Io,
): Promise<ExitCode | undefined> {
  const failed = steps.filter(({ state }) => state === "failed");
  const isToDo = steps.some(({ state }) => state === "to do");
  if (failed.length > 0 || choices.dryRun) {
    if (choices.json) tellJson(steps, false, choices, io);
    if (failed.length === 0) return isToDo ? 2 : 0;
    const names = failed.map(({ name }) => name).join(", ");
    throw new Failure(
      `Put right first: ${names}. Nothing was changed. Then run it again: npx infra ${what} [infra/bootstrap-blocked]`,
    );
  }
  if (isToDo && !choices.yes) await agree(what, tools, io);
  return undefined;
}

/** The steps as they stand now. */
function conclude(steps: readonly Step[], choices: Choices, io: Io): ExitCode {
  io.progress("");
  if (choices.json) tellJson(steps, true, choices, io);
  else io.out(stepsText(steps, io, "out"));
  const failed = steps.filter(({ state }) => state === "failed").map(({ name }) => name);
  if (failed.length === 0) return 0;
  throw new Failure(
    `Not whole: ${failed.join(", ")}. What was made stays. Go on where this ended: npx infra bootstrap ${choices.what} [infra/bootstrap-failed]`,
  );
}

function tellJson(steps: readonly Step[], carriedOut: boolean, { what }: Choices, io: Io): void {
  const numbered = steps.map((one, index) => ({ number: index + 1, ...one }));
  io.out(JSON.stringify({ version: 1, command: "bootstrap", what, carriedOut, steps: numbered }, null, 2));
}

async function bootstrapState(choices: Choices, tools: Tools, io: Io): Promise<ExitCode> {
  const { synthesize }: typeof import("../../../ops/project") = require("../../../ops/project");
  const {
    lookAtState,
    makeState,
  }: typeof import("../../../ops/bootstrap/state") = require("../../../ops/bootstrap/state");
  io.progress("Reading the configuration");
  const stacks = await synthesize(tools);
  const steps = await lookAtState(stacks, tools);
  tellPlan({ steps, plans: [] }, choices, io);
  const early = await mayGoOn(steps, "bootstrap state", choices, tools, io);
  if (early !== undefined) return early;
  return conclude(await makeState(steps, stacks, tools), choices, io);
}
