import { EventEmitter } from "node:events";
import type { HonoRequest } from "hono";
import type { Clock } from "./clock";
import type { FaultList } from "./fault";
import type { Ids } from "./ids";
import type { Journal } from "./journal";
import type { Limiter } from "./limit";
import type { AppRow, MachineRow, TokenKind } from "./row";
import type { Store } from "./store";

/** How long the platform takes, in ms on the sandbox's clock. */
export interface Timings {
  /** Preparation of a created machine by its host, and of the new version in an update. */
  prepareMs: number;
  /** Start of a prepared machine. */
  bootMs: number;
  /** End of a machine that was asked to stop, to suspend or to be destroyed. */
  stopMs: number;
  /** From the start until the first check results are there. */
  checkMs: number;
  /** From the start until a command that only runs once exits. */
  runMs: number;
  /** From the start until an image that crashes exits. */
  crashMs: number;
  /** From the deletion of an app until it can no longer be read. */
  appDeleteMs: number;
}

/** A machine is up 0.2 s after its create. */
export const defaultTimings: Timings = {
  prepareMs: 100,
  bootMs: 100,
  stopMs: 100,
  checkMs: 200,
  runMs: 500,
  crashMs: 100,
  appDeleteMs: 200,
};

/** Everything a route needs, from outside. */
export interface World {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timings: Timings;
  readonly limiter: Limiter;
  readonly faults: FaultList;
  readonly journal: Journal;
  /** Emits the machine's id after each change of its state or events. */
  readonly changes: EventEmitter;
  /** When on, every write is refused. */
  readonly mode: { readOnly: boolean /** GitHub's answers carry an ETag. */; etag: boolean };
}

/** Who asks. */
export interface Principal {
  readonly tokenId: string;
  readonly kind: TokenKind;
  readonly org: string;
  /** Names of the apps of an app-deploy token. */
  readonly apps: readonly string[];
  /** E-mail of the token's user, or the token's name. */
  readonly user: string;
}

/** Variables of a request; `app` and `machine` are set by the middleware of the routes below them. */
export interface Env {
  Variables: {
    requestId: string;
    principal: Principal;
    app: AppRow;
    machine: MachineRow;
    /** Set by faults. */
    lagMs?: number;
    pageSize?: number;
  };
  Bindings: { incoming?: { socket: { destroy(): void } } };
}

/** An emitter for any number of waiting requests. */
export function createChanges(): EventEmitter {
  return new EventEmitter().setMaxListeners(0);
}

/** A query parameter that is a boolean: `true`, `1` and an empty value mean yes. */
export function flag(request: HonoRequest, name: string): boolean {
  const value = request.query(name);
  return value === "" || value === "true" || value === "1";
}

/** RFC 3339 in UTC, as Fly writes times. */
export const timestamp = (unixMs: number): string => new Date(unixMs).toISOString();
