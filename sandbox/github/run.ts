import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { type GithubContext, type GithubEnv, page, readJson, record } from "./context";
import { GithubError, missing, unprocessable } from "./error";
import { readBlob, resolve } from "./git";
import type { RunRow, WorkflowRow } from "./row";
import { completeJob, jobsOf, settleRun } from "./run-job";
import { cacheView, jobView, runView, workflowView } from "./run-view";
import { noticeWorkflows, workflowPaths } from "./workflow-file";

const dispatchBody = z.object({ ref: z.string(), inputs: z.record(z.string(), z.unknown()).default({}) });

/** Workflows and their runs, below `/actions`. Nothing executes a dispatched run: its jobs move on when the control says so. */
export function runRoutes(world: World) {
  const workflow = (c: GithubContext): WorkflowRow => {
    const key = c.req.param("workflow") ?? "";
    const row = list(world, c).find(({ id, path }) => String(id) === key || path.endsWith(`/${key}`));
    if (!row) throw missing();
    return row;
  };
  return new Hono<GithubEnv>()
    .get("/workflows", (c) => {
      const all = list(world, c);
      return c.json({ total_count: all.length, workflows: page(c, all).map((row) => workflowView(c, row)) });
    })
    .get("/workflows/:workflow", (c) => c.json(workflowView(c, workflow(c))))
    .get("/workflows/:workflow/runs", (c) => {
      const { path } = workflow(c);
      return c.json(runsOf(world, c, (run) => run.workflow === path));
    })
    .put("/workflows/:workflow/:switch{enable|disable}", (c) => {
      const row = workflow(c);
      row.state = c.req.param("switch") === "enable" ? "active" : "disabled_manually";
      record(world, c, `workflows.${c.req.param("switch")}_workflow`, row.path);
      return c.body(null, 204);
    })
    .post("/workflows/:workflow/dispatches", async (c) => {
      const { ref, inputs } = await readJson(c, dispatchBody);
      dispatch(world, c, workflow(c), ref, inputs);
      return c.body(null, 204);
    })
    .get("/runs", (c) => c.json(runsOf(world, c, () => true)))
    .get("/runs/:run{[0-9]+}", (c) => c.json(runView(world, c, getRun(c))))
    .get("/runs/:run{[0-9]+}/jobs", (c) => {
      const run = getRun(c);
      return c.json({ total_count: run.jobs.length, jobs: page(c, run.jobs).map((job) => jobView(c, run, job)) });
    })
    .get("/caches", (c) => {
      const { key = "", ref } = c.req.query();
      const all = (c.get("repository").caches ?? [])
        .filter((cache) => cache.key.startsWith(key) && (!ref || cache.ref === ref))
        .sort((one, other) => other.lastAccessedAt - one.lastAccessedAt);
      return c.json({ total_count: all.length, actions_caches: page(c, all).map(cacheView) });
    })
    .get("/runs/:run{[0-9]+}/artifacts", (c) => c.json({ total_count: 0, artifacts: getRun(c) ? [] : [] }))
    .post("/runs/:run{[0-9]+}/cancel", (c) => {
      const run = getRun(c);
      if (run.status === "completed") throw new GithubError(409, "Cannot cancel a workflow run that is completed.");
      for (const job of run.jobs) if (job.status !== "completed") completeJob(world, job, "cancelled");
      Object.assign(run, { status: "completed", conclusion: "cancelled", updatedAt: world.clock.now() });
      record(world, c, "workflows.cancel_workflow_run", String(run.id));
      return c.json({}, 202);
    });
}

function list(world: World, c: GithubContext): WorkflowRow[] {
  const repository = c.get("repository");
  noticeWorkflows(world, repository);
  return workflowPaths(repository).flatMap((path) => repository.workflows.get(path) ?? []);
}

/** The run of the path. @throws 404 */
export function getRun(c: GithubContext): RunRow {
  const run = c.get("repository").runs.get(Number(c.req.param("run")));
  if (!run) throw missing();
  return run;
}

function runsOf(world: World, c: GithubContext, fits: (run: RunRow) => boolean) {
  const { branch, event, status, head_sha, actor, created } = c.req.query();
  const isWithin = created === undefined ? () => true : within(created);
  const all = [...c.get("repository").runs.values()]
    .filter((run) => fits(run) && (!branch || run.branch === branch) && (!event || run.event === event))
    .filter((run) => !status || run.status === status || run.conclusion === status)
    .filter((run) => (!head_sha || run.sha === head_sha) && (!actor || run.login === actor))
    .filter((run) => isWithin(run.createdAt))
    .reverse();
  const isSearch = [branch, event, status, head_sha, actor, created].some(Boolean);
  const shown = isSearch ? all.slice(0, mostFound) : all;
  return { total_count: all.length, workflow_runs: page(c, shown).map((run) => runView(world, c, run)) };
}

/** A search shows no more. @see https://docs.github.com/rest/actions/workflow-runs (read 2026-11) */
const mostFound = 1000;

/** Whether a time fits GitHub's search for dates: `A..B` with `*` for an open end, `>=A`, `<=B`, or a day. @throws 422 */
function within(text: string): (unixMs: number) => boolean {
  const [, sign = "", only = ""] = /^(>=|<=|>|<)?([^.]+(?:\.\d+Z)?)$/.exec(text) ?? [];
  const [from = "", to = ""] = text.includes("..")
    ? text.split("..")
    : sign.startsWith(">")
      ? [only, "*"]
      : sign.startsWith("<")
        ? ["*", only]
        : [only, only];
  const isDay = (end: string) => /^\d{4}-\d\d-\d\d$/.test(end);
  const start = from === "*" ? Number.NEGATIVE_INFINITY : Date.parse(from);
  const end = to === "*" ? Number.POSITIVE_INFINITY : Date.parse(isDay(to) ? `${to}T23:59:59Z` : to);
  if (Number.isNaN(start) || Number.isNaN(end)) throw unprocessable(`created: "${text}" is no date`);
  // Times are told, and so compared, in whole seconds.
  const seconds = (ms: number) => Math.floor(ms / 1000);
  return (unixMs) => seconds(unixMs) >= seconds(start) && seconds(unixMs) <= seconds(end);
}

function dispatch(
  world: World,
  c: GithubContext,
  { path, state }: WorkflowRow,
  ref: string,
  inputs: Record<string, unknown>,
): void {
  const repository = c.get("repository");
  const sha = resolve(repository, ref);
  if (!sha) throw unprocessable(`No ref found for: ${ref}`);
  if (state !== "active") throw unprocessable("Cannot trigger a 'workflow_dispatch' on a disabled workflow");
  const blob = repository.commits.get(sha)?.files.get(path);
  const text = blob === undefined ? "" : (readBlob(repository, blob)?.toString("utf8") ?? "");
  if (!text.includes("workflow_dispatch")) throw unprocessable("Workflow does not have 'workflow_dispatch' trigger");
  const number = 1 + [...repository.runs.values()].filter((run) => run.workflow === path).length;
  const now = world.clock.now();
  const id = world.ids.number();
  const { login } = c.get("asker");
  const times = { createdAt: now, updatedAt: now };
  const branch = ref.replace(/^refs\/(heads|tags)\//, "");
  const jobs = jobsOf(world, text, inputs);
  const run: RunRow = {
    id,
    workflow: path,
    number,
    event: "workflow_dispatch",
    branch,
    sha,
    login,
    status: "queued",
    conclusion: null,
    inputs,
    jobs,
    approvals: [],
    ...times,
  };
  repository.runs.set(id, run);
  settleRun(world, repository, run);
  record(world, c, "workflows.created_workflow_run", path);
}
