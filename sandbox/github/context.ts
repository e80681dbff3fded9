import type { Context } from "hono";
import type { z } from "zod";
import { type Env, timestamp, type World } from "../world";
import type { Asker } from "./asker";
import { GithubError, unprocessable } from "./error";
import { bareHeader } from "./host";
import type { RepositoryRow } from "./row";

/** Variables of a request to GitHub; `repository` is set below `/repos/:owner/:name`. */
export interface GithubEnv {
  Variables: { requestId: string; asker: Asker; repository: RepositoryRow };
  Bindings: Env["Bindings"];
}

/** A request to GitHub, whatever its path. */
export type GithubContext = Context<GithubEnv>;

/** RFC 3339 in whole seconds, as GitHub writes times. */
export const at = (unixMs: number): string => timestamp(unixMs).replace(/\.\d+Z$/, "Z");

/** Where an object is found in the REST API. */
export const apiUrl = (c: GithubContext, path: string): string => `${apiBase(c)}${path}`;

/** Where an object of a repository is found in the REST API. @param rest begins with a slash, or is empty */
export const repositoryUrl = (c: GithubContext, { owner, settings }: RepositoryRow, rest = ""): string =>
  `${apiBase(c)}/repos/${owner}/${settings.name}${rest}`;

/** Where a person looks at it. */
export const pageUrl = ({ owner, settings }: RepositoryRow, rest = ""): string =>
  `https://github.com/${owner}/${settings.name}${rest}`;

function apiBase(c: GithubContext): string {
  const { origin, pathname } = new URL(c.req.url);
  if (c.req.header(bareHeader) !== undefined) return "http://api.github.localhost";
  return origin + (pathname.startsWith("/api/v3") ? "/api/v3" : "");
}

/**
 * The JSON body of a request; no body counts as `{}`, and unknown fields are let pass, as GitHub does.
 *
 * @throws 400 for what is not JSON; 422 that names each field of a wrong type
 */
export async function readJson<Schema extends z.ZodType>(c: GithubContext, schema: Schema): Promise<z.output<Schema>> {
  const text = await c.req.text();
  let sent: unknown;
  try {
    sent = text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    throw new GithubError(400, "Problems parsing JSON");
  }
  const result = schema.safeParse(sent);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => `For 'properties/${path.join("/")}', ${message}.`);
  throw unprocessable(`Invalid request.\n\n${lines.join("\n")}`);
}

/** One page of a list, with the `Link` header where there is a next one. */
export function page<Item>(c: GithubContext, items: readonly Item[]): Item[] {
  const size = Math.min(100, Math.max(1, Number(c.req.query("per_page") ?? 30) || 30));
  const number = Math.max(1, Number(c.req.query("page") ?? 1) || 1);
  if (number * size < items.length) {
    const url = new URL(c.req.url);
    const link = (to: number, rel: string) => {
      url.searchParams.set("page", String(to));
      return `<${url.href}>; rel="${rel}"`;
    };
    c.header("Link", `${link(number + 1, "next")}, ${link(Math.ceil(items.length / size), "last")}`);
  }
  return items.slice((number - 1) * size, number * size);
}

/** Writes who did what into the audit log, and says that the state has changed. */
export function record(world: World, c: GithubContext, action: string, subject?: string): void {
  const repository: RepositoryRow | undefined = c.get("repository");
  const { login } = c.get("asker");
  const org = repository?.owner ?? c.req.param("org") ?? login;
  recordAs(world, { login, requestId: c.get("requestId"), org, action, subject, repository });
}

/** The same for what no REST route does. */
export function recordAs(
  world: World,
  done: {
    login: string;
    requestId: string;
    org: string;
    action: string;
    subject: string | undefined;
    repository?: RepositoryRow | undefined;
  },
): void {
  const { login: actor, requestId, org, action, subject, repository } = done;
  const now = world.clock.now();
  const repo = repository && { repo: `${repository.owner}/${repository.settings.name}` };
  world.store.state.github.audit.push({ at: now, action, actor, org, ...repo, ...(subject && { subject }), requestId });
  world.store.touch();
}
