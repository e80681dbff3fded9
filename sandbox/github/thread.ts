import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { simpleUser } from "./account";
import { at, type GithubContext, type GithubEnv, page, pageUrl, readJson, record, repositoryUrl } from "./context";
import { badField, missing } from "./error";
import { nodeId } from "./node-id";
import { commitsOf, filesOf, getPull, headSha, type PullRow } from "./pull-row";
import type { ThreadRow } from "./row";

/** What opens a conversation. */
export const threadBody = z.object({
  body: z.string().min(1),
  path: z.string(),
  commit_id: z.string().optional(),
  line: z.int().min(1).optional(),
  position: z.int().min(1).optional(),
  subject_type: z.enum(["line", "file"]).default("line"),
});
const replyBody = z.object({ body: z.string().min(1) });
const commentBody = z.union([replyBody.extend({ in_reply_to: z.int() }), threadBody]);

/** Conversations on the lines and files of a pull request, below `/pulls`. GraphQL resolves them. */
export function threadRoutes(world: World) {
  return new Hono<GithubEnv>()
    .get("/:number{[0-9]+}/comments", (c) => {
      const row = getPull(c);
      const all = threadsOf(row).flatMap((thread) => thread.comments.map((comment) => ({ row, thread, comment })));
      return c.json(page(c, all).map((one) => commentView(world, c, one)));
    })
    .post("/:number{[0-9]+}/comments", async (c) => {
      const row = getPull(c);
      const sent = await readJson(c, commentBody);
      if ("in_reply_to" in sent) return c.json(reply(world, c, row, sent.in_reply_to, sent.body), 201);
      const thread = openThread(world, c, row, sent, addReview(world, c, row));
      row.pull.threads = [...threadsOf(row), thread];
      record(world, c, "pull_request_review_comment.create", `#${row.number}`);
      return c.json(thread.comments.map((comment) => commentView(world, c, { row, thread, comment }))[0], 201);
    })
    .post("/:number{[0-9]+}/comments/:comment{[0-9]+}/replies", async (c) => {
      const { body } = await readJson(c, replyBody);
      return c.json(reply(world, c, getPull(c), Number(c.req.param("comment")), body), 201);
    });
}

type CommentRow = ThreadRow["comments"][number];

const threadsOf = ({ pull }: PullRow): ThreadRow[] => pull.threads ?? [];

/**
 * A new conversation, which is not yet part of the pull request.
 *
 * @param review id of the review that it belongs to
 * @throws 422 for a file or a commit that is not part of the pull request, and for neither a line nor a whole file
 */
export function openThread(
  world: World,
  c: GithubContext,
  row: PullRow,
  sent: z.output<typeof threadBody>,
  review: number,
): ThreadRow {
  const repository = c.get("repository");
  const { path, subject_type, commit_id: commit = headSha(repository, row) ?? "" } = sent;
  const line = sent.line ?? sent.position ?? null;
  const invalid = (field: string) => badField("PullRequestReviewComment", field, "invalid");
  if (!commitsOf(repository, row).some(({ sha }) => sha === commit)) throw invalid("commit_id");
  if (!filesOf(repository, row).some(({ filename }) => filename === path)) throw invalid("path");
  if (subject_type === "line" && line === null) throw invalid("line");
  const comment = newComment(world, c, review, sent.body);
  return { id: world.ids.number(), path, line: subject_type === "file" ? null : line, commit, comments: [comment] };
}

function reply(world: World, c: GithubContext, row: PullRow, to: number, body: string) {
  const thread = threadsOf(row).find(({ comments }) => comments.some(({ id }) => id === to));
  if (!thread) throw missing();
  const comment = newComment(world, c, addReview(world, c, row), body);
  thread.comments.push(comment);
  record(world, c, "pull_request_review_comment.create", `#${row.number}`);
  return commentView(world, c, { row, thread, comment });
}

const newComment = (world: World, c: GithubContext, review: number, body: string): CommentRow => ({
  id: world.ids.number(),
  review,
  login: c.get("asker").login,
  body,
  at: world.clock.now(),
});

/** A comment that stands alone is a review too. @returns its id */
function addReview(world: World, c: GithubContext, row: PullRow): number {
  const id = world.ids.number();
  const { login } = c.get("asker");
  const commit = headSha(c.get("repository"), row) ?? "";
  row.pull.reviews.push({ id, login, state: "COMMENTED", body: "", commit, at: world.clock.now() });
  return id;
}

/** A comment, its conversation and its pull request. */
interface Place {
  readonly row: PullRow;
  readonly thread: ThreadRow;
  readonly comment: CommentRow;
}

/** A comment of a conversation as the REST API shows it. */
export function commentView(world: World, c: GithubContext, { row, thread, comment }: Place) {
  const repository = c.get("repository");
  const { id, review, login, body, at: time } = comment;
  const [first] = thread.comments;
  const url = repositoryUrl(c, repository, `/pulls/comments/${id}`);
  const html_url = pageUrl(repository, `/pull/${row.number}#discussion_r${id}`);
  const pull_request_url = repositoryUrl(c, repository, `/pulls/${row.number}`);
  return {
    id,
    node_id: nodeId("PullRequestReviewComment", id),
    url,
    html_url,
    pull_request_url,
    _links: { self: { href: url }, html: { href: html_url }, pull_request: { href: pull_request_url } },
    pull_request_review_id: review,
    ...(first && first.id !== id && { in_reply_to_id: first.id }),
    user: simpleUser(world.store.state.github, c, login),
    body,
    path: thread.path,
    diff_hunk: "",
    commit_id: headSha(repository, row) ?? thread.commit,
    original_commit_id: thread.commit,
    ...(thread.line === null
      ? { subject_type: "file" as const }
      : { subject_type: "line" as const, line: thread.line, original_line: thread.line, side: "RIGHT" as const }),
    created_at: at(time),
    updated_at: at(time),
    author_association: "MEMBER" as const,
  };
}
