import { resolve } from "node:path";
import type { AppliedStack } from "../../../ops/apply";
import type { PlannedStack, Running } from "../../../ops/plan";
import type { StackReport, Trouble } from "../../../report/model";
import { defineCommand, type ExitCode, shared } from "../../define-command";
import type { Io } from "../../io";
import { type Session, withStacks, wordingFor } from "../../session";
import type { Tools } from "../../tools";

export const apply = defineCommand({
  name: "apply",
  summary: "Make Fly and GitHub as declared: shows the plan, asks, then tells each machine's step.",
  details:
    "What a run leaves undone, the next one finishes. Where nobody can answer, --yes is needed. Files of a repository are proposed by one pull request.",
  positionals: { stacks: { doc: "Stacks to apply. Left out: all.", many: true } },
  options: {
    stack: shared.stack,
    reviewed: {
      type: "string",
      doc: "Do only what this record (plan --out, review --out) says; its stacks where none is named.",
      placeholder: "file",
    },
    yes: { type: "boolean", doc: "Do not ask. For what customers use, --confirm is needed instead." },
    confirm: { type: "string", doc: "Name of the app that customers use, in place of typing it.", placeholder: "app" },
    first: { type: "boolean", doc: "The first deployment of an app: it has no image to go back to." },
    emergency: {
      type: "string",
      doc: "Step over window and order of production, for this reason; recorded, and the recipients are told.",
      placeholder: "reason",
    },
    json: shared.json,
  },
  exitCodes: {
    0: "everything is as declared",
    1: "an error; what was done and what was not is said",
    2: "a pull request waits for its merge",
  },
  examples: ["apply staging", "apply --confirm hot-dash production", "apply --reviewed staging.reviewed.json"],
  async run({ stacks: names, stack, reviewed, json, ...said }, tools, io) {
    const record = reviewed === undefined ? undefined : recordAt(resolve(tools.directory, reviewed));
    const named = [...names, ...stack];
    if (record && named.length === 0) named.push(...Object.keys(record.record.stacks));
    if (record && named.length === 0) {
      io.say("Nothing to do: no stack is in the record.");
      return 0;
    }
    return withStacks(named, tools, io, async (session) => {
      const { planStacks }: typeof import("../../../ops/plan") = require("../../../ops/plan");
      const {
        withGovernance,
      }: typeof import("../../../ops/github/before-apply") = require("../../../ops/github/before-apply");
      const { requireFlyTokens }: typeof import("../../../ops/guard/token") = require("../../../ops/guard/token");
      await requireFlyTokens(session.stacks, tools.env);
      const planned = await planStacks(session.stacks, session.running, { lock: true });
      try {
        const plans = await withGovernance(planned, session.running);
        return await agreeAndApply(plans, session, { record, json, ...said }, tools, io);
      } finally {
        await Promise.all(planned.map((one) => one.planned?.discard()));
      }
    });
  },
});

interface Choices {
  readonly record: ReturnType<typeof recordAt> | undefined;
  readonly yes: boolean;
  readonly confirm: string | undefined;
  readonly first: boolean;
  readonly emergency: string | undefined;
  readonly json: boolean;
}

function recordAt(path: string) {
  const { readReviewed }: typeof import("../../../ops/reviewed/record") = require("../../../ops/reviewed/record");
  return { path, record: readReviewed(path) };
}

