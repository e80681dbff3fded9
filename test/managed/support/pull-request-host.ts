import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A run of a workflow, as far as Danger looks. */
export interface WorkflowRun {
  readonly id: number;
  readonly path: string;
  readonly status: "completed" | "in_progress";
  readonly conclusion: string | null;
}

/** What there is to judge: pull request 7 of `hotdash/hotdash`. */
export interface PullRequest {
  readonly body: string;
  readonly head: string;
  readonly base: string;
  readonly files: readonly { readonly filename: string; readonly status: "added" | "modified" | "removed" }[];
  /** How many GitHub counts; as many as it lists. */
  readonly changedFiles?: number | undefined;
  /** Runs at the head commit, newest first. */
  readonly runs: readonly WorkflowRun[];
}

/** As much of GitHub's API as `danger ci` asks of one pull request; it remembers what Danger says back. */
export interface PullRequestHost {
  readonly url: string;
  show(pull: PullRequest): void;
  /** State of the commit status that Danger set since then: "success" or "failure". */
  status(): string | undefined;
  /** Text of the comment that it wrote since then; empty: it had nothing to say. */
  said(): string;
  close(): Promise<void>;
}

/** Listens on a loopback port. */
export async function pullRequestHost(): Promise<PullRequestHost> {
  let pull: PullRequest | undefined;
  let status: string | undefined;
  let said = "";
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (part: Buffer) => {
      text += part.toString();
    });
    request.on("end", () => {
      const path = new URL(request.url ?? "/", "http://host").pathname.replace("/repos/hotdash/hotdash", "");
      const sent = text === "" ? {} : (JSON.parse(text) as { state?: string; body?: string });
      if (request.method === "POST" && path.startsWith("/statuses/")) status = sent.state;
      if (request.method === "POST" && path.endsWith("/comments")) said += sent.body ?? "";
      const answer = request.method === "GET" && pull ? read(pull, path) : { id: 1, html_url: "http://host/1" };
      response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer ?? { message: "Not Found" }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    show: (next) => {
      pull = next;
      status = undefined;
      said = "";
    },
    status: () => status,
    said: () => said,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function read(pull: PullRequest, path: string): unknown {
  const repo = { name: "hotdash", full_name: "hotdash/hotdash", owner: { login: "hotdash" } };
  const user = { login: "jo", type: "User" };
  const side = (ref: string, sha: string) => ({ ref, sha, repo, user, label: `hotdash:${ref}` });
  const view = {
    number: 7,
    title: "Change",
    changed_files: pull.changedFiles ?? pull.files.length,
    body: pull.body,
    state: "open",
    user,
    base: side("main", pull.base),
    head: side("change", pull.head),
    html_url: "http://host/hotdash/hotdash/pull/7",
  };
  const answers: Record<string, unknown> = {
    "/pulls/7": view,
    "/pulls/7/files": pull.files,
    "/pulls/7/commits": [{ sha: pull.head, commit: { message: "Change", author: user }, author: user, parents: [] }],
    "/pulls/7/reviews": [],
    "/pulls/7/requested_reviewers": { users: [], teams: [] },
    "/pulls/7/comments": [],
    "/issues/7": { number: 7, labels: [], user },
    "/issues/7/comments": [],
    "/actions/runs": { total_count: pull.runs.length, workflow_runs: pull.runs },
    "/user": user,
  };
  return answers[path];
}
