import * as z from "zod";
import { strict } from "./strict";

const text = z.string().min(1);
const login = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/, "is no GitHub login");
/** A path pattern as .gitignore has it. */
const pattern = text;

const protection = strict({
  /** "ruleset": several rulesets, one per concern. "classic": one branch protection rule. Never both. */
  mechanism: z.enum(["ruleset", "classic"]),
  /** Approvals that a pull request needs, 1 to 6. */
  approvals: z.number().int().min(1).max(6),
  /** A code owner of each changed file has to approve. */
  codeOwnerReview: z.boolean(),
  /** A push takes earlier approvals away. */
  dismissStaleReviews: z.boolean(),
  /** Somebody else than the last pusher has to approve. */
  lastPushApproval: z.boolean(),
  /** Every review conversation is resolved before a merge. */
  conversationsResolved: z.boolean(),
  /** No merge commits. */
  linearHistory: z.boolean(),
  /** The branch holds the newest commit of its base before a merge. */
  upToDate: z.boolean(),
  /** Names of the check runs that a merge needs: names of jobs of managed workflows, or of `foreignChecks`. */
  requiredChecks: z.array(text),
  /** Id of the GitHub App that reports the required checks; 15368 is GitHub Actions. A check from elsewhere does not count. */
  reportingApp: z.number().int().min(1),
  /** Team that may bypass, kept empty and filled in an emergency. */
  breakGlassTeam: text,
  /** Ids of GitHub Apps that may push to the default branch: needed by `delivery.write` "direct". */
  writingApps: z.array(z.number().int().min(1)),
  /** Tags that nobody moves or deletes, as patterns such as "v*". */
  tags: z.array(text),
});

const githubEnvironment = strict({
  /** Who may approve a job of it: logins, or teams as "team/<slug>"; at most 6, any one of them. */
  approvers: z
    .array(z.string().regex(/^(team\/)?[A-Za-z0-9][A-Za-z0-9-]*$/, 'is neither a login nor "team/<slug>"'))
    .max(6),
  /**
   * "reviewers": GitHub itself waits for an approver. "confirmation": the workflow asks one to type a confirmation, for private repositories
   * whose GitHub plan has no required reviewers.
   */
  approval: z.enum(["reviewers", "confirmation"]),
  /** Branches whose jobs may use it, as patterns. */
  branches: z.array(text),
  /** Tags whose jobs may use it, as patterns. */
  tags: z.array(text),
  /** Minutes that a job waits before it starts, up to 43200. */
  waitMinutes: z.number().int().min(0).max(43_200),
  /** Administrators may start a job that is not approved. */
  adminsBypass: z.boolean(),
  /** Who started a job may not approve it. */
  preventSelfReview: z.boolean(),
  /** Names of its secrets. Groups end in `*` and take any member. */
  secrets: z.array(text),
});

/** The managed repository and how it is governed. */
export const repository = strict({
  /** Login of the organization. */
  owner: login,
  name: z.string().regex(/^[A-Za-z0-9._-]+$/, "is no repository name"),
  description: z.string(),
  visibility: z.enum(["private", "internal", "public"]),
  defaultBranch: text,
  topics: z.array(text),
  features: strict({ issues: z.boolean(), wiki: z.boolean(), projects: z.boolean(), discussions: z.boolean() }),
  merge: strict({
    squash: z.boolean(),
    rebase: z.boolean(),
    mergeCommit: z.boolean(),
    autoMerge: z.boolean(),
    updateBranch: z.boolean(),
    deleteBranch: z.boolean(),
  }),
  security: strict({
    /** GitHub refuses a push that holds a known secret. Cannot be turned off. */
    pushProtection: z.boolean(),
    /** GitHub reports secrets in the history. Cannot be turned off. */
    secretScanning: z.boolean(),
    vulnerabilityAlerts: z.boolean(),
    dependencyUpdates: z.boolean(),
  }),
  actions: strict({
    /** Actions that workflows may use besides GitHub's own, as patterns such as "superfly/flyctl-actions@*"; more narrow than "verified". */
    allowed: z.array(text),
    /** What the token of a job may do where the job does not say. */
    defaultToken: z.literal("read"),
    /** The token of a job may approve pull requests. */
    approvePullRequests: z.literal(false),
    /** GitHub refuses an action that is not pinned by commit. Set by `infra apply github`: the provider at 6.9.0 cannot. */
    shaPinning: z.boolean(),
  }),
  protection,
  /** GitHub environments by name. Each environment of `environments` that names one is here. */
  environments: z.record(z.string().regex(/^[a-z0-9-]+$/), githubEnvironment),
  /** Names of the secrets that every workflow of the repository may be handed. Groups end in `*` and take any member. */
  secrets: z.array(text),
  /** Variables of the repository, name to value; never a secret. */
  variables: z.record(z.string().regex(/^[A-Z_][A-Z0-9_]*$/), z.string()),
  /** All labels: one that is not listed is removed. */
  labels: z.array(strict({ name: text, color: z.string().regex(/^[0-9a-f]{6}$/), description: z.string() })),
  /** CODEOWNERS: the last pattern that matches a file wins. Owners are "@login" or "@organization/team". */
  codeOwners: z.array(strict({ pattern, owners: z.array(z.string().regex(/^@/)).min(1) })).min(1),
  /** Undeclared objects that are let be for a while, by kind and name as the plan prints them, such as "webhook/42". */
  ignore: z.array(strict({ object: text, reason: text, until: z.iso.date() })),
});

/** The managed repository and how it is governed. */
export type RepositoryShape = z.infer<typeof repository>;
/** How the default branch is protected. */
export type ProtectionShape = RepositoryShape["protection"];
/** A GitHub environment: who may deploy from where, and the names of its secrets. */
export type GithubEnvironmentShape = RepositoryShape["environments"][string];
