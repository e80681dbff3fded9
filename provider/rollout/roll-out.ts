import type { Machine } from "../../api/fly";
import { switchOver } from "./bluegreen";
import type { Change, NewMachine } from "./change";
import { label } from "./change";
import { isOutside, RollOutError } from "./failure";
import type { Fleet } from "./fleet";
import { make, perform, runLanes, serves } from "./perform";
import { stagesOf } from "./plan";
import type { Deed, RollOut, Run, Tools } from "./run";
import { undo } from "./undo";

/**
 * Brings changes to machines by a strategy, waiting for health.
 *
 * Takes leases on every machine that exists before anything changes and gives each back as soon as it is done. When a machine
 * fails, what was changed is brought back and the error says so; when Fly is out of reach or the signal is aborted, it stops
 * where it is and says that. Doing it again finishes it.
 *
 * @returns the machines that were made or updated, as Fly answered
 * @throws RollOutError
 */
export async function rollOut(fleet: Fleet, plan: RollOut, tools: Tools): Promise<readonly Machine[]> {
  const halt = new AbortController();
  const forward = () => halt.abort(tools.signal.reason);
  tools.signal.addEventListener("abort", forward, { once: true });
  if (tools.signal.aborted) forward();
  const run: Run = { ...tools, fleet, plan, halt, deeds: [] };
  try {
    await fleet.lease(touched(plan.changes), halt.signal);
    if (plan.strategy === "bluegreen" && plan.changes.some(({ kind }) => kind === "update" || kind === "replace"))
      await switchOver(run);
    else await inStages(run);
    return run.deeds.flatMap(({ made, after }) => made ?? after ?? []);
  } catch (error) {
    throw await ended(run, error);
  } finally {
    tools.signal.removeEventListener("abort", forward);
    await fleet.close();
  }
}

async function inStages(run: Run): Promise<void> {
  const { strategy, changes, unavailable, canary } = run.plan;
  if (strategy === "canary" && canary && serves(run)) await tryCanary(run, canary);
  for (const { lanes, wait } of stagesOf(strategy, changes, unavailable))
    await runLanes(run, lanes, (change) => perform(run, change, { wait }));
}

async function tryCanary(run: Run, by: NewMachine): Promise<void> {
  const deed: Deed = { change: { kind: "create", by }, state: "begun" };
  run.deeds.push(deed);
  const canary = await make(run, by, deed);
  run.progress(`canary ${label(canary)} passed; destroying it`);
  await run.fleet.destroy(canary.id);
  run.deeds.splice(run.deeds.indexOf(deed), 1);
}

async function ended(run: Run, error: unknown): Promise<RollOutError> {
  const stopped = run.signal.aborted;
  const outcome = await undo(run, { keep: stopped || isOutside(error) });
  return new RollOutError(error, outcome, { stopped });
}

/** Machines that exist and whose host answers. */
function touched(changes: readonly Change[]): Machine[] {
  const machines = changes.flatMap((change) => [
    ...("machine" in change ? [change.machine] : []),
    ...("by" in change && change.by.existing ? [change.by.existing] : []),
  ]);
  return machines.filter(({ host_status = "ok" }) => host_status === "ok");
}
