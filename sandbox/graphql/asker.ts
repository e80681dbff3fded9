import { GraphQLError } from "graphql";
import { coversApp } from "../auth";
import type { AppRow, OrganizationRow } from "../row";
import type { Principal, World } from "../world";

/** Who asks, and the world that is asked about. */
export interface Asker {
  readonly world: World;
  readonly principal: Principal;
}

/** What GraphQL says of an object that does not exist or that the token cannot see; flyctl looks for "Could not find". */
export function couldNotFind(kind: string, name: string): GraphQLError {
  return new GraphQLError(`Could not find ${kind} "${name}"`, { extensions: { code: "NOT_FOUND" } });
}

/** What GraphQL says to a token whose scope does not allow it. */
export function notAuthorized(action: string): GraphQLError {
  return new GraphQLError(`Not authorized to ${action}.`, { extensions: { code: "UNAUTHORIZED" } });
}

/** The app of that name, where the token sees it. @throws "Could not find App" */
export function visibleApp({ world, principal }: Asker, name: string): AppRow {
  const app = world.store.state.apps.get(name);
  if (!app || !coversApp(principal, app)) throw couldNotFind("App", name);
  return app;
}

/** The app of that name, where the token may change it. @throws "Could not find App", "Not authorized" */
export function writableApp(asker: Asker, name: string): AppRow {
  const app = visibleApp(asker, name);
  requireWriter(asker, "update this app");
  return app;
}

/** Refuses a token that may only read, and every write while the sandbox is read-only. */
export function requireWriter({ world, principal }: Asker, action: string): void {
  if (principal.kind === "org-readonly" || principal.kind === "none" || world.mode.readOnly)
    throw notAuthorized(action);
}

/** Organizations that the token belongs to: one, or none for a token without any scope. */
export function visibleOrganizations({ world, principal }: Asker): OrganizationRow[] {
  if (principal.kind === "none") return [];
  return [...world.store.state.organizations.values()].filter(({ slug }) => slug === principal.org);
}

/** The organization that `matches`, where the token sees it. @throws "Could not find Organization" */
export function visibleOrganization(
  asker: Asker,
  name: string,
  matches: (organization: OrganizationRow) => boolean,
): OrganizationRow {
  const organization = visibleOrganizations(asker).find(matches);
  if (!organization) throw couldNotFind("Organization", name);
  return organization;
}

/** Whether the token stands for a whole organization; one for some apps cannot list. */
export function coversOrganization({ principal }: Asker): boolean {
  return principal.kind === "org-deploy" || principal.kind === "org-readonly";
}
