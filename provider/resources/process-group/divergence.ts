/** A group as it is: attributes where all machines agree, and what differs on some of them, by machine or region. */
import type { Machine, Release, Volume } from "../../../api/fly";
import { label } from "../../rollout/change";
import { type MachineAttributes, machineAttributes, type ProcessGroup } from "./attributes";
import type { JsonObject } from "./canonical";
import { type Difference, differences } from "./difference";
import { readMachineConfig, volumeOf } from "./machine-config";
import { markKeys, markOf, secretsVersionOf } from "./mark";
import {
  boundsOf,
  countedOf,
  inRegion,
  isFailed,
  isReachable,
  isRetired,
  isStoppedByUser,
  successorsOf,
  wantedRunning,
} from "./member";
import { imageProblem, type WantedImage } from "./wanted-image";

/** What one look at an app showed. */
export interface Sight {
  /** The group's, the one to keep longest first. */
  readonly members: readonly Machine[];
  readonly volumes: readonly Volume[];
  readonly releases: readonly Release[];
}

/** A member whose config can be read. */
export interface Reading {
  readonly machine: Machine;
  readonly attributes: MachineAttributes;
  readonly unknownFields: readonly string[];
}

/** Reads the members whose host answers. */
export function readMembers({ members, volumes }: Pick<Sight, "members" | "volumes">): Reading[] {
  return members.flatMap((machine) =>
    isReachable(machine) && machine.config
      ? [{ machine, ...readMachineConfig(machine.config, volumeOf(machine, volumes)) }]
      : [],
  );
}

/**
 * How one machine differs from the declared attributes. Differences that are none are left out: metadata that nobody
 * declared, and a volume that has grown.
 */
export function machineDifferences(declared: MachineAttributes, live: MachineAttributes): Difference[] {
  return differences(machineAttributes, json(declared), json(comparable(declared, live)));
}

/** The group with everything that all machines share as it is on them, and `divergence` for the rest. */
export function readGroup(state: ProcessGroup, sight: Sight, wanted: WantedImage): ProcessGroup {
  const readings = readMembers(sight);
  const shared = sharedAttributes(state, readings);
  const image = sharedImage(state, readings, wanted) ?? state.image;
  const secrets_version = sharedSecretsVersion(state, sight.members);
  const settled = { ...state, ...shared.attributes, image, secrets_version };
  const divergence = new Divergence();
  for (const { machine, attributes, unknownFields } of readings) {
    const own = machineDifferences(state, attributes).filter(({ path }) => shared.apart.has(top(path)));
    divergence.add(
      label(machine),
      own.map(({ text }) => text),
    );
    divergence.add(
      label(machine),
      unknownFields.map((path) => `${path} is not known here and is kept`),
    );
    if (image === state.image || state.initial_image !== undefined)
      divergence.add(label(machine), [imageProblem(machine, wanted)]);
    divergence.add(label(machine), conditions(machine, sight.members, settled));
  }
  for (const [key, text] of countProblems(state, sight.members)) divergence.add(key, [text]);
  return { ...settled, divergence: divergence.toObject() };
}

/** Missing, unexpected and sleeping machines, by machine or region. */
function countProblems(group: ProcessGroup, members: readonly Machine[]): [string, string][] {
  const counted = countedOf(members);
  const regions = new Set([...Object.keys(group.machines), ...counted.map(({ region }) => region)]);
  const problems = [...regions].flatMap((region): [string, string][] => {
    const { least, most } = boundsOf(group.machines[region]);
    const { there } = inRegion(counted, region);
    if (there.length < least) return [[`region ${region}`, missing(there.length, least)]];
    const text =
      most === 0
        ? `unexpected: none is declared in ${region}`
        : `unexpected: ${region} has ${there.length}, declared ${most}`;
    return there.slice(most).map((machine) => [label(machine), text]);
  });
  const { primary_region } = group;
  const { there, running } = inRegion(counted, primary_region);
  const least = wantedRunning(group, there.length);
  if (running < least)
    problems.push([
      `region ${primary_region}`,
      `${running} of ${there.length} machines run, min_machines_running is ${least}`,
    ]);
  return problems;
}

