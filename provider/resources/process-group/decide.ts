/** What has to be done to make a group as declared; pure. */
import type { Machine, MachineConfig } from "../../../api/fly";
import { type Change, isRunning, label, type NewMachine } from "../../rollout/change";
import type { ProcessGroup } from "./attributes";
import { machineDifferences, type Reading, readMembers, type Sight } from "./divergence";
import { readMachineConfig, volumeOf, writeMachineConfig } from "./machine-config";
import { markKeys, markOf, marksOf, secretsVersionOf } from "./mark";
import {
  boundsOf,
  countedOf,
  inRegion,
  isFailed,
  isReachable,
  isStoppedByUser,
  successorsOf,
  wantedRunning,
} from "./member";
import { type Names, namesOf } from "./name";
import type { VolumePool } from "./volume-pool";
import { imageProblem, type WantedImage } from "./wanted-image";

export interface Aim {
  readonly group: ProcessGroup;
  /** As last applied; undefined on create. */
  readonly prior: ProcessGroup | undefined;
  readonly stack: string | undefined;
  readonly wanted: WantedImage;
  /** Every machine of the app, for names. */
  readonly machines: readonly Machine[];
  /** Machines whose volume was extended and that must restart to see it. */
  readonly mustRestart: ReadonlySet<string>;
  /** Volumes for new machines; undefined: no mount is declared. */
  readonly volumes: Pick<VolumePool, "claim" | "exchange"> | undefined;
}

export interface Decision {
  readonly changes: readonly Change[];
  /** Metadata to write without a restart. */
  readonly metadata: readonly { readonly machine: Machine; readonly set: Readonly<Record<string, string | null>> }[];
  /** What an apply cannot repair, with remedies. */
  readonly unrepaired: readonly string[];
}

/** Compares what is there with what is declared. */
export function decide(aim: Aim, sight: Sight): Decision {
  const decider = new Decider(aim, sight);
  return decider.decision();
}

/** The extra machine of a canary roll-out. */
export function canaryOf(aim: Aim): NewMachine {
  const region = aim.group.primary_region ?? Object.keys(aim.group.machines)[0] ?? "";
  const names = namesOf(aim.group.group, aim.machines);
  const config = new Decider(aim, { members: [], volumes: [], releases: [] }).newConfig();
  return {
    name: names.next(region),
    region,
    config: async () => ({
      ...config,
      metadata: { ...config.metadata, fly_canary: "true" },
      dns: { ...config.dns, skip_registration: true },
    }),
    fits: () => false,
  };
}

class Decider {
  readonly #aim: Aim;
  readonly #sight: Sight;
  readonly #names: Names;
  readonly #marks: Record<string, string>;
  readonly #readings: ReadonlyMap<string, Reading>;

  constructor(aim: Aim, sight: Sight) {
    this.#aim = aim;
    this.#sight = sight;
    this.#names = namesOf(aim.group.group, aim.machines);
    this.#marks = marksOf(aim.group, aim.stack);
    this.#readings = new Map(readMembers(sight).map((reading) => [reading.machine.id, reading]));
  }

