/**
 * How a repository is to be, in the words of GitHub's REST API where it has them: what the stack `github` says in `infra.json` under `github`,
 * and what a live read is compared with. One schema, so that who writes it and who reads it cannot differ.
 */
import * as z from "zod";

const text = z.string();
const names = z.array(text);

/** Who may step over a ruleset. A team is named by its slug: its id is known only live. */
const bypassActor = z.discriminatedUnion("actor_type", [
  z.object({ actor_type: z.literal("Team"), slug: text, bypass_mode: z.literal("always") }),
  z.object({ actor_type: z.literal("Integration"), actor_id: z.number(), bypass_mode: z.literal("always") }),
]);

const pullRequestRule = z.object({
  type: z.literal("pull_request"),
  parameters: z.object({
    dismiss_stale_reviews_on_push: z.boolean(),
    require_code_owner_review: z.boolean(),
    require_last_push_approval: z.boolean(),
    required_approving_review_count: z.number(),
    required_review_thread_resolution: z.boolean(),
  }),
});
const statusCheckRule = z.object({
  type: z.literal("required_status_checks"),
  parameters: z.object({
    strict_required_status_checks_policy: z.boolean(),
    do_not_enforce_on_create: z.boolean(),
    required_status_checks: z.array(z.object({ context: text, integration_id: z.number() })),
  }),
});
const updateRule = z.object({
  type: z.literal("update"),
  parameters: z.object({ update_allows_fetch_and_merge: z.boolean() }),
});
const plainRule = z.object({ type: z.enum(["deletion", "non_fast_forward", "required_linear_history"]) });

/** As `GET /repos/{owner}/{name}/rulesets/{id}` answers. */
const ruleset = z.object({
  name: text,
  target: z.enum(["branch", "tag"]),
  enforcement: z.literal("active"),
  conditions: z.object({ ref_name: z.object({ include: names, exclude: names }) }),
  rules: z.array(z.discriminatedUnion("type", [pullRequestRule, statusCheckRule, updateRule, plainRule])),
  bypass_actors: z.array(bypassActor),
});

/** As `GET /repos/{owner}/{name}/branches/{branch}/protection` answers; objects with `enabled` are shown as their value. */
const branchRule = z.object({
  pattern: text,
  enforce_admins: z.boolean(),
  required_linear_history: z.boolean(),
  required_conversation_resolution: z.boolean(),
  allow_force_pushes: z.boolean(),
  allow_deletions: z.boolean(),
  required_status_checks: z.object({ strict: z.boolean(), contexts: names }),
  required_pull_request_reviews: z.object({
    dismiss_stale_reviews: z.boolean(),
    require_code_owner_reviews: z.boolean(),
    require_last_push_approval: z.boolean(),
    required_approving_review_count: z.number(),
    /** Slugs. */
    bypass_pull_request_allowances: z.object({ teams: names }),
  }),
});

const environment = z.object({
  wait_timer: z.number(),
  can_admins_bypass: z.boolean(),
  /** GitHub keeps it with the reviewers: without any it is not set. */
  prevent_self_review: z.boolean(),
  /** By login and by slug of the team: ids are known only live. Empty where approvals are typed, see `approval`. */
  reviewers: z.array(
    z.discriminatedUnion("type", [
      z.object({ type: z.literal("User"), login: text }),
      z.object({ type: z.literal("Team"), slug: text }),
    ]),
  ),
  /** "confirmation": nobody has to approve on GitHub, the workflow asks a listed approver to type one. */
  approval: z.enum(["reviewers", "confirmation"]),
  /** Patterns of its deployment branch policies. None at all: every branch may use it. */
  branches: names,
  tags: names,
  /** Names that have to be there. A name that ends in `*` allows every name that begins so. */
  secrets: names,
});

const status = z.object({ status: z.literal("enabled") });

/** How a repository is to be; see the head of this file. */
export const governanceShape = z.object({
  owner: text,
  name: text,
  /** As `GET /repos/{owner}/{name}` answers. */
  settings: z.object({
    description: text,
    visibility: z.enum(["private", "internal", "public"]),
    default_branch: text,
    /** In the order of the alphabet. */
    topics: names,
    archived: z.literal(false),
    has_issues: z.boolean(),
    has_wiki: z.boolean(),
    has_projects: z.boolean(),
    has_discussions: z.boolean(),
    allow_squash_merge: z.boolean(),
    allow_rebase_merge: z.boolean(),
    allow_merge_commit: z.boolean(),
    allow_auto_merge: z.boolean(),
    allow_update_branch: z.boolean(),
    delete_branch_on_merge: z.boolean(),
    security_and_analysis: z.object({ secret_scanning: status, secret_scanning_push_protection: status }),
  }),
  /** `…/vulnerability-alerts`: 204 or 404. */
  vulnerability_alerts: z.boolean(),
  /** `enabled` of `…/automated-security-fixes`. */
  automated_security_fixes: z.boolean(),
  actions: z.object({
    /** `…/actions/permissions` */
    permissions: z.object({
      enabled: z.literal(true),
      allowed_actions: z.literal("selected"),
      /** Set over REST: the Terraform provider at 6.9.0 cannot. */
      sha_pinning_required: z.boolean(),
    }),
    /** `…/actions/permissions/selected-actions` */
    selected: z.object({
      github_owned_allowed: z.literal(true),
      verified_allowed: z.literal(false),
      patterns_allowed: names,
    }),
    /** `…/actions/permissions/workflow` */
    workflow: z.object({
      default_workflow_permissions: z.literal("read"),
      can_approve_pull_request_reviews: z.literal(false),
    }),
  }),
  /** Which of the two protects the default branch; the other protects nothing of it. */
  mechanism: z.enum(["ruleset", "classic"]),
  /** All rulesets of the repository. Under "classic" the one for tags alone. */
  rulesets: z.array(ruleset),
  /** The only branch protection rule; null: there is none. */
  branch_rule: branchRule.nullable(),
  /** All GitHub environments. */
  environments: z.record(text, environment),
  /** Repository secrets, as in an environment. */
  secrets: names,
  /** Age in days over which a secret is to be rotated. */
  rotation_days: z.number(),
  /** All repository variables. */
  variables: z.record(text, text),
  /** All labels. */
  labels: z.array(z.object({ name: text, color: text, description: text })),
  /** Slug of the team that may bypass; without members except in an emergency. */
  break_glass_team: text,
  /** Undeclared objects that are let be until a day, as "webhook/42"; from then on they are reported again. */
  ignore: z.array(z.object({ object: text, reason: text, until: text })),
});

/** How a repository is to be. */
export type Governance = z.infer<typeof governanceShape>;
/** A ruleset as it is to be. */
export type Ruleset = z.infer<typeof ruleset>;
/** The branch protection rule as it is to be. */
export type BranchRule = z.infer<typeof branchRule>;
/** A GitHub environment as it is to be. */
export type GovernedEnvironment = z.infer<typeof environment>;
