import { Hono } from "hono";
import { z } from "zod";
import { readBody } from "../body";
import { ApiError, invalid, notFound, precondition } from "../error";
import type { AppRow, MachineRow, VolumeRow } from "../row";
import { type Env, timestamp, type World } from "../world";
import { guest, type MachineConfig } from "./config-schema";
import { hasRoom, requireRegion } from "./platform";

const sizeGb = z.int().min(1).max(500);
const retention = z.int().min(1).max(60);

const createBody = z.strictObject({
  name: z.string().regex(/^[a-z0-9_]{1,30}$/, "expected up to 30 lower-case letters, digits and underscores"),
  region: z.string(),
  size_gb: sizeGb.default(3),
  encrypted: z.boolean().default(true),
  require_unique_zone: z.boolean().optional(),
  unique_zone_app_wide: z.boolean().optional(),
  machines_only: z.boolean().optional(),
  snapshot_retention: retention.default(5),
  auto_backup_enabled: z.boolean().default(true),
  fstype: z.enum(["ext4", "raw"]).default("ext4"),
  snapshot_id: z.string().optional(),
  source_volume_id: z.string().optional(),
  compute: guest.optional(),
  compute_image: z.string().optional(),
});

const updateBody = z.strictObject({
  snapshot_retention: retention.optional(),
  auto_backup_enabled: z.boolean().optional(),
});

/** A volume is soft-deleted this long: 24 hours. */
const pendingDestroyMs = 24 * 3600 * 1000;

/** Volumes of an app. @see fly docs machines/api/volumes-resource (read 2026-08) */
export function volumeRoutes(world: World) {
  const found = (app: AppRow, id: string) => getVolume(world, app, id);
  return new Hono<Env>()
    .get("/", (c) => c.json(listVolumes(world, c.get("app")).map(volumeView)))
    .post("/", async (c) => c.json(volumeView(createVolume(world, c.get("app"), await readBody(c, createBody)))))
    .get("/:id", (c) => c.json(volumeView(found(c.get("app"), c.req.param("id")))))
    .put("/:id", async (c) => {
      const volume = found(c.get("app"), c.req.param("id"));
      const body = await readBody(c, updateBody);
      volume.snapshotRetention = body.snapshot_retention ?? volume.snapshotRetention;
      volume.autoBackupEnabled = body.auto_backup_enabled ?? volume.autoBackupEnabled;
      return c.json(volumeView(changed(world, volume)));
    })
    .put("/:id/extend", async (c) => {
      const app = c.get("app");
      const volume = found(app, c.req.param("id"));
      const { size_gb } = await readBody(c, z.strictObject({ size_gb: sizeGb }));
      if (size_gb < volume.sizeGb) throw invalid(`volumes can only grow: ${volume.sizeGb} GB to ${size_gb} GB`);
      resizeVolume(world, app, volume, size_gb);
      const state = app.machines.get(volume.attachedMachineId ?? "")?.state;
      return c.json({ volume: volumeView(volume), needs_restart: state === "started" });
    })
    .delete("/:id", (c) => {
      const volume = found(c.get("app"), c.req.param("id"));
      if (volume.state === "pending_destroy") throw notFound(`volume ${volume.id} is already being destroyed`);
      if (volume.attachedMachineId) {
        throw precondition(`volume ${volume.id} is currently attached to machine ${volume.attachedMachineId}`);
      }
      volume.state = "pending_destroy";
      volume.goneAt = world.clock.now() + pendingDestroyMs;
      return c.json(volumeView(changed(world, volume)));
    })
    .get("/:id/snapshots", (c) => c.json(found(c.get("app"), c.req.param("id")).snapshots.map(snapshotView)))
    .post("/:id/snapshots", (c) => {
      const volume = found(c.get("app"), c.req.param("id"));
      volume.snapshots.unshift({
        id: `vs_${world.ids.hex(16)}`,
        createdAt: world.clock.now(),
        sizeGb: volume.sizeGb,
        retentionDays: volume.snapshotRetention,
      });
      changed(world, volume);
      return c.json({ msg: "snapshot scheduled" });
    });
}

/** Makes a volume. @throws 400 unknown region or source, 412 region without room */
export function createVolume(world: World, app: AppRow, body: z.output<typeof createBody>): VolumeRow {
  requireRegion(body.region);
  if (!hasRoom(world, body.region)) {
    throw precondition(`no host in region ${body.region} has room for the volume`, "volume_placement_capacity");
  }
  if (body.source_volume_id) getVolume(world, app, body.source_volume_id);
  const snapshots = listVolumes(world, app).flatMap((volume) => volume.snapshots);
  if (body.snapshot_id && !snapshots.some(({ id }) => id === body.snapshot_id)) {
    throw notFound(`snapshot ${body.snapshot_id} not found`);
  }
  const id = `vol_${world.ids.hex(16)}`;
  const volume: VolumeRow = {
    id,
    name: body.name,
    state: "created",
    sizeGb: body.size_gb,
    region: body.region,
    zone: world.ids.hex(4),
    encrypted: body.encrypted,
    createdAt: world.clock.now(),
    updatedAt: world.clock.now(),
    fstype: body.fstype,
    snapshotRetention: body.snapshot_retention,
    autoBackupEnabled: body.auto_backup_enabled,
    hostStatus: "ok",
    snapshots: [],
  };
  app.volumes.set(id, volume);
  world.store.touch();
  return volume;
}

