import type { World } from "../world";
import { simpleUser } from "./account";
import { permits } from "./asker";
import { at, type GithubContext, pageUrl, repositoryUrl } from "./context";
import { nodeId } from "./node-id";
import type { RepositoryRow, Role } from "./row";
import { findOrganization, roleOf } from "./state";

/** A repository in short, as it stands inside other objects. */
export function minimalRepository(world: World, c: GithubContext, repository: RepositoryRow) {
  const { id, owner, settings } = repository;
  const { name, description, visibility } = settings;
  const isPrivate = visibility !== "public";
  return {
    id,
    node_id: nodeId("Repository", id),
    name,
    full_name: `${owner}/${name}`,
    private: isPrivate,
    owner: simpleUser(world.store.state.github, c, owner),
    html_url: pageUrl(repository),
    description,
    fork: false,
    url: repositoryUrl(c, repository),
    ...links(repositoryUrl(c, repository)),
  };
}

/** A repository in full, by itself: the security settings only for admins. */
export function fullRepository(world: World, c: GithubContext, repository: RepositoryRow) {
  const { owner, security } = repository;
  const organization = findOrganization(world.store.state.github, owner);
  const admin = { name: "administration", level: "read", role: "admin" } as const;
  return {
    ...repositoryView(world, c, repository),
    ...(permits(world, c.get("asker"), repository, admin) && {
      security_and_analysis: Object.fromEntries(Object.entries(security).map(([name, status]) => [name, { status }])),
    }),
    network_count: 0,
    subscribers_count: 0,
    ...(organization && { organization: simpleUser(world.store.state.github, c, owner) }),
  };
}

/** A repository inside a pull request or a team: the merge settings only for who may write. */
export function repositoryView(world: World, c: GithubContext, repository: RepositoryRow) {
  const writer = { name: "contents", level: "write", role: "write" } as const;
  return {
    ...listedRepository(world, c, repository),
    ...(permits(world, c.get("asker"), repository, writer) && mergeSettings(repository.settings)),
  };
}

/** A repository as lists and searches show it. */
export function listedRepository(world: World, c: GithubContext, repository: RepositoryRow) {
  const { owner, settings, topics, createdAt, updatedAt, pushedAt, issues } = repository;
  const { github } = world.store.state;
  const { allow_forking, is_template, archived, visibility, web_commit_signoff_required, ...rest } = settings;
  const asker = c.get("asker");
  const open = [...issues.values()].filter(({ state }) => state === "open").length;
  const page = `github.com/${owner}/${settings.name}`;
  return {
    ...minimalRepository(world, c, repository),
    ...general(rest),
    allow_forking,
    is_template,
    archived,
    disabled: false,
    visibility,
    web_commit_signoff_required,
    topics,
    permissions: permissionsOf(asker.token.kind === "app" ? "read" : roleOf(github, repository, asker.login)),
    git_url: `git://${page}.git`,
    ssh_url: `git@github.com:${owner}/${settings.name}.git`,
    clone_url: `https://${page}.git`,
    svn_url: `https://${page}`,
    mirror_url: null,
    language: null,
    license: null,
    has_pages: false,
    size: 0,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    open_issues: open,
    open_issues_count: open,
    created_at: at(createdAt),
    updated_at: at(updatedAt),
    pushed_at: at(pushedAt),
  };
}

type Rest = Omit<
  RepositoryRow["settings"],
  "allow_forking" | "is_template" | "archived" | "visibility" | "web_commit_signoff_required"
>;

function general(settings: Rest) {
  const { homepage, default_branch, has_issues, has_projects, has_wiki, has_discussions, has_downloads } = settings;
  return { homepage, default_branch, has_issues, has_projects, has_wiki, has_discussions, has_downloads };
}

function mergeSettings(settings: RepositoryRow["settings"]) {
  const { allow_merge_commit, allow_squash_merge, allow_rebase_merge, allow_auto_merge, allow_update_branch } =
    settings;
  const { squash_merge_commit_title, squash_merge_commit_message, merge_commit_title, merge_commit_message } = settings;
  return {
    allow_merge_commit,
    allow_squash_merge,
    allow_rebase_merge,
    allow_auto_merge,
    allow_update_branch,
    delete_branch_on_merge: settings.delete_branch_on_merge,
    squash_merge_commit_title,
    squash_merge_commit_message,
    merge_commit_title,
    merge_commit_message,
  };
}

/** What a role lets its holder do, in the older words. */
export function permissionsOf(role: Role | undefined) {
  const atLeast = (...allowed: (typeof role)[]) => allowed.includes(role);
  return {
    admin: atLeast("admin"),
    maintain: atLeast("admin", "maintain"),
    push: atLeast("admin", "maintain", "write"),
    triage: atLeast("admin", "maintain", "write", "triage"),
    pull: role !== undefined,
  };
}

function links(url: string) {
  return {
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}
