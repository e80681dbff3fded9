import { type Clock, type Fly, FlyError, type Machine, systemClock, type Volume } from "../../../api/fly";
import { type Context, Problem } from "../../framework";
import { label } from "../../rollout/change";
import { openFleet } from "../../rollout/fleet";
import { untilGone } from "../../rollout/watch";
import { isKept } from "../ownership";
import type { ProcessGroup } from "./attributes";
import { look } from "./look";
import { canariesOf } from "./member";
import { recall } from "./memory";
import type { GroupSettings } from "./reconcile";

const patienceMs = 2 * 60_000;

/** The volumes that are the group's: those that its machines have, and those that it made and that nobody else has since. */
export function volumesToDestroy(
  volumes: readonly Volume[],
  members: readonly Machine[],
  known: readonly string[],
): readonly Volume[] {
  const ids = new Set(members.map(({ id }) => id));
  return volumes.filter((volume) => {
    const { id, attached_machine_id: machine } = volume;
    return isKept(volume) && (machine ? ids.has(machine) : known.includes(id));
  });
}

/** Destroys the machines of a group, under their leases, and then its volumes. Quiet about what is gone already. */
export async function destroyGroup(
  fly: Fly,
  group: ProcessGroup,
  { settings, private: store, signal, progress }: Context<GroupSettings>,
): Promise<void> {
  const { stack, clock = systemClock } = settings;
  const memory = recall(store);
  const sight = await look(fly, group, { stack, memory, whole: true });
  if (!sight) return;
  const machines = [...sight.members, ...canariesOf(sight.machines, group, stack)];
  const volumes = volumesToDestroy(sight.volumes, machines, memory.volumes);
  const fleet = openFleet({ fly, app: group.app, clock, leasePatienceMs: patienceMs, mine: () => false, progress });
  try {
    await fleet.lease(
      machines.filter(({ host_status = "ok" }) => host_status === "ok"),
      signal,
    );
    await Promise.all(
      machines.map(async (machine) => {
        progress(`machine ${label(machine)}: destroying`);
        await fleet.destroy(machine.id);
        await untilGone(fleet, machine, patienceMs).catch((error) => {
          throw new Problem(notGone(group.app, machine, error), { cause: error });
        });
      }),
    );
  } finally {
    await fleet.close();
  }
  await Promise.all(
    volumes.map((volume) => {
      progress(`volume ${volume.id} (${volume.name}, ${volume.size_gb} GB): destroying with its data`);
      return deleteVolume(fly, group.app, volume, clock);
    }),
  );
}

async function deleteVolume(fly: Fly, app: string, volume: Volume, clock: Clock): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await fly.volumes.delete(app, volume.id);
      return;
    } catch (error) {
      const attached = error instanceof FlyError && (error.kind === "precondition" || error.kind === "conflict");
      if (!attached || attempt === 5) throw error;
      await clock.sleep(1_000);
    }
  }
}

function notGone(app: string, { id, name }: Machine, error: unknown) {
  return {
    summary: `Machine ${label({ id, name })} does not go`,
    detail: `${error instanceof Error ? error.message : String(error)} Its volume, if it has one, was not destroyed. Look: fly machine status ${id} --app ${app}; and destroy again later. [fly/machine-stuck]`,
  };
}