/** Body of a volume create with Fly's defaults filled in. */
export const completeVolume = (body: z.input<typeof createBody>) => createBody.parse(body);

/** Sets the size, also where a machine's configuration shows it. */
export function resizeVolume(world: World, app: AppRow, volume: VolumeRow, size: number): void {
  volume.sizeGb = size;
  changed(world, volume);
  const mounts = app.machines.get(volume.attachedMachineId ?? "")?.config.mounts ?? [];
  for (const mount of mounts) if (mount.volume === volume.id) mount.size_gb = size;
}

/** Volumes of an app, those pending destroy included until their day is over. */
export function listVolumes(world: World, app: AppRow): VolumeRow[] {
  for (const { id, goneAt } of app.volumes.values()) {
    if (goneAt !== undefined && goneAt <= world.clock.now()) app.volumes.delete(id);
  }
  return [...app.volumes.values()];
}

/**
 * The mounts as Fly completes them from the volumes.
 *
 * @param holder the machine that may already have the volume
 * @throws 400 unknown volume or another region; 412 attached elsewhere or being destroyed
 */
export function completeMounts(
  world: World,
  app: AppRow,
  mounts: MachineConfig["mounts"],
  { region, holder }: { region: string | undefined; holder?: MachineRow },
): MachineConfig["mounts"] {
  return mounts?.map((mount) => {
    const volume = listVolumes(world, app).find(({ id }) => id === mount.volume);
    if (!volume) throw invalid(`config.mounts.0.volume: volume ${mount.volume} not found in app ${app.name}`);
    if (volume.state !== "created") throw precondition(`volume ${volume.id} is being destroyed`);
    if (volume.attachedMachineId && volume.attachedMachineId !== holder?.id) {
      throw precondition(`volume ${volume.id} is already attached to machine ${volume.attachedMachineId}`);
    }
    if (region && region !== volume.region) {
      throw invalid(`volume ${volume.id} is in region ${volume.region}, the machine in ${region}`);
    }
    return { ...mount, name: volume.name, size_gb: volume.sizeGb, encrypted: volume.encrypted };
  });
}

/** Gives the volumes that a machine mounts to it. */
export function attachVolumes(world: World, app: AppRow, machine: MachineRow): void {
  for (const mount of machine.config.mounts ?? []) {
    const volume = app.volumes.get(mount.volume);
    if (volume) changed(world, volume).attachedMachineId = machine.id;
  }
}

/** Takes all volumes from a machine. */
export function detachVolumes(world: World, app: AppRow, machine: MachineRow): void {
  for (const volume of app.volumes.values()) {
    if (volume.attachedMachineId === machine.id) delete changed(world, volume).attachedMachineId;
  }
}

/** A volume as the Machines API shows it. */
export function volumeView(volume: VolumeRow) {
  const blocks = volume.sizeGb * 262_144;
  return {
    id: volume.id,
    name: volume.name,
    state: volume.state,
    size_gb: volume.sizeGb,
    region: volume.region,
    zone: volume.zone,
    encrypted: volume.encrypted,
    attached_machine_id: volume.attachedMachineId ?? null,
    attached_alloc_id: null,
    created_at: timestamp(volume.createdAt),
    fstype: volume.fstype,
    snapshot_retention: volume.snapshotRetention,
    auto_backup_enabled: volume.autoBackupEnabled,
    host_status: volume.hostStatus,
    bytes_used: 0,
    bytes_total: volume.sizeGb * 1024 ** 3,
    block_size: 4096,
    blocks,
    blocks_avail: blocks,
    blocks_free: blocks,
    type: "local",
  };
}

function snapshotView({ id, createdAt, sizeGb: size, retentionDays }: VolumeRow["snapshots"][number]) {
  const bytes = size * 1024 ** 3;
  return {
    id,
    size: 0,
    volume_size: bytes,
    digest: "",
    created_at: timestamp(createdAt),
    status: "created",
    retention_days: retentionDays,
  };
}

function getVolume(world: World, app: AppRow, id: string): VolumeRow {
  const volume = listVolumes(world, app).find((row) => row.id === id);
  if (!volume) throw new ApiError(404, `volume ${id} not found`);
  return volume;
}

function changed(world: World, volume: VolumeRow): VolumeRow {
  volume.updatedAt = world.clock.now();
  world.store.touch();
  return volume;
}
