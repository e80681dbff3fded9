import { z } from "zod";
import { notFound, precondition } from "../error";
import type { World } from "../world";
import { jobConclusions, type RepositoryRow, type StepRow } from "./row";
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
  /** Key of a job to its steps and how long each took, one after the other from the start of the job. */
  steps: z
    .record(
      z.string(),
      z.array(z.strictObject({ name: z.string(), seconds: z.number().min(0), conclusion: z.enum(jobConclusions) })),
    )
    .default({}),
  /** Key of a job to the lines that it writes. */
  logs: z.record(z.string(), z.array(z.string())).default({}),
});

/** A cache that a job of a run left, or that a later one has read. */
export const cacheTamperSchema = z.strictObject({
  kind: z.literal("workflow-cache"),
  /** `owner/name`. */
  repository: z.string().regex(/^[^/]+\/[^/]+$/),
  ref: z.string(),
  key: z.string(),
  size_in_bytes: z.int().min(0).default(1),
});

/** Keeps a cache; one that is there under this key and ref is read. @throws ApiError 404 for a repository that does not exist */
export function tamperCache(world: World, change: z.output<typeof cacheTamperSchema>): void {
  const { repository: name, ref, key, size_in_bytes: sizeBytes } = change;
  const repository = find(world, name);
  if (!repository) throw notFound(`repository ${name} not found`);
  const now = world.clock.now();
  repository.caches ??= [];
  const there = repository.caches.find((cache) => cache.ref === ref && cache.key === key);
  if (there) there.lastAccessedAt = now;
  else repository.caches.push({ id: world.ids.number(), ref, key, sizeBytes, createdAt: now, lastAccessedAt: now });
}

function find(world: World, name: string): RepositoryRow | undefined {
  const [owner = "", bare = ""] = name.split("/");
  return findRepository(world.store.state.github, owner, bare);
}

/** Moves jobs of a run on. @throws ApiError 404 for what does not exist, 412 for a job that may not run yet or is over */
export function tamperRun(
  world: World,
  { repository: name, run: id, jobs, steps, logs }: z.output<typeof runTamperSchema>,
): void {
  const repository = find(world, name);
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
    if (logs[key]) job.log = logs[key];
    if (steps[key]) job.steps = oneAfterTheOther(job.startedAt, steps[key]);
    settleRun(world, repository, run);
  }
}

function oneAfterTheOther(from: number, steps: z.output<typeof runTamperSchema>["steps"][string]): StepRow[] {
  let time = from;
  return steps.map(({ name, seconds, conclusion }) => {
    const startedAt = time;
    time += seconds * 1000;
    return { name, conclusion, startedAt, completedAt: time };
  });
}
