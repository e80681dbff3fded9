import type { RuleType } from "./ruleset-rule";

/** What somebody may do in a repository, weakest first. */
export const roles = ["read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof roles)[number];

/** A person. */
export interface GithubUserRow {
  id: number;
  login: string;
  name: string;
  email: string;
}

/** An organization; what its plan lacks is refused. */
export interface GithubOrganizationRow {
  id: number;
  login: string;
  name: string;
  plan: "free" | "team" | "enterprise";
  /** Login to role. */
  members: Map<string, "admin" | "member">;
}

/** A GitHub App: it reports checks, and may be an installation that acts by itself. */
export interface GithubAppRow {
  id: number;
  slug: string;
  name: string;
  installationId: number;
  /** What its installation tokens may do; absent: it acts in no test. */
  permissions: Record<string, "read" | "write">;
  /** PEM; absent: any well-formed token of this app is taken. */
  publicKey?: string;
}

/** A token, kept by its SHA-256 only. */
export interface GithubTokenRow {
  hash: string;
  kind: "classic" | "fine-grained" | "app";
  /** Whose it is; an app's id for `app`. */
  login?: string;
  appId?: number;
  /** Of a classic token. */
  scopes: string[];
  /** Of a fine-grained or an app token. */
  permissions: Record<string, "read" | "write">;
  /** Names of repositories; absent: all. */
  repositories?: string[];
  /** Unix ms; absent: never. */
  expiresAt?: number;
}

/** A team of the organization. */
export interface TeamRow {
  id: number;
  organization: string;
  name: string;
  slug: string;
  description: string;
  privacy: "secret" | "closed";
  parentId?: number;
  /** Login to role. */
  members: Map<string, "member" | "maintainer">;
  createdAt: number;
  updatedAt: number;
}

/** A settable part of a repository, named as on the wire. */
export interface RepositorySettings {
  name: string;
  description: string | null;
  homepage: string | null;
  visibility: "public" | "private" | "internal";
  default_branch: string;
  has_issues: boolean;
  has_projects: boolean;
  has_wiki: boolean;
  has_discussions: boolean;
  has_downloads: boolean;
  is_template: boolean;
  archived: boolean;
  allow_merge_commit: boolean;
  allow_squash_merge: boolean;
  allow_rebase_merge: boolean;
  allow_auto_merge: boolean;
  allow_update_branch: boolean;
  allow_forking: boolean;
  delete_branch_on_merge: boolean;
  squash_merge_commit_title: "PR_TITLE" | "COMMIT_OR_PR_TITLE";
  squash_merge_commit_message: "PR_BODY" | "COMMIT_MESSAGES" | "BLANK";
  merge_commit_title: "PR_TITLE" | "MERGE_MESSAGE";
  merge_commit_message: "PR_BODY" | "PR_TITLE" | "BLANK";
  web_commit_signoff_required: boolean;
}

/** Name of a part of `security_and_analysis` to whether it is on. */
type SecurityAnalysis = Record<string, "enabled" | "disabled">;

/** One repository and all that lives and dies with it. */
export interface RepositoryRow {
  id: number;
  owner: string;
  settings: RepositorySettings;
  security: SecurityAnalysis;
  topics: string[];
  vulnerabilityAlerts: boolean;
  automatedSecurityFixes: boolean;
  createdAt: number;
  updatedAt: number;
  pushedAt: number;
  /** Login to role, of those with a role of their own. */
  collaborators: Map<string, Role>;
  /** Team id to role. */
  teams: Map<number, Role>;
  invitations: Map<number, InvitationRow>;
  /** Full ref to commit. */
  refs: Map<string, string>;
  commits: Map<string, CommitRow>;
  /** SHA to Base64. */
  blobs: Map<string, string>;
  /** Trees that were made one by one, by SHA. */
  trees?: Map<string, TreeRow>;
  rulesets: Map<number, RulesetRow>;
  /** Classic protection by its pattern. */
  protections: Map<string, ProtectionRow>;
  environments: Map<string, EnvironmentRow>;
  /** By upper-case name. */
  secrets: Map<string, GithubSecretRow>;
  variables: Map<string, VariableRow>;
  /** By lower-case name. */
  labels: Map<string, LabelRow>;
  hooks: Map<number, HookRow>;
  deployKeys: Map<number, DeployKeyRow>;
  autolinks: Map<number, AutolinkRow>;
  actions: ActionsRow;
  /** Issues and pull requests, by number. */
  issues: Map<number, IssueRow>;
  comments: Map<number, CommentRow>;
  checkRuns: Map<number, CheckRunRow>;
  statuses: StatusRow[];
  deployments: Map<number, DeploymentRow>;
  releases: Map<number, GithubReleaseRow>;
  /** Workflow path to id. */
  workflows: Map<string, WorkflowRow>;
  runs: Map<number, RunRow>;
  /** Oldest first; absent: none. */
  caches?: CacheRow[];
  /** Oldest first; absent: none. */
  secretAlerts?: SecretAlertRow[];
  ruleSuites: RuleSuiteRow[];
}

/** An invitation that nobody has answered. */
export interface InvitationRow {
  id: number;
  invitee: string;
  role: Role;
  createdAt: number;
}

/** A name, an address and a time, as git has them. */
export interface SignatureRow {
  name: string;
  email: string;
  at: number;
}

/** A commit with its whole tree. */
export interface CommitRow {
  sha: string;
  message: string;
  parents: string[];
  author: SignatureRow;
  committer: SignatureRow;
  /** Login of who pushed it. */
  login: string;
  verified: boolean;
  /** Path to blob. */
  files: Map<string, string>;
  /** Paths of files of mode 100755. */
  executables?: Set<string>;
}

/** The files of a commit, or of a tree that no commit has yet. */
export interface TreeRow {
  readonly files: ReadonlyMap<string, string>;
  readonly executables?: ReadonlySet<string>;
}

/** Who may pass a ruleset. */
export interface BypassActorRow {
  actor_id: number | null;
  actor_type: "RepositoryRole" | "Team" | "Integration" | "OrganizationAdmin" | "DeployKey" | "User";
  bypass_mode: "always" | "pull_request" | "exempt";
}

/** One rule, as on the wire. */
export interface RuleRow {
  type: RuleType;
  parameters?: Record<string, unknown>;
}

/** A ruleset of a repository, its parts as on the wire. */
export interface RulesetRow {
  id: number;
  name: string;
  target: "branch" | "tag" | "push";
  enforcement: "disabled" | "active" | "evaluate";
  bypass_actors: BypassActorRow[];
  conditions?: { ref_name: { include: string[]; exclude: string[] } };
  rules: RuleRow[];
  createdAt: number;
  updatedAt: number;
  /** Every version it had, oldest first. */
  versions: { id: number; actor: string; at: number; state: string }[];
}

/** Actors named by login, team slug and app slug. */
export interface ActorNames {
  users: string[];
  teams: string[];
  apps: string[];
}

/** Classic protection of one pattern; one row for REST and GraphQL. */
export interface ProtectionRow {
  id: number;
  pattern: string;
  enforceAdmins: boolean;
  statusChecks?: { strict: boolean; checks: { context: string; app_id: number | null }[] };
  reviews?: {
    count: number;
    dismissStale: boolean;
    codeOwners: boolean;
    lastPush: boolean;
    /** Absent: whoever may write may dismiss. */
    dismissal?: ActorNames;
    bypass: ActorNames;
  };
  /** Absent: whoever may write may push. */
  restrictions?: ActorNames;
  blockCreations: boolean;
  linearHistory: boolean;
  allowForcePushes: boolean;
  forcePushBypass: ActorNames;
  allowDeletions: boolean;
  conversationResolution: boolean;
  signatures: boolean;
  lockBranch: boolean;
  creator: string;
}

/** A GitHub environment. */
export interface EnvironmentRow {
  id: number;
  name: string;
  waitTimer: number;
  preventSelfReview: boolean;
  canAdminsBypass: boolean;
  reviewers: { type: "User" | "Team"; id: number }[];
  policy: { protected_branches: boolean; custom_branch_policies: boolean } | null;
  branchPolicies: Map<number, { id: number; name: string; type: "branch" | "tag" }>;
  secrets: Map<string, GithubSecretRow>;
  variables: Map<string, VariableRow>;
  createdAt: number;
  updatedAt: number;
}

/** A secret, never its value. */
export interface GithubSecretRow {
  name: string;
  createdAt: number;
  updatedAt: number;
  /** Of the value that was sealed, so that a test can tell that it arrived; none: a value of the seed. GitHub shows nothing of the kind. */
  digest?: string;
}

/** A variable. */
export interface VariableRow extends GithubSecretRow {
  value: string;
}

/** A label. */
export interface LabelRow {
  id: number;
  name: string;
  color: string;
  description: string | null;
  isDefault: boolean;
}

/** A webhook; its secret is not kept. */
export interface HookRow {
  id: number;
  active: boolean;
  events: string[];
  url: string;
  contentType: string;
  insecureSsl: string;
  hasSecret: boolean;
  createdAt: number;
  updatedAt: number;
}

/** A deploy key. */
export interface DeployKeyRow {
  id: number;
  title: string;
  key: string;
  readOnly: boolean;
  createdAt: number;
  addedBy: string;
}

/** An autolink. */
export interface AutolinkRow {
  id: number;
  key_prefix: string;
  url_template: string;
  is_alphanumeric: boolean;
}

/** What Actions may do in a repository. */
interface ActionsRow {
  enabled: boolean;
  allowed: "all" | "local_only" | "selected";
  shaPinning: boolean;
  selected: { github_owned_allowed: boolean; verified_allowed: boolean; patterns_allowed: string[] };
  defaultToken: "read" | "write";
  canApprove: boolean;
}

/** One review of a pull request. */
export interface ReviewRow {
  id: number;
  login: string;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED";
  body: string;
  commit: string;
  at: number;
}

/** A conversation on a line or a file of a pull request. */
export interface ThreadRow {
  id: number;
  path: string;
  /** Null: on the whole file. */
  line: number | null;
  /** Commit that it was opened at. */
  commit: string;
  /** Login of who resolved it; absent: nobody has. */
  resolvedBy?: string;
  comments: { id: number; review: number; login: string; body: string; at: number }[];
}

/** An issue, or a pull request when `pull` is there. */
export interface IssueRow {
  id: number;
  number: number;
  title: string;
  body: string | null;
  login: string;
  state: "open" | "closed";
  stateReason: "completed" | "not_planned" | "reopened" | null;
  labels: string[];
  assignees: string[];
  createdAt: number;
  updatedAt: number;
  closedAt?: number;
  /** Who gave it which label and took which away, oldest first; absent: nobody. */
  events?: IssueEventRow[];
  pull?: {
    id: number;
    head: string;
    base: string;
    draft: boolean;
    /** Commit of the head when it was merged or closed. */
    headSha?: string;
    mergedAt?: number;
    mergedBy?: string;
    mergeCommit?: string;
    reviews: ReviewRow[];
    /** Conversations on lines and files, oldest first; absent: none. */
    threads?: ThreadRow[];
    requestedUsers: string[];
    requestedTeams: string[];
  };
}

/** A label that an issue or a pull request got or lost. */
export interface IssueEventRow {
  id: number;
  event: "labeled" | "unlabeled";
  label: string;
  login: string;
  at: number;
}

/** A comment on an issue or a pull request. */
export interface CommentRow {
  id: number;
  issue: number;
  login: string;
  body: string;
  createdAt: number;
  updatedAt: number;
}

/** A check run. */
export interface CheckRunRow {
  id: number;
  name: string;
  headSha: string;
  appId: number;
  status: string;
  conclusion: string | null;
  externalId: string;
  detailsUrl: string;
  startedAt: number;
  completedAt?: number;
  output: { title: string | null; summary: string | null; text: string | null; annotations: number };
}

/** A commit status. */
export interface StatusRow {
  id: number;
  sha: string;
  state: "error" | "failure" | "pending" | "success";
  context: string;
  description: string | null;
  targetUrl: string | null;
  login: string;
  at: number;
}

/** A deployment and what became of it. */
export interface DeploymentRow {
  id: number;
  ref: string;
  sha: string;
  task: string;
  environment: string;
  payload: string | Record<string, unknown>;
  description: string | null;
  production: boolean;
  transient: boolean;
  login: string;
  createdAt: number;
  updatedAt: number;
  statuses: {
    id: number;
    state: "error" | "failure" | "inactive" | "in_progress" | "queued" | "pending" | "success";
    description: string;
    log_url: string;
    environment_url: string;
    environment: string;
    login: string;
    at: number;
  }[];
}

/** A GitHub release. */
export interface GithubReleaseRow {
  id: number;
  tag: string;
  target: string;
  name: string | null;
  body: string | null;
  draft: boolean;
  prerelease: boolean;
  login: string;
  createdAt: number;
  publishedAt?: number;
  assets: AssetRow[];
}

/** A file of a release. */
export interface AssetRow {
  id: number;
  name: string;
  label: string | null;
  contentType: string;
  /** Base64. */
  content: string;
  downloads: number;
  login: string;
  at: number;
}

/** A workflow file that GitHub has seen on the default branch. */
export interface WorkflowRow {
  id: number;
  path: string;
  state: "active" | "disabled_manually";
  createdAt: number;
}

/** How a job may end. */
export const jobConclusions = [
  "success",
  "failure",
  "neutral",
  "cancelled",
  "skipped",
  "timed_out",
  "action_required",
] as const;

/** One job of a run. */
export interface JobRow {
  id: number;
  /** As the workflow file calls it. */
  key: string;
  name: string;
  /** Keys of the jobs before it. */
  needs: string[];
  /** It runs although one of them has failed. */
  runsAnyway: boolean;
  /** Name of the GitHub environment that it deploys to; absent: none. */
  environment?: string;
  /** A reviewer of the environment has let it go on. */
  isApproved?: boolean;
  status: "queued" | "in_progress" | "completed" | "waiting";
  conclusion: (typeof jobConclusions)[number] | null;
  startedAt: number;
  completedAt?: number;
  /** What the control said of its steps; absent: nothing. */
  steps?: StepRow[];
  /** Lines that the control had it write; absent: one line. */
  log?: string[];
}

/** One step of a job that is over. */
export interface StepRow {
  name: string;
  conclusion: (typeof jobConclusions)[number];
  startedAt: number;
  completedAt: number;
}

/** A finding of secret scanning, never the value. */
export interface SecretAlertRow {
  number: number;
  /** As GitHub names the kind of secret. */
  type: string;
  /** Null: it is open. */
  resolution: "false_positive" | "wont_fix" | "revoked" | "used_in_tests" | null;
  resolvedBy?: string;
  createdAt: number;
  resolvedAt?: number;
}

/** What a job has kept for later runs. */
export interface CacheRow {
  id: number;
  ref: string;
  key: string;
  sizeBytes: number;
  createdAt: number;
  lastAccessedAt: number;
}

/** A workflow run. */
export interface RunRow {
  id: number;
  workflow: string;
  number: number;
  event: string;
  branch: string;
  sha: string;
  login: string;
  status: string;
  conclusion: string | null;
  createdAt: number;
  updatedAt: number;
  inputs: Record<string, unknown>;
  jobs: JobRow[];
  approvals: { environments: string[]; state: "approved" | "rejected"; login: string; comment: string }[];
}

/** A push as the rules saw it. */
export interface RuleSuiteRow {
  id: number;
  login: string;
  ref: string;
  before: string;
  after: string;
  at: number;
  result: "pass" | "fail" | "bypass";
}

/** Who did what, when. */
export interface AuditRow {
  /** Unix ms. */
  at: number;
  /** As GitHub names it, such as `repository_ruleset.update`. */
  action: string;
  actor: string;
  org: string;
  /** `owner/name`; absent: the organization itself. */
  repo?: string;
  /** What it was done to. */
  subject?: string;
  requestId: string;
}
