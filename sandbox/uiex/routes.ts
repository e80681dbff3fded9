import { Hono } from "hono";
import { appScope, authentication } from "../auth";
import type { Env, World } from "../world";
import { buildRoutes } from "./build";
import { logRoutes } from "./log";
import { organizationRoutes } from "./organization";
import { appReleaseRoutes, releaseRoutes } from "./release";

/** The REST API that Fly's dashboard and flyctl share, below `/api/v1`. It is not documented by Fly. */
export function uiexRoutes(world: World) {
  const oneApp = new Hono<Env>()
    .use("*", appScope(world))
    .route("/releases", appReleaseRoutes())
    .route("/logs", logRoutes());
  return new Hono<Env>()
    .use("*", authentication(world))
    .route("/organizations", organizationRoutes(world))
    .route("/builds", buildRoutes(world))
    .route("/releases", releaseRoutes(world))
    .route("/apps/:app", oneApp);
}
