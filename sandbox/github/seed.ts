import { z } from "zod";
import { tokenHash } from "../auth";
import type { World } from "../world";
import { createRepository, newSettings } from "./repository-create";
import { roles } from "./row";

const permissions = z.record(z.string(), z.enum(["read", "write"])).default({});

/** What GitHub begins with. */
export const githubSeedSchema = z.strictObject({
  users: z
    .array(z.strictObject({ login: z.string(), name: z.string().optional(), email: z.string().optional() }))
    .default([]),
  organizations: z
    .array(
      z.strictObject({
        login: z.string(),
        name: z.string(),
        plan: z.enum(["free", "team", "enterprise"]).default("enterprise"),
        /** Login to role. */
        members: z.record(z.string(), z.enum(["admin", "member"])).default({}),
        teams: z
          .array(
            z.strictObject({
              slug: z.string(),
              /** Login to role. */
              members: z.record(z.string(), z.enum(["member", "maintainer"])).default({}),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
  apps: z
    .array(
      z.strictObject({
        id: z.int(),
        slug: z.string(),
        name: z.string(),
        installation_id: z.int().optional(),
        permissions,
        public_key: z.string().optional(),
      }),
    )
    .default([]),
  tokens: z
    .array(
      z.strictObject({
        token: z.string().min(1),
        kind: z.enum(["classic", "fine-grained", "app"]),
        login: z.string().optional(),
        app_id: z.int().optional(),
        scopes: z.array(z.string()).default([]),
        permissions,
        repositories: z.array(z.string()).optional(),
      }),
    )
    .default([]),
  repositories: z
    .array(
      z.strictObject({
        owner: z.string(),
        name: z.string(),
        visibility: z.enum(["public", "private", "internal"]).default("private"),
        /** Path to content, in one commit on the default branch. */
        files: z.record(z.string(), z.string()).default({ "README.md": "# A repository\n" }),
        /** Team slug to role. */
        teams: z.record(z.string(), z.enum(roles)).default({}),
        /** Login to role. */
        collaborators: z.record(z.string(), z.enum(roles)).default({}),
        /** Names of secrets; their values are made up. */
        secrets: z.array(z.string()).default([]),
        /** Environment to names of its secrets. */
        environments: z.record(z.string(), z.array(z.string())).default({}),
      }),
    )
    .default([]),
});

export type GithubSeed = z.input<typeof githubSeedSchema>;

const everything = Object.fromEntries(
  ["administration", "contents", "workflows", "environments", "secrets", "actions", "actions_variables", "issues"]
    .concat(["pull_requests", "checks", "statuses", "deployments", "members", "repository_hooks"])
    .map((name) => [name, "write" as const]),
);
const readEverything = Object.fromEntries(Object.keys(everything).map((name) => [name, "read" as const]));

/** An organization with a repository, three people in two teams, the Actions app, and a token of each kind. */
export const defaultGithubSeed: GithubSeed = {
  users: [{ login: "hotdash-owner" }, { login: "hotdash-dev" }, { login: "outsider" }],
  organizations: [
    {
      login: "hotdash",
      name: "HotDash",
      members: { "hotdash-owner": "admin", "hotdash-dev": "member" },
      teams: [{ slug: "maintainers", members: { "hotdash-owner": "maintainer" } }, { slug: "break-glass" }],
    },
  ],
  apps: [
    { id: 15368, slug: "github-actions", name: "GitHub Actions" },
    { id: 900_001, slug: "hotdash-infra", name: "HotDash Infra", installation_id: 900_002, permissions: everything },
  ],
  tokens: [
    {
      token: "ghp_sandbox_admin",
      kind: "classic",
      login: "hotdash-owner",
      scopes: ["repo", "workflow", "admin:org", "read:org"],
    },
    { token: "ghp_sandbox_dev", kind: "classic", login: "hotdash-dev", scopes: ["repo", "workflow", "read:org"] },
    { token: "ghp_sandbox_noscope", kind: "classic", login: "hotdash-owner", scopes: [] },
    { token: "ghp_sandbox_noworkflow", kind: "classic", login: "hotdash-owner", scopes: ["repo"] },
    { token: "github_pat_sandbox_read", kind: "fine-grained", login: "hotdash-owner", permissions: readEverything },
    { token: "ghs_sandbox_infra", kind: "app", app_id: 900_001, permissions: everything },
    {
      token: "ghs_sandbox_actions",
      kind: "app",
      app_id: 15368,
      permissions: { ...everything, administration: "read" },
    },
  ],
  repositories: [
    {
      owner: "hotdash",
      name: "hotdash",
      teams: { maintainers: "maintain", "break-glass": "write" },
      collaborators: { "hotdash-dev": "write" },
    },
  ],
};

/** Brings accounts and tokens up to date; repositories are made only where there are none. */
export function applyGithubSeed(world: World, given: GithubSeed): void {
  const { github } = world.store.state;
  const seed = githubSeedSchema.parse(given);
  const now = world.clock.now();
  for (const { login, name = login, email = `${login}@users.noreply.github.com` } of seed.users) {
    const id = github.users.get(login.toLowerCase())?.id ?? 1_000 + world.ids.number();
    github.users.set(login.toLowerCase(), { id, login, name, email });
  }
  for (const { teams, members, login, ...rest } of seed.organizations) {
    const before = github.organizations.get(login.toLowerCase());
    const id = before?.id ?? 2_000 + world.ids.number();
    github.organizations.set(login.toLowerCase(), { id, login, members: new Map(Object.entries(members)), ...rest });
    if (before) continue;
    for (const { slug, members } of teams) {
      const id = 3_000 + world.ids.number();
      const times = { createdAt: now, updatedAt: now };
      const team = { id, organization: login, name: slug, slug, description: "", privacy: "closed" as const, ...times };
      github.teams.set(id, { ...team, members: new Map(Object.entries(members)) });
    }
  }
  for (const { installation_id = 0, public_key, ...app } of seed.apps) {
    github.apps.set(app.id, { ...app, installationId: installation_id, ...(public_key && { publicKey: public_key }) });
  }
  for (const { token, app_id, ...rest } of seed.tokens) {
    const hash = tokenHash(token);
    github.tokens.set(hash, { hash, ...(app_id !== undefined && { appId: app_id }), ...rest });
  }
  if (github.repositories.size === 0) for (const repository of seed.repositories) seedRepository(world, repository);
}

function seedRepository(world: World, seed: z.output<typeof githubSeedSchema>["repositories"][number]): void {
  const { github } = world.store.state;
  const { owner, name, visibility } = seed;
  const author = [...github.users.values()][0]?.login ?? owner;
  const repository = createRepository(
    world,
    owner,
    { ...newSettings, name, visibility },
    { author, files: seed.files },
  );
  for (const [login, role] of Object.entries(seed.collaborators)) repository.collaborators.set(login, role);
  for (const team of github.teams.values()) {
    const role = seed.teams[team.slug];
    if (role && team.organization === owner) repository.teams.set(team.id, role);
  }
  const now = world.clock.now();
  const rows = (names: string[]) => new Map(names.map((name) => [name, { name, createdAt: now, updatedAt: now }]));
  repository.secrets = rows(seed.secrets);
  for (const [environment, secrets] of Object.entries(seed.environments)) {
    repository.environments.set(environment, {
      id: world.ids.number(),
      name: environment,
      waitTimer: 0,
      preventSelfReview: false,
      canAdminsBypass: true,
      reviewers: [],
      policy: null,
      branchPolicies: new Map(),
      secrets: rows(secrets),
      variables: new Map(),
      createdAt: now,
      updatedAt: now,
    });
  }
}
