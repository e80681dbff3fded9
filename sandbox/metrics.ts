import { Hono } from "hono";
import { authentication, requireOrganization } from "./auth";
import { appsOf } from "./store";
import type { Env, World } from "./world";

/**
 * Fly's metrics by the Prometheus HTTP API, below `/prometheus/<organization>`. It knows one question: how many requests an app has answered in
 * the last seconds, by status.
 *
 * @see https://fly.io/docs/monitoring/metrics/ (read 2026-11)
 */
export function metricsRoutes(world: World) {
  return new Hono<Env>().use("*", authentication(world)).get("/:org/api/v1/query", (c) => {
    const org = requireOrganization(world, c.get("principal"), c.req.param("org"));
    const query = c.req.query("query") ?? "";
    const [, name, seconds] = question.exec(query) ?? [];
    if (name === undefined) {
      const error = query === "" ? "no query" : `the sandbox does not know the query ${query}`;
      return c.json({ status: "error", errorType: query === "" ? "bad_data" : "not_emulated", error }, 400);
    }
    const now = world.clock.now();
    const app = appsOf(world.store.state, org).find((one) => one.name === name);
    const recent = (app?.responses ?? []).filter(({ at }) => at > now - Number(seconds) * 1000);
    const statuses = [...new Set(recent.map(({ status }) => status))].sort();
    const result = statuses.map((status) => {
      const total = recent.filter((one) => one.status === status).reduce((sum, { count }) => sum + count, 0);
      return { metric: { status: String(status) }, value: [now / 1000, String(total)] };
    });
    return c.json({ status: "success", data: { resultType: "vector", result } });
  });
}

const question = /^sum by \(status\) \(increase\(fly_app_http_responses_count\{app="([\w-]+)"\}\[(\d+)s\]\)\)$/;
