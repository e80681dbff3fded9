import { Hono } from "hono";
import { z } from "zod";
import { secretDigest } from "../fly/secret";
import type { World } from "../world";
import { at, type GithubContext, type GithubEnv, page, readJson, record } from "./context";
import { missing, unprocessable } from "./error";
import type { EnvironmentRow, GithubSecretRow, RepositoryRow } from "./row";
import { openSealed, publicKey } from "./sealed-box";

/** What may hold secrets and variables: a repository or one of its environments. */
export type Holder = Pick<RepositoryRow | EnvironmentRow, "id" | "secrets" | "variables">;

const secretBody = z.object({ encrypted_value: z.string(), key_id: z.string() });

/** Secrets: names and times; a value goes in sealed and never comes out. */
export function secretRoutes(world: World, holderOf: (c: GithubContext) => Holder) {
  const view = ({ name, createdAt, updatedAt }: GithubSecretRow) => ({
    name,
    created_at: at(createdAt),
    updated_at: at(updatedAt),
  });
  const nameOf = (c: GithubContext) => (c.req.param("secret") ?? "").toUpperCase();
  const get = (c: GithubContext) => {
    const row = holderOf(c).secrets.get(nameOf(c));
    if (!row) throw missing();
    return row;
  };
  return new Hono<GithubEnv>()
    .get("/", (c) => {
      const all = [...holderOf(c).secrets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      return c.json({ total_count: all.length, secrets: page(c, all).map(view) });
    })
    .get("/public-key", (c) => c.json(publicKey(holderOf(c).id)))
    .get("/:secret", (c) => c.json(view(get(c))))
    .put("/:secret", async (c) => {
      const { secrets, id } = holderOf(c);
      const name = nameOf(c);
      checkName(name);
      const { encrypted_value, key_id } = await readJson(c, secretBody);
      if (key_id !== publicKey(id).key_id) throw unprocessable("Public key id is invalid.");
      const value = await openSealed(id, encrypted_value);
      if (value === undefined) throw unprocessable("Bad request - encrypted value is not sealed for the public key.");
      const before = secrets.get(name);
      const now = world.clock.now();
      // Two writes in one second are two times, so that each of them is seen.
      const updatedAt = before ? Math.max(now, before.updatedAt + 1000) : now;
      secrets.set(name, { name, createdAt: before?.createdAt ?? now, updatedAt, digest: secretDigest(value) });
      record(world, c, before ? "repo.update_actions_secret" : "repo.create_actions_secret", name);
      return before ? c.body(null, 204) : c.json({}, 201);
    })
    .delete("/:secret", (c) => {
      holderOf(c).secrets.delete(get(c).name);
      record(world, c, "repo.remove_actions_secret", nameOf(c));
      return c.body(null, 204);
    });
}

/** Refuses (422) what cannot name a secret or a variable. */
export function checkName(name: string): void {
  const rule =
    "Names can only contain alphanumeric characters ([A-Z], [0-9]) or underscores (_). Spaces are not allowed.";
  if (!/^[A-Z_][A-Z0-9_]*$/.test(name))
    throw unprocessable(`Secret ${rule} They must start with a letter ([A-Z]) or underscore (_).`);
  if (name.startsWith("GITHUB_")) throw unprocessable("Secret names must not start with GITHUB_.");
}
