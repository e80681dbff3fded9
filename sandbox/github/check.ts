import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { appView, simpleUser } from "./account";
import { commitOf } from "./content";
import { at, type GithubContext, type GithubEnv, page, pageUrl, readJson, record, repositoryUrl } from "./context";
import { missing, refused, unprocessable } from "./error";
import { nodeId } from "./node-id";
import { minimalRepository } from "./repository-view";
import { latestRuns, latestStatuses } from "./required-check";
import type { CheckRunRow, StatusRow } from "./row";

const conclusions = ["action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"] as const;
const runBody = z.object({
  name: z.string().min(1),
  head_sha: z.string(),
  status: z.enum(["queued", "in_progress", "completed"]).optional(),
  conclusion: z.enum(conclusions).optional(),
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  output: z
    .object({
      title: z.string().optional(),
      summary: z.string().max(65_535).optional(),
      text: z.string().max(65_535).optional(),
      annotations: z.array(z.unknown()).max(50).optional(),
    })
    .optional(),
});
const statusBody = z.object({
  state: z.enum(["error", "failure", "pending", "success"]),
  target_url: z.string().nullish(),
  description: z.string().max(140).nullish(),
  context: z.string().default("default"),
});

/** Check runs and commit statuses. */
export function checkRoutes(world: World) {
  return new Hono<GithubEnv>()
    .post("/check-runs", async (c) => {
      const body = await readJson(c, runBody);
      const { appId } = c.get("asker").token;
      if (appId === undefined) throw refused("You must authenticate via a GitHub App.");
      const repository = c.get("repository");
      if (!repository.commits.has(body.head_sha)) throw unprocessable(`No commit found for SHA: ${body.head_sha}`);
      const row: CheckRunRow = {
        id: world.ids.number(),
        name: body.name,
        headSha: body.head_sha,
        appId,
        status: "queued",
        conclusion: null,
        externalId: "",
        detailsUrl: "",
        startedAt: world.clock.now(),
        output: { title: null, summary: null, text: null, annotations: 0 },
      };
      change(world, row, body);
      repository.checkRuns.set(row.id, row);
      record(world, c, "checks.create", body.name);
      return c.json(runView(world, c, row), 201);
    })
    .get("/check-runs/:id", (c) => c.json(runView(world, c, getRun(c))))
    .patch("/check-runs/:id", async (c) => {
      const row = getRun(c);
      if (c.get("asker").token.appId !== row.appId)
        throw refused("Invalid app_id. The check run can only be modified by the GitHub App that created it.");
      change(world, row, await readJson(c, runBody.partial()));
      record(world, c, "checks.update", row.name);
      return c.json(runView(world, c, row));
    })
    .get("/commits/:ref/check-runs", (c) => {
      const { check_name, app_id, filter } = c.req.query();
      const { sha } = commitOf(c);
      const repository = c.get("repository");
      const all =
        filter === "all"
          ? [...repository.checkRuns.values()].filter((run) => run.headSha === sha)
          : latestRuns(repository, sha);
      const shown = all.filter(
        (run) => (!check_name || run.name === check_name) && (!app_id || run.appId === Number(app_id)),
      );
      return c.json({ total_count: shown.length, check_runs: page(c, shown).map((run) => runView(world, c, run)) });
    })
    .post("/statuses/:ref", async (c) => {
      const { sha } = commitOf(c);
      const { state, context, description = null, target_url: targetUrl = null } = await readJson(c, statusBody);
      const { login } = c.get("asker");
      const row = { id: world.ids.number(), sha, state, context, description, targetUrl, login, at: world.clock.now() };
      c.get("repository").statuses.push(row);
      record(world, c, "status.create", context);
      return c.json(statusView(world, c, row), 201);
    })
    .get("/commits/:ref/statuses", (c) => {
      const { sha } = commitOf(c);
      const all = c
        .get("repository")
        .statuses.filter((status) => status.sha === sha)
        .reverse();
      return c.json(page(c, all).map((row) => statusView(world, c, row)));
    })
    .get("/commits/:ref/status", (c) => {
      const { sha } = commitOf(c);
      const latest = latestStatuses(c.get("repository"), sha);
      const has = (...states: string[]) => latest.some(({ state }) => states.includes(state));
      const state = has("failure", "error") ? "failure" : has("pending") || latest.length === 0 ? "pending" : "success";
      const commit_url = repositoryUrl(c, c.get("repository"), `/commits/${sha}`);
      const repository = minimalRepository(world, c, c.get("repository"));
      const statuses = page(c, latest).map((row) => shortStatus(c, row));
      return c.json({
        state,
        statuses,
        sha,
        total_count: latest.length,
        repository,
        commit_url,
        url: `${commit_url}/status`,
      });
    });
}

function getRun(c: GithubContext): CheckRunRow {
  const row = c.get("repository").checkRuns.get(Number(c.req.param("id")));
  if (!row) throw missing();
  return row;
}

function change(world: World, row: CheckRunRow, body: Partial<z.output<typeof runBody>>): void {
  const { name, status, conclusion, details_url, external_id, started_at, completed_at, output } = body;
  if (status === "completed" && !conclusion && !row.conclusion)
    throw unprocessable('Invalid request.\n\n"conclusion" wasn\'t supplied.');
  Object.assign(row, name && { name }, status && { status }, details_url && { detailsUrl: details_url });
  Object.assign(row, external_id && { externalId: external_id }, started_at && { startedAt: Date.parse(started_at) });
  if (conclusion) {
    const completedAt = completed_at ? Date.parse(completed_at) : world.clock.now();
    Object.assign(row, { status: "completed", conclusion, completedAt });
  }
  if (output) {
    const { title = null, summary = null, text = null, annotations = [] } = output;
    row.output = { title, summary, text, annotations: annotations.length };
  }
}

/** A check run as the REST API shows it. */
export function runView(world: World, c: GithubContext, row: CheckRunRow) {
  const app = world.store.state.github.apps.get(row.appId);
  const url = repositoryUrl(c, c.get("repository"), `/check-runs/${row.id}`);
  const { title, summary, text, annotations } = row.output;
  return {
    id: row.id,
    node_id: nodeId("CheckRun", row.id),
    name: row.name,
    head_sha: row.headSha,
    external_id: row.externalId,
    url,
    html_url: pageUrl(c.get("repository"), `/runs/${row.id}`),
    details_url: row.detailsUrl,
    status: row.status,
    conclusion: row.conclusion,
    started_at: at(row.startedAt),
    completed_at: row.completedAt === undefined ? null : at(row.completedAt),
    output: { title, summary, text, annotations_count: annotations, annotations_url: `${url}/annotations` },
    check_suite: { id: row.id },
    app: app ? appView(world.store.state.github, c, app) : null,
    pull_requests: [],
  };
}

/** A status as the combined one lists it: without who reported it. */
function shortStatus(c: GithubContext, { id, sha, state, context, description, targetUrl, at: time }: StatusRow) {
  return {
    id,
    node_id: nodeId("StatusContext", id),
    url: repositoryUrl(c, c.get("repository"), `/statuses/${sha}`),
    avatar_url: null,
    state,
    context,
    description,
    target_url: targetUrl,
    created_at: at(time),
    updated_at: at(time),
  };
}

/** A commit status as the REST API shows it. */
export function statusView(world: World, c: GithubContext, row: StatusRow) {
  return { ...shortStatus(c, row), creator: simpleUser(world.store.state.github, c, row.login) };
}
