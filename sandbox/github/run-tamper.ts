import { z } from "zod";
import { notFound, precondition } from "../error";
import type { World } from "../world";
import { jobConclusions } from "./row";
import { completeJob, settleRun } from "./run-job";
import { findRepository } from "./state";

/** What becomes of the jobs of a run, which nothing executes here. */
export const runTamperSchema = z.strictObject({
  kind: z.literal("workflow-run"),
  /** `owner/name`. */
  repository: z.string().regex(/^[^/]+\/[^/]+$/),
  run: z.int(),
  /** Key of a job to what becomes of it, one after the other. */
  jobs: z.record(z.string(), z.enum(["in_progress", ...jobConclusions])),
});

/** Moves jobs of a run on. @throws ApiError 404 for what does not exist, 412 for a job that may not run yet or is over */
export function tamperRun(world: World, { repository: name, run: id, jobs }: z.output<typeof runTamperSchema>): void {
  const [owner = "", bare = ""] = name.split("/");
  const repository = findRepository(world.store.state.github, owner, bare);
  const run = repository?.runs.get(id);
  if (!repository || !run) throw notFound(`run ${id} of ${name} not found`);
  for (const [key, outcome] of Object.entries(jobs)) {
    const job = run.jobs.find((one) => one.key === key);
    if (!job) throw notFound(`job ${key} of run ${id} not found`);
    if (job.status === "completed") throw precondition(`job ${key} is over`);
    if (job.status === "waiting") throw precondition(`job ${key} waits for an approval`);
    const open = run.jobs.find((one) => job.needs.includes(one.key) && one.status !== "completed");
    if (open) throw precondition(`job ${key} needs ${open.key}`);
    if (outcome === "in_progress") job.status = outcome;
    else completeJob(world, job, outcome);
    settleRun(world, repository, run);
  }
}
