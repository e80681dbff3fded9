import type { Machine } from "../../api/fly";
import { type Change, isRunning, label, type NewMachine } from "./change";
import { isOutside, MachineFailure } from "./failure";
import { isCapacity } from "./fleet";
import type { Lane } from "./plan";
import type { Deed, Run } from "./run";
import { untilGone, untilHealthy } from "./watch";

/** How long a changed machine without checks must stay up. */
const steadyMs = 3_000;
const destroyTimeoutMs = 2 * 60_000;

/** Does one change and, if asked to, waits for its machine; records what it did. */
export async function perform(run: Run, change: Change, { wait }: { readonly wait: boolean }): Promise<void> {
  const deed: Deed = { change, state: "begun" };
  run.deeds.push(deed);
  await act(run, change, deed, wait);
  const result =
    deed.made ?? deed.after ?? (change.kind === "start" || change.kind === "verify" ? change.machine : undefined);
  if (result) await settle(run, result);
  deed.state = "done";
  if ("machine" in change) await run.fleet.release(change.machine.id);
}

/** Makes a machine and waits until it is healthy. */
export async function make(
  run: Run,
  by: NewMachine,
  deed: Deed,
  { cordoned = false, wait = true } = {},
): Promise<Machine> {
  const { fleet, progress } = run;
  const made = await fleet.create(by, { cordoned });
  deed.made = made;
  progress(`machine ${label(made)} made in ${made.region}${wait ? ", waiting for health" : ""}`);
  if (wait) deed.made = await healthy(run, made, { steadyMs: serves(run) ? undefined : 0 });
  return deed.made;
}

/** Writes on a machine that it is done. */
export async function settle({ fleet, plan }: Run, { id }: Machine): Promise<void> {
  if (plan.whenDone) await fleet.setMetadata(id, plan.whenDone);
}

/** Runs every lane, `parallel` at a time. The first failure halts the rest; what is under way is waited for. */
export async function runLanes(
  run: Run,
  lanes: readonly Lane[],
  work: (change: Change) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const lane = async (queue: Change[]) => {
    for (let change = queue.shift(); change && !run.halt.signal.aborted; change = queue.shift()) {
      try {
        await work(change);
      } catch (error) {
        failures.push(error);
        run.halt.abort(error);
      }
    }
  };
  await Promise.all(
    lanes.flatMap(({ changes, parallel }) => {
      const queue = [...changes];
      return Array.from({ length: Math.min(parallel, queue.length) }, () => lane(queue));
    }),
  );
  if (failures.length > 0) throw failures.find((one) => one instanceof MachineFailure) ?? failures[0];
  run.halt.signal.throwIfAborted();
}

async function act(run: Run, change: Change, deed: Deed, wait: boolean): Promise<void> {
  const { fleet, progress } = run;
  switch (change.kind) {
    case "create":
      await make(run, change.by, deed, { wait });
      return;
    case "update":
      return update(run, change, deed, wait);
    case "replace":
      await make(run, change.by, deed, { wait });
      return destroy(run, change.machine, deed);
    case "start":
      progress(`machine ${label(change.machine)}: starting`);
      await fleet.start(change.machine.id);
      if (wait) await healthy(run, change.machine, { before: change.machine });
      if (change.machine.cordoned) await fleet.uncordon(change.machine.id);
      return;
    case "verify":
      await healthy(run, change.machine, { before: change.machine });
      if (change.machine.cordoned) await fleet.uncordon(change.machine.id);
      return;
    case "uncordon":
      progress(`machine ${label(change.machine)}: uncordoning`);
      return fleet.uncordon(change.machine.id);
    case "remove":
      return destroy(run, change.machine, deed);
  }
}

async function update(run: Run, change: Extract<Change, { kind: "update" }>, deed: Deed, wait: boolean): Promise<void> {
  const { fleet, progress } = run;
  const { machine, launch, instead } = change;
  try {
    deed.after = await fleet.update(change);
  } catch (error) {
    if (!instead || !isCapacity(error)) throw error;
    progress(`machine ${label(machine)}: no room on its host; making another in its stead`);
    await make(run, instead(), deed, { wait });
    return destroy(run, machine, deed);
  }
  progress(`machine ${label(machine)} updated${launch && wait ? ", waiting for health" : ""}`);
  if (launch && wait) deed.after = await healthy(run, deed.after, { before: machine, version: deed.after.instance_id });
  if (machine.cordoned) await fleet.uncordon(machine.id);
}

/** Also waits until a volume is free. A machine whose host is silent cannot be destroyed now: it is when the host is back. */
async function destroy({ fleet, progress }: Run, machine: Machine, deed: Deed): Promise<void> {
  progress(`machine ${label(machine)}: destroying`);
  deed.destroyed = true;
  try {
    await fleet.destroy(machine.id);
    if ((machine.config?.mounts ?? []).length > 0) await untilGone(fleet, machine, destroyTimeoutMs);
  } catch (error) {
    if ((machine.host_status ?? "ok") === "ok" || !isOutside(error)) throw error;
    progress(`machine ${label(machine)}: its host does not answer; an apply after it is back destroys the machine`);
  }
}

async function healthy(
  run: Run,
  machine: Machine,
  { before, version, steadyMs: steady }: { before?: Machine; version?: string; steadyMs?: number },
): Promise<Machine> {
  const { fleet, plan, halt, progress } = run;
  const live = await untilHealthy(fleet, machine, {
    config: machine.config ?? {},
    version,
    before,
    timeoutMs: plan.waitTimeoutMs,
    steadyMs: steady ?? plan.steadyMs ?? steadyMs,
    signal: halt.signal,
  });
  progress(`machine ${label(machine)} healthy`);
  return live;
}

/** Whether the group served before: then a new machine has something to prove. */
export function serves({ plan }: Run): boolean {
  return plan.changes.some((change) => change.kind === "update" && isRunning(change.machine));
}
