import { coversApp } from "../auth";
import type { OrganizationRow } from "../row";
import { appsOf } from "../store";
import { coversOrganization, notAuthorized } from "./asker";
import { connection, type PageArguments } from "./connection";
import type { Fields } from "./resolver";

/** Fields of an organization, with all that is below it. */
export const organizationFields = {
  rawSlug: ({ slug }) => slug,
  type: () => "SHARED",
  paidPlan: () => false,
  billable: () => true,
  billingStatus: () => "CURRENT",
  viewerRole: () => "admin",
  provisionsBetaExtensions: () => false,
  remoteBuilderImage: () => "registry.fly.io/rchab:latest",
  addOns: (_row, args: PageArguments) => connection([], args),
  apps({ slug }, args: PageArguments, { world, principal }) {
    return connection(sortByName(appsOf(world.store.state, slug).filter((app) => coversApp(principal, app))), args);
  },
  limitedAccessTokens({ slug }, args: PageArguments, asker) {
    if (!coversOrganization(asker)) throw notAuthorized("list the tokens of this organization");
    return connection(
      [...asker.world.store.state.tokens.values()].filter(({ org }) => org === slug),
      args,
    );
  },
} as const satisfies Fields<OrganizationRow>;

/** Rows in the order of their names. */
export function sortByName<Row extends { name: string }>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => (a.name < b.name ? -1 : 1));
}
