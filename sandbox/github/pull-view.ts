import type { World } from "../world";
import { simpleUser } from "./account";
import { lineCounts } from "./commit-view";
import { at, type GithubContext, pageUrl, repositoryUrl } from "./context";
import { issueView } from "./issue-view";
import { mergeProblems } from "./merge";
import { nodeId } from "./node-id";
import { commitsOf, filesOf } from "./pull-row";
import { repositoryView } from "./repository-view";
import type { IssueRow } from "./row";

/** A pull request as lists show it. */
export function shortPull(world: World, c: GithubContext, row: IssueRow) {
  const repository = c.get("repository");
  const { github } = world.store.state;
  const { pull, number, login } = row;
  const { pull_request, comments, labels_url, events_url, repository_url, state_reason, id, ...issue } = issueView(
    world,
    c,
    row,
  );
  const side = (branch: string, sha: string | undefined) => ({
    label: `${repository.owner}:${branch}`,
    ref: branch,
    sha: sha ?? "",
    user: simpleUser(github, c, repository.owner),
    repo: repositoryView(world, c, repository),
  });
  const tip = (branch = "") => repository.refs.get(`refs/heads/${branch}`);
  const head = side(pull?.head ?? "", pull?.headSha ?? tip(pull?.head));
  return {
    ...issue,
    ...links(c, number, head.sha),
    id: pull?.id ?? id,
    node_id: nodeId("PullRequest", id),
    head,
    base: side(pull?.base ?? "", tip(pull?.base)),
    user: simpleUser(github, c, login),
    draft: pull?.draft ?? false,
    merged_at: pull?.mergedAt === undefined ? null : at(pull.mergedAt),
    merge_commit_sha: pull?.mergeCommit ?? null,
    auto_merge: null,
    requested_reviewers: (pull?.requestedUsers ?? []).map((one) => simpleUser(github, c, one)),
    requested_teams: [],
  };
}

/** A pull request in full, with what it changes and whether it can be merged. */
export function pullView(world: World, c: GithubContext, row: IssueRow) {
  const repository = c.get("repository");
  const { pull } = row;
  const problems = row.state === "open" ? mergeProblems(world, repository, row, c.get("asker")) : [];
  const files = filesOf(repository, row).map(lineCounts);
  return {
    ...shortPull(world, c, row),
    merged: pull?.mergedAt !== undefined,
    merged_by: pull?.mergedBy === undefined ? null : simpleUser(world.store.state.github, c, pull.mergedBy),
    mergeable: row.state === "open",
    mergeable_state: problems.length > 0 ? "blocked" : "clean",
    comments: issueView(world, c, row).comments,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commitsOf(repository, row).length,
    additions: files.reduce((total, { additions }) => total + additions, 0),
    deletions: files.reduce((total, { deletions }) => total + deletions, 0),
    changed_files: files.length,
  };
}

function links(c: GithubContext, number: number, sha: string) {
  const repository = c.get("repository");
  const url = repositoryUrl(c, repository, `/pulls/${number}`);
  const html_url = pageUrl(repository, `/pull/${number}`);
  const issue_url = repositoryUrl(c, repository, `/issues/${number}`);
  const comments_url = `${issue_url}/comments`;
  const commits_url = `${url}/commits`;
  const review_comments_url = `${url}/comments`;
  const review_comment_url = repositoryUrl(c, repository, "/pulls/comments{/number}");
  const statuses_url = repositoryUrl(c, repository, `/statuses/${sha}`);
  return {
    url,
    html_url,
    diff_url: `${html_url}.diff`,
    patch_url: `${html_url}.patch`,
    issue_url,
    comments_url,
    commits_url,
    review_comments_url,
    review_comment_url,
    statuses_url,
    _links: {
      self: { href: url },
      html: { href: html_url },
      issue: { href: issue_url },
      comments: { href: comments_url },
      commits: { href: commits_url },
      review_comments: { href: review_comments_url },
      review_comment: { href: review_comment_url },
      statuses: { href: statuses_url },
    },
  };
}
