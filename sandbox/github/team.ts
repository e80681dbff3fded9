import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { simpleUser } from "./account";
import { requireOwner } from "./asker";
import { apiUrl, type GithubContext, type GithubEnv, page, readJson, record } from "./context";
import { badField, missing } from "./error";
import { minimalRepository, permissionsOf, repositoryView } from "./repository-view";
import { type Role, roles, type TeamRow } from "./row";
import { findOrganization, findRepository, findTeam, findUser } from "./state";
import { fullTeam, listedTeam } from "./team-view";

const teamBody = z.object({
  name: z.string().min(1),
  description: z.string().nullish(),
  privacy: z.enum(["secret", "closed"]).optional(),
  parent_team_id: z.int().nullish(),
});

/** Names of permissions in bodies to roles. */
const roleNames: Readonly<Record<string, Role>> = { pull: "read", push: "write" };

/** The role that a `permission` names, in the older or the newer words. @throws 422 */
export function toRole(permission: string): Role {
  const role = roleNames[permission] ?? roles.find((one) => one === permission);
  if (!role) throw badField("Repository", "permission", "invalid");
  return role;
}

/** A role in the older words of `permission`. */
export const fromRole = (role: Role): string => ({ read: "pull", write: "push" })[role as "read" | "write"] ?? role;

/** Teams, by the organization's login and slug or by the ids of both. */
export function teamRoutes(world: World) {
  const one = new Hono<GithubEnv>()
    .get("/", (c) => c.json(fullTeam(world.store.state.github, c, get(world, c))))
    .patch("/", async (c) => {
      const team = getOwn(world, c);
      const { name, description, privacy, parent_team_id } = await readJson(c, teamBody.partial());
      Object.assign(team, name && { name, slug: slugOf(name) }, description != null && { description });
      Object.assign(team, privacy && { privacy }, { updatedAt: world.clock.now() });
      if (parent_team_id !== undefined) Object.assign(team, { parentId: parent_team_id ?? undefined });
      record(world, c, "team.update", team.slug);
      return c.json(fullTeam(world.store.state.github, c, team));
    })
    .delete("/", (c) => {
      const team = getOwn(world, c);
      world.store.state.github.teams.delete(team.id);
      for (const { teams } of world.store.state.github.repositories.values()) teams.delete(team.id);
      record(world, c, "team.destroy", team.slug);
      return c.body(null, 204);
    })
    .get("/members", (c) => {
      const { members } = get(world, c);
      return c.json(page(c, [...members.keys()]).map((login) => simpleUser(world.store.state.github, c, login)));
    })
    .get("/repos", (c) => {
      const { id } = get(world, c);
      const all = [...world.store.state.github.repositories.values()].filter(({ teams }) => teams.has(id));
      return c.json(page(c, all).map((repository) => minimalRepository(world, c, repository)));
    })
    .route("/memberships/:login", membershipRoutes(world))
    .route("/repos/:owner/:name", teamRepositoryRoutes(world));
  return new Hono<GithubEnv>()
    .get("/orgs/:org/teams", (c) => {
      const organization = findOrganization(world.store.state.github, c.req.param("org"))?.login;
      const all = [...world.store.state.github.teams.values()].filter((team) => team.organization === organization);
      return c.json(page(c, all).map((team) => listedTeam(world.store.state.github, c, team)));
    })
    .post("/orgs/:org/teams", async (c) => c.json(await create(world, c), 201))
    .route("/orgs/:org/teams/:slug", one)
    .route("/organizations/:organization_id{[0-9]+}/team/:team_id{[0-9]+}", one);
}

