import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { simpleUser } from "./account";
import { type GithubContext, type GithubEnv, readJson, record } from "./context";
import { reviewerView } from "./environment";
import { refused, unprocessable } from "./error";
import type { EnvironmentRow, RunRow } from "./row";
import { getRun } from "./run";
import { completeJob, settleRun } from "./run-job";
import { inTeam } from "./state";

const reviewBody = z.object({
  environment_ids: z.array(z.int()).min(1),
  state: z.enum(["approved", "rejected"]),
  comment: z.string(),
});

/** Jobs that wait for a reviewer of their environment, and who let them go on, below `/actions`. */
export function approvalRoutes(world: World) {
  return new Hono<GithubEnv>()
    .get("/runs/:run{[0-9]+}/approvals", (c) =>
      c.json(
        getRun(c).approvals.map(({ environments, state, login, comment }) => ({
          environments: environments.map((name) => ({ name, id: c.get("repository").environments.get(name)?.id })),
          state,
          user: simpleUser(world.store.state.github, c, login),
          comment,
        })),
      ),
    )
    .get("/runs/:run{[0-9]+}/pending_deployments", (c) => {
      const run = getRun(c);
      return c.json(pending(c, run).map((environment) => pendingView(world, c, run, environment)));
    })
    .post("/runs/:run{[0-9]+}/pending_deployments", async (c) => {
      review(world, c, await readJson(c, reviewBody));
      return c.json([]);
    });
}

/** Environments that jobs of a run wait for. */
function pending(c: GithubContext, { jobs }: RunRow): EnvironmentRow[] {
  const names = new Set(jobs.filter(({ status }) => status === "waiting").map(({ environment }) => environment));
  return [...c.get("repository").environments.values()].filter(({ name }) => names.has(name));
}

function pendingView(world: World, c: GithubContext, run: RunRow, environment: EnvironmentRow) {
  const { id, name, waitTimer, reviewers } = environment;
  return {
    environment: { id, name },
    wait_timer: waitTimer,
    wait_timer_started_at: null,
    current_user_can_approve: isReviewer(world, c, environment) && !isOwnRun(c, run, environment),
    reviewers: reviewers.map((one) => ({ type: one.type, reviewer: reviewerView(world, c, one) })),
  };
}

function isReviewer(world: World, c: GithubContext, { reviewers }: EnvironmentRow): boolean {
  const { login, token } = c.get("asker");
  if (token.kind === "app") return false;
  const { github } = world.store.state;
  const own = github.users.get(login.toLowerCase())?.id;
  return reviewers.some(({ type, id }) => (type === "User" ? id === own : inTeam(github, id, login)));
}

const isOwnRun = (c: GithubContext, run: RunRow, { preventSelfReview }: EnvironmentRow): boolean =>
  preventSelfReview && run.login === c.get("asker").login;

/** Approves or rejects every job that waits for one of the environments. @throws 422, 403 */
function review(world: World, c: GithubContext, sent: z.output<typeof reviewBody>): void {
  const run = getRun(c);
  const { environment_ids: ids, state, comment } = sent;
  const wanted = pending(c, run).filter(({ id }) => ids.includes(id));
  if (wanted.length < new Set(ids).size)
    throw unprocessable("There are no pending deployment requests to approve or reject");
  if (wanted.some((environment) => !isReviewer(world, c, environment)))
    throw refused("You are not a required reviewer of this environment.");
  if (wanted.some((environment) => isOwnRun(c, run, environment)))
    throw refused("Self-review is prevented for this environment.");
  const environments = wanted.map(({ name }) => name);
  run.approvals.push({ environments, state, login: c.get("asker").login, comment });
  for (const job of run.jobs) {
    if (job.status !== "waiting" || !environments.includes(job.environment ?? "")) continue;
    if (state === "approved") Object.assign(job, { status: "queued", isApproved: true });
    else completeJob(world, job, "failure");
  }
  settleRun(world, c.get("repository"), run);
  record(world, c, `workflows.${state === "approved" ? "approve" : "reject"}_workflow_job`, environments.join(", "));
}
