import { type Clock, type Fenced, type Fly, FlyError, type Machine, type MachineConfig } from "../../api/fly";
import { label, type NewMachine, type Update } from "./change";
import { pinImage } from "./image";
import { Leases } from "./lease";

/** The machines of one app as a roll-out changes them: every call carries the lease's nonce, every answer is a fact. */
export interface Fleet {
  readonly clock: Clock;
  find(id: string): Promise<Machine | undefined>;
  /** Makes it, or finds what an earlier attempt made under its name. Cordoned: no traffic reaches it yet. */
  create(by: NewMachine, options: { readonly cordoned: boolean }): Promise<Machine>;
  /** Writes the config against the version that was read; a version that moved is read again and merged anew. */
  update(update: Omit<Update, "kind" | "instead">): Promise<Machine>;
  start(id: string): Promise<void>;
  stop(id: string): Promise<void>;
  cordon(id: string): Promise<void>;
  uncordon(id: string): Promise<void>;
  /** Kills what runs. Quiet when it is gone. */
  destroy(id: string): Promise<void>;
  /** Without a restart. */
  setMetadata(id: string, metadata: Readonly<Record<string, string | null>>): Promise<void>;
  /** Takes the leases of all machines, or of none. */
  lease(machines: readonly Machine[], signal: AbortSignal): Promise<void>;
  release(id: string): Promise<void>;
  close(): Promise<void>;
}

export interface FleetOptions {
  readonly fly: Fly;
  readonly app: string;
  readonly clock: Clock;
  /** Version of the app's secrets that machines must see. */
  readonly minSecretsVersion?: number;
  /** How long to wait for a machine that somebody else has leased. */
  readonly leasePatienceMs: number;
  /** Whether a machine found under a wanted name is this program's. */
  mine(machine: Machine): boolean;
  progress(step: string): void;
}

const attempts = 3;
const pauseMs = 1_000;
const capacityTexts =
  /insufficient resources|could not reserve resource|deploys to this host are temporarily disabled/i;

/** True when the host, or the region, has no room: another host may have. */
export function isCapacity(error: unknown): boolean {
  if (!(error instanceof FlyError)) return false;
  return /capacity/.test(error.code ?? "") || capacityTexts.test(error.flyMessage);
}

/** A fleet over Fly's API. Close it: it holds leases. */
export function openFleet(options: FleetOptions): Fleet {
  const { fly, app, clock, minSecretsVersion, mine, progress } = options;
  const description = "infra apply";
  const leases = new Leases({ fly, app, clock, description, patienceMs: options.leasePatienceMs, progress });
  const secrets = minSecretsVersion === undefined ? {} : { min_secrets_version: minSecretsVersion };
  const fenced = async (id: string, write: (fence: Fenced) => Promise<void>) => {
    await leases.keep();
    await write({ nonce: leases.nonce(id) });
  };
  const find = async (id: string) => {
    await leases.keep();
    return fly.machines.find(app, id);
  };

  return {
    clock,
    find,
    create,
    update,
    start: (id) => fenced(id, (fence) => fly.machines.start(app, id, fence)),
    stop: (id) => fenced(id, (fence) => fly.machines.stop(app, id, fence)),
    cordon: (id) => fenced(id, (fence) => fly.machines.cordon(app, id, fence)),
    uncordon: (id) => fenced(id, (fence) => fly.machines.uncordon(app, id, fence)),
    destroy: (id) => fenced(id, (fence) => fly.machines.delete(app, id, { ...fence, force: true })),
    setMetadata: (id, metadata) => fly.machines.setMetadata(app, id, metadata),
    lease: (machines, signal) => leases.take(machines, signal),
    release: (id) => leases.give(id),
    close: () => leases.close(),
  };

  async function create(by: NewMachine, { cordoned }: { cordoned: boolean }): Promise<Machine> {
    if (by.existing) return adopt(by, by.existing);
    let config = await by.config();
    for (let attempt = 1; ; attempt += 1) {
      const { name, region } = by;
      const body = { name, region, config, ...secrets, skip_service_registration: cordoned };
      try {
        return await pinned(await fly.machines.create(app, body), by.digest, true);
      } catch (error) {
        if (!(error instanceof FlyError)) throw error;
        if (error.kind === "conflict") return adopt(by, await named(name, error));
        const other = isCapacity(error) && attempt < attempts ? await by.elsewhere?.(config) : undefined;
        if (other) config = other;
        else if (!error.ambiguous || attempt === attempts) throw error;
        progress(
          `machine ${name}: ${other ? "no room on that host; trying another" : "Fly did not say whether it was made; looking"}`,
        );
        if (!other) await clock.sleep(pauseMs);
      }
    }
  }

  /** The name is taken. What carries our mark was made by an attempt that was cut off. */
  async function named(name: string, conflict: FlyError): Promise<Machine> {
    const id = /machine ID (\w+)/i.exec(conflict.flyMessage)?.[1];
    const found = id ? await find(id) : (await fly.machines.list(app)).find((one) => one.name === name);
    if (!found || !mine(found)) throw conflict;
    return found;
  }

  async function adopt(by: NewMachine, found: Machine): Promise<Machine> {
    progress(`machine ${label(found)}: is there already, made by this program`);
    if (by.fits(found)) return found;
    const config = await by.config(found);
    return update({ machine: found, config: () => config, fits: by.fits, launch: true, digest: by.digest });
  }

  async function update({ machine, config, fits, launch, digest }: Omit<Update, "kind" | "instead">): Promise<Machine> {
    let live = machine;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await pinned(await send(live, config(live), launch), digest, launch);
      } catch (error) {
        if (!isStale(error) || attempt === attempts) throw error;
        const now = await find(live.id);
        if (!now) throw error;
        if (now.instance_id === live.instance_id) await clock.sleep(pauseMs);
        else if (fits(now)) return now;
        live = now;
      }
    }
  }

  /** A tag that has moved since would bring another image than the group has: then the digest is named. */
  async function pinned(machine: Machine, digest: string | undefined, launch: boolean): Promise<Machine> {
    const { config, image_ref } = machine;
    if (!digest || !config?.image || !image_ref?.digest || image_ref.digest === digest) return machine;
    progress(`machine ${label(machine)}: the tag of ${config.image} has moved; keeping ${digest}`);
    return send(machine, { ...config, image: pinImage(config.image, digest) }, launch);
  }

  async function send(machine: Machine, config: MachineConfig, launch: boolean): Promise<Machine> {
    await leases.keep();
    const body = { config, current_version: machine.instance_id, skip_launch: !launch, ...secrets };
    return fly.machines.update(app, machine.id, body, { nonce: leases.nonce(machine.id) });
  }
}

/** Refused because of a version: the machine's, or the secrets' that are not yet everywhere. */
function isStale(error: unknown): boolean {
  return error instanceof FlyError && error.kind === "precondition" && !isCapacity(error);
}
