/** What Fly tells of who changed something: events of machines, releases, and the times of secrets, addresses, certificates and volumes. */
import { FlyError, type FlyReader, type Machine, type MachineEvent, type Release } from "../../api/fly";
import { groupOf } from "../../provider/resources/machine-kind";
import type { Finding, Origin } from "../../report/model";
import { type OriginOf, unknown } from "./origin-of";

/** Answers for the findings of an app. @param fly asked again and again for the same: one that remembers */
export function flyOrigins(fly: FlyReader): (app: string) => OriginOf {
  return (app) => async (finding) => {
    try {
      return await originOf(fly, app, finding);
    } catch (error) {
      if (error instanceof FlyError) return unknown(`Fly did not say: ${error.kind}`);
      throw error;
    }
  };
}

async function originOf(fly: FlyReader, app: string, finding: Finding): Promise<Origin> {
  const { address, path, kind } = finding;
  const [type] = address.split(".");
  const [, holding = "", name = ""] = /^(\w+)\/(.+)$/.exec(path) ?? [];
  if (type === "fly_secrets" || holding === "secret") return ofSecret(fly, app, name || (path.split(" ")[0] ?? ""));
  if (kind === "missing" && path === "") return unknown("it is gone, and Fly keeps no record of what is gone");
  if (holding === "address") return made("the address", await fly.addresses.list(app), ({ ip }) => ip === name);
  if (holding === "certificate")
    return made("the certificate", await fly.certificates.list(app), (one) => one.hostname === name);
  if (holding === "volume") return made("the volume", await fly.volumes.list(app), ({ id }) => id === name);
  if (type === "fly_process_group" || holding === "machine" || holding === "group")
    return ofMachines(fly, app, finding);
  return unknown("Fly keeps no record of it");
}

/** Fly says when a secret was written, and a release by flyctl beside it says who. */
async function ofSecret(fly: FlyReader, app: string, name: string): Promise<Origin> {
  const secret = (await fly.secrets.list(app)).find((one) => one.name === name);
  const since = secret?.updated_at ?? secret?.created_at;
  if (since === undefined) return unknown("it is gone, and Fly keeps no record of what is gone");
  const release = near(await fly.releases.list(app), Date.parse(since));
  return release
    ? { since, by: personOf(release), source: `the secret's last write, and release ${release.version} right after it` }
    : { since, by: null, source: "the secret's last write; Fly does not say whose it was" };
}

/** When a thing was made; Fly does not say by whom. */
function made<T extends { readonly created_at?: string }>(
  what: string,
  all: readonly T[],
  is: (one: T) => boolean,
): Origin {
  const since = all.find(is)?.created_at;
  if (since === undefined) return unknown(`Fly does not say when ${what} was made`);
  return { since, by: null, source: `when ${what} was made; Fly does not say by whom` };
}

/** The newest event that can have made the difference, on the machines that the finding is about. */
async function ofMachines(fly: FlyReader, app: string, finding: Finding): Promise<Origin> {
  const machines = machinesOf(finding, await fly.machines.list(app));
  const wanted = eventsFor(finding.text);
  const found = await Promise.all(machines.slice(0, machinesAsked).map((machine) => newest(fly, app, machine, wanted)));
  const [latest] = found.flatMap((one) => one ?? []).sort((a, b) => b.event.timestamp - a.event.timestamp);
  if (!latest)
    return unknown(/\bmissing\b/.test(finding.text) ? "what is gone has no events" : "no event of Fly's tells of it");
  const { event, machine } = latest;
  const since = new Date(event.timestamp).toISOString();
  const told = `newest ${event.type} of machine ${machine.id}`;
  if (event.source !== "user") return { since, by: "Fly", source: told };
  const release = near(await fly.releases.list(app), event.timestamp, machine.config?.metadata?.fly_release_version);
  return release
    ? { since, by: personOf(release), source: `${told}, release ${release.version}` }
    : { since, by: null, source: `${told}, by an API call; Fly does not say whose` };
}

/** Most machines whose events are asked for one finding. */
const machinesAsked = 3;

/** The machine that a path names, else those of the region or group that it is about. */
function machinesOf({ path, address, text }: Finding, machines: readonly Machine[]): readonly Machine[] {
  const named = machines.filter(
    ({ id }) => path.includes(id) || (address.startsWith("fly_app_inventory") && text.includes(id)),
  );
  if (named.length > 0) return named;
  const [, region] = /^region (\w+)$/.exec(path) ?? [];
  const regular = machines.filter((machine) => groupOf(machine) !== undefined);
  return region === undefined ? regular : regular.filter((machine) => machine.region === region);
}

/** Types of events by which a difference of this text can have come about. */
function eventsFor(text: string): RegExp {
  if (/\b(stopped|suspended) by a user|machines run\b/.test(text)) return /^(stop|suspend)$/;
  if (/^cordoned$/.test(text)) return /^cordon$/;
  if (/state is failed/.test(text)) return /^(exit|launch|update)$/;
  return /^(update|launch)$/;
}

interface Told {
  readonly machine: Machine;
  readonly event: MachineEvent;
}

/** A listing shows a machine's last few events; where none of them fits, the machine itself is asked. */
async function newest(fly: FlyReader, app: string, machine: Machine, wanted: RegExp): Promise<Told | undefined> {
  const fitting = (events: readonly MachineEvent[]) => events.find(({ type }) => wanted.test(type));
  const event = fitting(machine.events ?? []) ?? fitting(await fly.machines.events(app, machine.id));
  return event && { machine, event };
}

/** The release that goes with a change: of that version, or made within two minutes of it. */
function near(releases: readonly Release[], atMs: number, version?: string): Release | undefined {
  const apart = ({ created_at }: Release) => Math.abs(Date.parse(created_at ?? "") - atMs);
  const own = releases.find((one) => String(one.version) === version && apart(one) <= 15 * 60_000);
  return own ?? releases.find((one) => apart(one) <= 2 * 60_000);
}

const personOf = ({ user }: Release): string | null => user?.email ?? user?.name ?? null;
