import { Hono } from "hono";
import { z } from "zod";
import { getApp, requireWrite } from "../auth";
import { readBody } from "../body";
import type { Env, World } from "../world";

const startBody = z.object({ app_name: z.string(), strategies_available: z.array(z.string()).optional() });
const finishBody = z.object({ build_id: z.int(), app_name: z.string(), status: z.string() });

/** Builds: flyctl reports when one starts and how it ended; nobody reads it back. */
export function buildRoutes(world: World) {
  return new Hono<Env>()
    .use("*", async (c, next) => {
      requireWrite(c.get("principal"));
      await next();
    })
    .post("/", async (c) => {
      getApp(world, c.get("principal"), (await readBody(c, startBody)).app_name);
      return c.json({ id: world.ids.number(), status: "started", wallclock_time_ms: 0 });
    })
    .post("/finish", async (c) => {
      const { app_name, build_id, status } = await readBody(c, finishBody);
      getApp(world, c.get("principal"), app_name);
      return c.json({ id: build_id, status, wallclock_time_ms: 0 });
    });
}
