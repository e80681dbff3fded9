/** A live repository in the words of `GovernedRepository`. What has no words is left to whoever compares the two. */

import type { GithubEnvironmentShape, ProtectionShape, RepositoryShape } from "../../config/repository-shape";
import { looksLikeSecretValue } from "../../config/secret-name";
import type { LiveEnvironment, LiveRepository } from "./live-repository";

/** Every field of the shape has a value: where the live one cannot be said, the nearest that protects more. */
export function repositoryShape(live: LiveRepository): RepositoryShape {
  const { owner, repository, actions, selectedActions } = live;
  return {
    owner,
    name: repository.name,
    description: repository.description ?? "",
    visibility: oneOf(["private", "internal", "public"], repository.visibility) ?? "private",
    defaultBranch: repository.default_branch,
    topics: [...repository.topics].sort(),
    features: {
      issues: repository.has_issues,
      wiki: repository.has_wiki,
      projects: repository.has_projects,
      discussions: repository.has_discussions ?? false,
    },
    merge: {
      squash: repository.allow_squash_merge ?? true,
      rebase: repository.allow_rebase_merge ?? true,
      mergeCommit: repository.allow_merge_commit ?? true,
      autoMerge: repository.allow_auto_merge ?? false,
      updateBranch: repository.allow_update_branch ?? false,
      deleteBranch: repository.delete_branch_on_merge ?? false,
    },
    security: {
      pushProtection: true,
      secretScanning: true,
      vulnerabilityAlerts: live.vulnerabilityAlerts,
      dependencyUpdates: live.securityFixes,
    },
    actions: {
      allowed: [...(selectedActions?.patterns_allowed ?? [])].sort(),
      defaultToken: "read",
      approvePullRequests: false,
      shaPinning: actions.sha_pinning_required ?? false,
    },
    protection: protectionOf(live),
    environments: Object.fromEntries(
      live.environments
        .filter(({ environment }) => isEnvironmentName(environment.name))
        .map((one) => [one.environment.name, environmentOf(one)]),
    ),
    secrets: [...live.secrets],
    variables: Object.fromEntries(
      live.variables.filter(({ value }) => !looksLikeSecretValue(value)).map(({ name, value }) => [name, value]),
    ),
    labels: live.labels.map(({ name, color, description }) => ({ name, color, description: description ?? "" })),
    codeOwners: codeOwnersOf(live.codeOwners),
    ignore: [],
  };
}

/** What the constructs take as the name of a GitHub environment. */
export const isEnvironmentName = (name: string): boolean => /^[a-z0-9-]+$/.test(name);

type Parameters = Readonly<Record<string, unknown>>;

/** Of rulesets the sum of those that are in force, whatever their names; classic only where it alone protects the branch. */
function protectionOf({ rulesets, protection, repository, teams }: LiveRepository): ProtectionShape {
  const active = rulesets.filter(({ enforcement }) => enforcement === "active");
  const branch = `refs/heads/${repository.default_branch}`;
  const onBranch = active.filter(({ target = "branch", conditions }) => {
    const include = conditions?.ref_name?.include ?? [];
    return target === "branch" && ["~DEFAULT_BRANCH", "~ALL", branch].some((one) => include.includes(one));
  });
  const rules = onBranch.flatMap((one) => one.rules);
  const parameters = (type: string): Parameters => rules.find((one) => one.type === type)?.parameters ?? {};
  const isClassic = onBranch.length === 0 && protection !== undefined;
  const review = isClassic ? (protection.required_pull_request_reviews ?? {}) : {};
  const pull = parameters("pull_request");
  const checks = checksOf(parameters("required_status_checks"));
  const actors = active.flatMap(({ bypass_actors = [] }) => bypass_actors);
  const team = actors.find(({ actor_type }) => actor_type === "Team")?.actor_id;
  const bypassers = review.bypass_pull_request_allowances?.teams ?? [];
  const isOn = (value: unknown) => value === true;
  const tags = active
    .filter(({ target }) => target === "tag")
    .flatMap((one) => one.conditions?.ref_name?.include ?? []);
  return {
    mechanism: isClassic ? "classic" : "ruleset",
    approvals: atLeastOne(review.required_approving_review_count ?? pull.required_approving_review_count),
    codeOwnerReview: isOn(review.require_code_owner_reviews ?? pull.require_code_owner_review),
    dismissStaleReviews: isOn(review.dismiss_stale_reviews ?? pull.dismiss_stale_reviews_on_push),
    lastPushApproval: isOn(review.require_last_push_approval ?? pull.require_last_push_approval),
    conversationsResolved: isClassic
      ? isOn(protection.required_conversation_resolution?.enabled)
      : isOn(pull.required_review_thread_resolution),
    linearHistory: isClassic
      ? isOn(protection.required_linear_history?.enabled)
      : rules.some(({ type }) => type === "required_linear_history"),
    upToDate: isClassic ? isOn(protection.required_status_checks?.strict) : checks.strict,
    requiredChecks: isClassic ? [...(protection.required_status_checks?.contexts ?? [])] : checks.names,
    reportingApp: checks.app ?? githubActions,
    breakGlassTeam: (typeof team === "number" ? teams.get(team) : bypassers[0]?.slug) ?? "break-glass",
    writingApps: [
      ...new Set(
        actors.flatMap(({ actor_type, actor_id }) => (actor_type === "Integration" && actor_id ? [actor_id] : [])),
      ),
    ],
    tags: tags.map((pattern) => pattern.replace(/^refs\/tags\//, "")),
  };
}

/** Number of the App that reports the checks of GitHub Actions. */
const githubActions = 15_368;

function checksOf({ required_status_checks: list, strict_required_status_checks_policy: strict }: Parameters) {
  const checks = (Array.isArray(list) ? list : []) as readonly { context: string; integration_id?: number }[];
  return {
    names: checks.map(({ context }) => context),
    app: checks.find(({ integration_id }) => integration_id !== undefined)?.integration_id,
    strict: strict === true,
  };
}

function atLeastOne(count: unknown): number {
  return typeof count === "number" ? Math.max(1, count) : 1;
}

function environmentOf({ environment, policies, secrets }: LiveEnvironment): GithubEnvironmentShape {
  const rule = (type: string) => environment.protection_rules.find((one) => one.type === type);
  const reviewers = rule("required_reviewers");
  const named = (type: string) => policies.flatMap((one) => (one.type === type ? [one.name] : []));
  return {
    approvers: (reviewers?.reviewers ?? []).map(({ reviewer }) => reviewer?.login ?? `team/${reviewer?.slug}`),
    approval: "reviewers",
    branches: named("branch"),
    tags: named("tag"),
    waitMinutes: rule("wait_timer")?.wait_timer ?? 0,
    adminsBypass: environment.can_admins_bypass ?? true,
    preventSelfReview: reviewers?.prevent_self_review ?? false,
    secrets: [...secrets],
  };
}

/** Lines of a pattern and owners; a pattern without owners has no words. */
function codeOwnersOf(text = ""): RepositoryShape["codeOwners"] {
  return text.split("\n").flatMap((line) => {
    const [pattern = "", ...owners] = line
      .replace(/(^|\s)#.*$/, "")
      .trim()
      .split(/(?<!\\)\s+/);
    const named = owners.filter((owner) => owner.startsWith("@"));
    return named.length > 0 ? [{ pattern: pattern.replaceAll("\\ ", " "), owners: named }] : [];
  });
}

function oneOf<const T extends string>(allowed: readonly T[], value: string | undefined): T | undefined {
  return allowed.find((one) => one === value);
}
