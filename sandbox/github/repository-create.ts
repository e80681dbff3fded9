import type { World } from "../world";
import { badField } from "./error";
import { writeBlob, writeCommit } from "./git";
import type { LabelRow, RepositoryRow, RepositorySettings } from "./row";
import { findUser } from "./state";

/** Settings of a repository that nobody has changed; the name is empty. */
export const newSettings: RepositorySettings = {
  name: "",
  description: null,
  homepage: null,
  visibility: "private",
  default_branch: "main",
  has_issues: true,
  has_projects: true,
  has_wiki: true,
  has_discussions: false,
  has_downloads: true,
  is_template: false,
  archived: false,
  allow_merge_commit: true,
  allow_squash_merge: true,
  allow_rebase_merge: true,
  allow_auto_merge: false,
  allow_update_branch: false,
  allow_forking: false,
  delete_branch_on_merge: false,
  squash_merge_commit_title: "COMMIT_OR_PR_TITLE",
  squash_merge_commit_message: "COMMIT_MESSAGES",
  merge_commit_title: "MERGE_MESSAGE",
  merge_commit_message: "PR_TITLE",
  web_commit_signoff_required: false,
};

/** Labels of every new repository: name, colour, description. */
const defaultLabels = [
  ["bug", "d73a4a", "Something isn't working"],
  ["documentation", "0075ca", "Improvements or additions to documentation"],
  ["duplicate", "cfd3d7", "This issue or pull request already exists"],
  ["enhancement", "a2eeef", "New feature or request"],
  ["good first issue", "7057ff", "Good for newcomers"],
  ["help wanted", "008672", "Extra attention is needed"],
  ["invalid", "e4e669", "This doesn't seem right"],
  ["question", "d876e3", "Further information is requested"],
  ["wontfix", "ffffff", "This will not be worked on"],
] as const;

/**
 * Makes a repository.
 *
 * @param first who made it, and the files of its first commit; no files: no commit and no branch
 * @throws 422 for a name that is taken or that cannot be
 */
export function createRepository(
  world: World,
  owner: string,
  settings: RepositorySettings,
  first: { author: string; files: Readonly<Record<string, string>> },
): RepositoryRow {
  const { github } = world.store.state;
  const key = `${owner}/${settings.name}`.toLowerCase();
  if (!/^[\w.-]{1,100}$/.test(settings.name)) throw badField("Repository", "name", "invalid");
  if (github.repositories.has(key)) {
    throw badField("Repository", "name", "custom", "name already exists on this account");
  }
  const now = world.clock.now();
  const isPublic = settings.visibility === "public";
  const repository: RepositoryRow = {
    id: 10_000 + world.ids.number(),
    owner,
    settings,
    security: {
      secret_scanning: isPublic ? "enabled" : "disabled",
      secret_scanning_push_protection: isPublic ? "enabled" : "disabled",
      dependabot_security_updates: "disabled",
      secret_scanning_non_provider_patterns: "disabled",
      secret_scanning_validity_checks: "disabled",
    },
    topics: [],
    vulnerabilityAlerts: false,
    automatedSecurityFixes: false,
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
    actions: {
      enabled: true,
      allowed: "all",
      shaPinning: false,
      selected: { github_owned_allowed: true, verified_allowed: false, patterns_allowed: [] },
      defaultToken: "read",
      canApprove: false,
    },
    ...emptyMaps(),
    labels: new Map(defaultLabels.map((label) => labelEntry(world, label))),
  };
  const files = Object.entries(first.files).map(
    ([path, text]) => [path, writeBlob(repository, Buffer.from(text))] as const,
  );
  if (files.length > 0) {
    const user = findUser(github, first.author);
    const author = { name: user?.name ?? first.author, email: user?.email ?? "noreply@github.com", at: now };
    const made = { message: "Initial commit", parents: [], files: new Map(files), author, login: first.author };
    repository.refs.set(`refs/heads/${settings.default_branch}`, writeCommit(repository, made).sha);
  }
  github.repositories.set(key, repository);
  return repository;
}

function labelEntry(world: World, [name, color, description]: (typeof defaultLabels)[number]): [string, LabelRow] {
  return [name, { id: world.ids.number(), name, color, description, isDefault: true }];
}

function emptyMaps() {
  return {
    collaborators: new Map(),
    teams: new Map(),
    invitations: new Map(),
    refs: new Map(),
    commits: new Map(),
    blobs: new Map(),
    rulesets: new Map(),
    protections: new Map(),
    environments: new Map(),
    secrets: new Map(),
    variables: new Map(),
    hooks: new Map(),
    deployKeys: new Map(),
    autolinks: new Map(),
    issues: new Map(),
    comments: new Map(),
    checkRuns: new Map(),
    statuses: [],
    deployments: new Map(),
    releases: new Map(),
    workflows: new Map(),
    runs: new Map(),
    ruleSuites: [],
  };
}
