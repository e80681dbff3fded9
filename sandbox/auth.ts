import { createHash } from "node:crypto";
import { createMiddleware } from "hono/factory";
import { ApiError, forbidden, notFound } from "./error";
import { rates } from "./limit";
import type { AppRow } from "./row";
import type { Env, Principal, World } from "./world";

/** Name under which a token is kept. */
export const tokenHash = (token: string): string => createHash("sha256").update(token).digest("hex");

/** Who holds the token of an Authorization header, in either scheme; undefined when nobody does. */
export function findPrincipal(world: World, header: string | undefined): Principal | undefined {
  const token = /^(?:Bearer|FlyV1) +(.+)$/.exec(header ?? "")?.[1];
  const row = token && world.store.state.tokens.get(tokenHash(token.replace(/^FlyV1 +/, "").trim()));
  if (!row || row.revokedAt !== undefined || (row.expiresAt ?? Infinity) <= world.clock.now()) return undefined;
  return { tokenId: row.id, kind: row.kind, org: row.org, apps: row.apps ?? [], user: row.user ?? row.name };
}

/** Lets only known tokens pass (else 401), and no write in read-only mode (403). */
export function authentication(world: World) {
  return createMiddleware<Env>(async (c, next) => {
    const principal = findPrincipal(world, c.req.header("Authorization"));
    if (!principal) throw new ApiError(401, "unauthorized");
    c.set("principal", principal);
    if (c.req.method !== "GET" && world.mode.readOnly) throw forbidden("the sandbox is in read-only mode");
    await next();
  });
}

/** Finds the app of the path, checks that the token may do this with it, and counts the call against the limits. */
export function appScope(world: World) {
  return createMiddleware<Env>(async (c, next) => {
    const app = getApp(world, c.get("principal"), c.req.param("app") ?? "");
    if (c.req.method !== "GET") {
      requireWrite(c.get("principal"));
      if (app.goneAt !== undefined && c.req.method !== "DELETE") throw notFound(`app "${app.name}" not found`);
    }
    c.set("app", app);
    await next();
  });
}

/** Counts each call against the bucket of its action and of its object: the machine, else the volume or the app. */
export function rateLimit(world: World) {
  return createMiddleware<Env>(async (c, next) => {
    const { pathname } = new URL(c.req.url);
    const [, , , app = "", kind, id, ...rest] = pathname.split("/");
    const byId = kind === "machines" || kind === "volumes";
    const action = [c.req.method, kind, byId && id ? ":id" : "", rest[0]].filter(Boolean).join(" ");
    const rate = action === "GET machines :id" ? rates.getMachine : rates.action;
    world.limiter.take(action, byId && id ? `${app}/${id}` : app, rate);
    await next();
  });
}

/** The app, if it exists (else 404) and the token covers it (else 403). */
export function getApp(world: World, principal: Principal, name: string): AppRow {
  const app = world.store.state.apps.get(name);
  if (!app) throw notFound(`app "${name}" not found`);
  if (!coversApp(principal, app)) throw forbidden(`unauthorized to access app "${name}"`);
  return app;
}

/** Whether a token may see an app. */
export function coversApp(principal: Principal, app: AppRow): boolean {
  if (principal.org !== app.org || principal.kind === "none") return false;
  return principal.kind !== "app-deploy" || principal.apps.includes(app.name);
}

/** Refuses (403) tokens that may only read. */
export function requireWrite(principal: Principal): void {
  if (principal.kind === "org-readonly" || principal.kind === "none") throw forbidden("token is not allowed to write");
}

/** The organization's slug, if it exists (else 404) and the token covers all of it (else 403). */
export function requireOrganization(world: World, principal: Principal, slug: string): string {
  const own = slug === "personal" ? principal.org : slug;
  if (!world.store.state.organizations.has(own)) throw notFound(`organization "${slug}" not found`);
  const whole = principal.kind === "org-deploy" || principal.kind === "org-readonly";
  if (principal.org !== own || !whole) throw forbidden(`unauthorized to access organization "${slug}"`);
  return own;
}
