import type { Fly } from "../../../api/fly";
import { label } from "../../rollout/change";
import type { ProcessGroup } from "./attributes";
import type { Sight } from "./divergence";
import { volumeOf } from "./machine-config";

/**
 * Extends the volumes of a group's machines to the declared size and gives them the declared settings; nothing shrinks.
 *
 * @returns ids of machines that must restart to see their larger volume
 */
export async function syncVolumes(
  fly: Fly,
  { app, mount }: Pick<ProcessGroup, "app" | "mount">,
  sight: Sight,
  progress: (step: string) => void,
): Promise<ReadonlySet<string>> {
  const mustRestart = new Set<string>();
  if (!mount) return mustRestart;
  const { size_gb = 1, snapshot_retention = 5, auto_backup = true } = mount;
  await Promise.all(
    sight.members.map(async (machine) => {
      const volume = volumeOf(machine, sight.volumes);
      if (!volume || volume.name !== mount.name) return;
      if (volume.size_gb < size_gb) {
        progress(`volume ${volume.id} of ${label(machine)}: extending from ${volume.size_gb} to ${size_gb} GB`);
        const { needs_restart } = await fly.volumes.extend(app, volume.id, size_gb);
        if (needs_restart && machine.state === "started") mustRestart.add(machine.id);
      }
      const settings = { snapshot_retention, auto_backup_enabled: auto_backup };
      const asDeclared =
        (volume.snapshot_retention ?? 5) === snapshot_retention && (volume.auto_backup_enabled ?? true) === auto_backup;
      if (!asDeclared) await fly.volumes.update(app, volume.id, settings);
    }),
  );
  return mustRestart;
}
