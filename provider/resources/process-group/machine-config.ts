/** What the attributes of a group are on one machine, and the other way round. */
import type { Machine, MachineConfig, Volume } from "../../../api/fly";
import { isReservedKey, type MachineAttributes, machineAttributes, type ProcessGroup, platformEnv } from "./attributes";
import type { Json, JsonObject } from "./canonical";
import { mountOnWire } from "./machine-attributes";
import { keepUnknown, readObject, writeObject } from "./wire";

/** One machine in the schema's words. */
export interface ReadMachine {
  readonly attributes: MachineAttributes;
  /** Paths of what the machine has and the schema does not name: kept on write. */
  readonly unknownFields: readonly string[];
}

/** Marks and env variables that a group writes besides what is declared. */
export interface Marks {
  readonly metadata: Readonly<Record<string, string>>;
  readonly primaryRegion: string | undefined;
}

/** `mounts` is written apart, because half of `mount` is the volume's. */
const { mount: _mount, stop, ...sameNames } = machineAttributes;
/** Attributes under the names of the wire. */
const wireAttributes = { ...sameNames, stop_config: stop };
/** Of the mount on the wire, what says which volume it is rather than how it is mounted. */
const volumeFields = new Set(["volume", "name", "encrypted", "size_gb"]);
/** `size` is the deprecated spelling of `guest`, `image` is handled apart. */
const elsewhere = new Set(["image", "mounts", "size"]);

/** Reads a config. `volume` is the one attached to the machine; its name, size and settings count more than the mount's copy. */
export function readMachineConfig(config: MachineConfig, volume: Volume | undefined): ReadMachine {
  const wire = omit(asJson(config), elsewhere);
  const { value, unknownFields } = readObject(wireAttributes, wire);
  const { stop_config, ...rest } = value;
  const mounted = config.mounts?.[0];
  const mount = mounted && readObject(mountOnWire, omit(asJson(mounted), volumeFields), "mount.");
  const attributes = {
    ...rest,
    stop: stop_config,
    env: omit(asJson(rest.env), platformEnv),
    metadata: rest.metadata,
    ...(mount && { mount: { ...mount.value, ...volumeAttributes(volume, asJson(mounted)) } }),
  };
  return {
    // The walk follows `machineAttributes`, from which the type is made.
    attributes: attributes as unknown as MachineAttributes,
    unknownFields: [...unknownFields, ...(mount?.unknownFields ?? [])],
  };
}

/**
 * The config that makes a machine as declared: `base`, if there is one, with everything that the schema names replaced.
 *
 * @param volumeId the volume to mount where one is declared; an update cannot swap it
 */
export function writeMachineConfig(
  group: Pick<ProcessGroup, "group"> & MachineAttributes,
  { metadata, primaryRegion }: Marks,
  {
    base = {},
    image,
    volumeId,
  }: { readonly base?: MachineConfig; readonly image?: string; readonly volumeId?: string },
): MachineConfig {
  const { stop, mount, ...rest } = asJson(pick(group, Object.keys(machineAttributes)));
  const wanted = writeObject(wireAttributes, { ...rest, stop_config: stop ?? null });
  const kept = keepUnknown(wireAttributes, omit(asJson(base), elsewhere), wanted);
  const env = {
    ...asJson(wanted.env ?? {}),
    FLY_PROCESS_GROUP: group.group,
    ...(primaryRegion && { PRIMARY_REGION: primaryRegion }),
  };
  const config: JsonObject = {
    ...kept,
    image: image ?? base.image ?? null,
    env: { ...pick(base.env ?? {}, ["FLY_STANDBY_FOR"]), ...env },
    metadata: { ...base.metadata, ...group.metadata, ...metadata },
    ...(mount && volumeId && { mounts: [writeMount(asJson(mount), base, volumeId)] }),
  };
  return config;
}

function writeMount(mount: JsonObject, base: MachineConfig, volumeId: string): JsonObject {
  const before = asJson(base.mounts?.[0] ?? {});
  return {
    ...keepUnknown(mountOnWire, omit(before, volumeFields), writeObject(mountOnWire, mount)),
    name: mount.name ?? null,
    volume: volumeId,
  };
}

function volumeAttributes(volume: Volume | undefined, mounted: JsonObject): JsonObject {
  return {
    name: volume?.name ?? mounted.name ?? "",
    size_gb: volume?.size_gb ?? mounted.size_gb ?? 1,
    encrypted: volume?.encrypted ?? mounted.encrypted ?? true,
    snapshot_retention: volume?.snapshot_retention ?? 5,
    auto_backup: volume?.auto_backup_enabled ?? true,
  };
}

/** The volume that a machine has: the one that says so, else the one that the mount names. A migration changes its id. */
export function volumeOf(machine: Machine, volumes: readonly Volume[]): Volume | undefined {
  const id = (machine.config ?? machine.incomplete_config)?.mounts?.[0]?.volume;
  return volumes.find((one) => one.attached_machine_id === machine.id) ?? volumes.find((one) => one.id === id);
}

/** Metadata that is neither Fly's nor ours. */
export function userMetadata(metadata: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata ?? {}).filter(([key]) => !isReservedKey(key)));
}

/** Documents of the wire are JSON; their interfaces only name fields. */
function asJson(value: unknown): JsonObject {
  return (value ?? {}) as JsonObject;
}

function omit(value: JsonObject, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !names.has(key)));
}

function pick(value: object, names: readonly string[]): Record<string, Json> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => names.includes(key)));
}
