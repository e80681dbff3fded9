import type { Machine } from "../../api/fly";
import { type Change, label, type NewMachine } from "./change";
import { make, perform, runLanes, settle } from "./perform";
import type { Deed, Run } from "./run";
import { untilStopped } from "./watch";

/** Metadata by which flyctl, too, knows a machine that was left over and may go. */
export const retired = { key: "fly_bluegreen_deployment_tag", value: "safe_to_destroy" } as const;

const drainMs = 10_000;
const stopTimeoutMs = 6 * 60_000;
const any = Number.POSITIVE_INFINITY;

/**
 * New machines beside the old ones; traffic moves when all are healthy.
 *
 * Until the new ones are uncordoned a failure destroys them and the old ones never noticed. From then on they stay, and what
 * is left of the old ones carries a mark, so that the next attempt destroys it. Sleeping machines keep their id: they serve nobody.
 */
export async function switchOver(run: Run): Promise<void> {
  const pairs = run.plan.changes.flatMap(pairOf);
  const paired = new Set(pairs.map(({ change }) => change));
  const others = run.plan.changes.filter((change) => !paired.has(change));
  const kinds = (...wanted: Change["kind"][]) => others.filter(({ kind }) => wanted.includes(kind));

  const deeds = new Map<Change, Deed>(pairs.map(({ change }) => [change, { change, state: "begun" }]));
  run.deeds.push(...deeds.values());
  const greenLane = { changes: pairs.map(({ change }) => change), parallel: Math.max(1, Math.ceil(pairs.length / 3)) };
  const firstLanes = [greenLane, { changes: kinds("create", "start", "uncordon", "verify"), parallel: any }];
  await runLanes(run, firstLanes, async (change) => {
    const pair = pairs.find((one) => one.change === change);
    const deed = deeds.get(change);
    if (pair && deed) await make(run, pair.green, deed, { cordoned: true });
    else await perform(run, change, { wait: true });
  });

  const greens = [...deeds.values()].flatMap(({ made }) => made ?? []);
  await Promise.all(greens.map(({ id }) => run.fleet.uncordon(id)));
  await Promise.all(greens.map((machine) => settle(run, machine)));
  for (const deed of deeds.values()) Object.assign(deed, { state: "done", destroyed: true });
  run.progress(`traffic goes to ${greens.map(label).join(", ")}`);
  await retire(
    run,
    pairs.map(({ blue }) => blue),
  );
  await runLanes(run, [{ changes: kinds("update", "remove"), parallel: any }], (change) =>
    perform(run, change, { wait: true }),
  );
}

/** Takes the old machines out of service, in an order in which no request meets a closed door. */
async function retire({ fleet, plan, progress }: Run, blues: readonly Machine[]): Promise<void> {
  const pause = () => fleet.clock.sleep(plan.drainMs ?? drainMs);
  const each = (work: (machine: Machine) => Promise<void>) => Promise.all(blues.map(work));
  await each(({ id }) => fleet.setMetadata(id, { [retired.key]: retired.value }));
  await pause();
  await each(({ id }) => fleet.cordon(id));
  await pause();
  await each(async (machine) => {
    await fleet.stop(machine.id);
    await untilStopped(fleet, machine, stopTimeoutMs);
    await fleet.destroy(machine.id);
    progress(`machine ${label(machine)} destroyed, its successor serves`);
  });
}

function pairOf(change: Change): { change: Change; blue: Machine; green: NewMachine }[] {
  if (change.kind === "replace") return [{ change, blue: change.machine, green: change.by }];
  if (change.kind !== "update" || !change.launch || !change.instead) return [];
  return [{ change, blue: change.machine, green: change.instead() }];
}
