/** The record of sweeps: when everything was read last and with what result, so that silence can alarm, and a later sweep can be a fast one. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { exitCodeOf, type Report, type StackReport } from "../../report/model";
import { writeAtomically } from "../../synth/atomic-file";
import { Failure } from "../failure";
import type { Stack } from "../project";
import type { Sighting } from "./sighting";

const instant = z.iso.datetime();

const heartbeat = z.object({
  version: z.literal(1),
  /** When the last full sweep began. */
  checked_at: instant,
  /** "clean": everything was read, and is as declared. */
  verdict: z.enum(["clean", "differs", "error"]),
  /** Of the matrix that the sweep was a part of. */
  shard: z.string().optional(),
  stacks: z.record(
    z.string(),
    z.object({
      /** When it was read in full last. */
      checked_at: instant,
      clean: z.boolean(),
      /** Fingerprint of what it declared then. */
      declaration: z.string(),
    }),
  ),
  /** What listings showed when that sweep began. */
  seen: z.record(z.string(), z.string()),
});

export type Heartbeat = z.infer<typeof heartbeat>;

/** @throws Failure when the file is absent or holds something else */
export function readHeartbeat(file: string): Heartbeat {
  const next = "Make it by a full sweep: infra drift --heartbeat FILE";
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Failure(`There is no record of a sweep: ${file} does not exist. ${next} [infra/heartbeat]`);
  }
  const read = heartbeat.safeParse(parsed(text));
  if (read.success) return read.data;
  throw new Failure(`${file} is no record of a sweep: ${z.prettifyError(read.error)}\n${next} [infra/heartbeat]`);
}

/** What a full sweep found, for {@link writeHeartbeat}. `stacks` are those of the report, in its order. */
export interface Swept {
  readonly report: Report;
  readonly stacks: readonly Stack[];
  readonly seen: Sighting;
  /** When it began, Unix ms. */
  readonly now: number;
  readonly shard?: string;
}

export function writeHeartbeat(file: string, { report, stacks, seen, now, shard }: Swept): void {
  const checked_at = new Date(now).toISOString();
  const verdict = (["clean", "error", "differs"] as const)[exitCodeOf(report)];
  const entries = report.stacks.flatMap((one, index) => {
    const stack = stacks[index];
    return stack ? [[one.stack, { checked_at, clean: isClean(one), declaration: declarationOf(stack) }]] : [];
  });
  const text = {
    version: 1,
    checked_at,
    verdict,
    shard,
    stacks: Object.fromEntries(entries),
    seen,
  } satisfies Heartbeat;
  writeAtomically(file, `${JSON.stringify(text, null, 2)}\n`);
}

/** Nothing to tell: an entry that lets something be ends by itself, so that its stack has to be looked at again. */
const isClean = ({ outcome, troubles, ignored = [] }: StackReport): boolean =>
  outcome === "same" && troubles.length === 0 && ignored.length === 0;

/** Fingerprint of a stack as it was synthesized. */
export const declarationOf = ({ directory }: Stack): string =>
  createHash("sha256")
    .update(readFileSync(join(directory, "cdk.tf.json")))
    .digest("hex")
    .slice(0, 16);

/** @throws Failure when the last full sweep began more than so many hours ago: it was stopped, or fails before it can say so */
export function expectRecent(
  file: string,
  { hours, now }: { readonly hours: number; readonly now: number },
): Heartbeat {
  const heartbeat = readHeartbeat(file);
  const age = (now - Date.parse(heartbeat.checked_at)) / hourMs;
  if (age <= hours) return heartbeat;
  throw new Failure(
    `No sweep has been heard of since ${heartbeat.checked_at}, ${Math.floor(age)} hours ago; at most ${hours} are allowed. What is live may differ from what is declared, and nobody looked. See why the sweep does not run, and sweep now: infra drift --heartbeat ${file} [infra/heartbeat-silent]`,
  );
}

const hourMs = 3_600_000;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 20);
  }
}
