/** Whether the team can still merge under the rules that are declared: asked before an apply makes them so. */
import type { CheckRun, Collaborator, GithubReader } from "../../api/github";
import type { Governance } from "../../config/governance-shape";
import { harmless } from "../../report/harmless";
import type { Trouble } from "../../report/model";
import { ownerProblems } from "./code-owner";

/** The rules that decide about a merge, from whichever mechanism. */
interface MergeRules {
  readonly approvals: number;
  readonly codeOwnerReview: boolean;
  readonly checks: readonly { readonly context: string; readonly app: number | undefined }[];
}

/** What would keep people from merging, each with what to do; empty: nothing would. Reads only. @throws GithubError */
export async function mergeProblems(github: GithubReader, wanted: Governance): Promise<readonly Trouble[]> {
  const repository = github.repository(wanted.owner, wanted.name);
  const rules = rulesOf(wanted);
  const [people, runs] = await Promise.all([
    repository.collaborators(),
    rules.checks.length === 0 ? [] : repository.checkRuns(wanted.settings.default_branch),
  ]);
  const writers = people.filter(mayWrite).map(({ login }) => login);
  return [
    ...approvalProblems(writers, rules),
    ...(rules.codeOwnerReview ? await ownerProblems(github, repository, { owner: wanted.owner, writers }) : []),
    ...checkProblems(runs, rules, wanted.settings.default_branch),
  ];
}

function rulesOf({ rulesets, branch_rule }: Governance): MergeRules {
  const rules = rulesets.flatMap((ruleset) => (ruleset.target === "branch" ? ruleset.rules : []));
  const pull = rules.flatMap((rule) => (rule.type === "pull_request" ? [rule.parameters] : []));
  const reviews = branch_rule?.required_pull_request_reviews;
  return {
    approvals: Math.max(
      0,
      reviews?.required_approving_review_count ?? 0,
      ...pull.map((one) => one.required_approving_review_count),
    ),
    codeOwnerReview: reviews?.require_code_owner_reviews || pull.some((one) => one.require_code_owner_review),
    checks: [
      ...rules.flatMap((rule) =>
        rule.type === "required_status_checks"
          ? rule.parameters.required_status_checks.map(({ context, integration_id }) => ({
              context,
              app: integration_id,
            }))
          : [],
      ),
      ...(branch_rule?.required_status_checks.contexts.map((context) => ({ context, app: undefined })) ?? []),
    ],
  };
}

const mayWrite = ({ role_name }: Collaborator): boolean => !["read", "triage"].includes(role_name);

/** Nobody approves what they wrote themselves. */
function approvalProblems(writers: readonly string[], { approvals }: MergeRules): readonly Trouble[] {
  if (approvals === 0 || writers.length > approvals) return [];
  const who = writers.length === 0 ? "nobody" : writers.join(", ");
  return [
    warning(
      "Nobody could approve what one of the team writes",
      `A merge needs ${approvals === 1 ? "an approval" : `${approvals} approvals`} of somebody else with write access, and only ${who} may write. Give ${approvals + 1 - writers.length} more write access, or lower protection.approvals. In an emergency: npx infra override open pull_request --reason <text> [github/merge-approval]`,
    ),
  ];
}

const PASSING = ["success", "neutral", "skipped"];

function checkProblems(runs: readonly CheckRun[], { checks }: MergeRules, branch: string): readonly Trouble[] {
  const newest = checks.map((check) => ({ ...check, run: runs.find((run) => isOf(run, check)) }));
  const silent = newest.filter(({ run }) => run === undefined);
  const red = newest.flatMap(({ context, run }) =>
    run?.status === "completed" && !PASSING.includes(run.conclusion ?? "")
      ? [{ context, conclusion: run.conclusion }]
      : [],
  );
  return [...(silent.length === 0 ? [] : [silence(silent, runs, branch)]), ...red.map((one) => redness(one, branch))];
}

const isOf = (run: CheckRun, { context, app }: MergeRules["checks"][number]): boolean =>
  run.name === context && (app === undefined || run.app?.id === app);

/** A check that nobody reports is waited for without an end. */
function silence(
  silent: readonly { readonly context: string; readonly app: number | undefined }[],
  runs: readonly CheckRun[],
  branch: string,
): Trouble {
  const lines = silent.map(({ context, app }) => {
    const other = runs.find(({ name }) => name === context)?.app?.id;
    const from = app === undefined ? "" : ` of app ${app}`;
    return other === undefined ? context : `${context} (app ${other} reports it, and only that${from} counts)`;
  });
  return warning(
    `${silent.length === 1 ? "A required check has" : `${silent.length} required checks have`} not reported on ${branch}`,
    `${lines.join(", ")}. A merge would wait for ${silent.length === 1 ? "it" : "them"} without end, unless a workflow reports on the pull request. Merge the workflows first, or leave them out with the override "checks.required" [github/merge-check-silent]`,
  );
}

function redness(
  { context, conclusion }: { readonly context: string; readonly conclusion: string | null },
  branch: string,
) {
  const postpone =
    context === "lint"
      ? 'set the override "checks.lint" to "reported": it runs and does not block'
      : 'leave it out with the override "checks.required"';
  return warning(
    harmless(`The required check "${context}" is red on ${branch} today (${conclusion})`),
    `A branch of ${branch} has it red too, so that nobody could merge. Repair it first, or ${postpone} (config/overrides.ts) [github/merge-check-red]`,
  );
}

const warning = (summary: string, detail: string): Trouble => ({ severity: "warning", summary, detail });
