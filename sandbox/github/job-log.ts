import { createHash } from "node:crypto";
import { Hono } from "hono";
import type { Env, World } from "../world";
import type { GithubContext, GithubEnv } from "./context";
import { missing } from "./error";
import type { JobRow, RunRow } from "./row";
import { jobView } from "./run-view";

/** Where the files of GitHub's own store stand on the sandbox's port. */
export const filePath = "/_files";

/**
 * One job, and its log: GitHub sends to a store of files on another host, which takes no token but a signature in the address.
 *
 * @see https://docs.github.com/rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run (read 2026-11)
 */
export function jobRoutes() {
  return new Hono<GithubEnv>()
    .get("/:job{[0-9]+}", (c) => {
      const { run, job } = getJob(c);
      return c.json(jobView(c, run, job));
    })
    .get("/:job{[0-9]+}/logs", (c) => {
      const { job } = getJob(c);
      if (job.status !== "completed") throw missing();
      return c.redirect(`${new URL(c.req.url).origin}${filePath}/job-logs/${job.id}?sig=${signature(job)}`, 302);
    });
}

/** The store: who shows a token, or not the signature, gets nothing. */
export function fileRoutes(world: World) {
  return new Hono<Env>().get("/job-logs/:job{[0-9]+}", (c) => {
    const id = Number(c.req.param("job"));
    const jobs = [...world.store.state.github.repositories.values()].flatMap(({ runs }) =>
      [...runs.values()].flatMap((run) => run.jobs),
    );
    const job = jobs.find((one) => one.id === id);
    if (c.req.header("Authorization") !== undefined) return c.text("InvalidAuthenticationInfo", 401);
    if (!job || c.req.query("sig") !== signature(job)) return c.text("AuthenticationFailed", 403);
    return c.text(textOf(job));
  });
}

/** Each line after the time at which it was written. */
const textOf = ({ name, startedAt, log = [`Job ${name} ran`] }: JobRow): string =>
  log.map((line) => `${new Date(startedAt).toISOString().replace("Z", "0000Z")} ${line}\n`).join("");

const signature = ({ id }: JobRow): string => createHash("sha256").update(`log of ${id}`).digest("hex").slice(0, 32);

/** @throws 404 */
function getJob(c: GithubContext): { readonly run: RunRow; readonly job: JobRow } {
  const id = Number(c.req.param("job"));
  for (const run of c.get("repository").runs.values()) {
    const job = run.jobs.find((one) => one.id === id);
    if (job) return { run, job };
  }
  throw missing();
}
