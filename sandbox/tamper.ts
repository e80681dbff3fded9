import { z } from "zod";
import { invalid, notFound, precondition } from "./error";
import { removeApp } from "./fly/app";
import { getCertificate } from "./fly/certificate";
import { resolveImage } from "./fly/image";
import { findLease } from "./fly/lease";
import { addEvent, destroy, end, exit, finish, start, stop, suspend } from "./fly/lifecycle";
import { privateAddress, setConfig } from "./fly/machine-write";
import { resizeVolume } from "./fly/volume";
import { cacheTamperSchema, runTamperSchema, tamperCache, tamperRun } from "./github/run-tamper";
import { secretAlertTamperSchema, tamperSecretAlert } from "./github/secret-alert";
import type { AppRow, MachineRow } from "./row";
import type { World } from "./world";

/** Kinds of out-of-band change to one machine. */
const machineKinds = {
  /** Destroyed by somebody, at once. */
  "machine-destroyed"(world, app, machine) {
    destroy({ world, app, machine }, { force: true });
    finish({ world, app, machine });
  },
  /** Migrated: same id, new private address, volume id and version. */
  "host-moved"(world, app, machine) {
    const config = structuredClone(machine.config);
    for (const mount of config.mounts ?? []) mount.volume = forkVolume(world, app, machine, mount.volume);
    machine.privateIp = privateAddress(world);
    setConfig(world, machine, config);
    addEvent(world, machine, { type: "launch", status: "created", source: "flyd", migrated: true });
    addEvent(world, machine, { type: "start", status: "started", source: "flyd" });
  },
  /** The host is lost: its standbys start. */
  "host-unreachable"(world, app, machine) {
    setHost(world, machine, "unreachable");
    for (const other of app.machines.values()) {
      const standsBy = other.state === "stopped" && other.config.standbys?.includes(machine.id);
      if (standsBy) start({ world, app, machine: other }, "flyd");
    }
  },
  "host-unknown": (world, _app, machine) => setHost(world, machine, "unknown"),
  "host-ok"(world, _app, machine) {
    delete machine.host;
    setHost(world, machine, "ok");
  },
  /** No room on the host: a larger guest is refused. */
  "host-full"(_world, _app, machine) {
    machine.host = "full";
  },
  /** The host takes no deploys: every update is refused. */
  "host-disabled"(_world, _app, machine) {
    machine.host = "disabled";
  },
  /** The main process ends with code 1; the restart policy applies. */
  crash: (world, app, machine) => exit({ world, app, machine }, 1),
  /** As crash, by lack of memory. */
  "out-of-memory": (world, app, machine) => exit({ world, app, machine }, 137, true),
  /** Ends in state `failed`. */
  failed: (world, _app, machine) => end(world, machine, "failed"),
  /** Stopped, or suspended where the service says so, by the proxy for lack of load. */
  autostop(world, app, machine) {
    const suspends = machine.config.services?.some(({ autostop }) => autostop === "suspend");
    if (suspends) suspend({ world, app, machine }, "proxy");
    else stop({ world, app, machine }, "proxy");
    finish({ world, app, machine });
  },
  /** Stopped by a person. */
  "user-stop"(world, app, machine) {
    stop({ world, app, machine }, "user");
    finish({ world, app, machine });
  },
  "user-suspend"(world, app, machine) {
    suspend({ world, app, machine }, "user");
    finish({ world, app, machine });
  },
  /** Woken by the proxy; a leased machine is not. */
  autostart(world, app, machine) {
    if (findLease(world, machine)) throw precondition("the proxy starts no leased machine");
    start({ world, app, machine }, "proxy");
    finish({ world, app, machine });
  },
} as const satisfies Record<string, (world: World, app: AppRow, machine: MachineRow) => void>;

type MachineKind = keyof typeof machineKinds;

const machineKindNames = Object.keys(machineKinds).filter((kind): kind is MachineKind => kind in machineKinds);

/** One out-of-band change. */
export const tamperSchema = z.union([
  z.strictObject({ kind: z.enum(machineKindNames), app: z.string(), machine: z.string() }),
  runTamperSchema,
  cacheTamperSchema,
  secretAlertTamperSchema,
  z.strictObject({ kind: z.literal("app-vanished"), app: z.string() }),
  /** The registry has removed it; machines that run it go on. */
  z.strictObject({ kind: z.literal("image-lost"), image: z.string() }),
  /** Requests that the app has answered now, by status. */
  z.strictObject({ kind: z.literal("answered"), app: z.string(), statuses: z.record(z.string(), z.int().min(0)) }),
  /** A program of the app writes these lines now. */
  z.strictObject({ kind: z.literal("wrote"), app: z.string(), lines: z.array(z.string()) }),
  z.strictObject({ kind: z.literal("certificate-active"), app: z.string(), hostname: z.string() }),
  z.strictObject({ kind: z.literal("volume-resized"), app: z.string(), volume: z.string(), size_gb: z.int().min(1) }),
  z.strictObject({ kind: z.literal("volume-vanished"), app: z.string(), volume: z.string() }),
  z.strictObject({ kind: z.enum(["region-down", "region-full"]), region: z.string(), on: z.boolean().default(true) }),
  z.strictObject({
    app: z.string(),
    machine: z.string(),
    /** Values by path, such as `config.guest.memory_mb`; a list index is a path part. */
    set: z.record(z.string(), z.unknown()).default({}),
    unset: z.array(z.string()).default([]),
    /** Keep version and instance id, as a change of metadata does. */
    keep_version: z.boolean().default(false),
  }),
]);

