import { readBlob } from "./git";
import { filesOf } from "./pull-row";
import type { IssueRow, RepositoryRow } from "./row";
import { matchesPattern } from "./ruleset-match";
import { findTeam, findUser, type GithubState, inTeam, isWriter, roleOf } from "./state";

/** One line of a CODEOWNERS file. */
interface OwnedPattern {
  readonly pattern: string;
  /** `@login`, `@organization/team` or an address; none: nobody owns what fits. */
  readonly owners: readonly string[];
}

/** Where the file may stand; the first that is there is taken. */
const places = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/**
 * Owners of changed files that still wait for an approval of one of them, by CODEOWNERS of the base branch.
 *
 * @param approvers logins of people with write access
 * @returns logins and `organization/team`, in the order of the changed files
 * @see https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners (read 2026-08)
 */
export function missingOwners(
  github: GithubState,
  repository: RepositoryRow,
  row: IssueRow,
  approvers: readonly string[],
): string[] {
  const lines = readOwners(repository, row.pull?.base ?? "").reverse();
  const missing = new Set<string>();
  for (const { filename } of filesOf(repository, row)) {
    const line = lines.find(({ pattern }) => isOwnedBy(pattern, filename));
    const owners = (line?.owners ?? []).flatMap((owner) => findOwner(github, repository, owner) ?? []);
    if (owners.some(({ holds }) => approvers.some(holds))) continue;
    for (const { name } of owners) missing.add(name);
  }
  return [...missing];
}

function readOwners(repository: RepositoryRow, base: string): OwnedPattern[] {
  const files = repository.commits.get(repository.refs.get(`refs/heads/${base}`) ?? "")?.files;
  const blob = places.flatMap((place) => files?.get(place) ?? [])[0];
  const text = blob === undefined ? "" : (readBlob(repository, blob)?.toString("utf8") ?? "");
  return text.split("\n").flatMap((line) => {
    const [pattern, ...owners] = line.replace(/(^|\s)#.*$/, "").match(/(?:\\ |\S)+/g) ?? [];
    // GitHub skips a line with a syntax of gitignore that it does not take over.
    if (pattern === undefined || /^!|[[\]]/.test(pattern)) return [];
    return [{ pattern: pattern.replaceAll("\\ ", " "), owners }];
  });
}

/** Whether a path fits a pattern: as in gitignore, but `folder/*` does not reach below the folder. */
function isOwnedBy(pattern: string, path: string): boolean {
  const bare = pattern.replace(/^\/|\/$/g, "");
  const full = pattern.startsWith("/") || bare.includes("/") ? bare : `**/${bare}`;
  const isBelow = matchesPattern(`${full}/**`, path);
  if (pattern.endsWith("/")) return isBelow;
  return matchesPattern(full, path) || (!pattern.endsWith("/*") && isBelow);
}

/** Who an owner is; undefined for one that is unknown or may not write: GitHub passes over it. */
function findOwner(github: GithubState, repository: RepositoryRow, owner: string) {
  const [organization = "", slug] = owner.replace(/^@/, "").split("/");
  if (slug !== undefined) {
    const team = findTeam(github, organization, slug);
    const mayWrite = team && isWriter(repository.teams.get(team.id)) && team.privacy === "closed";
    return mayWrite
      ? { name: `${organization}/${slug}`, holds: (login: string) => inTeam(github, team.id, login) }
      : undefined;
  }
  const byAddress = [...github.users.values()].find(({ email }) => email === owner);
  const user = owner.startsWith("@") ? findUser(github, organization) : byAddress;
  if (!user || !isWriter(roleOf(github, repository, user.login))) return undefined;
  return { name: user.login, holds: (login: string) => login === user.login };
}
