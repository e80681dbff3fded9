import { type Clock, type Fly, type Machine, systemClock, type Volume } from "../../../api/fly";
import { type Context, Problem } from "../../framework";
import { mostUnavailable } from "../../rollout/availability";
import { isServing, label, type Strategy } from "../../rollout/change";
import { RollOutError } from "../../rollout/failure";
import { openFleet } from "../../rollout/fleet";
import { rollOut } from "../../rollout/roll-out";
import { describeError } from "../describe-error";
import type { FlySettings } from "../fly-resource";
import { markImported } from "../imported";
import { groupOf } from "../machine-kind";
import { importCommand } from "../problem";
import { type ProcessGroup, strategies, waitTimeoutMs } from "./attributes";
import { type Aim, canaryOf, decide } from "./decide";
import { type AppSight, look } from "./look";
import { isOurs, markKeys } from "./mark";
import { canariesOf, membersOf } from "./member";
import { recall, remember } from "./memory";
import { VolumePool } from "./volume-pool";
import { syncVolumes } from "./volume-sync";
import { wantedImage } from "./wanted-image";

/** Settings of the provider; time is a parameter so that waiting can be tried without waiting. */
export interface GroupSettings extends FlySettings {
  readonly clock?: Clock;
}

type GroupContext = Context<GroupSettings>;

/** How long an apply waits for machines that somebody else, a running deploy for one, has leased. */
const leasePatienceMs = 2 * 60_000;

/**
 * Makes the group as declared: observe, ensure, sync, return. Create and update are the same, and so is the repetition of
 * one that was cut off anywhere.
 *
 * @param prior as last applied; undefined on create
 */
export async function reconcile(
  fly: Fly,
  group: ProcessGroup,
  prior: ProcessGroup | undefined,
  context: GroupContext,
): Promise<ProcessGroup> {
  const { settings, private: store, signal, progress } = context;
  const { stack, clock = systemClock } = settings;
  const memory = recall(store);
  const sight = await look(fly, group, { stack, memory, whole: false });
  if (!sight) throw new Problem(appMissing(group));
  if (!prior) refuseForeign(group, sight, stack);
  await Promise.all(
    canariesOf(sight.machines, group, stack).map(({ id }) => fly.machines.delete(group.app, id, { force: true })),
  );

  const wanted = wantedImage(group, { ...sight, record: memory.image });
  const mustRestart = await syncVolumes(fly, group, sight, progress);
  const pool = poolOf(fly, group, sight, { clock, progress, ours: memory.volumes });
  const aim: Aim = { group, prior, stack, wanted, machines: sight.machines, mustRestart, volumes: pool };
  const { changes, metadata, unrepaired } = decide(aim, sight);
  const fleet = openFleet({
    fly,
    app: group.app,
    clock,
    minSecretsVersion: group.secrets_version,
    leasePatienceMs,
    mine: (machine) => isOurs(machine, stack) && groupOf(machine) === group.group,
    progress,
  });
  const strategy = strategyOf(group);
  const plan = {
    strategy,
    changes,
    unavailable: mostUnavailable(group.max_unavailable ?? "33%", sight.members.filter(isServing).length),
    waitTimeoutMs: waitTimeoutMs(group),
    whenDone: { [markKeys.pending]: null },
    ...(strategy === "canary" && { canary: canaryOf(aim) }),
  };
  const changed = await rollOut(fleet, plan, { signal, progress }).catch((error: unknown) => {
    throw explained(error, group, pool?.made ?? []);
  });
  await Promise.all(metadata.map(({ machine, set }) => fly.machines.setMetadata(group.app, machine.id, set)));
  const latest = new Map([...sight.members, ...changed].map((machine) => [machine.id, machine]));
  remember(store, [...latest.values()], { volumes: sight.volumes, image: wanted.image });
  markImported(store, false);
  if (unrepaired.length > 0) throw new Problem(cannotRepair(group, unrepaired));
  return { ...group, divergence: {} };
}

function poolOf(
  fly: Fly,
  { app, group, mount, guest = {} }: ProcessGroup,
  { volumes, machines }: AppSight,
  { clock, progress, ours }: { clock: Clock; progress: (step: string) => void; ours: readonly string[] },
): VolumePool | undefined {
  if (!mount) return undefined;
  const others = machines.filter((machine) => groupOf(machine) !== group);
  const sharedName = others.some(({ config }) => config?.mounts?.some(({ name }) => name === mount.name));
  const isOurVolume = ({ id }: { id: string }) => ours.includes(id) || !sharedName;
  return new VolumePool({ fly, app, clock, mount, guest, volumes, isOurs: isOurVolume, progress });
}

/** A create takes only what an apply of the same stack made before it was cut off. */
function refuseForeign(group: ProcessGroup, { members }: AppSight, stack: string | undefined): void {
  const foreign = members.filter((machine) => !isOurs(machine, stack));
  if (foreign.length > 0) throw new Problem(groupExists(group, foreign));
}

/** The machines that a create would meet and that are not its own. */
export function foreignMembers(
  machines: readonly Machine[],
  group: Pick<ProcessGroup, "group">,
  stack: string | undefined,
) {
  return membersOf(machines, group, { stack }).filter((machine) => !isOurs(machine, stack));
}

export function groupExists({ app, group }: Pick<ProcessGroup, "app" | "group">, foreign: readonly Machine[]) {
  return {
    summary: `Process group ${group} of ${app} exists already`,
    detail: `It has ${foreign.map(label).join(", ")}, and nothing shows that this configuration made them. Nothing was changed. If they are to be managed here: ${importCommand("fly_process_group", `${app}/${group}`)}. Else destroy them, or name another group. [fly/exists]`,
    path: ["group"],
  };
}

function appMissing({ app, group }: ProcessGroup) {
  return {
    summary: `App ${app} is not there`,
    detail: `The machines of group ${group} need it, and Fly does not know it. Nothing was changed. Declare it as fly_app and let the group depend on it, or create it: fly apps create ${app} [fly/no-app]`,
    path: ["app"],
  };
}

function cannotRepair({ app, group }: ProcessGroup, unrepaired: readonly string[]) {
  return {
    summary: `Group ${group} of ${app} is not wholly as declared`,
    detail: `Everything else was applied. What remains:\n${unrepaired.map((one) => `- ${one}.`).join("\n")}\n[fly/cannot-repair]`,
  };
}

function explained(error: unknown, { app, group }: ProcessGroup, made: readonly Volume[]): unknown {
  if (!(error instanceof RollOutError)) return error;
  const names = made.map(({ id, name, region }) => `${id} (${name} in ${region})`).join(", ");
  const volumes = names && `Volumes made: ${names}; they stay, and the next apply uses those that no machine mounts.`;
  const outside = error.stopped ? undefined : describeError(error.cause, { name: `fly_process_group ${app}/${group}` });
  if (outside)
    return new Problem(
      { ...outside, detail: [error.left, volumes, outside.detail].filter(Boolean).join("\n") },
      { cause: error },
    );
  const [what, next] = error.stopped
    ? ["was stopped", "Apply again to finish. [fly/rollout-stopped]"]
    : ["failed", "Correct the configuration or the image and apply again. [fly/rollout-failed]"];
  return new Problem(
    {
      summary: `The roll-out of ${group} in ${app} ${what}`,
      detail: [error.message, volumes, next].filter(Boolean).join("\n"),
    },
    { cause: error },
  );
}

function strategyOf({ strategy }: ProcessGroup): Strategy {
  return strategies.find((known) => known === strategy) ?? "rolling";
}
