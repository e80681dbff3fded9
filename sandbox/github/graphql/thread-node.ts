import { permits, sees } from "../asker";
import { at, recordAs } from "../context";
import { refused } from "../error";
import { nodeId, parseNodeId } from "../node-id";
import { headSha } from "../pull-row";
import type { IssueRow, RepositoryRow, ThreadRow } from "../row";
import { actorNode } from "./account-node";
import { notFound } from "./not-found";
import { connection, type ListArguments, type Scene } from "./scene";

/** A conversation of a pull request. */
export function threadNode(scene: Scene, repository: RepositoryRow, row: IssueRow, thread: ThreadRow) {
  const { id, path, line, commit, resolvedBy, comments } = thread;
  const blobAt = (sha: string | undefined) => repository.commits.get(sha ?? "")?.files.get(path);
  const isResolved = resolvedBy !== undefined;
  const may = mayResolve(scene, repository, row);
  return {
    __typename: "PullRequestReviewThread",
    id: nodeId("PullRequestReviewThread", id),
    path,
    line,
    originalLine: line,
    diffSide: "RIGHT",
    subjectType: line === null ? "FILE" : "LINE",
    isResolved,
    isCollapsed: isResolved,
    isOutdated: blobAt(commit) !== blobAt(headSha(repository, row)),
    resolvedBy: resolvedBy === undefined ? null : actorNode(scene, resolvedBy),
    viewerCanReply: true,
    viewerCanResolve: may && !isResolved,
    viewerCanUnresolve: may && isResolved,
    repository: () => scene.repository(repository),
    comments: (given: ListArguments) =>
      connection(comments, given, (comment) => ({
        id: nodeId("PullRequestReviewComment", comment.id),
        databaseId: comment.id,
        body: comment.body,
        path,
        author: actorNode(scene, comment.login),
        createdAt: at(comment.at),
        updatedAt: at(comment.at),
      })),
  };
}

/** Resolves a conversation, or opens it again when `by` is undefined. @throws NOT_FOUND, 403 */
export function settle(scene: Scene, id: string, by: string | undefined) {
  const { repository, row, thread } = findThread(scene, id);
  const { requestId, world, asker } = scene;
  if (!mayResolve(scene, repository, row))
    throw refused(`${asker.login} does not have permission to resolve the review thread.`);
  if (by === undefined) delete thread.resolvedBy;
  else thread.resolvedBy = by;
  const action = `pull_request_review_thread.${by === undefined ? "unresolve" : "resolve"}`;
  recordAs(world, {
    login: asker.login,
    requestId,
    org: repository.owner,
    action,
    subject: `#${row.number}`,
    repository,
  });
  return { thread: threadNode(scene, repository, row, thread) };
}

function mayResolve({ world, asker }: Scene, repository: RepositoryRow, row: IssueRow): boolean {
  const mayWrite = (role: "read" | "write") =>
    permits(world, asker, repository, { name: "pull_requests", level: "write", role });
  return mayWrite("write") || (asker.login === row.login && mayWrite("read"));
}

function findThread({ world, asker }: Scene, id: string) {
  const number = Number(parseNodeId(id)?.id);
  for (const repository of world.store.state.github.repositories.values()) {
    if (!sees(world, asker, repository)) continue;
    for (const row of repository.issues.values()) {
      const thread = row.pull?.threads?.find((one) => one.id === number);
      if (thread) return { repository, row, thread };
    }
  }
  throw notFound(id);
}
