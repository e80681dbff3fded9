import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { findPrincipal } from "./auth";
import { ApiError } from "./error";
import type { Effect } from "./fault";
import { findAsker } from "./github/asker";
import { secondaryLimit } from "./github/limit";
import { createIds } from "./ids";
import { redactBody } from "./journal";
import { type Env, timestamp, type World } from "./world";

/** Header that tells an in-process caller that the connection was cut. */
export const cutHeader = "x-sandbox-cut";

/** What stands before every emulated route: request id, faults, journal. */
export function door(world: World) {
  // Their own counter: one read more must not change the id of the next object.
  const ids = createIds("requests", world.clock.now, { sequence: 0 });
  return createMiddleware<Env>(async (c, next) => {
    const requestId = `${ids.ulid()}-iad`;
    c.set("requestId", requestId);
    const { pathname, search } = new URL(c.req.url);
    const header = c.req.header("Authorization");
    const tokenKind = findPrincipal(world, header)?.kind ?? findAsker(world, header)?.token.kind ?? "unknown";
    const token = header?.replace(/^\w+ +/, "");
    const target = { method: c.req.method, pathAndQuery: pathname + search, tokenKind, ...(token && { token }) };
    const effects = world.faults.hit(target);
    // A file is no text: read as one, its bytes would be changed for whoever reads it next.
    const isFile = /\/releases\/\d+\/assets$/.test(pathname);
    const text = isFile ? "" : await c.req.text();
    const body = redactBody(text, { onlyNames: /\/secrets(\/|$)/.test(pathname) });
    const at = timestamp(world.clock.now());
    await withFaults(world, c, effects, next);
    c.res.headers.set("fly-request-id", requestId);
    world.journal.add({
      at,
      method: target.method,
      path: target.pathAndQuery,
      status: c.res.status,
      token_kind: tokenKind,
      request_id: requestId,
      ...(body !== undefined && { body }),
    });
  });
}

/** One shape for every error, and for every route that is not emulated. */
export function answerErrors(app: Hono<Env>): void {
  app.onError((error, c) => {
    if (error instanceof ApiError) return c.json(error.body(), error.status, { ...error.headers });
    const text = `the sandbox failed: ${error.stack ?? error.message}`;
    return c.json({ error: text, status: "unknown" }, 500);
  });
  app.notFound((c) => {
    const route = `${c.req.method} ${new URL(c.req.url).pathname}`;
    const message = `The sandbox does not know this route. Known routes: GET /_sandbox/routes.`;
    return c.json({ error: `not_emulated: ${route}`, status: "not_emulated", message }, 501);
  });
}

async function withFaults(world: World, c: Context<Env>, effects: readonly Effect[], next: () => Promise<void>) {
  for (const effect of effects) {
    if ("latency_ms" in effect) await sleep(world, effect.latency_ms);
    if ("lag_ms" in effect) c.set("lagMs", effect.lag_ms);
    if ("page_size" in effect) c.set("pageSize", effect.page_size);
  }
  const answers = effects.filter(
    (effect) => "status" in effect || "cut" in effect || "garbage" in effect || "secondary_limit_s" in effect,
  );
  const before = answers.find((effect) => !isAfter(effect));
  const after = answers.find(isAfter);
  const effect = before ?? after;
  if (!before) await next();
  if (!effect) return;
  const answer = render(c, effect);
  c.res = undefined;
  c.res = answer;
}

const isAfter = (effect: Effect) =>
  ("status" in effect && effect.when === "after") || ("cut" in effect && effect.cut === "after");

function render(c: Context<Env>, effect: Effect): Response {
  if ("cut" in effect) {
    if (!c.env?.incoming) return new Response(null, { status: 502, headers: { [cutHeader]: "true" } });
    c.env.incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  const headers = { "content-type": "application/json" };
  if ("secondary_limit_s" in effect) {
    const { status, body, headers: retry } = secondaryLimit(effect.secondary_limit_s);
    return new Response(JSON.stringify(body), { status, headers: { ...headers, ...retry } });
  }
  if ("garbage" in effect) return new Response('{"machines":[{"id":"', { headers });
  if (!("status" in effect)) return new Response(null, { status: 500 });
  const body = effect.body ?? { error: `fault: status ${effect.status}` };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const hasBody = ![204, 205, 304].includes(effect.status);
  return new Response(hasBody ? text : null, { status: effect.status, headers: { ...headers, ...effect.headers } });
}

function sleep(world: World, ms: number): Promise<void> {
  return new Promise((resolve) => {
    world.clock.at(world.clock.now() + ms, resolve);
  });
}
