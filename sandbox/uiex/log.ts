import { Hono } from "hono";
import { invalid } from "../error";
import type { AppRow, EventRow, MachineRow } from "../row";
import { type Env, timestamp } from "../world";

/** Most lines in one answer. */
const pageSize = 100;

/** What the platform logs of the machines of an app, oldest first: their events in words. What programs write is the control's to say. */
export function logRoutes() {
  return new Hono<Env>().get("/", (c) => {
    const { next_token: after = "", instance, region } = c.req.query();
    if (after && !/^\d+-\w+$/.test(after)) throw invalid("next_token: not one of this listing");
    const lines = logLines(c.get("app"))
      .filter((line) => (!instance || line.machine?.id === instance) && (!region || line.machine?.region === region))
      .filter((line) => !after || line.token > after)
      .slice(0, pageSize);
    return c.json({ data: lines.map(view), meta: { next_token: lines.at(-1)?.token ?? after } });
  });
}

interface Line {
  /** undefined: a program on a machine that is not told. */
  readonly machine: MachineRow | undefined;
  readonly source: string;
  /** Unix ms. */
  readonly at: number;
  readonly message: string;
  /** Sorts by time; stands for this line in `next_token`. */
  readonly token: string;
}

function logLines({ machines, written = [] }: AppRow): Line[] {
  const token = (at: number, id: string) => `${String(at).padStart(14, "0")}-${id}`;
  const events = [...machines.values()].flatMap((machine) =>
    machine.events.flatMap((event): Line[] => {
      const message = words(event);
      const { timestamp: at, source, id } = event;
      return message ? [{ machine, source, at, message, token: token(at, id) }] : [];
    }),
  );
  const lines = written.map(
    ({ at, line }, index): Line => ({
      machine: undefined,
      source: "app",
      at,
      message: line,
      token: token(at, `w${String(index).padStart(6, "0")}`),
    }),
  );
  return [...events, ...lines].sort((a, b) => (a.token < b.token ? -1 : 1));
}

function words({ type, status, request }: EventRow): string | undefined {
  const exit = request?.exit_event;
  if (exit?.requested_stop) return "Main child exited after a signal";
  if (exit) return `Main child exited with code: ${exit.exit_code}${exit.restarting ? ", restarting" : ""}`;
  if (type === "launch") return status === "pending" ? "Pulling container image" : undefined;
  return `machine ${type}: ${status}`;
}

function view({ machine, source, at, message, token }: Line) {
  const { id: instance = "", region = "" } = machine ?? {};
  const meta = { instance, region, event: { provider: source } };
  return {
    id: token,
    type: "log",
    attributes: { timestamp: timestamp(at), message, level: "info", instance, region, meta },
  };
}
