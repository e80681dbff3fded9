/**
 * What is read of GitHub's answers: the outline that the rest of the program relies on. Other fields are dropped, so that a new one
 * breaks nothing. Optional are the fields that GitHub leaves out for a token that may not see them.
 */
import { z } from "zod";

const switched = z.object({ status: z.string().optional() });

export const repository = z.object({
  full_name: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  visibility: z.string().optional(),
  default_branch: z.string(),
  archived: z.boolean(),
  topics: z.array(z.string()).default([]),
  has_issues: z.boolean(),
  has_wiki: z.boolean(),
  has_projects: z.boolean(),
  has_discussions: z.boolean().optional(),
  allow_squash_merge: z.boolean().optional(),
  allow_rebase_merge: z.boolean().optional(),
  allow_merge_commit: z.boolean().optional(),
  allow_auto_merge: z.boolean().optional(),
  allow_update_branch: z.boolean().optional(),
  delete_branch_on_merge: z.boolean().optional(),
  security_and_analysis: z
    .object({ secret_scanning: switched.optional(), secret_scanning_push_protection: switched.optional() })
    .nullish(),
  permissions: z.object({ admin: z.boolean(), push: z.boolean(), pull: z.boolean() }).optional(),
});

const rule = z.object({ type: z.string(), parameters: z.record(z.string(), z.unknown()).optional() });

export const branchRule = rule.extend({ ruleset_id: z.number(), ruleset_source_type: z.string().optional() });

const bypassActor = z.object({ actor_id: z.number().nullish(), actor_type: z.string(), bypass_mode: z.string() });

export const rulesetSummary = z.object({ id: z.number(), name: z.string(), source_type: z.string().optional() });

export const ruleset = rulesetSummary.extend({
  target: z.string().optional(),
  enforcement: z.string(),
  bypass_actors: z.array(bypassActor).optional(),
  conditions: z
    .object({ ref_name: z.object({ include: z.array(z.string()), exclude: z.array(z.string()) }).optional() })
    .nullish(),
  rules: z.array(rule).default([]),
});

const enabled = z.object({ enabled: z.boolean() });

export const protection = z.object({
  required_status_checks: z
    .object({
      strict: z.boolean().optional(),
      contexts: z.array(z.string()),
      checks: z.array(z.object({ context: z.string(), app_id: z.number().nullish() })).default([]),
    })
    .nullish(),
  enforce_admins: enabled.optional(),
  required_pull_request_reviews: z
    .object({
      dismiss_stale_reviews: z.boolean().optional(),
      require_code_owner_reviews: z.boolean().optional(),
      required_approving_review_count: z.number().optional(),
      require_last_push_approval: z.boolean().optional(),
      bypass_pull_request_allowances: z.object({ teams: z.array(z.object({ slug: z.string() })) }).optional(),
    })
    .nullish(),
  required_linear_history: enabled.optional(),
  allow_force_pushes: enabled.nullish(),
  allow_deletions: enabled.optional(),
  required_conversation_resolution: enabled.optional(),
});

export const protectionPatterns = z.object({
  repository: z.object({
    branchProtectionRules: z.object({
      nodes: z.array(z.object({ pattern: z.string() }).nullable()).nullable(),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  }),
});

const reviewer = z.object({
  type: z.string().optional(),
  reviewer: z.object({ login: z.string().optional(), slug: z.string().optional() }).optional(),
});

export const environment = z.object({
  name: z.string(),
  can_admins_bypass: z.boolean().optional(),
  protection_rules: z
    .array(
      z.object({
        type: z.string(),
        wait_timer: z.number().optional(),
        prevent_self_review: z.boolean().optional(),
        reviewers: z.array(reviewer).optional(),
      }),
    )
    .default([]),
  deployment_branch_policy: z
    .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
    .nullish(),
});

export const branchPolicy = z.object({ id: z.number(), name: z.string(), type: z.string().default("branch") });
export const secret = z.object({ name: z.string(), created_at: z.string(), updated_at: z.string() });
export const publicKey = z.object({ key_id: z.string(), key: z.string() });
export const variable = z.object({ name: z.string(), value: z.string() });
export const label = z.object({ name: z.string(), color: z.string(), description: z.string().nullable() });

export const actionsPermissions = z.object({
  enabled: z.boolean(),
  allowed_actions: z.string().optional(),
  sha_pinning_required: z.boolean().optional(),
});
export const selectedActions = z.object({
  github_owned_allowed: z.boolean().optional(),
  verified_allowed: z.boolean().optional(),
  patterns_allowed: z.array(z.string()).default([]),
});
export const workflowPermissions = z.object({
  default_workflow_permissions: z.string(),
  can_approve_pull_request_reviews: z.boolean(),
});

export const hook = z.object({ id: z.number(), active: z.boolean(), config: z.object({ url: z.string().optional() }) });
export const deployKey = z.object({ id: z.number(), title: z.string(), read_only: z.boolean() });
export const autolink = z.object({ id: z.number(), key_prefix: z.string() });
export const collaborator = z.object({ login: z.string(), role_name: z.string() });
export const repositoryTeam = z.object({ slug: z.string(), permission: z.string() });
export const user = z.object({ login: z.string() });
export const team = z.object({ id: z.number(), slug: z.string() });

export const ruleSuite = z.object({
  actor_name: z.string().nullish(),
  ref: z.string().optional(),
  after_sha: z.string().optional(),
  pushed_at: z.string().optional(),
  result: z.string().optional(),
});

export const checkRun = z.object({
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  app: z.object({ id: z.number() }).nullable(),
});

export const issue = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullish(),
  html_url: z.string(),
  state: z.string(),
  created_at: z.string(),
  user: user.nullable(),
  pull_request: z.unknown().optional(),
});

