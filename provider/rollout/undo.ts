import { type Change, isRunning, isServing, label } from "./change";
import type { Outcome } from "./failure";
import type { Deed, Run } from "./run";
import { untilHealthy } from "./watch";

const steadyMs = 3_000;

/**
 * Brings back what served before: updated machines get the image and config that they had, those that fail first, the
 * healthy ones few at a time; machines that were made for the roll-out are destroyed.
 *
 * @param keep says only what stands where and changes nothing
 */
export async function undo(run: Run, { keep }: { readonly keep: boolean }): Promise<Outcome> {
  const { deeds, plan } = run;
  const begun = new Set(deeds.map(({ change }) => change));
  const untouched = plan.changes.filter((change) => !begun.has(change)).map(subject);
  if (keep) return { undone: [], notUndone: [], changed: deeds.flatMap(standing), untouched };
  const [undone, notUndone]: string[][] = [[], []];
  const attempt = async (deed: Deed, work: () => Promise<string | undefined>) => {
    try {
      const text = await work();
      if (text) undone?.push(text);
    } catch (error) {
      notUndone?.push(`${subject(deed.change)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const updates = deeds.filter(({ change, made }) => change.kind === "update" && !made);
  const failing = updates.filter(({ state }) => state === "begun");
  await Promise.all(failing.map((deed) => attempt(deed, () => restore(run, deed))));
  const rest = updates.filter(({ state }) => state === "done");
  await inPool(rest, plan.unavailable, (deed) => attempt(deed, () => restore(run, deed)));
  await Promise.all(deeds.filter(({ made }) => made).map((deed) => attempt(deed, () => unmake(run, deed))));
  const changed = deeds
    .filter(({ change, destroyed }) => change.kind === "remove" && destroyed)
    .map(({ change }) => subject(change));
  return { undone: undone ?? [], notUndone: notUndone ?? [], changed, untouched };
}

async function restore(run: Run, { change, after }: Deed): Promise<string | undefined> {
  if (change.kind !== "update") return undefined;
  const { fleet, progress, plan } = run;
  const { machine } = change;
  const live = after ?? (await fleet.find(machine.id));
  if (!live || live.instance_id === machine.instance_id || !machine.config) return undefined;
  const config = machine.config;
  const { signal } = new AbortController();
  await fleet.lease([machine], signal);
  progress(`machine ${label(machine)}: bringing back what served before`);
  const launch = isRunning(machine);
  const digest = machine.image_ref?.digest;
  const restored = await fleet.update({ machine: live, config: () => config, fits: () => false, launch, digest });
  if (launch) {
    const { instance_id: version } = restored;
    await untilHealthy(fleet, restored, {
      config,
      version,
      before: live,
      timeoutMs: plan.waitTimeoutMs,
      steadyMs,
      signal,
    });
  }
  await fleet.release(machine.id);
  return `${label(machine)} ${isServing(machine) ? "serves again" : "is again"} as before`;
}

/** A machine whose predecessor is gone already stays. */
async function unmake({ fleet, progress }: Run, { made, destroyed }: Deed): Promise<string | undefined> {
  if (!made || destroyed) return undefined;
  progress(`machine ${label(made)}: destroying, it was made for this roll-out`);
  await fleet.destroy(made.id);
  return `${label(made)} destroyed`;
}

function standing({ change, made, after }: Deed): string[] {
  if (made) return [`${label(made)} made`];
  return after ? [subject(change)] : [];
}

function subject(change: Change): string {
  return "machine" in change ? label(change.machine) : change.by.name;
}

async function inPool<T>(items: readonly T[], parallel: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(parallel, queue.length) }, worker));
}
