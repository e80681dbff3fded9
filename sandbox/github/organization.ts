import { Hono } from "hono";
import type { World } from "../world";
import { organizationView, simpleUser } from "./account";
import { requireOwner } from "./asker";
import { at, type GithubContext, type GithubEnv, page } from "./context";
import { missing } from "./error";
import { findOrganization } from "./state";

/** `/orgs/:org` and its audit log. */
export function organizationRoutes(world: World) {
  const get = (c: GithubContext) => {
    const found = findOrganization(world.store.state.github, c.req.param("org") ?? "");
    if (!found) throw missing();
    return found;
  };
  return new Hono<GithubEnv>()
    .get("/orgs/:org", (c) => c.json(organizationView(c, get(c))))
    .get("/orgs/:org/members", (c) => {
      const logins = [...get(c).members.keys()];
      return c.json(page(c, logins).map((login) => simpleUser(world.store.state.github, c, login)));
    })
    .get("/orgs/:org/audit-log", (c) => {
      const { login } = get(c);
      requireOwner(world, c.get("asker"), login, "organization_administration");
      const entries = world.store.state.github.audit.filter(({ org }) => org === login).reverse();
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
