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
      readonly members: Readonly<Record<string, "admin">>;
    }[];
    readonly apps: readonly { readonly id: number; readonly slug: string; readonly name: string }[];
    readonly tokens: readonly {
      readonly token: string;
      readonly kind: "classic";
      readonly login: string;
      readonly scopes: readonly string[];
    }[];
    readonly repositories: readonly { readonly owner: string; readonly name: string }[];
  };
}

const other = { slug: "other-org", name: "Another organization" };
const user = { email: "sandbox@example.com", name: "Sandbox" };
const login = "sandbox-owner";

/**
 * The sandbox's accounts for this configuration: on Fly its organization, a foreign one, and a made-up token of each kind; on GitHub an
 * organization of the same name with one repository, its owner, and the app that reports the checks of GitHub Actions.
 */
export function sandboxSeed({ organization }: Pick<Configuration, "organization">): SandboxSeed {
  const { slug, name } = organization;
  return {
    organizations: [{ slug, name }, other],
    users: [user],
    tokens: [
      { token: "fo1_sandbox_deploy", kind: "org-deploy", org: slug, user: user.email },
      { token: "fo1_sandbox_readonly", kind: "org-readonly", org: slug, user: user.email },
      { token: "fo1_sandbox_other", kind: "org-deploy", org: other.slug },
    ],
    github: {
      users: [{ login }],
      organizations: [{ login: slug, name, members: { [login]: "admin" } }],
      apps: [{ id: 15368, slug: "github-actions", name: "GitHub Actions" }],
      tokens: [
        { token: "ghp_sandbox_admin", kind: "classic", login, scopes: ["repo", "workflow", "admin:org", "read:org"] },
      ],
      repositories: [{ owner: slug, name: slug }],
    },
  };
}
