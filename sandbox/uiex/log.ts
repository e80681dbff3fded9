import { Hono } from "hono";
import { invalid } from "../error";
import type { AppRow, EventRow, MachineRow } from "../row";
import { type Env, timestamp } from "../world";

/** Most lines in one answer. */
const pageSize = 100;

/** What the platform logs of the machines of an app, oldest first: their events in words. Programs write nothing here. */
export function logRoutes() {
  return new Hono<Env>().get("/", (c) => {
    const { next_token: after = "", instance, region } = c.req.query();
    if (after && !/^\d+-\w+$/.test(after)) throw invalid("next_token: not one of this listing");
    const lines = logLines(c.get("app"))
      .filter((line) => (!instance || line.machine.id === instance) && (!region || line.machine.region === region))
      .filter((line) => !after || line.token > after)
      .slice(0, pageSize);
    return c.json({ data: lines.map(view), meta: { next_token: lines.at(-1)?.token ?? after } });
  });
}

interface Line {
  readonly machine: MachineRow;
  readonly event: EventRow;
  readonly message: string;
  /** Sorts by time; stands for this line in `next_token`. */
  readonly token: string;
}

function logLines(app: AppRow): Line[] {
  const lines = [...app.machines.values()].flatMap((machine) =>
    machine.events.flatMap((event) => {
      const message = words(event);
      const token = `${String(event.timestamp).padStart(14, "0")}-${event.id}`;
      return message ? [{ machine, event, message, token }] : [];
    }),
  );
  return lines.sort((a, b) => (a.token < b.token ? -1 : 1));
}

function words({ type, status, request }: EventRow): string | undefined {
  const exit = request?.exit_event;
  if (exit?.requested_stop) return "Main child exited after a signal";
  if (exit) return `Main child exited with code: ${exit.exit_code}${exit.restarting ? ", restarting" : ""}`;
  if (type === "launch") return status === "pending" ? "Pulling container image" : undefined;
  return `machine ${type}: ${status}`;
}

function view({ machine, event, message, token }: Line) {
  const meta = { instance: machine.id, region: machine.region, event: { provider: event.source } };
  return {
    id: token,
    type: "log",
    attributes: {
      timestamp: timestamp(event.timestamp),
      message,
      level: "info",
      instance: machine.id,
      region: machine.region,
      meta,
    },
  };
}
