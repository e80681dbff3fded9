import type { FlyReader } from "../../../api/fly/client";
import { typeOf } from "../ip-address/resource";
import { groupOf, isPassing } from "../machine-kind";
import { isKept, unlessGone } from "../ownership";
import type { Kind, State } from "./attribute";

/** One thing that an app holds. */
export interface Holding {
  readonly kind: Kind;
  /** The name by which it is reported: secret name, address, host name, volume id, group, machine id. */
  readonly name: string;
  /** Other names by which it may be declared. */
  readonly alias?: string;
  /** A few words for people. */
  readonly words: string;
  /** Machines, for a group. */
  readonly members?: readonly string[];
}

/** Everything that an app holds, in one listing per kind; undefined when there is no such app. */
export async function survey(fly: FlyReader, app: string): Promise<readonly Holding[] | undefined> {
  const [machines, volumes, secrets, addresses, certificates] = await Promise.all([
    unlessGone(fly.machines.list(app)),
    unlessGone(fly.volumes.list(app)),
    unlessGone(fly.secrets.list(app)),
    unlessGone(fly.addresses.list(app)),
    unlessGone(fly.certificates.list(app)),
  ]);
  if (!machines || !volumes || !secrets || !addresses || !certificates) return undefined;
  const groups = new Map<string, string[]>();
  const holdings: Holding[] = [];
  for (const machine of machines.filter((one) => !isPassing(one))) {
    const group = groupOf(machine);
    if (group === undefined) {
      holdings.push({
        kind: "machine",
        name: machine.id,
        words: `${machine.state} in ${machine.region}, of no process group`,
      });
    } else groups.set(group, [...(groups.get(group) ?? []), machine.id]);
  }
  for (const [name, members] of groups) {
    holdings.push({
      kind: "group",
      name,
      words: `${members.length === 1 ? "machine" : "machines"} ${members.join(", ")}`,
      members,
    });
  }
  for (const one of volumes.filter(isKept)) {
    const used = one.attached_machine_id ? `, mounted by ${one.attached_machine_id}` : "";
    const words = `${one.name}, ${one.size_gb} GB in ${one.region}${used}`;
    holdings.push({ kind: "volume", name: one.id, alias: one.name, words });
  }
  for (const { name, updated_at, created_at } of secrets) {
    holdings.push({
      kind: "secret",
      name,
      words: `set ${(updated_at ?? created_at ?? "at an unknown time").slice(0, 10)}`,
    });
  }
  for (const one of addresses) {
    holdings.push({ kind: "address", name: one.ip, words: `${typeOf(one)}, ${one.region || "global"}` });
  }
  for (const { hostname, status } of certificates) {
    holdings.push({ kind: "certificate", name: hostname.toLowerCase(), words: status ?? "status unknown" });
  }
  return holdings;
}

/** What is said of an app's content. */
export type Declared = Pick<
  State,
  "addresses" | "certificates" | "groups" | "secrets" | "volumes" | "policy" | "ignore"
>;

const lists: Readonly<Record<Exclude<Kind, "machine">, keyof Declared & `${string}s`>> = {
  address: "addresses",
  certificate: "certificates",
  group: "groups",
  secret: "secrets",
  volume: "volumes",
};

/** The holdings that nobody declared and that are not ignored now, with the words to report. */
export function undeclared(
  holdings: readonly Holding[],
  declared: Declared,
  now: number,
): readonly (Holding & { readonly report: string })[] {
  return holdings.flatMap((one) => {
    if (isDeclared(one, declared) || declared.policy?.[one.kind] === "ignore") return [];
    const objects = [`${one.kind}/${one.name}`, `${one.kind}/${one.alias}`, `${one.kind}/*`];
    const rule = declared.ignore?.find(({ object }) => objects.includes(object));
    if (!rule) return [{ ...one, report: one.words }];
    if (now < Date.parse(rule.until) + 86_400_000) return [];
    return [{ ...one, report: `${one.words}; was ignored until ${rule.until}: ${rule.reason}` }];
  });
}

function isDeclared({ kind, name, alias }: Holding, declared: Declared): boolean {
  if (kind === "machine") return false;
  const names = declared[lists[kind]];
  if (!Array.isArray(names)) return false;
  const same = kind === "certificate" || kind === "address" ? names.map((one: string) => one.toLowerCase()) : names;
  return same.some((one) => one === name || one === alias || (kind === "secret" && fits(name, one)));
}

/** Secrets may be declared as a family, by the beginning of their names: "SHOPIFY_*". */
function fits(name: string, pattern: string): boolean {
  return pattern.endsWith("*") && name.startsWith(pattern.slice(0, -1));
}
