import { parse } from "yaml";
import { z } from "zod";
import type { World } from "../world";
import type { JobRow, RepositoryRow, RunRow } from "./row";

const workflow = z.object({
  jobs: z.record(
    z.string(),
    z.object({
      name: z.string().optional(),
      needs: z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]),
      if: z.coerce.string().default(""),
      environment: z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]).optional(),
    }),
  ),
});

/** The jobs of a workflow file, none of them begun; no job where the file cannot be read. */
export function jobsOf(world: World, text: string, inputs: Readonly<Record<string, unknown>>): JobRow[] {
  const { data } = workflow.safeParse(parseOrNothing(text));
  return Object.entries(data?.jobs ?? {}).map(([key, { name = key, needs, if: condition, environment: given }]) => {
    const environment = given && fillIn(given, inputs);
    return {
      id: world.ids.number(),
      key,
      name,
      needs,
      runsAnyway: /\b(always|failure|cancelled)\(\)/.test(condition),
      ...(environment && { environment }),
      status: "queued",
      conclusion: null,
      startedAt: world.clock.now(),
    };
  });
}

function parseOrNothing(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** The name of an environment; undefined for an expression of more than the inputs. */
function fillIn(name: string, inputs: Readonly<Record<string, unknown>>): string | undefined {
  const input = /\$\{\{ *(?:github\.event\.)?inputs\.([\w-]+) *\}\}/g;
  const filled = name.replace(input, (_, key: string) => String(inputs[key] ?? ""));
  return filled.includes("${{") ? undefined : filled;
}

/** Lets jobs wait for reviewers, skips those whose needs have failed, and draws the run's status from its jobs. */
export function settleRun(world: World, repository: RepositoryRow, run: RunRow): void {
  while (run.jobs.some((job) => settleJob(world, repository, run, job)));
  run.updatedAt = world.clock.now();
  if (run.jobs.length === 0) return;
  const has = (status: JobRow["status"]) => run.jobs.some((job) => job.status === status);
  const isDone = run.jobs.every(({ status }) => status === "completed");
  const isBegun = has("in_progress") || has("completed");
  run.status = isDone ? "completed" : has("waiting") ? "waiting" : isBegun ? "in_progress" : "queued";
  run.conclusion = isDone ? conclude(run.jobs.map(({ conclusion }) => conclusion)) : null;
}

/** @returns whether the job has changed */
function settleJob(world: World, { environments }: RepositoryRow, run: RunRow, job: JobRow): boolean {
  if (job.status !== "queued") return false;
  const needed = run.jobs.filter(({ key }) => job.needs.includes(key));
  if (needed.some(({ status }) => status !== "completed")) return false;
  if (!job.runsAnyway && needed.some(({ conclusion }) => conclusion !== "success")) {
    completeJob(world, job, "skipped");
    return true;
  }
  const reviewers = environments.get(job.environment ?? "")?.reviewers ?? [];
  if (reviewers.length === 0 || job.isApproved) return false;
  job.status = "waiting";
  return true;
}

/** Ends a job. */
export function completeJob(world: World, job: JobRow, conclusion: JobRow["conclusion"]): void {
  Object.assign(job, { status: "completed", conclusion, completedAt: world.clock.now() });
}

function conclude(all: readonly JobRow["conclusion"][]): RunRow["conclusion"] {
  if (all.some((one) => one === "failure" || one === "timed_out" || one === "action_required")) return "failure";
  return all.includes("cancelled") ? "cancelled" : "success";
}
