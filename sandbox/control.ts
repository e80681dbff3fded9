import { setImmediate } from "node:timers/promises";
import { Hono } from "hono";
import { z } from "zod";
import { readBody } from "./body";
import { ApiError } from "./error";
import { type Fault, faultSchema } from "./fault";
import type { JournalEntry } from "./journal";
import { type State, serialize } from "./store";
import { type Tamper, tamper, tamperSchema } from "./tamper";
import { type Env, timestamp, type World } from "./world";

/** What a test or a person does to the sandbox itself. The same over HTTP below `/_sandbox`. */
export interface Control {
  status(): {
    ok: true;
    now: string;
    apps: number;
    machines: number;
    read_only: boolean;
    faults: number;
    /** Where the state is kept; null: in memory. */
    state_file: string | null;
  };
  routes(): string[];
  journal(): readonly JournalEntry[];
  clearJournal(): void;
  faults(): unknown[];
  setFaults(faults: readonly Fault[]): void;
  /** Lets requests that are under way come to their wait, then moves the clock forward by that many ms and runs what falls due. */
  advance(ms: number): Promise<void>;
  reset(): void;
  /** The whole state, live; secret values are not in it. */
  state(): State;
  /** Changes something behind everybody's back. @throws ApiError 404 or 400 */
  tamper(change: Tamper): void;
  setReadOnly(on: boolean): void;
  /** Whether GitHub's answers carry an ETag. */
  setEtag(on: boolean): void;
}

/** @param outside what only the whole sandbox can do */
export function createControl(world: World, outside: { reset(): void; routes(): string[] }): Control {
  const { journal, faults, clock, store, mode } = world;
  return {
    status() {
      const apps = [...store.state.apps.values()];
      const machines = apps.reduce((sum, app) => sum + app.machines.size, 0);
      const now = timestamp(clock.now());
      return {
        ok: true,
        now,
        apps: apps.length,
        machines,
        read_only: mode.readOnly,
        faults: faults.list().length,
        state_file: store.file ?? null,
      };
    },
    routes: outside.routes,
    journal: journal.list,
    clearJournal: journal.clear,
    faults: faults.list,
    setFaults: faults.set,
    async advance(ms) {
      await setImmediate();
      clock.advance(ms);
    },
    reset: outside.reset,
    state: () => store.state,
    tamper: (change) => tamper(world, change),
    setReadOnly(on) {
      mode.readOnly = on;
    },
    setEtag(on) {
      mode.etag = on;
    },
  };
}

/** The control over HTTP: no token is asked for, the port is on loopback only. */
export function controlRoutes(control: Control) {
  const ok = { ok: true };
  return new Hono<Env>()
    .get("/status", (c) => c.json(control.status()))
    .get("/routes", (c) => c.json(control.routes()))
    .get("/journal", (c) => c.json(control.journal()))
    .delete("/journal", (c) => {
      control.clearJournal();
      return c.json(ok);
    })
    .get("/faults", (c) => c.json(control.faults()))
    .put("/faults", async (c) => {
      control.setFaults(await readBody(c, z.array(faultSchema), { keepNulls: true }));
      return c.json(control.faults());
    })
    .delete("/faults", (c) => {
      control.setFaults([]);
      return c.json(ok);
    })
    .post("/clock", async (c) => {
      await control.advance((await readBody(c, z.strictObject({ advance_ms: z.number().min(0) }))).advance_ms);
      return c.json(control.status());
    })
    .post("/reset", (c) => {
      control.reset();
      return c.json(ok);
    })
    .get("/state", (c) => c.body(serialize(control.state()), 200, { "content-type": "application/json" }))
    .post("/tamper", async (c) => {
      control.tamper(await readBody(c, tamperSchema, { keepNulls: true }));
      return c.json(ok);
    })
    .put("/read-only", async (c) => {
      control.setReadOnly((await readBody(c, z.strictObject({ on: z.boolean() }))).on);
      return c.json(control.status());
    })
    .put("/etag", async (c) => {
      control.setEtag((await readBody(c, z.strictObject({ on: z.boolean() }))).on);
      return c.json(control.status());
    })
    .all("*", (c) => {
      throw new ApiError(501, `not_emulated: ${c.req.method} ${c.req.path}`, "not_emulated");
    });
}