async function agreeAndApply(
  plans: readonly PlannedStack[],
  { all, running }: Session,
  { record, json, first, emergency, ...consent }: Choices,
  tools: Tools,
  io: Io,
): Promise<ExitCode> {
  const { stacksText }: typeof import("../../../report/terminal") = require("../../../report/terminal");
  const {
    requireScopes,
  }: typeof import("../../../ops/github/before-apply") = require("../../../ops/github/before-apply");
  io.progress("");
  const reports = plans.map(({ report }) => report);
  io.say(`${stacksText(reports, wordingFor(io, "say"))}\n`);
  const unread = plans.filter(({ report }) => report.outcome === "error").map(({ stack }) => stack.name);
  const differing = plans.filter(({ report }) => report.outcome === "differs").map(({ stack }) => stack.name);
  if (record && unread.length === 0) {
    const {
      requireReviewed,
    }: typeof import("../../../ops/reviewed/require") = require("../../../ops/reviewed/require");
    await requireReviewed(plans, running, record);
  }
  if (differing.length > 0 && unread.length === 0) {
    const { agree }: typeof import("./agree") = require("./agree");
    const { passGuard }: typeof import("./pass-guard") = require("./pass-guard");
    const record = await passGuard(plans, { all, running }, { first, emergency }, tools);
    await requireScopes(plans, running);
    await agree(plans, consent, running.interruption.soft, io);
    if (record) await record(io);
  }
  const applied = unread.length === 0 ? await applying(plans, running, io) : [];
  io.progress("");
  if (json) io.out(jsonText(reports, applied));
  else for (const one of applied) io.out(outcomeText(one, io));
  if (unread.length > 0) io.say(`${unread.join(", ")} could not be read, so nothing was changed.`);
  else if (applied.length === 0) io.say("Nothing to do: everything is as declared.");
  if (running.interruption.soft.aborted) return 130;
  const outcomes = new Set(applied.map(({ outcome }) => outcome));
  if (unread.length > 0 || outcomes.has("failed") || outcomes.has("stopped") || outcomes.has("skipped")) return 1;
  return outcomes.has("proposed") ? 2 : 0;
}

function jsonText(reports: readonly StackReport[], applied: readonly AppliedStack[]): string {
  const { troubleJson }: typeof import("../../../report/json") = require("../../../report/json");
  const told = <T extends { readonly troubles: readonly Trouble[] }>(one: T) => ({
    ...one,
    troubles: one.troubles.map(troubleJson),
  });
  return JSON.stringify(
    { version: 1, command: "apply", plans: reports.map(told), applied: applied.map(told) },
    null,
    2,
  );
}

/** Applies, and says at Ctrl-C what becomes of the work. */
async function applying(plans: readonly PlannedStack[], running: Running, io: Io): Promise<readonly AppliedStack[]> {
  const { applyPlans }: typeof import("../../../ops/apply") = require("../../../ops/apply");
  const { soft } = running.interruption;
  const stop = () =>
    io.say("Stopping at the next safe point. Ctrl-C again stops at once and may leave work half done.");
  soft.addEventListener("abort", stop, { once: true });
  try {
    return await applyPlans(plans, running, (name) => io.say(`Applying ${name}`));
  } finally {
    soft.removeEventListener("abort", stop);
  }
}

/** One line where all went well, for each step was told; else what was done, what was not, why, and what to type. */
function outcomeText({ stack, outcome, done, undone, troubles, url }: AppliedStack, io: Io): string {
  const { wrap }: typeof import("../../../report/wrap") = require("../../../report/wrap");
  const { count, troubleLines }: typeof import("../../../report/terminal") = require("../../../report/terminal");
  const paint = io.paint.out;
  const head = {
    applied: paint("green", `as declared now; ${count(done.length, "resource")} changed`),
    proposed: paint("yellow", "proposed; the files are as declared once the pull request is merged"),
    failed: paint("red", `failed; ${count(done.length, "resource")} changed, ${undone.length} not`),
    stopped: paint("yellow", `stopped; ${count(done.length, "resource")} changed, ${undone.length} not`),
    skipped: paint("yellow", "not begun: a stack that it needs was not applied"),
  }[outcome];
  const lines = [
    `${paint("bold", stack)}: ${head}`,
    ...(outcome === "applied" ? [] : done.map(({ address, action }) => `  done      ${address} (${action})`)),
    ...undone.map((address) => `  not done  ${address}`),
    ...troubles.flatMap((one) => troubleLines(one, paint)),
  ];
  const next =
    outcome === "proposed" ? `\n  Merge it: ${url}` : `\n  To go on where this ended: npx infra apply ${stack}`;
  return wrap(lines.join("\n"), io.columns.out) + (outcome === "applied" ? "" : next);
}
