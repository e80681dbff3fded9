import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { at, type GithubContext, type GithubEnv, page, readJson, record, repositoryUrl } from "./context";
import { badField, missing } from "./error";
import type { HookRow } from "./row";

const hookBody = z.object({
  config: z
    .object({
      url: z.string(),
      content_type: z.string().default("form"),
      insecure_ssl: z.union([z.string(), z.number()]).default("0").transform(String),
      secret: z.string().optional(),
    })
    .optional(),
  events: z.array(z.string()).default(["push"]),
  active: z.boolean().default(true),
});

/** Webhooks: kept and listed; the sandbox calls nobody. */
export function hookRoutes(world: World) {
  const get = (c: GithubContext): HookRow => {
    const row = c.get("repository").hooks.get(Number(c.req.param("id")));
    if (!row) throw missing();
    return row;
  };
  const change = (c: GithubContext, row: HookRow, { config, events, active }: z.output<typeof hookBody>) => {
    const { url, content_type, insecure_ssl, secret } = config ?? {};
    Object.assign(row, { events, active, updatedAt: world.clock.now() }, url && { url });
    Object.assign(row, content_type && { contentType: content_type }, insecure_ssl && { insecureSsl: insecure_ssl });
    row.hasSecret = secret !== undefined && secret !== "";
    c.get("repository").hooks.set(row.id, row);
  };
  return new Hono<GithubEnv>()
    .get("/", (c) => c.json(page(c, [...c.get("repository").hooks.values()]).map((row) => hookView(c, row))))
    .post("/", async (c) => {
      const body = await readJson(c, hookBody);
      if (!body.config) throw badField("Hook", "config", "missing_field");
      const now = world.clock.now();
      const blank = {
        url: "",
        contentType: "form",
        insecureSsl: "0",
        hasSecret: false,
        createdAt: now,
        updatedAt: now,
      };
      const row = { id: world.ids.number(), active: true, events: [], ...blank };
      change(c, row, body);
      record(world, c, "hook.create", row.url);
      return c.json(hookView(c, row), 201);
    })
    .get("/:id", (c) => c.json(hookView(c, get(c))))
    .patch("/:id", async (c) => {
      const row = get(c);
      change(c, row, await readJson(c, hookBody));
      record(world, c, "hook.config_changed", row.url);
      return c.json(hookView(c, row));
    })
    .delete("/:id", (c) => {
      const row = get(c);
      c.get("repository").hooks.delete(row.id);
      record(world, c, "hook.destroy", row.url);
      return c.body(null, 204);
    });
}

/** A webhook as the REST API shows it. */
export function hookView(
  c: GithubContext,
  { id, active, events, url, contentType, insecureSsl, hasSecret, createdAt, updatedAt }: HookRow,
) {
  const own = repositoryUrl(c, c.get("repository"), `/hooks/${id}`);
  const secret = hasSecret && { secret: "********" };
  return {
    type: "Repository",
    id,
    name: "web",
    active,
    events,
    config: { url, content_type: contentType, insecure_ssl: insecureSsl, ...secret },
    created_at: at(createdAt),
    updated_at: at(updatedAt),
    url: own,
    test_url: `${own}/tests`,
    ping_url: `${own}/pings`,
    deliveries_url: `${own}/deliveries`,
    last_response: { code: null, status: "unused", message: null },
  };
}
