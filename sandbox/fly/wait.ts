import type { Context } from "hono";
import { ApiError, invalid, notFound } from "../error";
import type { AppRow, MachineRow } from "../row";
import type { Env, World } from "../world";
import { isSettled } from "./lifecycle";

const longestSeconds = 60;
const waitable = ["started", "stopped", "suspended", "destroyed", "failed", "settled"];

interface Wish {
  readonly states: readonly string[];
  readonly version?: string;
  readonly fromEventId?: string;
}

/** Answers when the machine is in one of the states asked for, or with 408 when the time is over. */
export async function waitForState(world: World, c: Context<Env>): Promise<Response> {
  const { app, machine } = { app: c.get("app"), machine: c.get("machine") };
  const wish = readWish(c);
  const seconds = Number(c.req.query("timeout") || longestSeconds);
  if (!(seconds >= 0 && seconds <= longestSeconds)) throw invalid(`timeout: expected 0 to ${longestSeconds} seconds`);
  if (wish.version && !machine.versions.some(({ version }) => version === wish.version)) {
    throw notFound(`machine ${machine.id} never had version ${wish.version}`);
  }
  if (await reached(world, { app, machine, wish, timeoutMs: seconds * 1000, signal: c.req.raw.signal })) {
    const event_id = machine.events[0]?.id ?? "";
    return c.json({ ok: true, state: machine.state, version: machine.instanceId, event_id });
  }
  if (isGone(app, machine)) throw notFound(`machine ${machine.id} is gone`);
  const text = `machine failed to reach desired state, ${wish.states.join(",")}, currently ${machine.state}`;
  throw new ApiError(408, `deadline_exceeded: ${text}`);
}

function readWish(c: Context<Env>): Wish {
  const states = (c.req.queries("state") ?? ["started"]).flatMap((state) => state.split(","));
  const unknown = states.find((state) => !waitable.includes(state));
  if (unknown !== undefined) throw invalid(`state: "${unknown}" is none of ${waitable.join(", ")}`);
  const version = c.req.query("version") || c.req.query("instance_id");
  const fromEventId = c.req.query("from_event_id");
  return { states, ...(version && { version }), ...(fromEventId && { fromEventId }) };
}

interface Waiting {
  readonly app: AppRow;
  readonly machine: MachineRow;
  readonly wish: Wish;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Resolves to true in the wished state; to false when the time is over, or nothing can come any more. */
function reached(world: World, { app, machine, wish, timeoutMs, signal }: Waiting): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (value: boolean) => {
      world.changes.off(machine.id, look);
      signal.removeEventListener("abort", giveUp);
      cancel();
      resolve(value);
    };
    const look = () => {
      if (isAsWished(machine, wish)) finish(true);
      else if (isGone(app, machine)) finish(false);
    };
    const giveUp = () => finish(false);
    const cancel = world.clock.at(world.clock.now() + timeoutMs, giveUp);
    world.changes.on(machine.id, look);
    signal.addEventListener("abort", giveUp);
    look();
  });
}

function isAsWished({ state, instanceId, events }: MachineRow, { states, version, fromEventId }: Wish): boolean {
  const asState = states.includes(state) || (states.includes("settled") && isSettled(state));
  const isNews = fromEventId === undefined || events[0]?.id !== fromEventId;
  return asState && isNews && (version === undefined || version === instanceId);
}

function isGone(app: AppRow, machine: MachineRow): boolean {
  return machine.state === "destroyed" || app.machines.get(machine.id) !== machine;
}
