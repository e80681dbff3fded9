import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { at, type GithubContext, type GithubEnv, page, readJson, record, repositoryUrl } from "./context";
import { badField, missing, unprocessable } from "./error";
import type { AutolinkRow, DeployKeyRow } from "./row";

/** Deploy keys; the comment of a key is not kept. */
export function keyRoutes(world: World) {
  const view = (c: GithubContext, { id, title, key, readOnly, createdAt, addedBy }: DeployKeyRow) => ({
    id,
    title,
    key,
    read_only: readOnly,
    created_at: at(createdAt),
    added_by: addedBy,
    verified: true,
    last_used: null,
    enabled: true,
    url: repositoryUrl(c, c.get("repository"), `/keys/${id}`),
  });
  const get = (c: GithubContext) => {
    const row = c.get("repository").deployKeys.get(Number(c.req.param("id")));
    if (!row) throw missing();
    return row;
  };
  return new Hono<GithubEnv>()
    .get("/", (c) => c.json(page(c, [...c.get("repository").deployKeys.values()]).map((row) => view(c, row))))
    .post("/", async (c) => {
      const schema = z.object({ title: z.string(), key: z.string(), read_only: z.boolean().default(false) });
      const { title, key: given, read_only } = await readJson(c, schema);
      const key = given.trim().split(/\s+/).slice(0, 2).join(" ");
      if (!/^(ssh-|ecdsa-|sk-)\S+ [\w+/=]+$/.test(key)) {
        throw badField(
          "PublicKey",
          "key",
          "custom",
          "key is invalid. You must supply a key in OpenSSH public key format",
        );
      }
      const { deployKeys } = c.get("repository");
      if ([...deployKeys.values()].some((row) => row.key === key)) {
        throw badField("PublicKey", "key", "custom", "key is already in use");
      }
      const addedBy = c.get("asker").login;
      const row = { id: world.ids.number(), title, key, readOnly: read_only, createdAt: world.clock.now(), addedBy };
      deployKeys.set(row.id, row);
      record(world, c, "public_key.create", title);
      return c.json(view(c, row), 201);
    })
    .get("/:id", (c) => c.json(view(c, get(c))))
    .delete("/:id", (c) => {
      const row = get(c);
      c.get("repository").deployKeys.delete(row.id);
      record(world, c, "public_key.delete", row.title);
      return c.body(null, 204);
    });
}

/** Autolinks. */
export function autolinkRoutes(world: World) {
  const get = (c: GithubContext): AutolinkRow => {
    const row = c.get("repository").autolinks.get(Number(c.req.param("id")));
    if (!row) throw missing();
    return row;
  };
  return new Hono<GithubEnv>()
    .get("/", (c) => c.json(page(c, [...c.get("repository").autolinks.values()])))
    .post("/", async (c) => {
      const schema = z.object({
        key_prefix: z.string().min(1),
        url_template: z.string(),
        is_alphanumeric: z.boolean().default(true),
      });
      const body = await readJson(c, schema);
      if (!body.url_template.includes("<num>"))
        throw unprocessable("Validation Failed", ["Url template must contain <num>"]);
      const { autolinks } = c.get("repository");
      if ([...autolinks.values()].some(({ key_prefix }) => key_prefix === body.key_prefix)) {
        throw badField("KeyLink", "key_prefix", "already_exists");
      }
      const row = { id: world.ids.number(), ...body };
      autolinks.set(row.id, row);
      record(world, c, "repo.create_autolink", row.key_prefix);
      return c.json(row, 201);
    })
    .get("/:id", (c) => c.json(get(c)))
    .delete("/:id", (c) => {
      const row = get(c);
      c.get("repository").autolinks.delete(row.id);
      record(world, c, "repo.destroy_autolink", row.key_prefix);
      return c.body(null, 204);
    });
}
