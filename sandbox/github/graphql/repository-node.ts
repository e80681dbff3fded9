import { at } from "../context";
import { nodeId } from "../node-id";
import type { RepositoryRow, RulesetRow } from "../row";
import { roleOf } from "../state";
import { actorNode } from "./account-node";
import { type DeploymentArguments, deploymentNodes } from "./deployment-node";
import { issueNode, pullNode } from "./issue-node";
import { labelNode } from "./label-node";
import { protectionNode } from "./protection-node";
import { connection, type ListArguments, type Scene } from "./scene";

type Filter = ListArguments & {
  readonly states?: readonly string[];
  readonly headRefName?: string;
  readonly baseRefName?: string;
  readonly labels?: readonly string[];
  readonly filterBy?: { readonly labels?: readonly string[]; readonly createdBy?: string };
  readonly query?: string;
};

/** A repository with what hangs on it. */
export function repositoryNode(scene: Scene, repository: RepositoryRow): object {
  const { id, owner, settings, rulesets, protections, issues, labels, releases } = repository;
  const { name, default_branch: main, visibility } = settings;
  const role =
    scene.asker.token.kind === "app" ? "read" : roleOf(scene.world.store.state.github, repository, scene.asker.login);
  const byNumber = (number: number, wantsPull?: boolean) => {
    const row = issues.get(number);
    if (!row || (wantsPull !== undefined && wantsPull !== (row.pull !== undefined))) return null;
    return row.pull ? pullNode(scene, repository, row) : issueNode(scene, repository, row);
  };
  return {
    __typename: "Repository",
    id: nodeId("Repository", id),
    databaseId: id,
    name,
    nameWithOwner: `${owner}/${name}`,
    owner: () => actorNode(scene, owner),
    description: settings.description,
    url: `https://github.com/${owner}/${name}`,
    sshUrl: `git@github.com:${owner}/${name}.git`,
    homepageUrl: settings.homepage,
    visibility: visibility.toUpperCase(),
    isPrivate: visibility !== "public",
    isArchived: settings.archived,
    isFork: false,
    isTemplate: settings.is_template,
    isEmpty: repository.refs.size === 0,
    isInOrganization: true,
    parent: null,
    hasIssuesEnabled: settings.has_issues,
    hasProjectsEnabled: settings.has_projects,
    hasWikiEnabled: settings.has_wiki,
    hasDiscussionsEnabled: settings.has_discussions,
    mergeCommitAllowed: settings.allow_merge_commit,
    squashMergeAllowed: settings.allow_squash_merge,
    rebaseMergeAllowed: settings.allow_rebase_merge,
    deleteBranchOnMerge: settings.delete_branch_on_merge,
    viewerPermission: role?.toUpperCase() ?? null,
    viewerDefaultMergeMethod: settings.allow_squash_merge ? "SQUASH" : "MERGE",
    viewerCanAdminister: role === "admin",
    viewerHasStarred: false,
    createdAt: at(repository.createdAt),
    updatedAt: at(repository.updatedAt),
    pushedAt: at(repository.pushedAt),
    defaultBranchRef: repository.refs.has(`refs/heads/${main}`)
      ? { __typename: "Ref", id: "REF_main", name: main, prefix: "refs/heads/" }
      : null,
    branchProtectionRules: (given: ListArguments) =>
      connection([...protections.values()], given, (row) => protectionNode(scene, repository, row)),
    rulesets: (given: ListArguments) =>
      connection([...rulesets.values()], given, (row) => rulesetNode(repository, row)),
    labels: ({ query = "", ...given }: Filter) =>
      connection(
        [...labels.values()].filter((label) => label.name.includes(query)),
        given,
        labelNode,
      ),
    label: ({ name }: { name: string }) => {
      const row = labels.get(name.toLowerCase());
      return row ? labelNode(row) : null;
    },
    issue: ({ number }: { number: number }) => byNumber(number, false),
    pullRequest: ({ number }: { number: number }) => byNumber(number, true),
    issueOrPullRequest: ({ number }: { number: number }) => byNumber(number),
    issues: (given: Filter) => {
      const wanted = given.filterBy?.labels ?? given.labels ?? [];
      const all = [...issues.values()]
        .reverse()
        .filter(
          (row) =>
            !row.pull &&
            (given.states?.includes(row.state.toUpperCase()) ?? true) &&
            wanted.every((label) => row.labels.includes(label)),
        );
      return connection(all, given, (row) => issueNode(scene, repository, row));
    },
    pullRequests: (given: Filter) => {
      const stateOf = ({ state, pull }: (typeof all)[number]) => (pull?.mergedAt ? "MERGED" : state.toUpperCase());
      const all = [...issues.values()].reverse().filter(({ pull }) => pull);
      const shown = all.filter(
        (row) =>
          (given.states?.includes(stateOf(row)) ?? true) &&
          (!given.headRefName || row.pull?.head === given.headRefName) &&
          (!given.baseRefName || row.pull?.base === given.baseRefName),
      );
      return connection(shown, given, (row) => pullNode(scene, repository, row));
    },
    releases: (given: ListArguments) => {
      const all = [...releases.values()].reverse();
      const latest = all.find(({ draft, prerelease }) => !draft && !prerelease)?.id;
      return connection(all, given, (row) => ({
        __typename: "Release",
        id: nodeId("Release", row.id),
        name: row.name,
        tagName: row.tag,
        isDraft: row.draft,
        isPrerelease: row.prerelease,
        isLatest: row.id === latest,
        createdAt: at(row.createdAt),
        publishedAt: row.publishedAt === undefined ? null : at(row.publishedAt),
        url: `https://github.com/${owner}/${name}/releases/tag/${row.tag}`,
      }));
    },
    deployments: (given: DeploymentArguments) => deploymentNodes(scene, repository, given),
    milestones: (given: ListArguments) => connection([], given, (row) => row),
    languages: (given: ListArguments) => connection([], given, (row) => row),
    projectsV2: (given: ListArguments) => connection([], given, (row) => row),
    assignableUsers: (given: ListArguments) =>
      connection([...repository.collaborators.keys()], given, (login) => actorNode(scene, login)),
    stargazerCount: 0,
    forkCount: 0,
    diskUsage: 0,
    isUserConfigurationRepository: false,
  };
}

function rulesetNode(
  repository: RepositoryRow,
  { id, name, target, enforcement, rules, createdAt, updatedAt }: RulesetRow,
) {
  const { owner, settings } = repository;
  return {
    __typename: "RepositoryRuleset",
    id: nodeId("RepositoryRuleset", id),
    databaseId: id,
    name,
    target: target.toUpperCase(),
    enforcement: enforcement.toUpperCase(),
    createdAt: at(createdAt),
    updatedAt: at(updatedAt),
    source: { __typename: "Repository", nameWithOwner: `${owner}/${settings.name}`, name: settings.name },
    rules: (given: ListArguments) => connection(rules, given, ({ type }) => ({ type: type.toUpperCase() })),
  };
}
