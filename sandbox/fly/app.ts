import { Hono } from "hono";
import { z } from "zod";
import { requireOrganization, requireWrite, tokenHash } from "../auth";
import { readBody } from "../body";
import { ApiError, forbidden, invalid } from "../error";
import { rates } from "../limit";
import type { AppRow } from "../row";
import { appsOf, liveMachines } from "../store";
import type { Env, World } from "../world";
import { duration } from "./config-schema";
import { parseDuration } from "./duration";
import { destroy } from "./lifecycle";

const createBody = z.strictObject({
  name: z.string().optional(),
  app_name: z.string().optional(),
  org_slug: z.string(),
  network: z.string().optional(),
  enable_subdomains: z.boolean().optional(),
  idempotency_key: z.string().optional(),
  app_role_id: z.string().optional(),
});

const nameForm = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Apps without a name in the path: create and list. @see fly docs machines/api/apps-resource (read 2026-08) */
export function appRoutes(world: World) {
  return new Hono<Env>()
    .post("/", async (c) => {
      const principal = c.get("principal");
      const body = await readBody(c, createBody);
      const name = body.name || body.app_name || "";
      requireWrite(principal);
      const org = requireOrganization(world, principal, body.org_slug);
      world.limiter.take("POST apps", name, rates.action);
      return c.json(appView(world, createApp(world, { ...body, name, org })), 201);
    })
    .get("/", (c) => {
      const slug = c.req.query("org_slug");
      if (!slug) throw invalid("org_slug is required");
      const org = requireOrganization(world, c.get("principal"), slug);
      const role = c.req.query("app_role");
      const apps = role ? [] : appsOf(world.store.state, org);
      return c.json({ total_apps: apps.length, apps: apps.map((app) => appView(world, app)) });
    });
}

/** One app by its name. */
export function oneAppRoutes(world: World) {
  return new Hono<Env>()
    .get("/", (c) => c.json(appView(world, c.get("app"))))
    .delete("/", (c) => {
      world.limiter.take("DELETE apps", c.get("app").org, rates.deleteApp);
      deleteApp(world, c.get("app"));
      return c.body(null, 202);
    })
    .post("/deploy_token", async (c) => {
      const { expiry } = await readBody(c, z.strictObject({ expiry: duration.optional() }));
      if (c.get("principal").kind === "app-deploy") throw forbidden("token is not allowed to create tokens");
      return c.json({ token: createDeployToken(world, c.get("app"), expiry) });
    });
}

/**
 * Makes an app.
 *
 * @throws 422 for a bad or a taken name, and for an idempotency key that stands for another name
 */
export function createApp(
  world: World,
  { name, org, network, idempotency_key }: { name: string; org: string; network?: string; idempotency_key?: string },
): AppRow {
  const { apps } = world.store.state;
  const same = idempotency_key && appsOf(world.store.state, org).find((app) => app.idempotencyKey === idempotency_key);
  if (same && same.name !== name)
    throw new ApiError(422, "Validation failed: Idempotency key was used for another app");
  if (same) return same;
  if (!nameForm.test(name)) {
    throw new ApiError(422, "Validation failed: Name may only contain numbers, lowercase letters and dashes");
  }
  if (apps.has(name)) throw new ApiError(422, "Validation failed: Name has already been taken", "name_taken");
  const app: AppRow = {
    id: world.ids.hex(16),
    internalNumericId: 1000 + world.ids.number(),
    name,
    org,
    network: network || "default",
    createdAt: world.clock.now(),
    ...(idempotency_key && { idempotencyKey: idempotency_key }),
    secretsVersion: 0,
    machines: new Map(),
    volumes: new Map(),
    secrets: new Map(),
    addresses: new Map(),
    certificates: new Map(),
    releases: [],
  };
  apps.set(name, app);
  world.store.touch();
  return app;
}

/** Begins to delete an app with all it has; it stays readable for a moment. */
function deleteApp(world: World, app: AppRow): void {
  if (app.goneAt !== undefined) return;
  app.goneAt = world.clock.now() + world.timings.appDeleteMs;
  for (const machine of liveMachines(app)) destroy({ world, app, machine }, { force: true });
  resumeDelete(world, app);
  world.store.touch();
}

/** Ends a deletion when its time comes. */
export function resumeDelete(world: World, app: AppRow): void {
  if (app.goneAt === undefined) return;
  world.clock.at(app.goneAt, () => removeApp(world, app));
}

/** Takes an app away at once. */
export function removeApp(world: World, app: AppRow): void {
  if (world.store.state.apps.get(app.name) === app) world.store.state.apps.delete(app.name);
  for (const key of world.store.secretValues.keys()) {
    if (key.startsWith(`${app.name}/`)) world.store.secretValues.delete(key);
  }
  for (const machine of app.machines.values()) delete machine.pending;
  const ids = [...app.machines.keys()];
  app.machines.clear();
  for (const id of ids) world.changes.emit(id);
  world.store.touch();
}

/** An app as the Machines API shows it. */
export function appView(world: World, app: AppRow) {
  const organization = world.store.state.organizations.get(app.org);
  const live = liveMachines(app);
  const volumes = [...app.volumes.values()].filter(({ state }) => state === "created");
  return {
    id: app.id,
    name: app.name,
    internal_numeric_id: app.internalNumericId,
    status: appStatus(app),
    network: app.network,
    machine_count: live.length,
    volume_count: volumes.length,
    organization: {
      name: organization?.name ?? app.org,
      slug: app.org,
      internal_numeric_id: organization?.internalNumericId ?? 0,
    },
    cname_target: `${app.id.slice(0, 7)}.${app.name}.fly.dev`,
    created_at: app.createdAt,
  };
}

/** `pending` before the first machine, `suspended` when none is left. */
export function appStatus(app: AppRow): "pending" | "deployed" | "suspended" {
  if (app.machines.size === 0) return "pending";
  return liveMachines(app).length > 0 ? "deployed" : "suspended";
}

function createDeployToken(world: World, app: AppRow, expiry: string | undefined): string {
  const token = `fo1_sandbox_${world.ids.hex(24)}`;
  const lifeNs = expiry === undefined ? undefined : parseDuration(expiry);
  const hash = tokenHash(token);
  world.store.state.tokens.set(hash, {
    hash,
    id: `tok_${world.ids.hex(12)}`,
    name: `deploy token of ${app.name}`,
    kind: "app-deploy",
    org: app.org,
    apps: [app.name],
    ...(lifeNs !== undefined && { expiresAt: world.clock.now() + lifeNs / 1e6 }),
  });
  world.store.touch();
  return token;
}
