import type { World } from "../world";
import { simpleUser } from "./account";
import { at, type GithubContext, pageUrl, repositoryUrl } from "./context";
import { labelView } from "./label";
import { nodeId } from "./node-id";
import type { CommentRow, IssueRow } from "./row";

/** The labels of an issue as the REST API shows them. */
function labelsOf(c: GithubContext, { labels }: IssueRow) {
  return labels.flatMap((name) => {
    const row = c.get("repository").labels.get(name.toLowerCase());
    return row ? [labelView(c, row)] : [];
  });
}

/** An issue as the REST API shows it; a pull request carries `pull_request`. */
export function issueView(world: World, c: GithubContext, row: IssueRow) {
  const repository = c.get("repository");
  const { github } = world.store.state;
  const { id, number, title, body, login, state, stateReason, assignees, createdAt, updatedAt, closedAt, pull } = row;
  const url = repositoryUrl(c, repository, `/issues/${number}`);
  const users = assignees.map((one) => simpleUser(github, c, one));
  const pullUrl = repositoryUrl(c, repository, `/pulls/${number}`);
  const html = pageUrl(repository, `/${pull ? "pull" : "issues"}/${number}`);
  return {
    id,
    node_id: nodeId(pull ? "PullRequest" : "Issue", id),
    url,
    repository_url: repositoryUrl(c, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    number,
    state,
    state_reason: stateReason,
    title,
    body,
    user: simpleUser(github, c, login),
    labels: labelsOf(c, row),
    assignee: users[0] ?? null,
    assignees: users,
    milestone: null,
    locked: false,
    comments: [...repository.comments.values()].filter(({ issue }) => issue === number).length,
    closed_at: closedAt === undefined ? null : at(closedAt),
    created_at: at(createdAt),
    updated_at: at(updatedAt),
    author_association: "MEMBER" as const,
    ...(pull && {
      pull_request: { url: pullUrl, html_url: html, diff_url: `${html}.diff`, patch_url: `${html}.patch` },
    }),
  };
}

/** A comment as the REST API shows it. */
export function commentView(
  world: World,
  c: GithubContext,
  { id, issue, login, body, createdAt, updatedAt }: CommentRow,
) {
  const repository = c.get("repository");
  return {
    id,
    node_id: nodeId("IssueComment", id),
    url: repositoryUrl(c, repository, `/issues/comments/${id}`),
    html_url: pageUrl(repository, `/issues/${issue}#issuecomment-${id}`),
    issue_url: repositoryUrl(c, repository, `/issues/${issue}`),
    body,
    user: simpleUser(world.store.state.github, c, login),
    created_at: at(createdAt),
    updated_at: at(updatedAt),
    author_association: "MEMBER" as const,
  };
}
