import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { simpleUser } from "./account";
import { at, type GithubContext, type GithubEnv, page, readJson, record, repositoryUrl } from "./context";
import { missing } from "./error";
import { minimalRepository } from "./repository-view";
import type { InvitationRow } from "./row";
import { findOrganization, findUser, roleOf } from "./state";
import { fromRole, toRole } from "./team";
import { listedTeam } from "./team-view";

const permissionBody = z.object({ permission: z.string().default("push") });

/** Who may do what in a repository: people, invitations, teams. */
export function collaboratorRoutes(world: World) {
  const view = (c: GithubContext, login: string) => {
    const role_name = roleOf(world.store.state.github, c.get("repository"), login) ?? "read";
    const permissions = {
      pull: true,
      triage: role_name !== "read",
      push: ["write", "maintain", "admin"].includes(role_name),
      maintain: ["maintain", "admin"].includes(role_name),
      admin: role_name === "admin",
    };
    return { ...simpleUser(world.store.state.github, c, login), permissions, role_name };
  };
  const isMember = (c: GithubContext, login: string) =>
    findOrganization(world.store.state.github, c.get("repository").owner)?.members.has(login) ?? false;
  const invitation = (c: GithubContext, { id, invitee, role, createdAt }: InvitationRow) => ({
    id,
    repository: minimalRepository(world, c, c.get("repository")),
    invitee: simpleUser(world.store.state.github, c, invitee),
    inviter: null,
    permissions: role,
    created_at: at(createdAt),
    url: repositoryUrl(c, c.get("repository"), `/invitations/${id}`),
    html_url: "",
    node_id: String(id),
  });
  return new Hono<GithubEnv>()
    .get("/collaborators", (c) => {
      const { collaborators, owner } = c.get("repository");
      const affiliation = c.req.query("affiliation") ?? "all";
      const direct = [...collaborators.keys()];
      const members = [...(findOrganization(world.store.state.github, owner)?.members.keys() ?? [])];
      const logins = affiliation === "all" ? [...new Set([...direct, ...members])] : direct;
      const shown = affiliation === "outside" ? logins.filter((login) => !isMember(c, login)) : logins;
      return c.json(page(c, shown).map((login) => view(c, login)));
    })
    .get("/collaborators/:login/permission", (c) => {
      const login = c.req.param("login");
      if (!findUser(world.store.state.github, login)) throw missing();
      const user = view(c, login);
      const permission = { maintain: "write", triage: "read" }[user.role_name as "maintain"] ?? user.role_name;
      return c.json({ permission, role_name: user.role_name, user });
    })
    .put("/collaborators/:login", async (c) => {
      const login = findUser(world.store.state.github, c.req.param("login"))?.login;
      if (!login) throw missing();
      const role = toRole((await readJson(c, permissionBody)).permission);
      const { collaborators, invitations } = c.get("repository");
      record(world, c, collaborators.has(login) ? "repo.update_member" : "repo.add_member", login);
      if (collaborators.has(login) || isMember(c, login)) {
        collaborators.set(login, role);
        return c.body(null, 204);
      }
      const row = { id: world.ids.number(), invitee: login, role, createdAt: world.clock.now() };
      invitations.set(row.id, row);
      return c.json(invitation(c, row), 201);
    })
    .delete("/collaborators/:login", (c) => {
      const { collaborators, invitations } = c.get("repository");
      const login = c.req.param("login");
      collaborators.delete(login);
      for (const { id, invitee } of [...invitations.values()]) if (invitee === login) invitations.delete(id);
      record(world, c, "repo.remove_member", login);
      return c.body(null, 204);
    })
    .get("/invitations", (c) =>
      c.json(page(c, [...c.get("repository").invitations.values()]).map((row) => invitation(c, row))),
    )
    .patch("/invitations/:id", async (c) => {
      const row = c.get("repository").invitations.get(Number(c.req.param("id")));
      if (!row) throw missing();
      const { permissions } = await readJson(c, z.object({ permissions: z.string() }));
      row.role = toRole(permissions);
      record(world, c, "repo.update_invitation", row.invitee);
      return c.json(invitation(c, row));
    })
    .delete("/invitations/:id", (c) => {
      if (!c.get("repository").invitations.delete(Number(c.req.param("id")))) throw missing();
      record(world, c, "repo.remove_invitation");
      return c.body(null, 204);
    })
    .get("/teams", (c) => {
      const rows = [...c.get("repository").teams].flatMap(([id, role]) => {
        const team = world.store.state.github.teams.get(id);
        return team ? [{ ...listedTeam(world.store.state.github, c, team), permission: fromRole(role) }] : [];
      });
      return c.json(page(c, rows));
    });
}
