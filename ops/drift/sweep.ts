/** The drift sweep: the drift report over a part of the stacks or over those that moved, and its record. */
import { FlyError } from "../../api/fly";
import { exitCodeOf, type Report } from "../../report/model";
import { declaredIn } from "../declared";
import { Failure } from "../failure";
import { flyFrom } from "../fly";
import type { Running } from "../plan";
import type { Stack } from "../project";
import { type DriftOptions, driftStacks } from "./drift";
import { glanceAt } from "./glance";
import { readHeartbeat, writeHeartbeat } from "./heartbeat";
import { type Shard, shardOf } from "./shard";
import { type Sighting, sightingOf } from "./sighting";

export interface SweepOptions extends DriftOptions {
  /** Only these of the stacks. */
  readonly shard?: Shard;
  /** Absolute path of the record: written by a full sweep, read by a fast one. */
  readonly heartbeat?: string;
  /** Reads in full only what is not as the record says. Needs `heartbeat`. */
  readonly fast: boolean;
}

/** @throws Interrupted; Failure */
export async function sweep(
  all: readonly Stack[],
  running: Running,
  { shard, heartbeat, fast, ...options }: SweepOptions,
): Promise<{ readonly report: Report; readonly exitCode: 0 | 1 | 2 }> {
  const stacks = shard ? shardOf(all, shard) : all;
  // The checks of the project as a whole belong to one of the parts.
  const whole = options.whole && (shard?.part ?? 1) === 1;
  if (fast) return fastSweep(stacks, running, { ...options, heartbeat });
  // Looked at before anything is read, so that what changes in between is read again.
  const seen = heartbeat === undefined ? {} : await seenNow(stacks, running);
  const swept = await driftStacks(stacks, running, { ...options, whole, project: all });
  if (heartbeat !== undefined) {
    const of = shard && `${shard.part}/${shard.of}`;
    writeHeartbeat(heartbeat, { report: swept.report, stacks, seen, now: options.now, shard: of });
  }
  return swept;
}

async function fastSweep(
  stacks: readonly Stack[],
  running: Running,
  { heartbeat, ...options }: DriftOptions & { readonly heartbeat: string | undefined },
) {
  if (heartbeat === undefined) {
    throw new Failure(
      "--fast compares with the record of a full sweep, and does not know where it is. Make one: infra drift --heartbeat FILE, then: infra drift --fast --heartbeat FILE [infra/fast-record]",
    );
  }
  const { due, unread } = await glanceAt(stacks, readHeartbeat(heartbeat), () => flyFrom(running.env).fly);
  for (const { stack, why } of due) running.say(`${stack.name}: read in full, since ${why}`);
  const chosen = due.map(({ stack }) => stack);
  const none: Report = { command: "drift", stacks: [], checkedAt: new Date(options.now).toISOString() };
  const { report } =
    chosen.length > 0 ? await driftStacks(chosen, running, { ...options, whole: false }) : { report: none };
  const told = { ...report, unread };
  return { report: told, exitCode: exitCodeOf(told) };
}

/** Where listings cannot be read, the record has none, and the next fast sweep reads every app. */
async function seenNow(stacks: readonly Stack[], running: Running): Promise<Sighting> {
  const { organizations } = declaredIn(stacks);
  if (organizations.length === 0) return {};
  try {
    return await sightingOf(organizations, flyFrom(running.env).fly);
  } catch (error) {
    if (!(error instanceof FlyError || error instanceof Failure)) throw error;
    running.say(
      `The record will be of no use to a fast sweep, for the organization could not be listed: ${error.message}`,
    );
    return {};
  }
}
