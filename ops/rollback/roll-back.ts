/** Takes an app back to an earlier image: roll-out, release record, watch, and the way back when it is no better. */
import type { Clock, Fly, FlyReader, Machine } from "../../api/fly";
import { groupOf, isPassing } from "../../provider/resources/machine-kind";
import { configOf, isLive } from "../../provider/resources/ownership";
import { mostUnavailable } from "../../provider/rollout/availability";
import { isRunning, isServing, type Update } from "../../provider/rollout/change";
import { openFleet } from "../../provider/rollout/fleet";
import { parseImage, runsImage } from "../../provider/rollout/image";
import { rollOut } from "../../provider/rollout/roll-out";
import { Failure } from "../failure";
import { type Destination, destinationOf, type ReadyVersion, readyVersions } from "./ready-version";
import type { Target } from "./target";
import { type Watched, watch } from "./watch";

export interface RollbackPlan {
  readonly target: Target;
  /** Every release that counts, the running one first. */
  readonly versions: readonly ReadyVersion[];
  readonly to: Destination;
  /** Machines whose image changes. */
  readonly changing: readonly Machine[];
  /** Machines that run the image already. */
  readonly there: readonly Machine[];
}

/** Releases are read this far back. */
const depth = 100;

/** What can be rolled back to, newest first; the running one first. */
export async function versionsOf(fly: FlyReader, app: string): Promise<readonly ReadyVersion[]> {
  const [releases, machines] = await Promise.all([fly.releases.list(app, depth), fly.machines.list(app)]);
  return readyVersions(releases, machines);
}

/**
 * What a rollback would do; changes nothing.
 *
 * @throws Failure when the app has no machine, or nothing to go back to
 */
export async function planRollback(fly: FlyReader, target: Target, to: string | undefined): Promise<RollbackPlan> {
  const { app } = target;
  const [releases, machines] = await Promise.all([fly.releases.list(app, depth), fly.machines.list(app)]);
  const regular = machines.filter(
    (machine) => isLive(machine) && !isPassing(machine) && groupOf(machine) !== undefined,
  );
  if (regular.length === 0) {
    throw new Failure(
      `${app} has no machine, so there is nothing to take back. Nothing was changed. Deploy it: npx infra apply ${target.environment} [infra/no-machine]`,
    );
  }
  const versions = readyVersions(releases, machines);
  const runsImageOf = (image: string) => (machine: Machine) =>
    runsImage(image, configOf(machine)?.image, machine.image_ref);
  const standing = versions.find((version) => version.standing === "runs");
  const settled = standing === undefined || regular.every(runsImageOf(standing.image));
  const destination = destinationOf(versions, { app, to, settled });
  if (!parseImage(destination.image)) {
    throw new Failure(
      `"${destination.image}" is no image reference. Nothing was changed. Write registry.example.com/app:tag [infra/image-reference]`,
    );
  }
  const runs = runsImageOf(destination.image);
  return {
    target,
    versions,
    to: destination,
    changing: regular.filter((machine) => !runs(machine)),
    there: regular.filter(runs),
  };
}

