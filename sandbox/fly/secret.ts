import { createHmac } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import { readBody } from "../body";
import { forbidden, invalid, notFound, precondition } from "../error";
import type { AppRow, SecretRow } from "../row";
import { type Env, flag, timestamp, type World } from "../world";

const setBody = z.strictObject({ values: z.record(z.string(), z.string().nullable()) });
const oneBody = z.strictObject({ value: z.string() });
const nameForm = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Secrets of an app. Setting one touches no machine. */
export function secretRoutes(world: World) {
  return new Hono<Env>()
    .get("/", (c) => {
      const app = c.get("app");
      const least = Number(c.req.query("min_version") ?? c.req.query("version") ?? 0);
      if (!Number.isInteger(least)) throw invalid("min_version: expected a whole number");
      if (least > app.secretsVersion) throw precondition(`secrets version ${least} is not available`);
      if (flag(c.req, "show_secrets")) throw forbidden("token is not allowed to see secret values");
      return c.json({ secrets: listSecrets(app).map(secretView) });
    })
    .post("/", async (c) => {
      const { values } = await readBody(c, setBody, { keepNulls: true });
      const rows = setSecrets(world, c.get("app"), values, c.get("principal").user);
      const version = c.get("app").secretsVersion;
      return c.json({ secrets: rows.map(secretView), version, Version: version });
    })
    .get("/:name", (c) => c.json(secretView(getSecret(c.get("app"), c.req.param("name")))))
    .post("/:name", async (c) => {
      const { value } = await readBody(c, oneBody);
      const [row] = setSecrets(world, c.get("app"), { [c.req.param("name")]: value }, c.get("principal").user);
      return c.json({ ...(row && secretView(row)), version: c.get("app").secretsVersion }, 201);
    })
    .delete("/:name", (c) => {
      const { name } = getSecret(c.get("app"), c.req.param("name"));
      setSecrets(world, c.get("app"), { [name]: null }, c.get("principal").user);
      return c.json({ version: c.get("app").secretsVersion });
    });
}

/**
 * Sets secrets and removes those that are null; the app's secrets version goes up by one.
 *
 * @returns those that were set
 * @throws 400 for a name that no env var can have
 */
export function setSecrets(
  world: World,
  app: AppRow,
  values: Readonly<Record<string, string | null>>,
  user: string,
): SecretRow[] {
  const bad = Object.keys(values).filter((name) => !nameForm.test(name));
  if (bad.length > 0) throw invalid(`secret names take letters, digits and underscores: ${bad.join(", ")}`);
  const now = world.clock.now();
  const set: SecretRow[] = [];
  for (const [name, value] of Object.entries(values)) {
    const key = `${app.name}/${name}`;
    if (value === null) {
      app.secrets.delete(name);
      world.store.secretValues.delete(key);
      continue;
    }
    const createdAt = app.secrets.get(name)?.createdAt ?? now;
    const row = { name, digest: secretDigest(value), createdAt, updatedAt: now, user };
    app.secrets.set(name, row);
    world.store.secretValues.set(key, value);
    set.push(row);
  }
  app.secretsVersion += 1;
  world.store.touch();
  return set;
}

/** Secrets of an app by name. */
export function listSecrets(app: AppRow): SecretRow[] {
  return [...app.secrets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A secret as the Machines API shows it, never its value. */
function secretView({ name, digest, createdAt, updatedAt }: SecretRow) {
  return { name, digest, created_at: timestamp(createdAt), updated_at: timestamp(updatedAt) };
}

/** 16 hex characters, equal for equal values; keyed, so that it is no plain hash of the value. */
export function secretDigest(value: string): string {
  return createHmac("sha256", "digest of the sandbox").update(value).digest("hex").slice(0, 16);
}

function getSecret(app: AppRow, name: string): SecretRow {
  const row = app.secrets.get(name);
  if (!row) throw notFound(`secret "${name}" not found`);
  return row;
}
