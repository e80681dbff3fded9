import type { Asker } from "./asker";
import type { BypassActorRow, RepositoryRow, Role, RulesetRow } from "./row";
import { roles } from "./row";
import { findOrganization, type GithubState, inTeam, roleOf } from "./state";

/** Whether a ruleset speaks about a full ref. */
export function appliesTo(repository: RepositoryRow, { target, conditions }: RulesetRow, ref: string): boolean {
  const prefix = { branch: "refs/heads/", tag: "refs/tags/", push: "refs/" }[target];
  if (!ref.startsWith(prefix)) return false;
  if (target === "push" || !conditions) return target === "push";
  const { include, exclude } = conditions.ref_name;
  const isDefault = ref === `refs/heads/${repository.settings.default_branch}`;
  const fits = (pattern: string) =>
    pattern === "~ALL" || (pattern === "~DEFAULT_BRANCH" ? isDefault : matchesPattern(pattern, ref));
  return include.some(fits) && !exclude.some(fits);
}

/** Whether a name fits a pattern of fnmatch, in which `*` stops at slashes and `**` does not. */
export function matchesPattern(pattern: string, name: string): boolean {
  const parts = pattern.split(/(\*\*\/|\*\*|\*|\?|\[[^\]]+\])/);
  const expression = parts
    .map((part) => {
      if (part === "**/") return "(?:.*/)?";
      if (part === "**") return ".*";
      if (part === "*") return "[^/]*";
      if (part === "?") return "[^/]";
      return part.startsWith("[") && part.endsWith("]") ? part : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    })
    .join("");
  return new RegExp(`^${expression}$`).test(name);
}

/** How an asker may pass a ruleset; undefined: not at all. */
export function canBypass(
  github: GithubState,
  repository: RepositoryRow,
  { bypass_actors }: RulesetRow,
  asker: Asker,
): BypassActorRow["bypass_mode"] | undefined {
  const modes = bypass_actors
    .filter((actor) => isActor(github, repository, actor, asker))
    .map((one) => one.bypass_mode);
  return (["exempt", "always", "pull_request"] as const).find((mode) => modes.includes(mode));
}

/** Ids of the roles that can be named in a bypass list. */
const roleIds: Readonly<Record<number, Role>> = { 2: "maintain", 4: "write", 5: "admin" };

function isActor(github: GithubState, repository: RepositoryRow, actor: BypassActorRow, asker: Asker): boolean {
  const { actor_type: type, actor_id: id } = actor;
  const { login, token } = asker;
  if (type === "Integration") return token.kind === "app" && token.appId === id;
  if (token.kind === "app") return false;
  if (type === "OrganizationAdmin") {
    return findOrganization(github, repository.owner)?.members.get(login) === "admin";
  }
  if (type === "Team") return inTeam(github, id ?? 0, login);
  if (type === "User") return github.users.get(login.toLowerCase())?.id === id;
  const wanted = type === "RepositoryRole" ? roleIds[id ?? 0] : undefined;
  const own = roleOf(github, repository, login);
  return wanted !== undefined && own !== undefined && roles.indexOf(own) >= roles.indexOf(wanted);
}
