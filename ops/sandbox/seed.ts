import type { Governance } from "../../config/governance-shape";
import { type SandboxSeed, type SeededRepository, sandboxSeed } from "../../config/sandbox-seed";

/**
 * What the sandbox starts with: the accounts of the organization that the project names first, and those of the repository that it governs;
 * nothing that is managed.
 */
export function seedFor([slug = "personal"]: readonly string[], [wanted]: readonly Governance[] = []): SandboxSeed {
  return sandboxSeed({ organization: { slug, name: slug } }, wanted && repositoryFor(wanted));
}

/** Names that end in `*` stand for any: none of them has to be there. */
function repositoryFor({ owner, name, break_glass_team, secrets, environments }: Governance): SeededRepository {
  const given = (names: readonly string[]) => names.filter((one) => !one.endsWith("*"));
  const reviewers = Object.values(environments).flatMap((one) => one.reviewers);
  return {
    owner,
    name,
    teams: [break_glass_team, ...reviewers.flatMap((one) => (one.type === "Team" ? [one.slug] : []))],
    users: reviewers.flatMap((one) => (one.type === "User" ? [one.login] : [])),
    secrets: given(secrets),
    environments: Object.fromEntries(Object.entries(environments).map(([key, one]) => [key, given(one.secrets)])),
  };
}
