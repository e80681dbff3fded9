import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { simpleUser } from "./account";
import { at, type GithubContext, type GithubEnv, page, readJson, record, repositoryUrl } from "./context";
import { GithubError, missing, unprocessable } from "./error";
import { resolve } from "./git";
import { nodeId } from "./node-id";
import { latestStatuses } from "./required-check";
import type { DeploymentRow } from "./row";

const deploymentBody = z.object({
  ref: z.string().min(1),
  task: z.string().default("deploy"),
  auto_merge: z.boolean().default(true),
  required_contexts: z.array(z.string()).nullish(),
  payload: z.union([z.string(), z.record(z.string(), z.unknown())]).default({}),
  environment: z.string().default("production"),
  description: z.string().nullish(),
  transient_environment: z.boolean().default(false),
  production_environment: z.boolean().optional(),
});
const statusBody = z.object({
  state: z.enum(["error", "failure", "inactive", "in_progress", "queued", "pending", "success"]),
  log_url: z.string().default(""),
  target_url: z.string().optional(),
  description: z.string().max(140).default(""),
  environment: z.string().optional(),
  environment_url: z.string().default(""),
  auto_inactive: z.boolean().default(true),
});

/** Deployments and their statuses. */
export function deploymentRoutes(world: World) {
  return new Hono<GithubEnv>()
    .get("/", (c) => {
      const { sha, ref, task, environment } = c.req.query();
      const all = [...c.get("repository").deployments.values()]
        .reverse()
        .filter(
          (row) =>
            (!sha || row.sha === sha) &&
            (!ref || row.ref === ref) &&
            (!task || row.task === task) &&
            (!environment || row.environment === environment),
        );
      return c.json(page(c, all).map((row) => deploymentView(world, c, row)));
    })
    .post("/", async (c) => c.json(deploymentView(world, c, create(world, c, await readJson(c, deploymentBody))), 201))
    .get("/:id{[0-9]+}", (c) => c.json(deploymentView(world, c, get(c))))
    .delete("/:id{[0-9]+}", (c) => {
      const row = get(c);
      const state = row.statuses.at(-1)?.state;
      const isOnly = c.get("repository").deployments.size === 1;
      if (state !== "inactive" && !isOnly)
        throw unprocessable(
          "We cannot delete an active deployment unless it is the only deployment in a given environment.",
        );
      c.get("repository").deployments.delete(row.id);
      record(world, c, "deployment.destroy", String(row.id));
      return c.body(null, 204);
    })
    .get("/:id{[0-9]+}/statuses", (c) => {
      const row = get(c);
      return c.json(page(c, row.statuses.toReversed()).map((status) => statusView(world, c, row, status)));
    })
    .post("/:id{[0-9]+}/statuses", async (c) => {
      const row = get(c);
      const body = await readJson(c, statusBody);
      const now = world.clock.now();
      const { state, description, environment_url, target_url, log_url: logUrl, environment = row.environment } = body;
      const { login } = c.get("asker");
      const status = {
        id: world.ids.number(),
        state,
        description,
        environment_url,
        log_url: logUrl || (target_url ?? ""),
        environment,
        login,
        at: now,
      };
      if (state === "success" && body.auto_inactive) inactivate(world, c, row);
      row.statuses.push(status);
      row.updatedAt = now;
      record(world, c, "deployment.status", `${row.id}: ${state}`);
      return c.json(statusView(world, c, row, status), 201);
    });
}

function get(c: GithubContext): DeploymentRow {
  const row = c.get("repository").deployments.get(Number(c.req.param("id")));
  if (!row) throw missing();
  return row;
}

function create(world: World, c: GithubContext, body: z.output<typeof deploymentBody>): DeploymentRow {
  const repository = c.get("repository");
  const sha = resolve(repository, body.ref);
  if (!sha) throw unprocessable(`No ref found for: ${body.ref}`);
  const statuses = latestStatuses(repository, sha);
  const wanted = body.required_contexts ?? statuses.map(({ context }) => context);
  const isRed = wanted.some((context) => statuses.find((one) => one.context === context)?.state !== "success");
  if (isRed) throw new GithubError(409, "Conflict: Commit status checks failed for master.");
  const now = world.clock.now();
  const row: DeploymentRow = {
    id: world.ids.number(),
    ref: body.ref,
    sha,
    task: body.task,
    environment: body.environment,
    payload: body.payload,
    description: body.description ?? null,
    production: body.production_environment ?? body.environment === "production",
    transient: body.transient_environment,
    login: c.get("asker").login,
    createdAt: now,
    updatedAt: now,
    statuses: [],
  };
  repository.deployments.set(row.id, row);
  record(world, c, "deployment.create", `${row.id}: ${row.environment}`);
  return row;
}

/** Earlier deployments of the environment are no longer what runs there. */
function inactivate(world: World, c: GithubContext, { id, environment }: DeploymentRow): void {
  for (const row of c.get("repository").deployments.values()) {
    if (row.id >= id || row.environment !== environment || row.production || row.transient) continue;
    if (row.statuses.at(-1)?.state !== "success") continue;
    const blank = { description: "", environment_url: "", log_url: "", environment, login: row.login };
    row.statuses.push({ id: world.ids.number(), state: "inactive", at: world.clock.now(), ...blank });
  }
}

/** A deployment as the REST API shows it. */
export function deploymentView(world: World, c: GithubContext, row: DeploymentRow) {
  const url = repositoryUrl(c, c.get("repository"), `/deployments/${row.id}`);
  const { id, sha, ref, task, payload, environment, description, transient, production } = row;
  return {
    id,
    node_id: nodeId("Deployment", id),
    url,
    sha,
    ref,
    task,
    payload,
    original_environment: environment,
    environment,
    description,
    creator: simpleUser(world.store.state.github, c, row.login),
    created_at: at(row.createdAt),
    updated_at: at(row.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(c, c.get("repository")),
    transient_environment: transient,
    production_environment: production,
  };
}

/** A status of a deployment as the REST API shows it. */
export function statusView(
  world: World,
  c: GithubContext,
  row: DeploymentRow,
  status: DeploymentRow["statuses"][number],
) {
  const { id, login, at: time, log_url, ...rest } = status;
  const deployment_url = repositoryUrl(c, c.get("repository"), `/deployments/${row.id}`);
  return {
    id,
    node_id: nodeId("DeploymentStatus", id),
    url: `${deployment_url}/statuses/${id}`,
    ...rest,
    log_url,
    target_url: log_url,
    creator: simpleUser(world.store.state.github, c, login),
    created_at: at(time),
    updated_at: at(time),
    deployment_url,
    repository_url: repositoryUrl(c, c.get("repository")),
  };
}
