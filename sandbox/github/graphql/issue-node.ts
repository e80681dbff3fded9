import { at } from "../context";
import { latestReviews, mergeProblems } from "../merge";
import { nodeId } from "../node-id";
import { commitsOf, filesOf, headSha } from "../pull-row";
import type { CommentRow, CommitRow, IssueRow, RepositoryRow, ReviewRow } from "../row";
import { actorNode } from "./account-node";
import { rollupNode } from "./check-node";
import { labelNode } from "./label-node";
import { connection, type ListArguments, type Scene } from "./scene";
import { threadNode } from "./thread-node";

/** What issues and pull requests have in common. */
function common(scene: Scene, repository: RepositoryRow, row: IssueRow) {
  const { owner, settings, comments, labels } = repository;
  const { id, number, title, body, login, pull } = row;
  const own = [...comments.values()].filter(({ issue }) => issue === number);
  const none = (given: ListArguments) => connection([], given, (item) => item);
  return {
    id: nodeId(pull ? "PullRequest" : "Issue", id),
    databaseId: id,
    fullDatabaseId: String(id),
    number,
    title,
    body: body ?? "",
    url: `https://github.com/${owner}/${settings.name}/${pull ? "pull" : "issues"}/${number}`,
    author: () => actorNode(scene, login),
    closed: row.state === "closed",
    createdAt: at(row.createdAt),
    updatedAt: at(row.updatedAt),
    closedAt: row.closedAt === undefined ? null : at(row.closedAt),
    repository: () => scene.repository(repository),
    labels: (given: ListArguments) =>
      connection(
        row.labels.flatMap((name) => labels.get(name.toLowerCase()) ?? []),
        given,
        labelNode,
      ),
    assignees: (given: ListArguments) => connection(row.assignees, given, (one) => actorNode(scene, one)),
    comments: (given: ListArguments) => connection(own, given, (comment) => commentNode(scene, repository, comment)),
    milestone: null,
    isPinned: false,
    locked: false,
    reactionGroups: [],
    projectCards: none,
    projectItems: none,
    closedByPullRequestsReferences: none,
    closingIssuesReferences: none,
  };
}

/** An issue. */
export function issueNode(scene: Scene, repository: RepositoryRow, row: IssueRow): object {
  const stateReason = row.stateReason?.toUpperCase() ?? null;
  return { ...common(scene, repository, row), __typename: "Issue", state: row.state.toUpperCase(), stateReason };
}

/** A pull request. */
export function pullNode(scene: Scene, repository: RepositoryRow, row: IssueRow): object {
  const { pull } = row;
  const sha = headSha(repository, row) ?? "";
  const commits = commitsOf(repository, row);
  const files = filesOf(repository, row);
  const problems = () => (row.state === "open" ? mergeProblems(scene.world, repository, row, scene.asker) : []);
  const reviews = latestReviews(row);
  const isApproved = reviews.some(({ state }) => state === "APPROVED");
  const decision = reviews.some(({ state }) => state === "CHANGES_REQUESTED")
    ? "CHANGES_REQUESTED"
    : isApproved
      ? "APPROVED"
      : "REVIEW_REQUIRED";
  return {
    ...common(scene, repository, row),
    __typename: "PullRequest",
    state: pull?.mergedAt ? "MERGED" : row.state.toUpperCase(),
    headRefName: pull?.head ?? "",
    baseRefName: pull?.base ?? "",
    headRefOid: sha,
    baseRefOid: repository.refs.get(`refs/heads/${pull?.base}`) ?? sha,
    headRepository: () => scene.repository(repository),
    headRepositoryOwner: () => actorNode(scene, repository.owner),
    baseRef: () => ({ branchProtectionRule: null, name: pull?.base }),
    isCrossRepository: false,
    isDraft: pull?.draft ?? false,
    maintainerCanModify: false,
    mergeable: "MERGEABLE",
    mergeStateStatus: () => (problems().length > 0 ? "BLOCKED" : "CLEAN"),
    merged: pull?.mergedAt !== undefined,
    mergedAt: pull?.mergedAt === undefined ? null : at(pull.mergedAt),
    mergedBy: pull?.mergedBy ? actorNode(scene, pull.mergedBy) : null,
    mergeCommit: pull?.mergeCommit ? { oid: pull.mergeCommit } : null,
    potentialMergeCommit: null,
    autoMergeRequest: null,
    reviewDecision: decision,
    additions: files.length,
    deletions: 0,
    changedFiles: files.length,
    files: (given: ListArguments) =>
      connection(files, given, ({ filename }) => ({ path: filename, additions: 1, deletions: 0 })),
    commits: (given: ListArguments) =>
      connection(commits, given, (commit) => ({ commit: commitNode(scene, repository, commit) })),
    statusCheckRollup: () => rollupNode(scene, repository, sha, row),
    reviews: (given: ListArguments) => connection(pull?.reviews ?? [], given, (review) => reviewNode(scene, review)),
    latestReviews: (given: ListArguments) => connection(reviews, given, (review) => reviewNode(scene, review)),
    reviewThreads: (given: ListArguments) =>
      connection(pull?.threads ?? [], given, (thread) => threadNode(scene, repository, row, thread)),
    reviewRequests: (given: ListArguments) =>
      connection(pull?.requestedUsers ?? [], given, (login) => ({ requestedReviewer: actorNode(scene, login) })),
  };
}

/** A comment. */
export function commentNode(scene: Scene, { owner, settings }: RepositoryRow, row: CommentRow) {
  return {
    __typename: "IssueComment",
    id: nodeId("IssueComment", row.id),
    databaseId: row.id,
    body: row.body,
    author: actorNode(scene, row.login),
    authorAssociation: "MEMBER",
    createdAt: at(row.createdAt),
    updatedAt: at(row.updatedAt),
    includesCreatedEdit: row.updatedAt !== row.createdAt,
    isMinimized: false,
    minimizedReason: null,
    reactionGroups: [],
    url: `https://github.com/${owner}/${settings.name}/issues/${row.issue}#issuecomment-${row.id}`,
    viewerDidAuthor: row.login === scene.asker.login,
  };
}

function reviewNode(scene: Scene, { id, login, state, body, commit, at: time }: ReviewRow) {
  return {
    __typename: "PullRequestReview",
    id: nodeId("PullRequestReview", id),
    author: actorNode(scene, login),
    authorAssociation: "MEMBER",
    state,
    body,
    submittedAt: at(time),
    commit: { oid: commit },
    includesCreatedEdit: false,
    reactionGroups: [],
    url: "https://github.com/",
  };
}

function commitNode(scene: Scene, repository: RepositoryRow, commit: CommitRow) {
  const { sha, message, author, login } = commit;
  const [headline = "", ...rest] = message.split("\n");
  const person = { name: author.name, email: author.email, user: actorNode(scene, login), date: at(author.at) };
  return {
    __typename: "Commit",
    id: nodeId("Commit", sha),
    oid: sha,
    abbreviatedOid: sha.slice(0, 7),
    message,
    messageHeadline: headline,
    messageBody: rest.join("\n").trim(),
    authoredDate: at(author.at),
    committedDate: at(commit.committer.at),
    authors: (given: ListArguments) => connection([person], given, (one) => one),
    statusCheckRollup: () => rollupNode(scene, repository, sha),
  };
}
