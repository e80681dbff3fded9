import type { World } from "../world";
import type { Asker } from "./asker";
import { missingOwners } from "./code-owner";
import { isNamed, isUpToDate, protectionOf } from "./protection-push";
import { hasPassed, missingChecks } from "./required-check";
import type { IssueRow, RepositoryRow, ReviewRow, RuleRow } from "./row";
import { appliesTo, canBypass } from "./ruleset-match";
import { isWriter, roleOf } from "./state";

/** A pull request that somebody wants to merge. */
interface Merge {
  readonly world: World;
  readonly repository: RepositoryRow;
  readonly row: IssueRow;
  readonly asker: Asker;
  readonly base: string;
  readonly head: string;
}

/** What reviewers owe a pull request. */
interface Need {
  readonly approvals: number;
  readonly lastPush: boolean;
  readonly codeOwners: boolean;
}

/** Why this asker may not merge a pull request, in GitHub's words; none: it may. */
export function mergeProblems(world: World, repository: RepositoryRow, row: IssueRow, asker: Asker): string[] {
  const { byRuleset, byClassic } = findProblems(world, repository, row, asker);
  return [...byRuleset, ...byClassic];
}

/** The refusal of a merge; undefined: the asker may merge. Rulesets speak before classic protection does. */
export function mergeRefusal(world: World, repository: RepositoryRow, row: IssueRow, asker: Asker): string | undefined {
  const { byRuleset, byClassic } = findProblems(world, repository, row, asker);
  if (byRuleset.length > 0) return `Repository rule violations found\n\n${byRuleset.join("\n\n")}\n\n`;
  return byClassic.length > 0 ? byClassic.join(" ") : undefined;
}

function findProblems(world: World, repository: RepositoryRow, row: IssueRow, asker: Asker) {
  const { pull } = row;
  const [base, head] = [pull?.base, pull?.head].map((branch) => repository.refs.get(`refs/heads/${branch}`));
  if (!base || !head) return { byRuleset: [], byClassic: ["Head branch was deleted."] };
  const merge = { world, repository, row, asker, base, head };
  return { byRuleset: [...new Set(rulesetProblems(merge))], byClassic: classicProblems(merge) };
}

const expected = (context: string) => `Required status check "${context}" is expected.`;
const behind = "The head branch is not up to date with the base branch.";

function rulesetProblems(merge: Merge): string[] {
  const { world, repository, row, asker } = merge;
  return [...repository.rulesets.values()]
    .filter((ruleset) => ruleset.enforcement === "active")
    .filter((ruleset) => appliesTo(repository, ruleset, `refs/heads/${row.pull?.base}`))
    .filter((ruleset) => !canBypass(world.store.state.github, repository, ruleset, asker))
    .flatMap(({ rules }) => rules.flatMap((rule) => ruleProblems(merge, rule)));
}

function ruleProblems(merge: Merge, rule: RuleRow): string[] {
  const { repository, row, base, head } = merge;
  const { type, parameters = {} } = rule;
  if (type === "required_status_checks") {
    const isBehind = parameters.strict_required_status_checks_policy === true && !isUpToDate(repository, base, head);
    const missing = missingChecks(repository, head, rule).map(({ context }) => expected(context));
    return [...missing, ...(isBehind ? [behind] : [])];
  }
  if (type !== "pull_request") return [];
  const need = {
    approvals: Number(parameters.required_approving_review_count),
    lastPush: parameters.require_last_push_approval === true,
    codeOwners: parameters.require_code_owner_review === true,
  };
  const threads = parameters.required_review_thread_resolution === true ? threadProblems(row) : [];
  return [...reviewProblems(merge, need), ...threads];
}

function classicProblems(merge: Merge): string[] {
  const { world, repository, row, asker, base, head } = merge;
  const rule = protectionOf(repository, row.pull?.base ?? "");
  if (!rule) return [];
  const isAdmin = roleOf(world.store.state.github, repository, asker.login) === "admin";
  if (isAdmin && !rule.enforceAdmins) return [];
  const { statusChecks, reviews } = rule;
  const problems = (statusChecks?.checks ?? [])
    .filter(({ context, app_id }) => !hasPassed(repository, head, { context, app: app_id ?? undefined }))
    .map(({ context }) => expected(context));
  if (statusChecks?.strict && !isUpToDate(repository, base, head)) problems.push(behind);
  if (reviews && !isNamed(world, repository, reviews.bypass, asker)) {
    problems.push(...reviewProblems(merge, { ...reviews, approvals: reviews.count }));
  }
  return [...problems, ...(rule.conversationResolution ? threadProblems(row) : [])];
}

function reviewProblems({ world, repository, row, head }: Merge, need: Need): string[] {
  const { github } = world.store.state;
  const latest = latestReviews(row);
  if (latest.some(({ state }) => state === "CHANGES_REQUESTED")) return ["Changes have been requested."];
  const approvals = latest.filter(
    ({ state, login }) => state === "APPROVED" && login !== row.login && isWriter(roleOf(github, repository, login)),
  );
  const problems: string[] = [];
  if (approvals.length < need.approvals) {
    const noun = need.approvals === 1 ? "review is" : "reviews are";
    problems.push(`At least ${need.approvals} approving ${noun} required by reviewers with write access.`);
  }
  const approvers = approvals.map(({ login }) => login);
  const owners = need.codeOwners ? missingOwners(github, repository, row, approvers) : [];
  if (owners.length > 0) problems.push(`Waiting on code owner review from ${enumerate(owners)}.`);
  const pusher = repository.commits.get(head)?.login;
  const isNewestSeen = approvals.some(({ login, commit }) => commit === head && login !== pusher);
  if (need.lastPush && !isNewestSeen)
    problems.push("New changes require approval from someone other than the last pusher.");
  return problems;
}

const threadProblems = ({ pull }: IssueRow): string[] =>
  pull?.threads?.some(({ resolvedBy }) => resolvedBy === undefined)
    ? ["A conversation must be resolved before this pull request can be merged."]
    : [];

const enumerate = (names: readonly string[]): string =>
  names.length < 3 ? names.join(" and/or ") : `${names.slice(0, -1).join(", ")}, and/or ${names.at(-1)}`;

/** The newest review of each person that is more than a comment. */
export function latestReviews({ pull }: IssueRow): ReviewRow[] {
  const newest = new Map<string, ReviewRow>();
  for (const review of pull?.reviews ?? []) if (review.state !== "COMMENTED") newest.set(review.login, review);
  return [...newest.values()];
}
