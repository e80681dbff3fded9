import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { appView, organizationView, simpleUser } from "./account";
import { requireOwner, sees } from "./asker";
import { at, type GithubContext, type GithubEnv, page, readJson, record } from "./context";
import { missing, unprocessable } from "./error";
import { settingsBody } from "./repository";
import { createRepository, newSettings } from "./repository-create";
import { fullRepository, listedRepository } from "./repository-view";
import { findOrganization } from "./state";

/** `/orgs/:org` and its audit log. */
export function organizationRoutes(world: World) {
  const get = (c: GithubContext) => {
    const found = findOrganization(world.store.state.github, c.req.param("org") ?? "");
    if (!found) throw missing();
    return found;
  };
  const seen = (c: GithubContext, owner?: string) =>
    [...world.store.state.github.repositories.values()]
      .filter((row) => sees(world, c.get("asker"), row))
      .filter((row) => owner === undefined || row.owner.toLowerCase() === owner.toLowerCase());
  return new Hono<GithubEnv>()
    .get("/orgs/:org", (c) => c.json(organizationView(c, get(c))))
    .post("/orgs/:org/repos", async (c) => {
      const { login } = get(c);
      requireOwner(world, c.get("asker"), login, "administration");
      const body = await readJson(c, settingsBody.extend({ name: z.string(), auto_init: z.boolean().optional() }));
      const { auto_init, security_and_analysis: _, private: isPrivate, ...given } = body;
      const wanted = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      const visibility = isPrivate === false ? "public" : "private";
      const files = { "README.md": `# ${body.name}\n` };
      const first = { author: c.get("asker").login, files: auto_init ? files : {} };
      const row = createRepository(world, login, { ...newSettings, visibility, ...wanted }, first);
      c.set("repository", row);
      record(world, c, "repo.create", body.name);
      return c.json(fullRepository(world, c, row), 201);
    })
    .get("/orgs/:org/repos", (c) => {
      const { login } = get(c);
      return c.json(page(c, seen(c, login)).map((row) => listedRepository(world, c, row)));
    })
    .get("/search/repositories", (c) => {
      const owner = /(?:org|user):(\S+)/.exec(c.req.query("q") ?? "")?.[1];
      const found = seen(c, owner);
      const items = page(c, found).map((row) => ({ ...listedRepository(world, c, row), score: 1 }));
      return c.json({ total_count: found.length, incomplete_results: false, items });
    })
    .get("/apps/:slug", (c) => {
      const app = [...world.store.state.github.apps.values()].find(({ slug }) => slug === c.req.param("slug"));
      if (!app) throw missing();
      return c.json(appView(world.store.state.github, c, app));
    })
    .get("/orgs/:org/members", (c) => {
      const logins = [...get(c).members.keys()];
      return c.json(page(c, logins).map((login) => simpleUser(world.store.state.github, c, login)));
    })
    .get("/orgs/:org/audit-log", (c) => {
      const { login } = get(c);
      requireOwner(world, c.get("asker"), login, "organization_administration");
      const wanted = phraseOf(c.req.query("phrase") ?? "");
      const entries = world.store.state.github.audit
        .filter(({ org, repo, action }) => org === login && wanted({ repo, action }))
        .reverse();
      return c.json(
        page(c, entries).map(({ at: time, action, actor, org, repo, subject, requestId }) => ({
          "@timestamp": time,
          created_at: time,
          date: at(time),
          action,
          actor,
          org,
          ...(repo && { repo }),
          ...(subject && { name: subject }),
          request_id: requestId,
        })),
      );
    });
}

/** The search phrase as far as it names a repository or an action; other qualifiers are not emulated. */
function phraseOf(phrase: string): (entry: { repo: string | undefined; action: string }) => boolean {
  const qualifiers = phrase.split(/\s+/).filter(Boolean);
  const unknown = qualifiers.filter((one) => !/^(repo|action):/.test(one));
  if (unknown.length > 0)
    throw unprocessable(`The sandbox knows repo: and action: in a phrase, not ${unknown.join(" ")}`);
  return ({ repo, action }) =>
    qualifiers.every((one) => {
      const value = one.slice(one.indexOf(":") + 1);
      return one.startsWith("repo:") ? repo === value : action === value || action.startsWith(`${value}.`);
    });
}