/** `type` is "Bot" for Apps, github-actions among them. */
export const comment = z.object({
  id: z.number(),
  body: z.string().nullish(),
  user: user.extend({ type: z.string().optional() }).nullable(),
});

/** Only labels are read of what happened. */
export const issueEvent = z.object({
  event: z.string(),
  actor: user.nullable(),
  label: z.object({ name: z.string().nullable() }).nullish(),
  created_at: z.string(),
});

export const permission = z.object({ permission: z.string() });

export const status = z.object({
  state: z.string(),
  context: z.string(),
  target_url: z.string().nullable(),
  created_at: z.string(),
  creator: user.nullish(),
});

export const file = z.object({ content: z.string(), encoding: z.string() });

export const gitObject = z.object({ sha: z.string() });
export const gitRef = z.object({ object: gitObject });
export const commit = gitObject.extend({ tree: gitObject, parents: z.array(gitObject) });
export const tree = z.object({
  tree: z.array(z.object({ path: z.string(), mode: z.string(), type: z.string(), sha: z.string() })),
  // A list that is cut off would make files look gone.
  truncated: z.literal(false).optional(),
});

export const pull = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullish(),
  html_url: z.string(),
  head: z.object({ sha: z.string() }),
});

/** A pull request by where its code comes from; `repo` is null where the fork is gone. */
export const pullSource = z.object({
  number: z.number(),
  state: z.enum(["open", "closed"]),
  html_url: z.string(),
  user: user.nullable(),
  head: z.object({ sha: z.string(), repo: z.object({ full_name: z.string() }).nullable() }),
});

export type Team = z.output<typeof team>;
export type Repository = z.output<typeof repository>;
export type Rule = z.output<typeof rule>;
export type BranchRule = z.output<typeof branchRule>;
export type Ruleset = z.output<typeof ruleset>;
export type Protection = z.output<typeof protection>;
export type GithubEnvironment = z.output<typeof environment>;
export type BranchPolicy = z.output<typeof branchPolicy>;
export type Secret = z.output<typeof secret>;
export type Variable = z.output<typeof variable>;
export type Label = z.output<typeof label>;
export type ActionsPermissions = z.output<typeof actionsPermissions>;
export type SelectedActions = z.output<typeof selectedActions>;
export type WorkflowPermissions = z.output<typeof workflowPermissions>;
export type Hook = z.output<typeof hook>;
export type DeployKey = z.output<typeof deployKey>;
export type Autolink = z.output<typeof autolink>;
export type Collaborator = z.output<typeof collaborator>;
export type RepositoryTeam = z.output<typeof repositoryTeam>;
export type RuleSuite = z.output<typeof ruleSuite>;
export type CheckRun = z.output<typeof checkRun>;
export type Issue = z.output<typeof issue>;
export type Comment = z.output<typeof comment>;
/** Somebody gave a label or took it away. */
export interface LabelEvent extends Omit<z.output<typeof issueEvent>, "label" | "event"> {
  readonly event: "labeled" | "unlabeled";
  readonly label: string;
}
export type Status = z.output<typeof status>;
/** A result to report; `description` has at most 140 characters. */
export interface NewStatus {
  readonly state: "error" | "failure" | "pending" | "success";
  readonly context: string;
  readonly description: string;
  readonly target_url?: string;
}
export type PullSource = z.output<typeof pullSource>;
export type Commit = z.output<typeof commit>;
export type Pull = z.output<typeof pull>;
