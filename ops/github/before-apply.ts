/** What is told of a governed repository before anything is changed. */
import { GithubError } from "../../api/github";
import { isGate } from "../../report/gate";
import type { Finding, Trouble } from "../../report/model";
import { Failure } from "../failure";
import type { PlannedStack, Running } from "../plan";
import { openReader } from "./connect";
import { governanceOf } from "./governed";
import { mergeProblems } from "./mergeability";
import { pendingPinning } from "./pinning";
import { examineScopes } from "./scope";

/** The plans with what Terraform does not say: whether the team can still merge, and what will be set over REST. */
export const withGovernance = (plans: readonly PlannedStack[], running: Running): Promise<readonly PlannedStack[]> =>
  Promise.all(plans.map((one) => withOne(one, running)));

async function withOne(one: PlannedStack, running: Running): Promise<PlannedStack> {
  const wanted = governanceOf(one.stack);
  if (!wanted || !one.planned) return one;
  const { report } = one;
  try {
    const github = openReader({ env: running.env, signal: running.interruption.soft });
    const [problems, pending] = await Promise.all([mergeProblems(github, wanted), pendingPinning(github, wanted)]);
    const added = pending && !isToldByGate(report.findings) ? [pending] : [];
    return {
      ...one,
      report: {
        ...report,
        outcome: added.length > 0 ? "differs" : report.outcome,
        findings: [...report.findings, ...added],
        troubles: [...report.troubles, ...problems],
      },
    };
  } catch (error) {
    // What cannot be read is no reason to say that nothing is to be done.
    return { ...one, report: { ...report, outcome: "error", troubles: [...report.troubles, unread(error)] } };
  }
}

const isToldByGate = (findings: readonly Finding[]): boolean =>
  findings.some(({ address, path }) => isGate(address) && path === "actions/permissions");

function unread(error: unknown): Trouble {
  if (!(error instanceof GithubError) && !(error instanceof Failure)) throw error;
  return { severity: "error", summary: "Could not tell whether the team can still merge", detail: error.message };
}

/**
 * Stops before the first change when the token cannot make them all.
 *
 * @throws Failure that names what is missing
 */
export async function requireScopes(plans: readonly PlannedStack[], running: Running): Promise<void> {
  for (const { stack, report } of plans) {
    const wanted = governanceOf(stack);
    if (!wanted || report.outcome !== "differs") continue;
    const github = openReader({ env: running.env, signal: running.interruption.soft });
    const { lacksForPlan, lacksForApply } = await examineScopes(github, wanted);
    const lacks = [...lacksForPlan, ...lacksForApply];
    if (lacks.length === 0) continue;
    throw new Failure(
      `The token for GitHub lacks what ${stack.name} needs: ${lacks.join("; ")}. Nothing was changed. Use an App's token or one of an administrator, and see: npx infra doctor [github/scope]`,
    );
  }
}
