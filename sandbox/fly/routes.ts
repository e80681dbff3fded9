import { Hono } from "hono";
import { appScope, authentication, rateLimit } from "../auth";
import type { Env, World } from "../world";
import { addressRoutes } from "./address";
import { appRoutes, oneAppRoutes } from "./app";
import { certificateRoutes } from "./certificate";
import { machineRoutes } from "./machine";
import { organizationRoutes } from "./organization";
import { platformRoutes } from "./platform";
import { secretRoutes } from "./secret";
import { tokenRoutes } from "./token";
import { volumeRoutes } from "./volume";

/** The Machines API, below `/v1`. */
export function flyRoutes(world: World) {
  const oneApp = new Hono<Env>()
    .use("*", rateLimit(world), appScope(world))
    .route("/", oneAppRoutes(world))
    .route("/machines", machineRoutes(world))
    .route("/volumes", volumeRoutes(world))
    .route("/secrets", secretRoutes(world))
    .route("/ip_assignments", addressRoutes(world))
    .route("/certificates", certificateRoutes(world));
  return new Hono<Env>()
    .use("*", authentication(world))
    .route("/apps", appRoutes(world))
    .route("/apps/:app", oneApp)
    .route("/orgs", organizationRoutes(world))
    .route("/platform", platformRoutes(world))
    .route("/tokens", tokenRoutes(world));
}
