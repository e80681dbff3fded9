import type { Caller } from "./caller";
import type { Fly } from "./client";
import { reading, repeatable, unlessMissing, writing } from "./route";
import { arrayOf, record, under } from "./shape";
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
