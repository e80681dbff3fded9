import type { SweepOptions } from "../../../ops/drift/sweep";
import type { ExitCode, Options } from "../../define-command";
import type { Io } from "../../io";
import type { Tools } from "../../tools";

/** How much a sweep reads, and where it records that it did. */
export const sweepOptions = {
  shard: { type: "string", doc: "Only part i of n of the stacks, for a matrix of jobs.", placeholder: "i/n" },
  heartbeat: {
    type: "string",
    doc: "Record of the sweep: when, with what result, and what a fast one compares with.",
    placeholder: "file",
  },
  fast: {
    type: "boolean",
    doc: "Read in full only what is not as the record says, by listings; tells what it did not read.",
  },
  heartbeatOlderThan: {
    type: "number",
    doc: "Read nothing, and fail when the record's last full sweep is more than so many hours ago.",
    placeholder: "hours",
  },
} as const satisfies Options;

interface Given {
  readonly shard: string | undefined;
  readonly heartbeat: string | undefined;
  readonly fast: boolean;
  readonly heartbeatOlderThan: number | undefined;
}

/** @throws Failure for a part that is none, and for a fast sweep that is to be kept as a report: it has not seen enough for one */
export function howToSweep(
  { shard, heartbeat, fast, faces }: Given & { readonly faces: readonly (string | boolean | undefined)[] },
  { directory }: Tools,
): Pick<SweepOptions, "shard" | "heartbeat" | "fast"> {
  const { shardFrom }: typeof import("../../../ops/drift/shard") = require("../../../ops/drift/shard");
  const { Failure }: typeof import("../../../ops/failure") = require("../../../ops/failure");
  const { resolve }: typeof import("node:path") = require("node:path");
  if (fast && faces.some(Boolean)) {
    throw new Failure(
      "--fast does not read everything, so that it makes no report and touches no issue. Leave out --fast, or --markdown, --html and --issue. Nothing was read. [infra/fast-report]",
    );
  }
  return {
    shard: shard === undefined ? undefined : shardFrom(shard),
    heartbeat: heartbeat === undefined ? undefined : resolve(directory, heartbeat),
    fast,
  };
}

/** @throws Failure when the record is too old, or is none */
export function expectHeartbeat(
  { heartbeat, heartbeatOlderThan: hours = 0 }: Given,
  { directory, now }: Tools,
  io: Io,
): ExitCode {
  const { Failure }: typeof import("../../../ops/failure") = require("../../../ops/failure");
  if (heartbeat === undefined)
    throw new Failure(
      "--heartbeat-older-than looks at a record and does not know where it is. Name it: --heartbeat FILE [infra/heartbeat]",
    );
  const { expectRecent }: typeof import("../../../ops/drift/heartbeat") = require("../../../ops/drift/heartbeat");
  const { resolve }: typeof import("node:path") = require("node:path");
  const { checked_at, verdict } = expectRecent(resolve(directory, heartbeat), { hours, now: now() });
  io.out(`Checked at ${checked_at}: ${verdict}`);
  return 0;
}
