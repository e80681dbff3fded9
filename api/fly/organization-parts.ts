import type { Caller } from "./caller";
import type { Fly } from "./client";
import { reading, repeatable, unlessMissing, writing } from "./route";
import { arrayOf, isRecord, record, under } from "./shape";
import type { Organization, Region, Release, TokenInfo } from "./types";

const release = record<Release>({ id: "string", version: "number", status: "string" });
const region = record<Region>({ code: "string", name: "string" });
const organization = record<Organization>({ slug: "string", name: "string" });
const token = record<TokenInfo>({});

export function releases(caller: Caller): Fly["releases"] {
  return {
    list: async (app, limit = 20) => {
      const path = `/api/v1/apps/${encodeURIComponent(app)}/releases`;
      const shape = under("releases", arrayOf(release));
      const page = await unlessMissing(
        caller.send(reading("release.list", app, path, shape, { surface: "uiex", query: { limit } })),
      );
      return [...(page?.releases ?? [])].sort((a, b) => b.version - a.version);
    },
    create: async (body) => {
      const call = writing("release.create", body.app_name, "/api/v1/releases", under("release", release), {
        surface: "uiex",
        body: { build_id: 0, ...body },
      });
      return (await caller.send(call)).release;
    },
    update: async (id, body) => {
      const path = `/api/v1/releases/${encodeURIComponent(id)}`;
      await caller.send(repeatable("release.update", id, path, { surface: "uiex", method: "PATCH", body }));
    },
  };
}

const vector = under("data", under("result", arrayOf(isSample)));

export function metrics(caller: Caller): Fly["metrics"] {
  return {
    responses: async (slug, app, seconds) => {
      const path = `/${encodeURIComponent(slug)}/api/v1/query`;
      const query = `sum by (status) (increase(fly_app_http_responses_count{app=${JSON.stringify(app)}}[${seconds}s]))`;
      const call = reading("metrics.query", app, path, vector, { surface: "metrics", query: { query } });
      const { data } = await caller.send(call);
      return Object.fromEntries(data.result.map(({ metric, value }) => [metric.status, Number(value[1])]));
    },
  };
}

interface Sample {
  readonly metric: { readonly status: string };
  readonly value: readonly [time: number, count: string];
}

/** One line of what Prometheus answers. */
function isSample(body: unknown): body is Sample {
  if (!isRecord(body) || !isRecord(body.metric) || typeof body.metric.status !== "string") return false;
  return Array.isArray(body.value) && typeof body.value[1] === "string";
}

export function regions(caller: Caller): Fly["regions"] {
  return {
    list: async () => {
      const shape = under("regions", arrayOf(region));
      return (await caller.send(reading("region.list", "", "/v1/platform/regions", shape))).regions;
    },
  };
}

export function tokens(caller: Caller): Fly["tokens"] {
  return {
    current: async () => {
      const shape = under("tokens", arrayOf(token));
      return (await caller.send(reading("token.current", "", "/v1/tokens/current", shape))).tokens;
    },
  };
}

export function organizations(caller: Caller): Fly["organizations"] {
  return {
    find: async (slug) => {
      const path = `/api/v1/organizations/${encodeURIComponent(slug)}`;
      const shape = under("organization", organization);
      const found = await unlessMissing(
        caller.send(reading("organization.get", slug, path, shape, { surface: "uiex" })),
      );
      return found?.organization;
    },
  };
}
