/** What the sandbox starts with: the organizations that the project names, a token of each kind, and nothing that is managed. */
export function seedFor(organizations: readonly string[]): unknown {
  const [first = "personal", ...rest] = organizations;
  const token = (name: string, kind: string, org: string, user: string) => ({
    token: `fo1_sandbox_${name}`,
    kind,
    org,
    user,
  });
  return {
    organizations: [first, ...rest, OTHER].map((slug) => ({ slug, name: slug })),
    users: [{ email: ENGINEER, name: "Engineer" }],
    tokens: [
      token("deploy", "org-deploy", first, ENGINEER),
      token("readonly", "org-readonly", first, ENGINEER),
      token("none", "none", first, ENGINEER),
      token("other", "org-deploy", OTHER, "owner@other.example"),
    ],
  };
}

/** Somebody else's organization: app names are one namespace for all of Fly. */
const OTHER = "other-org";
const ENGINEER = "engineer@sandbox.example";