async function create(world: World, c: GithubContext) {
  const { github } = world.store.state;
  const organization = findOrganization(github, c.req.param("org") ?? "");
  if (!organization) throw missing();
  requireOwner(world, c.get("asker"), organization.login, "members");
  const { name, description, privacy = "secret", parent_team_id } = await readJson(c, teamBody);
  const slug = slugOf(name);
  if (findTeam(github, organization.login, slug)) {
    throw badField("Team", "name", "already_exists", "Name must be unique for this org");
  }
  const { login } = c.get("asker");
  const now = world.clock.now();
  const team: TeamRow = {
    id: 3_000 + world.ids.number(),
    organization: organization.login,
    name,
    slug,
    description: description ?? "",
    privacy,
    ...(parent_team_id && { parentId: parent_team_id }),
    members: new Map(c.get("asker").token.kind === "app" ? [] : [[login, "maintainer" as const]]),
    createdAt: now,
    updatedAt: now,
  };
  github.teams.set(team.id, team);
  record(world, c, "team.create", slug);
  return fullTeam(github, c, team);
}

function membershipRoutes(world: World) {
  const view = (c: GithubContext, team: TeamRow, login: string) => ({
    url: apiUrl(
      c,
      `/organizations/${findOrganization(world.store.state.github, team.organization)?.id}/team/${team.id}/memberships/${login}`,
    ),
    role: team.members.get(login),
    state: "active",
  });
  return new Hono<GithubEnv>()
    .get("/", (c) => {
      const team = get(world, c);
      const login = c.req.param("login") ?? "";
      if (!team.members.has(login)) throw missing();
      return c.json(view(c, team, login));
    })
    .put("/", async (c) => {
      const team = getOwn(world, c);
      const login = findUser(world.store.state.github, c.req.param("login") ?? "")?.login;
      if (!login) throw missing();
      const { role } = await readJson(c, z.object({ role: z.enum(["member", "maintainer"]).default("member") }));
      team.members.set(login, role);
      findOrganization(world.store.state.github, team.organization)?.members.set(login, memberRole(world, team, login));
      record(world, c, "team.add_member", `${team.slug}/${login}`);
      return c.json(view(c, team, login));
    })
    .delete("/", (c) => {
      const team = getOwn(world, c);
      const login = c.req.param("login") ?? "";
      if (!team.members.delete(login)) throw missing();
      record(world, c, "team.remove_member", `${team.slug}/${login}`);
      return c.body(null, 204);
    });
}

const memberRole = (world: World, team: TeamRow, login: string) =>
  findOrganization(world.store.state.github, team.organization)?.members.get(login) ?? "member";

function teamRepositoryRoutes(world: World) {
  const repositoryOf = (c: GithubContext) => {
    const found = findRepository(world.store.state.github, c.req.param("owner") ?? "", c.req.param("name") ?? "");
    if (!found) throw missing();
    return found;
  };
  return new Hono<GithubEnv>()
    .get("/", (c) => {
      const repository = repositoryOf(c);
      const role = repository.teams.get(get(world, c).id);
      if (!role) throw missing();
      // GitHub shows the repository only to those that ask for its own media type.
      if (!/vnd\.github(\.v3)?\.repository\+json/.test(c.req.header("Accept") ?? "")) return c.body(null, 204);
      return c.json({ ...repositoryView(world, c, repository), permissions: permissionsOf(role), role_name: role });
    })
    .put("/", async (c) => {
      const team = getOwn(world, c);
      const { permission } = await readJson(c, z.object({ permission: z.string().default("push") }));
      repositoryOf(c).teams.set(team.id, toRole(permission));
      record(world, c, "team.add_repository", team.slug);
      return c.body(null, 204);
    })
    .delete("/", (c) => {
      const team = getOwn(world, c);
      repositoryOf(c).teams.delete(team.id);
      record(world, c, "team.remove_repository", team.slug);
      return c.body(null, 204);
    });
}

/** The team of the path, in either of its forms. @throws 404 */
function get(world: World, c: GithubContext): TeamRow {
  const { github } = world.store.state;
  const id = c.req.param("team_id");
  const team = id
    ? github.teams.get(Number(id))
    : findTeam(github, c.req.param("org") ?? "", c.req.param("slug") ?? "");
  if (!team) throw missing();
  return team;
}

function getOwn(world: World, c: GithubContext): TeamRow {
  const team = get(world, c);
  requireOwner(world, c.get("asker"), team.organization, "members");
  return team;
}

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
