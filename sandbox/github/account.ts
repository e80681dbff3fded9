import type { components } from "@octokit/openapi-types";
import { Hono } from "hono";
import type { World } from "../world";
import { apiUrl, type GithubContext, type GithubEnv, page } from "./context";
import { missing, refused } from "./error";
import { nodeId } from "./node-id";
import type { GithubAppRow, GithubOrganizationRow } from "./row";
import { findOrganization, findUser, type GithubState } from "./state";

type Schemas = components["schemas"];

/** A person, an app or an organization in short. An unknown login is shown as a ghost. */
export function simpleUser(state: GithubState, c: GithubContext, login: string): Schemas["simple-user"] {
  const organization = findOrganization(state, login);
  const user = findUser(state, login);
  const app = [...state.apps.values()].find(({ slug }) => `${slug}[bot]` === login);
  const id = organization?.id ?? user?.id ?? app?.id ?? 10137;
  const type = organization ? "Organization" : app ? "Bot" : "User";
  const url = apiUrl(c, `/users/${login}`);
  return {
    login: organization?.login ?? user?.login ?? login,
    id,
    node_id: nodeId(organization ? "Organization" : "User", id),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: "",
    url,
    html_url: `https://github.com/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  };
}

/** A GitHub App in full. */
export function appView(state: GithubState, c: GithubContext, app: GithubAppRow): Schemas["integration"] {
  const { id, slug, name, permissions } = app;
  const [owner] = state.organizations.values();
  const html_url = `https://github.com/apps/${slug}`;
  return {
    id,
    slug,
    node_id: nodeId("App", id),
    owner: simpleUser(state, c, owner?.login ?? "github"),
    name,
    description: "",
    external_url: html_url,
    html_url,
    created_at: "2020-01-01T00:00:00Z",
    updated_at: "2020-01-01T00:00:00Z",
    permissions,
    events: [],
  };
}

/** `/user` and `/users`. */
export function userRoutes(world: World) {
  const { github } = world.store.state;
  const full = (c: GithubContext, login: string) => {
    const user = findUser(world.store.state.github, login);
    const { name = login, email = null } = user ?? {};
    const created_at = "2020-01-01T00:00:00Z";
    const counts = { public_repos: 0, public_gists: 0, followers: 0, following: 0 };
    const profile = { name, email, company: null, blog: "", location: null, hireable: null, bio: null };
    return { ...simpleUser(github, c, login), ...profile, ...counts, created_at, updated_at: created_at };
  };
  const known = (c: GithubContext) => {
    const login = c.req.param("login") ?? "";
    if (!findUser(world.store.state.github, login) && !findOrganization(world.store.state.github, login))
      throw missing();
    return login;
  };
  return new Hono<GithubEnv>()
    .get("/user", (c) => {
      const { login, token } = c.get("asker");
      if (token.kind === "app") throw refused("Resource not accessible by integration");
      return c.json(full(c, login));
    })
    .get("/users/:login", (c) => c.json(full(c, known(c))))
    .get("/users/:login/gpg_keys", (c) => c.json(page(c, known(c) ? [] : [])))
    .get("/users/:login/keys", (c) => c.json(page(c, known(c) ? [] : [])))
    .get("/user/:id{[0-9]+}", (c) => {
      const user = [...world.store.state.github.users.values()].find(({ id }) => id === Number(c.req.param("id")));
      if (!user) throw missing();
      return c.json(full(c, user.login));
    });
}

/** `/orgs/:org`. */
export function organizationView(c: GithubContext, { id, login, name, plan }: GithubOrganizationRow) {
  const url = apiUrl(c, `/orgs/${login}`);
  return {
    login,
    id,
    node_id: nodeId("Organization", id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    description: null,
    name,
    html_url: `https://github.com/${login}`,
    type: "Organization",
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: "2020-01-01T00:00:00Z",
    updated_at: "2020-01-01T00:00:00Z",
    archived_at: null,
    web_commit_signoff_required: false,
    plan: { name: plan, space: 976_562_499, private_repos: 9_999, filled_seats: 1, seats: 10 },
  };
}
