import { createVerify } from "node:crypto";
import { Hono } from "hono";
import { tokenHash } from "../auth";
import type { World } from "../world";
import { at, type GithubContext, type GithubEnv } from "./context";
import { GithubError, missing } from "./error";
import type { GithubAppRow } from "./row";

/** Time for which an installation token works. */
const tokenMs = 60 * 60 * 1000;

/** Installation tokens: an app shows a signed token of its own and gets one that lasts an hour. */
export function appRoutes(world: World) {
  return new Hono<GithubEnv>().post("/app/installations/:installation/access_tokens", (c) => {
    const app = findApp(world, c);
    if (app.installationId !== Number(c.req.param("installation"))) throw missing();
    const token = `ghs_${world.ids.hex(36)}`;
    const expiresAt = world.clock.now() + tokenMs;
    const hash = tokenHash(token);
    const { permissions } = app;
    world.store.state.github.tokens.set(hash, { hash, kind: "app", appId: app.id, scopes: [], permissions, expiresAt });
    world.store.touch();
    return c.json({ token, expires_at: at(expiresAt), permissions, repository_selection: "all" }, 201);
  });
}

/** The app that signed the request. @throws 401 */
function findApp(world: World, c: GithubContext): GithubAppRow {
  const [header = "", payload = "", signature = ""] = (c.req.header("Authorization") ?? "")
    .replace(/^\w+ +/, "")
    .split(".");
  const claims = parse(payload);
  const app = world.store.state.github.apps.get(Number(claims?.iss));
  if (!app) throw new GithubError(401, "A JSON web token could not be decoded");
  const now = world.clock.now() / 1000;
  if (!(Number(claims?.exp) > now && Number(claims?.exp) <= now + 660)) {
    throw new GithubError(401, "'Expiration time' claim ('exp') is too far in the future or in the past");
  }
  const isSigned =
    !app.publicKey ||
    createVerify("RSA-SHA256")
      .update(`${header}.${payload}`)
      .verify(app.publicKey, Buffer.from(signature, "base64url"));
  if (!isSigned) throw new GithubError(401, "A JSON web token could not be decoded");
  return app;
}

function parse(part: string): { iss?: unknown; exp?: unknown } | undefined {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
