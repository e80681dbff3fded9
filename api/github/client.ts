import type { GitClient, GitReader } from "./git";
import type { HistoryReader } from "./history";
import type * as shape from "./shape";

/** Who a token belongs to and what it may do, as far as GitHub tells. */
export interface Viewer {
  /** undefined: an App's installation token, which is nobody's. */
  readonly login: string | undefined;
  /** Scopes of a classic token; undefined: a fine-grained token or an App's, which have permissions instead. */
  readonly scopes: readonly string[] | undefined;
}

/** Reads of one repository. A missing object is `undefined` or false; everything else that goes wrong is a `GithubError`. */
export interface RepositoryReader {
  readonly owner: string;
  readonly name: string;
  get(): Promise<shape.Repository>;
  vulnerabilityAlerts(): Promise<boolean>;
  securityFixes(): Promise<boolean>;
  /** Every ruleset that is in force here with its rules, those of the organization too. */
  rulesets(): Promise<readonly shape.Ruleset[]>;
  /** The rules that are in force for a branch, from wherever they come. */
  branchRules(branch: string): Promise<readonly shape.BranchRule[]>;
  /** Classic protection of a branch; undefined: none. */
  protection(branch: string): Promise<shape.Protection | undefined>;
  /** Patterns of all classic branch protection rules. */
  protectionPatterns(): Promise<readonly string[]>;
  environments(): Promise<readonly shape.GithubEnvironment[]>;
  branchPolicies(environment: string): Promise<readonly shape.BranchPolicy[]>;
  /** Names and times, of the repository or of one of its environments. */
  secrets(environment?: string): Promise<readonly shape.Secret[]>;
  variables(environment?: string): Promise<readonly shape.Variable[]>;
  labels(): Promise<readonly shape.Label[]>;
  actionsPermissions(): Promise<shape.ActionsPermissions>;
  /** undefined: what actions are allowed is not decided by a list. */
  selectedActions(): Promise<shape.SelectedActions | undefined>;
  workflowPermissions(): Promise<shape.WorkflowPermissions>;
  hooks(): Promise<readonly shape.Hook[]>;
  deployKeys(): Promise<readonly shape.DeployKey[]>;
  autolinks(): Promise<readonly shape.Autolink[]>;
  /** Everybody with access, with the strongest role that they have. */
  collaborators(): Promise<readonly shape.Collaborator[]>;
  /** People with access of their own, members of the organization or not. */
  directCollaborators(): Promise<readonly shape.Collaborator[]>;
  teams(): Promise<readonly shape.RepositoryTeam[]>;
  /** Pushes that passed the rules by a bypass, newest first; as far back as `period`. */
  bypasses(period: "hour" | "day" | "week" | "month"): Promise<readonly shape.RuleSuite[]>;
  /** Newest check run of each name and app at a commit, a branch or a tag. */
  checkRuns(ref: string): Promise<readonly shape.CheckRun[]>;
  /** Issues with all of these labels, pull requests left out. */
  issues(query: {
    readonly state: "open" | "closed" | "all";
    readonly labels: string;
  }): Promise<readonly shape.Issue[]>;
  /** Comments on an issue or a pull request, oldest first. */
  comments(issue: number): Promise<readonly shape.Comment[]>;
  /** Labels that an issue or a pull request got and lost, oldest first. */
  labelEvents(issue: number): Promise<readonly shape.LabelEvent[]>;
  /** What a person may do here: "admin", "write", "read" or "none"; undefined: there is no such person. */
  permissionOf(login: string): Promise<string | undefined>;
  /** Statuses of a commit, newest first. */
  statuses(sha: string): Promise<readonly shape.Status[]>;
  /** undefined: there is no such pull request. */
  pull(number: number): Promise<shape.PullSource | undefined>;
  /** Every open pull request, of forks too. */
  openPulls(): Promise<readonly shape.PullSource[]>;
  /** Text of a file on the default branch; undefined: none is there. */
  file(path: string): Promise<string | undefined>;
  /** Its branches and pull requests. */
  readonly git: GitReader;
  /** Its runs, deployments and releases. */
  readonly history: HistoryReader;
}

/** Reads and writes of one repository. */
export interface RepositoryClient extends RepositoryReader {
  readonly git: GitClient;
  /** Writes a secret, sealed for the repository or for one of its environments. */
  setSecret(name: string, value: string, environment?: string): Promise<void>;
  setActionsPermissions(wanted: shape.ActionsPermissions): Promise<void>;
  /** Turns classic protection on or off for administrators. */
  setEnforceAdmins(branch: string, on: boolean): Promise<void>;
  createIssue(issue: {
    readonly title: string;
    readonly body: string;
    readonly labels: readonly string[];
  }): Promise<shape.Issue>;
  comment(issue: number, body: string): Promise<void>;
  changeComment(id: number, body: string): Promise<void>;
  deleteComment(id: number): Promise<void>;
  /** Reports a result at a commit; the one before of the same context is history then. */
  setStatus(sha: string, status: shape.NewStatus): Promise<shape.Status>;
  closeIssue(issue: number): Promise<void>;
  /** Rewrites, or opens again, an issue; what is left out stays. */
  changeIssue(
    issue: number,
    change: { readonly title?: string; readonly body?: string; readonly state?: "open" },
  ): Promise<void>;
}

/** GitHub without its writes. */
export interface GithubReader {
  /** What a `GET` answers, as it is; undefined: 404. @param path below the API's root, without leading slash */
  get(path: string): Promise<unknown>;
  viewer(): Promise<Viewer>;
  repository(owner: string, name: string): RepositoryReader;
  /** undefined: no such team, or none that the token may see. */
  team(organization: string, slug: string): Promise<shape.Team | undefined>;
  /** Logins of a team's members; undefined: no such team, or none that the token may see. */
  teamMembers(organization: string, slug: string): Promise<readonly string[] | undefined>;
}

/** GitHub. */
export interface Github extends GithubReader {
  repository(owner: string, name: string): RepositoryClient;
  addTeamMember(organization: string, slug: string, login: string): Promise<void>;
  removeTeamMember(organization: string, slug: string, login: string): Promise<void>;
}
