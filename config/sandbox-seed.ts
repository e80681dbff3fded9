import type { Configuration } from "./schema";

/** What a sandbox is filled with before anything of ours is created: accounts only, nothing that the stacks manage. */
export interface FlySeed {
  readonly organizations: readonly { readonly slug: string; readonly name: string }[];
  readonly users: readonly { readonly email: string; readonly name: string }[];
  readonly tokens: readonly {
    readonly token: string;
    readonly kind: "org-deploy" | "org-readonly" | "app-deploy" | "none";
    readonly org: string;
    readonly user?: string;
  }[];
}

const other = { slug: "other-org", name: "Another organization" };
const user = { email: "sandbox@example.com", name: "Sandbox" };

/** The sandbox's accounts for this configuration: its organization, a foreign one, and a made-up token of each kind. */
export function flySeed({ organization }: Pick<Configuration, "organization">): FlySeed {
  const { slug, name } = organization;
  return {
    organizations: [{ slug, name }, other],
    users: [user],
    tokens: [
      { token: "fo1_sandbox_deploy", kind: "org-deploy", org: slug, user: user.email },
      { token: "fo1_sandbox_readonly", kind: "org-readonly", org: slug, user: user.email },
      { token: "fo1_sandbox_other", kind: "org-deploy", org: other.slug },
    ],
  };
}
