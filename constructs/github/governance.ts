import type { BranchRule, Governance, GovernedEnvironment, Ruleset } from "../../config/governance-shape";
import type { GithubEnvironmentShape, ProtectionShape, RepositoryShape } from "../../config/repository-shape";

/** What {@link governance} needs besides the repository. */
export interface GovernanceOptions {
  /** Age in days over which a secret is to be rotated. @default 90 */
  readonly rotationDays?: number;
  /** "direct": the Apps of `protection.writingApps` may commit to the default branch without a pull request. @default "propose" */
  readonly write?: "propose" | "direct";
}

/** Names of the rulesets that this program makes. */
export const rulesetNames = ["merge policy", "history", "tags"] as const;

/** How a repository is to be, as plain data in GitHub's words: what the constructs make, the read-back confirms and the audit compares with. */
export function governance(repository: RepositoryShape, options: GovernanceOptions = {}): Governance {
  const { owner, name, security, actions, protection, environments } = repository;
  const { rotationDays = 90, write = "propose" } = options;
  const isClassic = protection.mechanism === "classic";
  return {
    owner,
    name,
    settings: settings(repository),
    vulnerability_alerts: security.vulnerabilityAlerts,
    automated_security_fixes: security.dependencyUpdates,
    actions: {
      permissions: { enabled: true, allowed_actions: "selected", sha_pinning_required: actions.shaPinning },
      selected: { github_owned_allowed: true, verified_allowed: false, patterns_allowed: [...actions.allowed].sort() },
      workflow: {
        default_workflow_permissions: actions.defaultToken,
        can_approve_pull_request_reviews: actions.approvePullRequests,
      },
    },
    mechanism: protection.mechanism,
    rulesets: [
      ...(isClassic ? [] : [mergePolicy(repository, write), history(repository)]),
      ...(protection.tags.length === 0 ? [] : [tags(protection)]),
    ],
    branch_rule: isClassic ? branchRule(protection, repository.defaultBranch) : null,
    environments: Object.fromEntries(Object.entries(environments).map(([key, one]) => [key, environment(one)])),
    secrets: repository.secrets,
    rotation_days: rotationDays,
    variables: repository.variables,
    labels: repository.labels,
    break_glass_team: protection.breakGlassTeam,
    ignore: repository.ignore,
  };
}

function settings({ description, visibility, defaultBranch, topics, features, merge }: RepositoryShape) {
  const enabled = { status: "enabled" } as const;
  return {
    description,
    visibility,
    default_branch: defaultBranch,
    topics: [...topics].sort(),
    archived: false as const,
    has_issues: features.issues,
    has_wiki: features.wiki,
    has_projects: features.projects,
    has_discussions: features.discussions,
    allow_squash_merge: merge.squash,
    allow_rebase_merge: merge.rebase,
    allow_merge_commit: merge.mergeCommit,
    allow_auto_merge: merge.autoMerge,
    allow_update_branch: merge.updateBranch,
    delete_branch_on_merge: merge.deleteBranch,
    security_and_analysis: { secret_scanning: enabled, secret_scanning_push_protection: enabled },
  };
}

/** What a change has to pass before it is on the default branch. */
function mergePolicy({ protection, defaultBranch }: RepositoryShape, write: "propose" | "direct"): Ruleset {
  const apps = write === "direct" ? protection.writingApps : [];
  return {
    name: "merge policy",
    target: "branch",
    enforcement: "active",
    conditions: namedAndDefault(defaultBranch),
    rules: [
      {
        type: "pull_request",
        parameters: {
          dismiss_stale_reviews_on_push: protection.dismissStaleReviews,
          require_code_owner_review: protection.codeOwnerReview,
          require_last_push_approval: protection.lastPushApproval,
          required_approving_review_count: protection.approvals,
          required_review_thread_resolution: protection.conversationsResolved,
        },
      },
      ...(protection.requiredChecks.length === 0 ? [] : [statusChecks(protection)]),
    ],
    bypass_actors: [
      breakGlass(protection),
      ...apps.map((id) => ({ actor_type: "Integration" as const, actor_id: id, bypass_mode: "always" as const })),
    ],
  };
}

/** A check counts only from the App that is to report it: whoever may push can write a status of any name. */
function statusChecks({ upToDate, requiredChecks, reportingApp }: ProtectionShape): Ruleset["rules"][number] {
  return {
    type: "required_status_checks",
    parameters: {
      strict_required_status_checks_policy: upToDate,
      do_not_enforce_on_create: false,
      required_status_checks: requiredChecks.map((context) => ({ context, integration_id: reportingApp })),
    },
  };
}

/** The default branch only grows. */
function history({ protection, defaultBranch }: RepositoryShape): Ruleset {
  return {
    name: "history",
    target: "branch",
    enforcement: "active",
    conditions: namedAndDefault(defaultBranch),
    rules: [
      { type: "deletion" },
      { type: "non_fast_forward" },
      ...(protection.linearHistory ? [{ type: "required_linear_history" } as const] : []),
    ],
    bypass_actors: [breakGlass(protection)],
  };
}

/** A release tag stays where it was put. */
function tags(protection: ProtectionShape): Ruleset {
  return {
    name: "tags",
    target: "tag",
    enforcement: "active",
    conditions: { ref_name: { include: protection.tags.map((pattern) => `refs/tags/${pattern}`), exclude: [] } },
    rules: [
      { type: "deletion" },
      // True is what the provider at 6.9.0 sends whatever is said; false would be a difference for ever.
      { type: "update", parameters: { update_allows_fetch_and_merge: true } },
    ],
    bypass_actors: [breakGlass(protection)],
  };
}

/** By role and by name: a default branch that somebody moves elsewhere leaves neither of the two open. */
const namedAndDefault = (branch: string) => ({
  ref_name: { include: ["~DEFAULT_BRANCH", `refs/heads/${branch}`], exclude: [] },
});

const breakGlass = ({ breakGlassTeam }: ProtectionShape) =>
  ({ actor_type: "Team", slug: breakGlassTeam, bypass_mode: "always" }) as const;

/** The same for the older mechanism, as far as it goes: it cannot pin a check to its App, and nobody bypasses a check. */
function branchRule(protection: ProtectionShape, pattern: string): BranchRule {
  return {
    pattern,
    enforce_admins: true,
    required_linear_history: protection.linearHistory,
    required_conversation_resolution: protection.conversationsResolved,
    allow_force_pushes: false,
    allow_deletions: false,
    required_status_checks: { strict: protection.upToDate, contexts: protection.requiredChecks },
    required_pull_request_reviews: {
      dismiss_stale_reviews: protection.dismissStaleReviews,
      require_code_owner_reviews: protection.codeOwnerReview,
      require_last_push_approval: protection.lastPushApproval,
      required_approving_review_count: protection.approvals,
      bypass_pull_request_allowances: { teams: [protection.breakGlassTeam] },
    },
  };
}

function environment(shape: GithubEnvironmentShape): GovernedEnvironment {
  const { approvers, approval, branches, tags: patterns, secrets } = shape;
  const reviewers = approval === "confirmation" ? [] : approvers.map(reviewer);
  return {
    wait_timer: shape.waitMinutes,
    can_admins_bypass: shape.adminsBypass,
    prevent_self_review: shape.preventSelfReview && reviewers.length > 0,
    reviewers,
    approval,
    branches,
    tags: patterns,
    secrets,
  };
}

function reviewer(approver: string): GovernedEnvironment["reviewers"][number] {
  const [, slug] = /^team\/(.+)$/.exec(approver) ?? [];
  return slug === undefined ? { type: "User", login: approver } : { type: "Team", slug };
}
