import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { simpleUser } from "./account";
import { at, type GithubContext, type GithubEnv, page, pageUrl, readJson, record, repositoryUrl } from "./context";
import { unprocessable } from "./error";
import { nodeId } from "./node-id";
import { getPull, headSha, type PullRow } from "./pull-row";
import type { ReviewRow } from "./row";
import { openThread, threadBody } from "./thread";

const reviewBody = z.object({
  event: z.enum(["APPROVE", "REQUEST_CHANGES", "COMMENT"]),
  body: z.string().default(""),
  comments: z.array(threadBody.omit({ commit_id: true })).default([]),
});
const states = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const;

/** Reviews of a pull request, below `/pulls`. */
export function reviewRoutes(world: World) {
  return new Hono<GithubEnv>()
    .get("/:number{[0-9]+}/reviews", (c) => {
      const row = getPull(c);
      return c.json(page(c, row.pull.reviews).map((review) => reviewView(world, c, row, review)));
    })
    .post("/:number{[0-9]+}/reviews", async (c) => {
      const row = getPull(c);
      const { event, body, comments } = await readJson(c, reviewBody);
      const { login } = c.get("asker");
      if (login === row.login && event !== "COMMENT") {
        throw unprocessable("Unprocessable Entity", [
          `Can not ${event === "APPROVE" ? "approve" : "request changes on"} your own pull request`,
        ]);
      }
      const commit = headSha(c.get("repository"), row) ?? "";
      const review = { id: world.ids.number(), login, state: states[event], body, commit, at: world.clock.now() };
      const threads = comments.map((comment) => openThread(world, c, row, comment, review.id));
      row.pull.reviews.push(review);
      row.pull.threads = [...(row.pull.threads ?? []), ...threads];
      record(world, c, "pull_request_review.submit", `#${row.number}`);
      return c.json(reviewView(world, c, row, review));
    });
}

/** A review as the REST API shows it. */
export function reviewView(world: World, c: GithubContext, { number }: PullRow, review: ReviewRow) {
  const { id, login, state, body, commit, at: time } = review;
  const repository = c.get("repository");
  const html_url = pageUrl(repository, `/pull/${number}#pullrequestreview-${id}`);
  const pull_request_url = repositoryUrl(c, repository, `/pulls/${number}`);
  return {
    id,
    node_id: nodeId("PullRequestReview", id),
    user: simpleUser(world.store.state.github, c, login),
    body,
    state,
    html_url,
    pull_request_url,
    _links: { html: { href: html_url }, pull_request: { href: pull_request_url } },
    commit_id: commit,
    submitted_at: at(time),
    author_association: "MEMBER" as const,
  };
}
