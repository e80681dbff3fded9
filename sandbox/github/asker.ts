import { tokenHash } from "../auth";
import type { World } from "../world";
import { GithubError, missing, refused } from "./error";
import type { GithubTokenRow, RepositoryRow, Role } from "./row";
import { roles } from "./row";
import { findOrganization, roleOf } from "./state";

/** Who asks GitHub. */
export interface Asker {
  /** A person's login, or `slug[bot]` of an app. */
  readonly login: string;
  readonly token: GithubTokenRow;
}

/** One thing a token may be allowed to do, as fine-grained tokens name it. */
export interface Permission {
  readonly name: string;
  readonly level: "read" | "write";
  /** Weakest role of a person that suffices. */
  readonly role: Role;
}

/** Who holds the token of an Authorization header; undefined when nobody does. */
export function findAsker(world: World, header: string | undefined): Asker | undefined {
  const token = /^(?:bearer|token) +(\S+)$/i.exec(header ?? "")?.[1];
  const row = token && world.store.state.github.tokens.get(tokenHash(token));
  if (!row || (row.expiresAt ?? Infinity) <= world.clock.now()) return undefined;
  const app = row.appId === undefined ? undefined : world.store.state.github.apps.get(row.appId);
  return { login: row.login ?? `${app?.slug}[bot]`, token: row };
}

/** Who asks. @throws 401 for no token and for an unknown one */
export function requireAsker(world: World, header: string | undefined): Asker {
  const asker = findAsker(world, header);
  if (asker) return asker;
  throw new GithubError(401, header ? "Bad credentials" : "Requires authentication");
}

/** Whether an asker can see that a repository exists. */
export function sees(world: World, { login, token }: Asker, repository: RepositoryRow): boolean {
  const { name, visibility } = repository.settings;
  if (visibility === "public") return true;
  if (token.repositories && !token.repositories.includes(name)) return false;
  if (token.kind === "app") return true;
  if (token.kind === "classic" && !token.scopes.includes("repo")) return false;
  return roleOf(world.store.state.github, repository, login) !== undefined;
}

/** Whether an asker may do that in a repository it sees. */
export function permits(world: World, { login, token }: Asker, repository: RepositoryRow, wanted: Permission): boolean {
  const { name, level, role } = wanted;
  if (token.kind === "classic") {
    const scopes = repository.settings.visibility === "public" ? ["repo", "public_repo"] : ["repo"];
    if (level === "write" && !token.scopes.some((scope) => scopes.includes(scope))) return false;
  } else if (name !== "metadata") {
    const held = token.permissions[name];
    if (held !== "write" && held !== level) return false;
  }
  if (token.kind === "app") return true;
  const own = roleOf(world.store.state.github, repository, login) ?? publicRole(repository);
  return own !== undefined && roles.indexOf(own) >= roles.indexOf(role);
}

/** Lets an asker pass that may do that. @throws 403 in the words for its kind of token */
export function requirePermission(world: World, asker: Asker, repository: RepositoryRow, wanted: Permission): void {
  if (permits(world, asker, repository, wanted)) return;
  const headers = { "X-Accepted-GitHub-Permissions": `${wanted.name}=${wanted.level}` };
  if (asker.token.kind === "app") throw new GithubError(403, "Resource not accessible by integration", [], headers);
  if (asker.token.kind === "fine-grained")
    throw new GithubError(403, "Resource not accessible by personal access token", [], headers);
  if (!asker.token.scopes.includes("repo")) throw missing();
  throw refused(
    wanted.role === "admin" ? "Must have admin rights to Repository." : "Must have push access to repository",
  );
}

/** Lets owners and apps with that permission change an organization. @throws 403 */
export function requireOwner(world: World, { login, token }: Asker, organization: string, permission: string): void {
  if (token.kind === "classic" && !token.scopes.includes("admin:org")) {
    throw refused("Must have admin rights to Organization. The token lacks the scope admin:org.");
  }
  if (token.kind !== "classic" && token.permissions[permission] !== "write") {
    throw refused(`Resource not accessible by ${token.kind === "app" ? "integration" : "personal access token"}`);
  }
  const role = findOrganization(world.store.state.github, organization)?.members.get(login);
  if (token.kind !== "app" && role !== "admin") throw refused("You must be an admin of the organization.");
}

const publicRole = ({ settings }: RepositoryRow): Role | undefined =>
  settings.visibility === "public" ? "read" : undefined;
