import { GraphQLError } from "graphql";
import { coversApp } from "../auth";
import { nearestRegion, regions } from "../fly/platform";
import { appsOf } from "../store";
import {
  couldNotFind,
  coversOrganization,
  notAuthorized,
  visibleApp,
  visibleOrganization,
  visibleOrganizations,
} from "./asker";
import { connection, type PageArguments } from "./connection";
import { sortByName } from "./organization";
import type { Fields } from "./resolver";
import { viewer } from "./user";

type Optional<Name extends string> = Readonly<Partial<Record<Name, string | null>>>;

/** What can be read, from the root. */
export const queryFields = {
  viewer: (_root, _args, asker) => viewer(asker),
  app(_root, { name, internalId }: Optional<"name" | "internalId">, asker) {
    const byId = [...asker.world.store.state.apps.values()].find(({ id }) => id === internalId)?.name;
    return visibleApp(asker, name ?? byId ?? internalId ?? "");
  },
  appNameAvailable: (_root, { name }: { name: string }, { world }) => !world.store.state.apps.has(name),
  apps(_root, { organizationId: id, role, ...args }: PageArguments & Optional<"organizationId" | "role">, asker) {
    if (!coversOrganization(asker)) throw notAuthorized("list apps");
    const owner = id ? visibleOrganization(asker, id, (row) => row.id === id).slug : asker.principal.org;
    return connection(role ? [] : sortByName(appsOf(asker.world.store.state, owner)), args);
  },
  organizations: (_root, args: PageArguments, asker) => connection(visibleOrganizations(asker), args),
  organization(_root, { id, slug, name }: Optional<"id" | "slug" | "name">, asker) {
    const wanted = id ?? slug ?? name ?? "";
    return visibleOrganization(asker, wanted, (row) => [row.id, row.slug, row.name].includes(wanted));
  },
  machine(_root, { machineId }: { machineId: string }, { world, principal }) {
    const app = appsOf(world.store.state, principal.org).find(({ machines }) => machines.has(machineId));
    const machine = app?.machines.get(machineId);
    if (!app || !machine || !coversApp(principal, app)) throw couldNotFind("Machine", machineId);
    return { app, machine };
  },
  canPerformBluegreenDeployment: (_root, { name }: { name: string }, asker) => Boolean(visibleApp(asker, name)),
  platform: () => ({ requestRegion: nearestRegion, regions }),
  nearestRegion: () => regions.find(({ code }) => code === nearestRegion),
  addOns: (_root, args: PageArguments) => connection([], args),
  latestImageDetails(_root, { image }: { image: string }) {
    throw new GraphQLError(`Unknown repository: ${image.split(":")[0]}`);
  },
} as const satisfies Fields<unknown>;

/** Fields of a region. */
export const regionFields = {
  gatewayAvailable: ({ gateway_available }) => gateway_available,
  requiresPaidPlan: ({ requires_paid_plan }) => requires_paid_plan,
} as const satisfies Fields<(typeof regions)[number]>;
