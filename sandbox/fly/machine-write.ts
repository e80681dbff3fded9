import { z } from "zod";
import { ApiError, invalid, precondition } from "../error";
import type { AppRow, MachineRow } from "../row";
import { liveMachines } from "../store";
import type { World } from "../world";
import { canonicalConfig } from "./config";
import { type MachineConfig, machineConfig } from "./config-schema";
import { resolveImage } from "./image";
import { acquireLease } from "./lease";
import { launch, replace, requireState } from "./lifecycle";
import { chooseRegion, requireQuota, requireRoom } from "./platform";
import { attachVolumes, completeMounts } from "./volume";

const common = {
  config: machineConfig,
  name: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}$/, "expected up to 63 letters, digits, hyphens and underscores")
    .or(z.literal(""))
    .optional(),
  region: z.string().optional(),
  skip_launch: z.boolean().optional(),
  skip_service_registration: z.boolean().optional(),
  skip_secrets: z.boolean().optional(),
  min_secrets_version: z.int().min(0).optional(),
  lsvd: z.boolean().optional(),
  lease_ttl: z.int().min(0).optional(),
};

/** Body of a machine create. */
export const createMachineBody = z.strictObject(common);

/** Body of a machine update; what only a create looks at is accepted and ignored. */
export const updateMachineBody = z.strictObject({
  ...common,
  current_version: z.string().optional(),
  id: z.string().optional(),
});

type CreateBody = z.output<typeof createMachineBody>;
type UpdateBody = z.output<typeof updateMachineBody>;

/**
 * Makes a machine and starts it, unless told not to.
 *
 * @param user who asks; owner of the lease
 * @returns the row, with its lease when `lease_ttl` asks for one
 * @throws 400 configuration or region, 409 name, 412 capacity, volume or secrets version, 422 quota
 */
export function createMachine(world: World, app: AppRow, body: CreateBody, user: string): MachineRow {
  const name = freeName(world, app, body.name);
  const config = canonicalConfig(body.config);
  const imageRef = resolveImages(world, config);
  requireSecrets(app, body.min_secrets_version);
  requireQuota(world, app.org);
  const volume = app.volumes.get(config.mounts?.[0]?.volume ?? "");
  const region = body.region || !volume ? chooseRegion(world, body.region) : volume.region;
  if (volume) requireRoom(world, region, { volume: volume.id });
  config.mounts = completeMounts(world, app, config.mounts, { region });
  if (!config.mounts) delete config.mounts;
  const now = world.clock.now();
  const instanceId = world.ids.ulid();
  const machine: MachineRow = {
    id: world.ids.hex(14),
    name,
    region,
    state: "created",
    instanceId,
    privateIp: privateAddress(world),
    config,
    imageRef,
    createdAt: now,
    updatedAt: now,
    events: [],
    versions: [{ version: instanceId, user_config: config }],
    hostStatus: "ok",
    cordoned: body.skip_service_registration ?? false,
    startedAt: 0,
    restartCount: 0,
    secretsVersion: body.skip_secrets ? 0 : app.secretsVersion,
    skipLaunch: body.skip_launch ?? false,
  };
  app.machines.set(machine.id, machine);
  attachVolumes(world, app, machine);
  if (body.lease_ttl) acquireLease(world, machine, { ttlSeconds: body.lease_ttl, owner: user });
  launch({ world, app, machine });
  return machine;
}

/**
 * Replaces the whole configuration; the machine gets a new version and boots it, unless told not to.
 *
 * @throws 400 configuration or another volume, 412 version, state, secrets version or a full host
 */