  decision(): Decision {
    const { group } = this.#aim;
    const { members } = this.#sight;
    const successors = successorsOf(members);
    const regular = countedOf(members);
    const regions = [...new Set([...Object.keys(group.machines), ...regular.map(({ region }) => region)])];
    const kept = regions.flatMap((region) =>
      inRegion(regular, region).there.slice(0, boundsOf(group.machines[region]).most),
    );
    const creates = regions.flatMap((region) => this.#creates(region, inRegion(regular, region).there.length));
    const awake = this.#toWake(kept, creates.filter(({ by }) => by.region === group.primary_region).length);
    const changes = kept.flatMap((machine) =>
      this.#changes(machine, successors.get(machine.id), awake.has(machine.id)),
    );
    const rewritten = new Set(
      changes.flatMap((change) => (change.kind === "update" || change.kind === "replace" ? [change.machine.id] : [])),
    );
    const used = new Set(changes.flatMap((change) => (change.kind === "replace" ? [change.by.name] : [])));
    const gone = members.filter(
      (machine) => !kept.includes(machine) && !used.has(machine.name) && isReachable(machine),
    );
    return {
      changes: [...creates, ...changes, ...gone.map((machine) => ({ kind: "remove", machine }) as const)],
      metadata: kept.filter(({ id }) => !rewritten.has(id)).flatMap((machine) => this.#metadata(machine)),
      unrepaired: kept.flatMap((machine) => this.#unrepaired(machine)),
    };
  }

  /** The config of a machine that is made from nothing. */
  newConfig(volumeId?: string, replaces?: string): MachineConfig {
    const { group, wanted } = this.#aim;
    const metadata: Record<string, string> = { ...this.#marks, [markKeys.pending]: "true" };
    if (replaces !== undefined) metadata[markKeys.replaces] = replaces;
    const example = this.#sight.members.find((machine) => imageProblem(machine, wanted) === undefined);
    const image = wanted.image ?? example?.config?.image ?? group.initial_image;
    return writeMachineConfig(group, { metadata, primaryRegion: group.primary_region }, { image, volumeId });
  }

  #creates(region: string, there: number): { kind: "create"; by: NewMachine }[] {
    const { least } = boundsOf(this.#aim.group.machines[region]);
    const count = Math.max(0, least - there);
    return Array.from({ length: count }, () => ({ kind: "create", by: this.#newMachine(region) }));
  }

  #newMachine(region: string, { replaces, existing }: { replaces?: Machine; existing?: Machine } = {}): NewMachine {
    const { volumes, wanted } = this.#aim;
    return {
      name: existing?.name ?? this.#names.next(region),
      region,
      ...(existing && { existing }),
      config: async (live) => (live ? this.#config(live) : this.newConfig(await volumes?.claim(region), replaces?.id)),
      elsewhere: async (config) => {
        const id = await volumes?.exchange(config.mounts?.[0]?.volume ?? "", region);
        return id === undefined ? undefined : this.newConfig(id, replaces?.id);
      },
      fits: (machine) => this.#reasons(machine).length === 0,
      ...this.#digest(wanted.image),
    };
  }

  #changes(machine: Machine, successor: Machine | undefined, wake: boolean): Change[] {
    const replace = (): Change => ({
      kind: "replace",
      machine,
      by: this.#newMachine(machine.region, { replaces: machine, existing: successor }),
    });
    if (!isReachable(machine))
      return this.#isOutdated() && !this.#aim.group.mount && !this.#hasMount(machine) ? [replace()] : [];
    const reasons = this.#reasons(machine);
    if (reasons.length > 0 && (successor || this.#mustReplace(machine))) return [replace()];
    const start = wake || isFailed(machine) || isStoppedByUser(machine);
    if (reasons.length > 0) return [this.#update(machine, start)];
    const pending = markOf(machine, markKeys.pending) !== undefined;
    if (start || (pending && !isRunning(machine))) return [{ kind: "start", machine }];
    if (pending) return [{ kind: "verify", machine }];
    return machine.cordoned ? [{ kind: "uncordon", machine }] : [];
  }

  #update(machine: Machine, start: boolean): Change {
    const standby = (machine.config?.standbys ?? []).length > 0;
    const asDeclared = imageProblem(machine, this.#aim.wanted) === undefined;
    return {
      kind: "update",
      machine,
      config: (live) => this.#config(live),
      fits: (live) => this.#reasons(live).length === 0,
      launch: (isRunning(machine) || start) && !standby,
      ...(asDeclared
        ? machine.image_ref?.digest && { digest: machine.image_ref.digest }
        : this.#digest(this.#aim.wanted.image)),
      ...(!this.#aim.group.mount && { instead: () => this.#newMachine(machine.region, { replaces: machine }) }),
    };
  }

  /** The live config with everything that is declared, and the image that it has if that is the right one. */
  #config(live: Machine): MachineConfig {
    const { group, prior, wanted } = this.#aim;
    const base = live.config ?? {};
    const metadata = Object.fromEntries(
      Object.entries(this.#metadataChanges(live)).filter((entry): entry is [string, string] => entry[1] !== null),
    );
    const dropped = Object.keys(prior?.metadata ?? {}).filter((key) => !Object.hasOwn(group.metadata ?? {}, key));
    const kept = Object.fromEntries(Object.entries(base.metadata ?? {}).filter(([key]) => !dropped.includes(key)));
    return writeMachineConfig(
      group,
      { metadata: { ...metadata, [markKeys.pending]: "true" }, primaryRegion: group.primary_region },
      {
        base: { ...base, metadata: kept },
        image: imageProblem(live, wanted) === undefined ? base.image : wanted.image,
        volumeId: base.mounts?.[0]?.volume,
      },
    );
  }

  /** Why a machine needs another config; empty: it does not. Metadata is written without a restart and counts for nothing here. */
  #reasons(machine: Machine): string[] {
    const { group, prior, wanted, mustRestart } = this.#aim;
    if (!machine.config) return [];
    const { attributes } = this.#reading(machine);
    const paths = machineDifferences(group, attributes).map(({ path }) => path);
    const moved = prior?.primary_region !== group.primary_region;
    const region = machine.config.env?.PRIMARY_REGION;
    return [
      ...paths.filter((path) => !path.startsWith("metadata.") && !ofVolume.has(path)),
      ...(imageProblem(machine, wanted) ? ["image"] : []),
      ...(this.#lacksSecrets(machine) ? ["secrets_version"] : []),
      ...(moved && region !== group.primary_region ? ["primary_region"] : []),
      ...(mustRestart.has(machine.id) ? ["mount.size_gb"] : []),
    ];
  }

  /** A machine that was given secrets of an unknown version by somebody else gets them once. */
  #lacksSecrets(machine: Machine): boolean {
    const { group } = this.#aim;
    return group.secrets_version !== undefined && (secretsVersionOf(machine) ?? -1) < group.secrets_version;
  }

  #mustReplace(machine: Machine): boolean {
    const { group } = this.#aim;
    const { attributes } = this.#reading(machine);
    const paths = machineDifferences(group, attributes).map(({ path }) => path);
    return paths.some((path) => path === "mount" || path === "mount.name" || path === "guest.host_dedication_id");
  }

  /** Sleeping machines of the primary region that must run. */
  #toWake(kept: readonly Machine[], made: number): ReadonlySet<string> {
    const { there, running } = inRegion(kept, this.#aim.group.primary_region);
    const asleep = there.filter((machine) => !isRunning(machine) && isReachable(machine));
    const coming = asleep.filter((machine) => isFailed(machine) || isStoppedByUser(machine));
    const rest = asleep.filter((machine) => !coming.includes(machine) && machine.state !== "created");
    const short = wantedRunning(this.#aim.group, there.length + made) - running - coming.length - made;
    return new Set(rest.slice(0, Math.max(0, short)).map(({ id }) => id));
  }

  #metadata(machine: Machine): Decision["metadata"][number][] {
    if (!isReachable(machine)) return [];
    const set = this.#metadataChanges(machine);
    return Object.keys(set).length > 0 ? [{ machine, set }] : [];
  }

  /** Keys to write, and with null to remove. A version of secrets is never lowered. */
  #metadataChanges(machine: Machine): Record<string, string | null> {
    const { group, prior } = this.#aim;
    const live = machine.config?.metadata ?? {};
    const secrets = Math.max(group.secrets_version ?? -1, secretsVersionOf(machine) ?? -1);
    const wanted = { ...group.metadata, ...this.#marks, ...(secrets >= 0 && { [markKeys.secrets]: String(secrets) }) };
    const set = Object.entries(wanted).filter(([key, value]) => live[key] !== value);
    const dropped = Object.keys(prior?.metadata ?? {}).filter(
      (key) => !Object.hasOwn(wanted, key) && Object.hasOwn(live, key),
    );
    return Object.fromEntries([...set, ...dropped.map((key) => [key, null])]);
  }

  #unrepaired(machine: Machine): string[] {
    if (!isReachable(machine)) return this.#isOutdated() && this.#hasMount(machine) ? [unreachable(machine)] : [];
    const { attributes, unknownFields } = this.#reading(machine);
    const { mount } = this.#aim.group;
    const encryption = mount && attributes.mount && attributes.mount.encrypted !== (mount.encrypted ?? true);
    return [
      ...unknownFields.map((path) => unknownField(machine, path)),
      ...(encryption
        ? [`Machine ${label(machine)}: its volume's encryption cannot be changed; replace the volume by hand`]
        : []),
    ];
  }

  /** Whether the declaration itself changed, so that every machine needs something. */
  #isOutdated(): boolean {
    const { group, prior } = this.#aim;
    if (!prior) return false;
    const changed = machineDifferences(group, prior).length > 0;
    const otherImage = group.image !== undefined && prior.image !== group.image;
    return changed || otherImage || prior.secrets_version !== group.secrets_version;
  }

  #hasMount(machine: Machine): boolean {
    const config = machine.config ?? machine.incomplete_config;
    return (
      (config?.mounts ?? []).length > 0 || this.#sight.volumes.some((one) => one.attached_machine_id === machine.id)
    );
  }

  #digest(image: string | undefined): { digest?: string } {
    const { wanted } = this.#aim;
    const [digest, ...others] = wanted.digests;
    return image !== undefined && digest !== undefined && others.length === 0 ? { digest } : {};
  }

  #reading(machine: Machine): Reading {
    const known = this.#readings.get(machine.id);
    if (known?.machine === machine) return known;
    const { volumes } = this.#sight;
    return { machine, ...readMachineConfig(machine.config ?? {}, volumeOf(machine, volumes)) };
  }
}

/** Attributes of the volume, which is changed beside its machine. */
const ofVolume = new Set(["mount.size_gb", "mount.snapshot_retention", "mount.auto_backup", "mount.encrypted"]);

function unknownField(machine: Machine, path: string): string {
  return `Machine ${label(machine)}: ${path} is not known here and was kept. Remove it with fly machine update ${machine.id}, or destroy the machine and apply again: it is then made without`;
}

function unreachable(machine: Machine): string {
  return `Machine ${label(machine)}: its host does not answer and its volume is bound to that host, so it keeps its old config. Wait for the host and apply again, or fork the volume (fly volumes fork) and destroy the machine`;
}
