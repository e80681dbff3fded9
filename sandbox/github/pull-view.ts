import type { World } from "../world";
import { simpleUser } from "./account";
import { at, type GithubContext, pageUrl, repositoryUrl } from "./context";
import { issueView } from "./issue-view";
import { mergeProblems } from "./merge";
import { nodeId } from "./node-id";
import { minimalRepository } from "./repository-view";
import type { IssueRow } from "./row";

/** A pull request as the REST API shows it. */
export function pullView(world: World, c: GithubContext, row: IssueRow) {
  const repository = c.get("repository");
  const { github } = world.store.state;
  const { pull, number, login } = row;
  const { pull_request: _, id, ...issue } = issueView(world, c, row);
  const url = repositoryUrl(c, repository, `/pulls/${number}`);
  const problems = row.state === "open" ? mergeProblems(world, repository, row, c.get("asker")) : [];
  const side = (branch: string, sha: string | undefined) => ({
    label: `${repository.owner}:${branch}`,
    ref: branch,
    sha: sha ?? "",
    user: simpleUser(github, c, repository.owner),
    repo: minimalRepository(world, c, repository),
  });
  const tip = (branch = "") => repository.refs.get(`refs/heads/${branch}`);
  return {
    ...issue,
    url,
    id: pull?.id ?? id,
    node_id: nodeId("PullRequest", id),
    html_url: pageUrl(repository, `/pull/${number}`),
    issue_url: repositoryUrl(c, repository, `/issues/${number}`),
    head: side(pull?.head ?? "", pull?.headSha ?? tip(pull?.head)),
    base: side(pull?.base ?? "", tip(pull?.base)),
    user: simpleUser(github, c, login),
    draft: pull?.draft ?? false,
    merged: pull?.mergedAt !== undefined,
    merged_at: pull?.mergedAt === undefined ? null : at(pull.mergedAt),
    merged_by: pull?.mergedBy === undefined ? null : simpleUser(github, c, pull.mergedBy),
    merge_commit_sha: pull?.mergeCommit ?? null,
    mergeable: row.state === "open",
    mergeable_state: problems.length > 0 ? "blocked" : "clean",
    auto_merge: null,
    requested_reviewers: (pull?.requestedUsers ?? []).map((one) => simpleUser(github, c, one)),
    requested_teams: [],
  };
}
