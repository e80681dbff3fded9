/** The drift report: what Terraform's plan sees, and beside it what the audit of a repository sees that no plan can. */
import { isGate } from "../../report/gate";
import type { Finding, Report, StackReport, Trouble } from "../../report/model";
import { exitCodeOf } from "../../report/model";
import { Failure } from "../failure";
import { flyFrom } from "../fly";
import type { Audit } from "../github/audit";
import { openReader } from "../github/connect";
import type { Observation } from "../github/observation";
import { planStacks, type Running, reportPlans } from "../plan";
import type { Stack } from "../project";
import { checksOf, otherChecks } from "./check";
import { applyIgnores } from "./ignore";
import { addIgnores, readIgnores } from "./ignore-file";
import { judge } from "./judge";
import { type Witnesses, withOrigins } from "./origin";
import { type PreviewContext, previewCheck } from "./preview-check";
import { entriesFor, type Wish } from "./wish";

/** What a drift report is made with. */
export interface DriftOptions {
  /** The project. */
  readonly directory: string;
  /** Unix ms. */
  readonly now: number;
  /** Findings that are to be let be from now on. */
  readonly letBe: readonly Wish[];
  /** Every stack is looked at, so that checks of the project as a whole are made too. */
  readonly whole: boolean;
  /** All stacks, for those checks, where only some are looked at here. */
  readonly project?: readonly Stack[];
}

/**
 * Plans and audits all stacks at once, judges what was found, and makes the checks beside the plans.
 *
 * @throws Interrupted; Failure when `drift-ignore.yaml` is not as it should be, or a wish names no finding
 */
export async function driftStacks(
  stacks: readonly Stack[],
  running: Running,
  { directory, now, letBe, whole, project }: DriftOptions,
): Promise<{ readonly report: Report; readonly exitCode: 0 | 1 | 2 }> {
  const kept = readIgnores(directory, now);
  const witnesses = witnessesFrom(running);
  const context: PreviewContext = { stacks: project ?? stacks, running, directory, now, ...witnesses };
  const beside = whole ? otherChecks(context) : Promise.resolve([]);
  const auditing = Promise.all(stacks.map((stack) => auditStack(stack, running, now)));
  for (const one of [beside, auditing]) one.catch(() => {}); // told below, once the plans are cleared away
  const { report } = await reportPlans("drift", await planStacks(stacks, running, { lock: false }));
  const audits = await auditing;
  const judged = report.stacks.map((one, index) => {
    const [stack, audited] = [stacks[index], audits[index]];
    if (!stack) return one;
    return judge(audited ? withAudit(one, stack, audited) : one, stack, now);
  });
  const found: Report = { ...report, stacks: judged, checkedAt: new Date(now).toISOString() };
  const ignores = letBe.length === 0 ? kept : addIgnores(directory, entriesFor(letBe, found), now);
  const told = await withAllOrigins(applyIgnores(found, ignores, now), stacks, witnesses);
  const checks = [...checksOf(told.stacks), ...(await beside), ...(whole ? [await previewCheck(context)] : [])];
  const checked = { ...told, checks };
  return { report: checked, exitCode: exitCodeOf(checked) };
}

async function withAllOrigins(report: Report, stacks: readonly Stack[], witnesses: Witnesses): Promise<Report> {
  const told = report.stacks.map(async (one, index) => {
    const stack = stacks[index];
    return stack ? withOrigins(one, stack, witnesses) : one;
  });
  return { ...report, stacks: await Promise.all(told) };
}

/** Readers of both platforms, as far as this shell has tokens: without one, the plans have said so. */
function witnessesFrom({ env, interruption, remember }: Running): Witnesses {
  const { memoize }: typeof import("../../api/fly") = require("../../api/fly");
  return {
    fly: unlessRefused(() => {
      const { fly } = flyFrom(env);
      return remember ? remember(env, fly) : memoize(fly);
    }),
    github: unlessRefused(() => openReader({ env, signal: interruption.soft })),
  };
}

function unlessRefused<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

interface Audited extends Audit {
  /** `owner/name`. */
  readonly repository: string;
}

async function auditStack(stack: Stack, running: Running, now: number): Promise<Audited | undefined> {
  const { governanceOf }: typeof import("../github/governed") = require("../github/governed");
  const { proposedBy }: typeof import("../propose/apply-files") = require("../propose/apply-files");
  const wanted = governanceOf(stack);
  const files = proposedBy(stack);
  const place = wanted ?? files;
  if (!place) return undefined;
  const { auditFiles }: typeof import("../propose/audit-files") = require("../propose/audit-files");
  const { audit }: typeof import("../github/audit") = require("../github/audit");
  const repository = `${place.owner}/${place.name}`;
  try {
    const github = openReader({ env: running.env, signal: running.interruption.soft });
    const audits = await Promise.all([
      wanted && audit(github, wanted, now),
      files && auditFiles(github.repository(files.owner, files.name), files),
    ]);
    return {
      repository,
      observations: audits.flatMap((one) => one?.observations ?? []),
      troubles: audits.flatMap((one) => one?.troubles ?? []),
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const trouble: Trouble = { severity: "error", summary: `Could not audit ${repository}`, detail: error.message };
    return { repository, observations: [], troubles: [trouble] };
  }
}

/** The stack's report with what only the audit saw. What the plan tells stays as the plan tells it. */
function withAudit(report: StackReport, stack: Stack, { repository, observations, troubles }: Audited): StackReport {
  const { isTold, objectsIn }: typeof import("../github/told") = require("../github/told");
  const objects = objectsIn(stack);
  const added = observations
    .filter((one) => !isTold(one, report.findings, objects))
    .map((one) => findingOf(one, repository));
  const isIncomplete = troubles.some(({ severity }) => severity === "error");
  const audited = new Set(observations.map(({ object }) => object));
  // A gate tells in words what the audit tells field by field.
  const kept = report.findings.filter(({ address, path }) => !isGate(address) || !audited.has(path));
  const findings = [...kept, ...added];
  const differs = findings.length > 0 ? "differs" : "same";
  return {
    ...report,
    outcome: report.outcome === "error" || isIncomplete ? "error" : differs,
    findings,
    troubles: [...report.troubles.filter(({ detail }) => isIncomplete || !AUDITED.test(detail)), ...troubles],
  };
}

/** Warnings of the plan that the audit tells as well, and longer. */
const AUDITED = /\[github\/(bypassed|secret-age)\]/;

function findingOf({ object, field, ...rest }: Observation, repository: string): Finding {
  return { ...rest, address: `github:${repository}`, path: field === "" ? object : `${object} ${field}` };
}
