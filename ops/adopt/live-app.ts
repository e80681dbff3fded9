/** A live app as an adoption reads it: one listing per kind of object, and its groups in the provider's own words. */
import type { App } from "../../api/fly";
import { toKnownObject } from "../../provider/framework/conform";
import { typeOf } from "../../provider/resources/ip-address/resource";
import { groupOf, isPassing } from "../../provider/resources/machine-kind";
import { attributes, type ProcessGroup } from "../../provider/resources/process-group/attributes";
import type { Imported, Rehearsal } from "./rehearsal";

export interface LiveGroup {
  readonly imported: Imported;
  readonly values: ProcessGroup;
}

export interface LiveApp {
  readonly app: App;
  /** By name; those that are reached from outside first. */
  readonly groups: ReadonlyMap<string, LiveGroup>;
  readonly addresses: readonly { readonly type: ReturnType<typeof typeOf>; readonly ip: string }[];
  /** Hostnames. */
  readonly certificates: readonly string[];
  /** Names. */
  readonly secrets: readonly string[];
  /** Whether `flyctl deploy` or another pipeline chooses what runs: a release has completed. */
  readonly isDeployed: boolean;
}

/** Reads everything that belongs to the app; undefined: Fly knows none of that name. */
export async function readLiveApp({ reader, import: take }: Rehearsal, name: string): Promise<LiveApp | undefined> {
  const app = await reader.apps.find(name);
  if (!app) return undefined;
  const [machines, addresses, certificates, secrets, releases] = await Promise.all([
    reader.machines.list(name),
    reader.addresses.list(name),
    reader.certificates.list(name),
    reader.secrets.list(name),
    reader.releases.list(name),
  ]);
  const names = new Set(machines.flatMap((machine) => (isPassing(machine) ? [] : (groupOf(machine) ?? []))));
  const groups = await Promise.all(
    [...names].map(async (group): Promise<[string, LiveGroup][]> => {
      const imported = await take("fly_process_group", `${name}/${group}`);
      return imported ? [[group, { imported, values: groupIn(imported) }]] : [];
    }),
  );
  return {
    app,
    groups: new Map(groups.flat().sort(byReach)),
    addresses: addresses.map((one) => ({ type: typeOf(one), ip: one.ip })),
    certificates: certificates.map(({ hostname }) => hostname.toLowerCase()).sort(),
    secrets: secrets.map((one) => one.name).sort(),
    isDeployed: releases.some(({ status, image_ref }) => status === "complete" && image_ref),
  };
}

function byReach([a, one]: readonly [string, LiveGroup], [b, other]: readonly [string, LiveGroup]): number {
  const inside = ({ values: { services = [] } }: LiveGroup) => (services.length > 0 ? 0 : 1);
  return inside(one) - inside(other) || (a < b ? -1 : 1);
}

/** A primary region without machines is declared all the same, with none. */
function groupIn({ values }: Imported): ProcessGroup {
  // The values of a state follow the schema from which the type is made.
  const group = toKnownObject(attributes, values) as unknown as ProcessGroup;
  const { primary_region: primary, machines } = group;
  return primary === undefined || primary in machines
    ? group
    : { ...group, machines: { ...machines, [primary]: { count: 0 } } };
}
