import type { Configuration } from "./schema";

/** What a sandbox is filled with before anything of ours is created: accounts, and a repository; nothing that the stacks manage. */
export interface SandboxSeed {
  readonly organizations: readonly { readonly slug: string; readonly name: string }[];
  readonly users: readonly { readonly email: string; readonly name: string }[];
  readonly tokens: readonly {
    readonly token: string;
    readonly kind: "org-deploy" | "org-readonly" | "app-deploy" | "none";
    readonly org: string;
    readonly user?: string;
  }[];
  readonly github: {
    readonly users: readonly { readonly login: string }[];
    readonly organizations: readonly {
      readonly login: string;
      readonly name: string;
      readonly members: Readonly<Record<string, "admin" | "member">>;
      readonly teams: readonly { readonly slug: string; readonly members: Readonly<Record<string, "member">> }[];
    }[];
    readonly apps: readonly { readonly id: number; readonly slug: string; readonly name: string }[];
    readonly tokens: readonly {
      readonly token: string;
      readonly kind: "classic";
      readonly login: string;
      readonly scopes: readonly string[];
    }[];
    readonly repositories: readonly {
      readonly owner: string;
      readonly name: string;
      readonly teams: Readonly<Record<string, "maintain" | "write">>;
      readonly collaborators: Readonly<Record<string, "write">>;
      readonly secrets: readonly string[];
      /** Environment to names of its secrets. */
      readonly environments: Readonly<Record<string, readonly string[]>>;
    }[];
  };
}

/** The repository that is to be governed, with what a person gives it before anything is: people, teams, secrets by name. */
export interface SeededRepository {
  readonly owner: string;
  readonly name: string;
  /** Slugs, besides that of the maintainers. */
  readonly teams: readonly string[];
  /** Logins that have to exist. */
  readonly users: readonly string[];
  readonly secrets: readonly string[];
  /** Environment to names of its secrets. */
  readonly environments: Readonly<Record<string, readonly string[]>>;
}

const other = { slug: "other-org", name: "Another organization" };
const user = { email: "sandbox@example.com", name: "Sandbox" };
const login = "sandbox-owner";
/** A second person, so that somebody can approve. */
const colleague = "sandbox-dev";
const maintainers = "maintainers";

/**
 * The sandbox's accounts for this configuration: on Fly its organization, a foreign one, and a made-up token of each kind; on GitHub an
 * organization with one repository, two people, their team, and the app that reports the checks of GitHub Actions.
 *
 * @param repository default: one with the name of the organization, in an organization of that name
 */
export function sandboxSeed(
  { organization: { slug, name } }: Pick<Configuration, "organization">,
  repository: SeededRepository = { owner: slug, name: slug, teams: [], users: [], secrets: [], environments: {} },
): SandboxSeed {
  const { owner, teams, users, ...rest } = repository;
  return {
    organizations: [{ slug, name }, other],
    users: [user],
    tokens: [
      { token: "fo1_sandbox_deploy", kind: "org-deploy", org: slug, user: user.email },
      { token: "fo1_sandbox_readonly", kind: "org-readonly", org: slug, user: user.email },
      { token: "fo1_sandbox_other", kind: "org-deploy", org: other.slug },
    ],
    github: {
      users: [...new Set([login, colleague, ...users])].map((one) => ({ login: one })),
      organizations: [
        {
          login: owner,
          name,
          members: {
            ...Object.fromEntries(users.map((one) => [one, "member" as const])),
            [colleague]: "member",
            [login]: "admin",
          },
          teams: [
            { slug: maintainers, members: { [login]: "member", [colleague]: "member" } },
            ...teams.filter((one) => one !== maintainers).map((one) => ({ slug: one, members: {} })),
          ],
        },
      ],
      apps: [{ id: 15368, slug: "github-actions", name: "GitHub Actions" }],
      tokens: [
        { token: "ghp_sandbox_admin", kind: "classic", login, scopes: ["repo", "workflow", "admin:org", "read:org"] },
      ],
      repositories: [
        {
          owner,
          ...rest,
          teams: { ...Object.fromEntries(teams.map((one) => [one, "write" as const])), [maintainers]: "maintain" },
          collaborators: { [colleague]: "write" },
        },
      ],
    },
  };
}