export interface RollbackOptions {
  /** How long the app is watched afterwards. */
  readonly watchMs: number;
  /** Where users reach the app; undefined: only its machines are watched. */
  readonly address: string | undefined;
  readonly paths: readonly string[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Status of the answer at an address; tests give their own. */
  readonly ask?: (url: string) => Promise<number>;
  say(text: string): void;
  progress(text: string): void;
}

/** How a rollback ended. */
export interface Outcome {
  /** "restored": the version was no better, and what ran before runs again. "broken": not even that. "stopped": asked to stop. */
  readonly outcome: "rolled-back" | "restored" | "broken" | "stopped";
  /** Fly's release that records it. */
  readonly release: number;
  /** Until every machine had the image and was healthy. */
  readonly healthyMs: number;
  readonly watched: Watched | undefined;
  /** What went wrong. */
  readonly reason: string | undefined;
  /** The registry has no such image any more: nothing was changed. */
  readonly isImageLost: boolean;
}

/**
 * Carries a plan out. The release is recorded first and completed last, so that a run which is killed in between is seen as unfinished and
 * running it again finishes it. Fly restores what ran before when a machine does not come up; the watch does when one does not stay up.
 */
export async function rollBack(fly: Fly, plan: RollbackPlan, options: RollbackOptions): Promise<Outcome> {
  const { target, to, changing, there } = plan;
  const { clock, signal, say } = options;
  const begun = clock.now();
  const release = await fly.releases.create({
    app_name: target.app,
    image: to.image,
    strategy: "ROLLING",
    definition: target.definition,
  });
  await fly.releases.update(release.id, { status: "running" });
  const end = async (
    status: "complete" | "failed" | "interrupted",
    outcome: Omit<Outcome, "release" | "isImageLost">,
  ): Promise<Outcome> => {
    await fly.releases.update(release.id, { status });
    const isImageLost = outcome.watched === undefined && lost.test(outcome.reason ?? "");
    return { ...outcome, release: release.version, isImageLost };
  };
  const marks = { fly_release_id: release.id, fly_release_version: String(release.version) };
  const failed = (reason: string) => ({ healthyMs: 0, watched: undefined, reason });
  try {
    const withMarks = ({ metadata, ...config }: Config): Config => ({ ...config, metadata: { ...metadata, ...marks } });
    await swap(fly, target, changing, (_machine, live) => withMarks({ ...live, image: to.image }), options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (signal.aborted) return end("interrupted", { outcome: "stopped", ...failed(reason) });
    return end("failed", { outcome: /Not undone/.test(reason) ? "broken" : "restored", ...failed(reason) });
  }
  const healthyMs = clock.now() - begun;
  say(`Every machine runs ${to.image} and is healthy after ${Math.round(healthyMs / 1000)} s; watching it.`);
  const now = await fly.machines.list(target.app);
  const ours = now.filter(({ id }) => [...changing, ...there].some((one) => one.id === id));
  const watched = await watch(fly, {
    app: target.app,
    machines: ours.filter(isRunning).map(({ id }) => id),
    forMs: options.watchMs,
    address: options.address,
    paths: options.paths,
    organization: (await fly.apps.find(target.app))?.organization.slug,
    before: new Set(ours.flatMap(({ events = [] }) => events.map(({ id }) => id))),
    clock,
    signal,
    ...(options.ask && { ask: options.ask }),
    progress: options.progress,
  });
  if (watched.healthy) return end("complete", { outcome: "rolled-back", healthyMs, watched, reason: undefined });
  const reason = watched.problems.join("; ");
  say(`Not well: ${reason}. Bringing back what ran before.`);
  return restore(reason);

  async function restore(because: string): Promise<Outcome> {
    const before = new Map(changing.map(({ id, config }) => [id, config ?? {}]));
    try {
      const live = (await fly.machines.list(target.app)).filter(({ id }) => before.has(id));
      await swap(fly, target, live, ({ id }) => before.get(id) ?? {}, options);
      return await end("failed", { outcome: "restored", healthyMs, watched, reason: because });
    } catch (error) {
      const more = error instanceof Error ? error.message : String(error);
      return end("failed", { outcome: "broken", healthyMs, watched, reason: `${because}\n${more}` });
    }
  }
}

/** How Fly says that there is no such image. */
const lost = /manifest unknown|could not (resolve|find) image|image .*not found/i;

type Config = NonNullable<Machine["config"]>;

/** Gives machines another config, by a rolling change that undoes itself when one of them fails. */
async function swap(
  fly: Fly,
  target: Target,
  machines: readonly Machine[],
  wanted: (machine: Machine, live: Config) => Config,
  options: RollbackOptions,
): Promise<void> {
  const updates = machines.map((machine): Update => {
    const image = wanted(machine, machine.config ?? {}).image ?? "";
    return {
      kind: "update",
      machine,
      config: (live) => wanted(machine, live.config ?? {}),
      fits: (live) => runsImage(image, live.config?.image, live.image_ref),
      launch: isRunning(machine),
    };
  });
  await roll(fly, target, updates, options);
}

async function roll(fly: Fly, target: Target, changes: readonly Update[], options: RollbackOptions): Promise<void> {
  if (changes.length === 0) return;
  const { clock, signal, say, progress } = options;
  const fleet = openFleet({ fly, app: target.app, clock, leasePatienceMs: 120_000, mine: () => false, progress });
  // Machines of all groups change in one roll-out, so as few at once as the most careful group allows.
  const allowed = target.groups.map(({ name, unavailable }) =>
    mostUnavailable(
      unavailable,
      changes.filter(({ machine }) => groupOf(machine) === name && isServing(machine)).length,
    ),
  );
  const waitTimeoutMs = Math.max(...target.groups.map((one) => one.waitTimeoutMs));
  const plan = { strategy: "rolling", changes, unavailable: Math.min(...allowed), waitTimeoutMs } as const;
  await rollOut(fleet, plan, { signal, progress: say });
}
