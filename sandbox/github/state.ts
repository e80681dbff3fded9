import type {
  AuditRow,
  GithubAppRow,
  GithubOrganizationRow,
  GithubTokenRow,
  GithubUserRow,
  RepositoryRow,
  Role,
  TeamRow,
} from "./row";
import { roles } from "./row";

/** GitHub's part of the state. */
export interface GithubState {
  /** By lower-case login. */
  users: Map<string, GithubUserRow>;
  /** By lower-case login. */
  organizations: Map<string, GithubOrganizationRow>;
  /** By id. */
  apps: Map<number, GithubAppRow>;
  /** By SHA-256 of the token. */
  tokens: Map<string, GithubTokenRow>;
  /** By id. */
  teams: Map<number, TeamRow>;
  /** By lower-case `owner/name`. */
  repositories: Map<string, RepositoryRow>;
  /** Former lower-case `owner/name` to repository id. */
  renamed: Map<string, number>;
  /** Oldest first. */
  audit: AuditRow[];
}

/** A GitHub with nobody in it. */
export function emptyGithub(): GithubState {
  return {
    users: new Map(),
    organizations: new Map(),
    apps: new Map(),
    tokens: new Map(),
    teams: new Map(),
    repositories: new Map(),
    renamed: new Map(),
    audit: [],
  };
}

/** The repository of that name, or the one that had it before it was renamed. */
export function findRepository(state: GithubState, owner: string, name: string): RepositoryRow | undefined {
  const key = `${owner}/${name}`.toLowerCase();
  const former = state.renamed.get(key);
  return state.repositories.get(key) ?? (former === undefined ? undefined : repositoryById(state, former));
}

/** The repository of that id. */
export function repositoryById(state: GithubState, id: number): RepositoryRow | undefined {
  return [...state.repositories.values()].find((repository) => repository.id === id);
}

/** The organization of that login. */
export const findOrganization = (state: GithubState, login: string): GithubOrganizationRow | undefined =>
  state.organizations.get(login.toLowerCase());

/** The user of that login. */
export const findUser = (state: GithubState, login: string): GithubUserRow | undefined =>
  state.users.get(login.toLowerCase());

/** The team of that slug in an organization. */
export function findTeam(state: GithubState, organization: string, slug: string): TeamRow | undefined {
  const wanted = slug.toLowerCase();
  return [...state.teams.values()].find(
    (team) => team.slug === wanted && team.organization.toLowerCase() === organization.toLowerCase(),
  );
}

/** The strongest role that a person has in a repository: by ownership, by name, by a team, by membership. */
export function roleOf(state: GithubState, repository: RepositoryRow, login: string): Role | undefined {
  if (login.toLowerCase() === repository.owner.toLowerCase()) return "admin";
  const organization = findOrganization(state, repository.owner);
  if (organization?.members.get(login) === "admin") return "admin";
  const own = repository.collaborators.get(login);
  const byTeam = [...repository.teams].flatMap(([id, role]) => (inTeam(state, id, login) ? [role] : []));
  const found = [...(own ? [own] : []), ...byTeam];
  if (organization?.members.has(login) || repository.settings.visibility === "public") found.push("read");
  return found.sort((a, b) => roles.indexOf(b) - roles.indexOf(a))[0];
}

/** Whether a role is one of those whose approval counts. */
export const isWriter = (role: Role | undefined): boolean =>
  role !== undefined && roles.indexOf(role) >= roles.indexOf("write");

/** Whether a person is in a team or in one below it. */
export function inTeam(state: GithubState, id: number, login: string): boolean {
  if (state.teams.get(id)?.members.has(login)) return true;
  return [...state.teams.values()].some((team) => team.parentId === id && inTeam(state, team.id, login));
}