/** `live` without what is no difference. */
function comparable(declared: MachineAttributes, live: MachineAttributes): MachineAttributes {
  const declaredKeys = Object.keys(declared.metadata ?? {});
  const metadata = Object.fromEntries(
    Object.entries(live.metadata ?? {}).filter(([key]) => declaredKeys.includes(key)),
  );
  const size_gb = Math.min(live.mount?.size_gb ?? 0, declared.mount?.size_gb ?? Number.POSITIVE_INFINITY);
  return { ...live, metadata, ...(live.mount && { mount: { ...live.mount, size_gb } }) };
}

/** The attributes on which all machines agree, declared spelling first, and the names of those on which they do not. */
function sharedAttributes(state: ProcessGroup, readings: readonly Reading[]) {
  const attributes: Record<string, unknown> = {};
  const apart = new Set<string>();
  for (const [name, attribute] of Object.entries(machineAttributes)) {
    const only = { [name]: attribute };
    const lives = readings.map((reading) => json(comparable(state, reading.attributes)));
    const [first] = lives;
    const asDeclared = lives.every((live) => differences(only, json(state), live).length === 0);
    if (asDeclared || !first) continue;
    if (lives.every((live) => differences(only, first, live).length === 0)) attributes[name] = first[name] ?? undefined;
    else apart.add(name);
  }
  return { attributes: attributes as Partial<MachineAttributes>, apart };
}

/**
 * The image that all machines run instead of the declared one; undefined where they differ or it is managed outside.
 * Where an import left open which of the two it is, the one that they run.
 */
function sharedImage(state: ProcessGroup, readings: readonly Reading[], wanted: WantedImage): string | undefined {
  if (state.image === undefined) return undefined;
  const images = new Set(readings.map(({ machine }) => machine.config?.image));
  const [image] = images;
  if (state.initial_image !== undefined) return images.size === 1 ? image : undefined;
  const allWrong = readings.every(({ machine }) => imageProblem(machine, wanted)?.startsWith("image is"));
  return images.size === 1 && allWrong ? image : undefined;
}

/** The version that all machines have at least, where some have less than declared and all of those the same. */
function sharedSecretsVersion({ secrets_version }: ProcessGroup, members: readonly Machine[]): number | undefined {
  const versions = new Set(members.map(secretsVersionOf));
  const [version] = versions;
  const behind = versions.size === 1 && version !== undefined && version < (secrets_version ?? 0);
  return behind ? version : secrets_version;
}

function conditions(machine: Machine, members: readonly Machine[], group: ProcessGroup): (string | undefined)[] {
  const secrets = secretsVersionOf(machine);
  const replaces = markOf(machine, markKeys.replaces);
  const replaced = members.find(({ id }) => id === replaces);
  const unfinished = replaced && isReachable(replaced) && successorsOf(members).get(replaced.id)?.id === machine.id;
  const behind = secrets !== undefined && secrets < (group.secrets_version ?? 0);
  return [
    isRetired(machine) ? "left over from a blue-green deployment" : undefined,
    unfinished ? `made in the stead of ${replaces}, which is still there` : undefined,
    machine.cordoned ? "cordoned" : undefined,
    markOf(machine, markKeys.pending) === undefined ? undefined : "its roll-out is under way, or was cut off",
    isFailed(machine) ? `its state is ${machine.state}` : undefined,
    isStoppedByUser(machine) ? `${machine.state} by a user` : undefined,
    markOf(machine, "fly_platform_version") === "v2"
      ? undefined
      : "metadata.fly_platform_version is not v2: flyctl does not see it",
    behind ? `has secrets of version ${secrets}, declared ${group.secrets_version}` : undefined,
  ];
}

/** Texts by machine or region; several of one are joined. */
class Divergence {
  readonly #texts = new Map<string, string[]>();

  add(key: string, texts: readonly (string | undefined)[]): void {
    const told = texts.filter((text): text is string => text !== undefined);
    if (told.length > 0) this.#texts.set(key, [...(this.#texts.get(key) ?? []), ...told]);
  }

  toObject(): Record<string, string> {
    return Object.fromEntries([...this.#texts].map(([key, texts]) => [key, texts.join("; ")]));
  }
}

function missing(there: number, least: number): string {
  const count = least - there;
  return `${count} machine${count === 1 ? " is" : "s are"} missing (${there} of ${least})`;
}

function top(path: string): string {
  return /^[a-z_]+/.exec(path)?.[0] ?? path;
}

/** Attributes are JSON by construction; see canonical.ts. */
function json(value: MachineAttributes): JsonObject {
  return value as unknown as JsonObject;
}
