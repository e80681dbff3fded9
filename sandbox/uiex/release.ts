import { Hono } from "hono";
import { z } from "zod";
import { coversApp, getApp, requireWrite } from "../auth";
import { readBody } from "../body";
import { ApiError, invalid } from "../error";
import {
  createRelease,
  isInProgress,
  isStable,
  newestRelease,
  newestReleases,
  releaseStatuses,
  setReleaseStatus,
  strategies,
} from "../release";
import type { ReleaseRow } from "../row";
import { appsOf } from "../store";
import { type Env, type Principal, timestamp, type World } from "../world";

const createBody = z.strictObject({
  app_name: z.string(),
  build_id: z.int().optional(),
  definition: z.unknown().optional(),
  image: z.string().min(1),
  strategy: z.enum(strategies),
});

const updateBody = z.strictObject({ status: z.enum(releaseStatuses), metadata: z.unknown().optional() });

/** Releases by their id, and the newest of each app. */
export function releaseRoutes(world: World) {
  return new Hono<Env>()
    .post("/", async (c) => {
      const { app_name, definition = null, image, strategy } = await readBody(c, createBody, { keepNulls: true });
      const principal = c.get("principal");
      const app = getApp(world, principal, app_name);
      requireWrite(principal);
      const release = createRelease(world, app, { image, strategy, definition, user: principal.user });
      return c.json({ release: view(release) }, 201);
    })
    .patch("/:id", async (c) => {
      const principal = c.get("principal");
      const { status } = await readBody(c, updateBody, { keepNulls: true });
      const release = findRelease(world, principal, c.req.param("id"));
      requireWrite(principal);
      setReleaseStatus(world, release, status);
      return c.json(view(release));
    })
    .get("/all_current", (c) => {
      const current = visibleApps(world, c.get("principal")).map((app) => [app.name, newestRelease(app)] as const);
      return c.json(
        Object.fromEntries(current.flatMap(([name, one]) => (one ? [[name, timestamp(one.createdAt)]] : []))),
      );
    });
}

/** Releases of one app, newest first. */
export function appReleaseRoutes() {
  return new Hono<Env>()
    .get("/", (c) => {
      const limit = Number(c.req.query("limit") ?? 20);
      if (!Number.isInteger(limit) || limit < 1) throw invalid("limit: expected a number from 1");
      return c.json({ releases: newestReleases(c.get("app")).slice(0, limit).map(view) });
    })
    .get("/current", (c) => {
      const release = newestRelease(c.get("app"));
      if (!release) throw new ApiError(404, `app "${c.get("app").name}" has no release`);
      return c.json(view(release));
    });
}

function view(release: ReleaseRow) {
  const { id, version, status, strategy, user, createdAt, imageRef } = release;
  return {
    id,
    version,
    stable: isStable(release),
    in_progress: isInProgress(release),
    status,
    strategy,
    user,
    created_at: timestamp(createdAt),
    image_ref: imageRef,
  };
}

function findRelease(world: World, principal: Principal, id: string): ReleaseRow {
  const releases = visibleApps(world, principal).flatMap((app) => app.releases);
  const release = releases.find((one) => one.id === id);
  if (!release) throw new ApiError(404, `release ${id} not found`);
  return release;
}

function visibleApps(world: World, principal: Principal) {
  return appsOf(world.store.state, principal.org).filter((app) => coversApp(principal, app));
}