export type Tamper = z.input<typeof tamperSchema>;

/** Makes one out-of-band change. @throws ApiError 404 for what does not exist, 400 for a path that leads nowhere */
export function tamper(world: World, given: Tamper): void {
  const change = tamperSchema.parse(given);
  world.store.touch();
  if (!("kind" in change)) edit(world, getMachine(world, change.app, change.machine), change);
  else if (change.kind === "workflow-run") tamperRun(world, change);
  else if (change.kind === "workflow-cache") tamperCache(world, change);
  else if (change.kind === "secret-alert") tamperSecretAlert(world, change);
  else if (change.kind === "image-lost") {
    world.store.state.imagesLost ??= new Set();
    world.store.state.imagesLost.add(change.image);
  } else if ("region" in change) {
    const { regionsDown, regionsFull } = world.store.state;
    toggle(change.kind === "region-down" ? regionsDown : regionsFull, change.region, change.on);
  } else {
    const app = getApp(world, change.app);
    if ("machine" in change) machineKinds[change.kind](world, app, getMachine(world, change.app, change.machine));
    else if ("volume" in change) changeVolume(world, app, change);
    else if ("lines" in change) {
      const at = world.clock.now();
      app.written = [...(app.written ?? []), ...change.lines.map((line) => ({ at, line }))];
    } else if ("statuses" in change) answered(world, app, change.statuses);
    else if ("hostname" in change) getCertificate(app, change.hostname).configured = true;
    else removeApp(world, app);
  }
}

function changeVolume(world: World, app: AppRow, { volume: id, size_gb }: { volume: string; size_gb?: number }): void {
  const volume = app.volumes.get(id);
  if (!volume) throw notFound(`volume ${id} not found`);
  if (size_gb === undefined) app.volumes.delete(id);
  else resizeVolume(world, app, volume, size_gb);
}

function answered(world: World, app: AppRow, statuses: Readonly<Record<string, number>>): void {
  app.responses ??= [];
  const at = world.clock.now();
  for (const [status, count] of Object.entries(statuses)) app.responses.push({ at, status: Number(status), count });
}

interface Edit {
  readonly set: Readonly<Record<string, unknown>>;
  readonly unset: readonly string[];
  readonly keep_version: boolean;
}

function edit(world: World, machine: MachineRow, { set, unset, keep_version }: Edit): void {
  const config = structuredClone(machine.config);
  const target: MachineRow = { ...machine, imageRef: { ...machine.imageRef }, config };
  for (const [path, value] of Object.entries(set)) setPath(target, pathOf(path), value);
  for (const path of unset) setPath(target, pathOf(path), undefined);
  const isSame = JSON.stringify(config) === JSON.stringify(machine.config);
  if (config.image && config.image !== machine.config.image) target.imageRef = resolveImage(config.image);
  Object.assign(machine, target);
  if (!isSame && !keep_version) {
    setConfig(world, machine, config);
    addEvent(world, machine, { type: "update", status: "started", source: "user" });
  }
  world.changes.emit(machine.id);
}

/** Names of the Machines API for what a row calls otherwise. */
const rowNames: Readonly<Record<string, string>> = {
  image_ref: "imageRef",
  host_status: "hostStatus",
  private_ip: "privateIp",
  extra_checks: "extraChecks",
};

function pathOf(path: string): string[] {
  const [head = "", ...rest] = path.split(".");
  return [rowNames[head] ?? head, ...rest];
}

/** Sets or, with undefined, removes what stands at a path; missing objects on the way are made. */
function setPath(target: object, path: readonly string[], value: unknown): void {
  let holder: object = target;
  for (const part of path.slice(0, -1)) {
    const next: unknown = Reflect.get(holder, part) ?? {};
    if (typeof next !== "object" || next === null) throw invalid(`${path.join(".")}: "${part}" holds no fields`);
    Reflect.set(holder, part, next);
    holder = next;
  }
  const last = path.at(-1) ?? "";
  if (value !== undefined) Reflect.set(holder, last, value);
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else Reflect.deleteProperty(holder, last);
}

function forkVolume(world: World, app: AppRow, machine: MachineRow, id: string): string {
  const volume = app.volumes.get(id);
  if (!volume) return id;
  const fork = { ...volume, id: `vol_${world.ids.hex(16)}`, zone: world.ids.hex(4), attachedMachineId: machine.id };
  app.volumes.set(fork.id, fork);
  const week = 7 * 24 * 3600 * 1000;
  delete volume.attachedMachineId;
  Object.assign(volume, { state: "pending_destroy", goneAt: world.clock.now() + week });
  return fork.id;
}

function setHost(world: World, machine: MachineRow, hostStatus: MachineRow["hostStatus"]): void {
  machine.hostStatus = hostStatus;
  world.changes.emit(machine.id);
}

function toggle(set: Set<string>, value: string, on: boolean): void {
  if (on) set.add(value);
  else set.delete(value);
}

function getApp(world: World, name: string): AppRow {
  const app = world.store.state.apps.get(name);
  if (!app) throw notFound(`app "${name}" not found`);
  return app;
}

function getMachine(world: World, app: string, id: string): MachineRow {
  const machine = getApp(world, app).machines.get(id);
  if (!machine) throw notFound(`machine ${id} not found`);
  return machine;
}