export function updateMachine(world: World, app: AppRow, machine: MachineRow, body: UpdateBody): void {
  if (body.current_version && body.current_version !== machine.instanceId) {
    throw precondition(`machine ${machine.id} is at version ${machine.instanceId}, not ${body.current_version}`);
  }
  requireState(machine, ["started", "starting", "stopping", "stopped", "suspended", "suspending", "failed"], "update");
  const config = canonicalConfig(body.config);
  const imageRef = resolveImages(world, config);
  requireSecrets(app, body.min_secrets_version);
  requireSameVolumes(machine, config);
  requireHostRoom(machine, config);
  const mounts = completeMounts(world, app, config.mounts, { region: machine.region, holder: machine });
  if (mounts) config.mounts = mounts;
  const wasRunning = machine.state === "started" || machine.state === "starting";
  machine.imageRef = imageRef;
  machine.cordoned = body.skip_service_registration ?? machine.cordoned;
  machine.skipLaunch = body.skip_launch ?? false;
  if (!body.skip_secrets) machine.secretsVersion = app.secretsVersion;
  setConfig(world, machine, config);
  replace({ world, app, machine }, wasRunning);
}

/** Gives a machine a configuration and with it a new version. */
export function setConfig(world: World, machine: MachineRow, config: MachineConfig): void {
  machine.config = config;
  machine.instanceId = world.ids.ulid();
  machine.updatedAt = world.clock.now();
  machine.versions.unshift({ version: machine.instanceId, user_config: config });
  world.store.touch();
}

/** A private address that no machine has. */
export function privateAddress(world: World): string {
  const digits = world.ids.hex(16);
  return `fdaa:0:${digits.slice(0, 4)}:a7b:${digits.slice(4, 8)}:${digits.slice(8, 12)}:${digits.slice(12, 16)}:2`;
}

/** Pulls the image and those of the containers. @returns the reference of the first */
function resolveImages(world: World, config: MachineConfig) {
  const { imagesLost } = world.store.state;
  const [first, ...rest] = [config.image, ...(config.containers ?? []).map(({ image }) => image)].filter(
    (image) => image !== undefined,
  );
  for (const image of rest) resolveImage(image, imagesLost);
  return resolveImage(first ?? "", imagesLost);
}

function freeName(world: World, app: AppRow, wish: string | undefined): string {
  const holder = wish && liveMachines(app).find(({ name }) => name === wish);
  if (holder) {
    const text = `already_exists: unique machine name violation, machine ID ${holder.id} already exists with name "${wish}"`;
    throw new ApiError(409, text);
  }
  if (wish) return wish;
  const number = world.ids.number();
  const [first, second] = [adjectives[number % 7] ?? "", nouns[number % 5] ?? ""];
  return `${first}-${second}-${1000 + number}`;
}

const adjectives = ["weathered", "quiet", "bold", "cold", "misty", "long", "blue"];
const nouns = ["sun", "river", "field", "moon", "cloud"];

function requireSecrets(app: AppRow, version: number | undefined): void {
  if (version !== undefined && version > app.secretsVersion) {
    throw precondition(`secrets version ${version} is not available, the app is at ${app.secretsVersion}`);
  }
}

function requireSameVolumes(machine: MachineRow, config: MachineConfig): void {
  const [before, after] = [machine.config.mounts?.[0]?.volume, config.mounts?.[0]?.volume];
  if (before === after) return;
  throw invalid(`config.mounts: a machine keeps its volume (${before ?? "none"}), an update cannot change it`);
}

function requireHostRoom(machine: MachineRow, config: MachineConfig): void {
  if (machine.hostStatus !== "ok")
    throw new ApiError(503, `unavailable: the host of machine ${machine.id} is unreachable`);
  if (machine.host === "disabled") {
    throw precondition("deploys to this host are temporarily disabled", "insufficient_capacity");
  }
  const grows = (key: "cpus" | "memory_mb") => (config.guest?.[key] ?? 0) > (machine.config.guest?.[key] ?? 0);
  if (machine.host !== "full" || !(grows("cpus") || grows("memory_mb"))) return;
  throw precondition(
    "could not reserve resource for machine: insufficient memory available to fulfill request",
    "insufficient_capacity",
  );
}
