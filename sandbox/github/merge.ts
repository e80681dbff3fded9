import type { World } from "../world";
import type { Asker } from "./asker";
import { history } from "./git";
import { isNamed, isUpToDate, protectionOf } from "./protection-push";
import { hasPassed, missingChecks } from "./required-check";
import type { IssueRow, RepositoryRow, ReviewRow } from "./row";
import { appliesTo, canBypass } from "./ruleset-match";
import { roleOf } from "./state";

/** What stands between a pull request and its base. */
interface Need {
  approvals: number;
  lastPush: boolean;
  problems: string[];
}

/** Why this asker may not merge a pull request, in GitHub's words; none: it may. */
export function mergeProblems(world: World, repository: RepositoryRow, row: IssueRow, asker: Asker): string[] {
  const { pull } = row;
  const ref = `refs/heads/${pull?.base}`;
  const [base, head] = [repository.refs.get(ref), repository.refs.get(`refs/heads/${pull?.head}`)];
  if (!pull || !base || !head) return ["Head branch was deleted."];
  const problems: string[] = [];
  for (const ruleset of repository.rulesets.values()) {
    if (ruleset.enforcement !== "active" || !appliesTo(repository, ruleset, ref)) continue;
    if (canBypass(world.store.state.github, repository, ruleset, asker)) continue;
    for (const rule of ruleset.rules) {
      const { parameters = {} } = rule;
      if (rule.type === "required_status_checks") {
        problems.push(...missingChecks(repository, head, rule).map(({ context }) => expected(context)));
        if (parameters.strict_required_status_checks_policy && !isUpToDate(repository, base, head))
          problems.push(behind);
      }
      if (rule.type === "pull_request") {
        const approvals = Number(parameters.required_approving_review_count);
        const lastPush = parameters.require_last_push_approval === true;
        problems.push(...reviewProblems(world, repository, row, head, { approvals, lastPush, problems: [] }));
      }
    }
  }
  problems.push(...classicProblems(world, repository, row, asker, base, head));
  return [...new Set(problems)];
}

const expected = (context: string) => `Required status check "${context}" is expected.`;
const behind = "The head branch is not up to date with the base branch.";

function classicProblems(
  world: World,
  repository: RepositoryRow,
  row: IssueRow,
  asker: Asker,
  base: string,
  head: string,
) {
  const rule = protectionOf(repository, row.pull?.base ?? "");
  if (!rule) return [];
  const isAdmin = roleOf(world.store.state.github, repository, asker.login) === "admin";
  if (isAdmin && !rule.enforceAdmins) return [];
  const { statusChecks, reviews } = rule;
  const problems: string[] = [];
  for (const { context, app_id } of statusChecks?.checks ?? []) {
    if (!hasPassed(repository, head, { context, app: app_id ?? undefined })) problems.push(expected(context));
  }
  if (statusChecks?.strict && !isUpToDate(repository, base, head)) problems.push(behind);
  if (reviews && !isNamed(world, repository, reviews.bypass, asker)) {
    const need = { approvals: reviews.count, lastPush: reviews.lastPush, problems: [] };
    problems.push(...reviewProblems(world, repository, row, head, need));
  }
  return problems;
}

function reviewProblems(world: World, repository: RepositoryRow, row: IssueRow, head: string, need: Need): string[] {
  const latest = latestReviews(row);
  if (latest.some(({ state }) => state === "CHANGES_REQUESTED")) return ["Changes have been requested."];
  const mayWrite = (login: string) =>
    ["write", "maintain", "admin"].includes(roleOf(world.store.state.github, repository, login) ?? "");
  const pusher = history(repository, head)[0]?.login;
  const approvals = latest.filter(({ state, login }) => state === "APPROVED" && login !== row.login && mayWrite(login));
  const counted = need.lastPush ? approvals.filter(({ login }) => login !== pusher) : approvals;
  if (counted.length >= need.approvals) return [];
  const noun = need.approvals === 1 ? "review is" : "reviews are";
  return [`At least ${need.approvals} approving ${noun} required by reviewers with write access.`];
}

/** The newest review of each person that is more than a comment. */
export function latestReviews({ pull }: IssueRow): ReviewRow[] {
  const newest = new Map<string, ReviewRow>();
  for (const review of pull?.reviews ?? []) if (review.state !== "COMMENTED") newest.set(review.login, review);
  return [...newest.values()];
}
