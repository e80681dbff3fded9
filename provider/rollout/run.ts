import type { Machine } from "../../api/fly";
import type { Change, NewMachine, Strategy } from "./change";
import type { Fleet } from "./fleet";

/** What a roll-out is to do. */
export interface RollOut {
  readonly strategy: Strategy;
  readonly changes: readonly Change[];
  /** How many serving machines may be out at once; see `mostUnavailable`. */
  readonly unavailable: number;
  /** For one machine, to start and to pass its checks. */
  readonly waitTimeoutMs: number;
  /** How long a changed machine without checks must stay up. New machines of a group that did not serve need not. */
  readonly steadyMs?: number;
  /** Pauses of a blue-green switch, in which Fly's proxy learns of it. */
  readonly drainMs?: number;
  /** Metadata to write on each machine when it is done; null removes a key. So a roll-out that is cut off can be told from a finished one. */
  readonly whenDone?: Readonly<Record<string, string | null>>;
  /** The extra machine of the canary strategy. */
  readonly canary?: NewMachine;
}

export interface Tools {
  readonly signal: AbortSignal;
  progress(step: string): void;
}

/** What has been done of one change. */
export interface Deed {
  readonly change: Change;
  state: "begun" | "done";
  /** The machine that was made. */
  made?: Machine;
  /** The machine after its update. */
  after?: Machine;
  /** The machine was, or may have been, destroyed. */
  destroyed?: boolean;
}

/** What every part of a roll-out works with. */
export interface Run extends Tools {
  readonly fleet: Fleet;
  readonly plan: RollOut;
  /** Aborted by the caller's signal and by the first failure: nothing new starts then. */
  readonly halt: AbortController;
  readonly deeds: Deed[];
}
