/** The drift report: what Terraform's plan sees, and beside it what the audit of a repository sees that no plan can. */
import { isGate } from "../../report/gate";
import type { Finding, Report, StackReport, Trouble } from "../../report/model";
import { exitCodeOf } from "../../report/model";
import type { Audit } from "../github/audit";
import type { Observation } from "../github/observation";
import { planStacks, type Running, reportPlans } from "../plan";
import type { Stack } from "../project";

/** Plans and audits all stacks at once. `now`: Unix ms. @throws Interrupted */
export async function driftStacks(
  stacks: readonly Stack[],
  running: Running,
  now: number,
): Promise<{ readonly report: Report; readonly exitCode: 0 | 1 | 2 }> {
  const auditing = Promise.all(stacks.map((stack) => auditStack(stack, running, now)));
  auditing.catch(() => {}); // told below, once the plans are cleared away
  const { report } = await reportPlans("drift", await planStacks(stacks, running, { lock: false }));
  const audits = await auditing;
  const merged: Report = {
    ...report,
    stacks: report.stacks.map((one, index) => {
      const [stack, audited] = [stacks[index], audits[index]];
      return stack && audited ? withAudit(one, stack, audited) : one;
    }),
  };
  return { report: merged, exitCode: exitCodeOf(merged) };
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
  const { openReader }: typeof import("../github/connect") = require("../github/connect");
  const { Failure }: typeof import("../failure") = require("../failure");
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
