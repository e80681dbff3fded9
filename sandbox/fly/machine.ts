import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { z } from "zod";
import { readBody } from "../body";
import { ApiError, invalid, notFound } from "../error";
import type { AppRow, MachineRow } from "../row";
import { type Env, flag, type World } from "../world";
import { duration } from "./config-schema";
import { findLease, leaseRoutes, requireNonce } from "./lease";
import { destroy, restart, start, stop, suspend } from "./lifecycle";
import { eventView, machineView } from "./machine-view";
import { createMachine, createMachineBody, updateMachine, updateMachineBody } from "./machine-write";
import { metadataRoutes } from "./metadata";
import { processes } from "./process";
import { waitForState } from "./wait";

const signal = z.enum(["SIGHUP", "SIGINT", "SIGQUIT", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGTERM"]);
const stopBody = z.strictObject({
  id: z.string().optional(),
  signal: signal.or(z.literal("")).optional(),
  timeout: duration.optional(),
});
const execBody = z.strictObject({
  command: z.array(z.string()).optional(),
  cmd: z.string().optional(),
  stdin: z.string().optional(),
  timeout: z.int().optional(),
  container: z.string().optional(),
  machine: z.string().optional(),
});

/** Machines of an app. @see fly docs machines/api/machines-resource (read 2026-08) */
export function machineRoutes(world: World) {
  return new Hono<Env>()
    .get("/", (c) => {
      const options = { leases: flag(c.req, "include_leases"), summary: flag(c.req, "summary") };
      const chosen = filterMachines(c.get("app"), new URL(c.req.url).searchParams).filter(
        (machine) => !isLagging(world, machine, c.get("lagMs")),
      );
      return c.json(chosen.map((machine) => machineView(world, c.get("app"), machine, options)));
    })
    .post("/", async (c) => {
      const body = await readBody(c, createMachineBody);
      const machine = createMachine(world, c.get("app"), body, c.get("principal").user);
      const nonce = findLease(world, machine)?.nonce;
      return c.json({ ...machineView(world, c.get("app"), machine), ...(nonce && { nonce }) });
    })
    .route("/:id", oneMachine(world));
}

function oneMachine(world: World) {
  const subject = (c: { get(key: "app"): AppRow; get(key: "machine"): MachineRow }) => ({
    world,
    app: c.get("app"),
    machine: c.get("machine"),
  });
  const fenced = fence(world);
  return new Hono<Env>()
    .use("*", machineScope(world))
    .route("/lease", leaseRoutes(world))
    .route("/metadata", metadataRoutes(world))
    .get("/", (c) =>
      c.json(machineView(world, c.get("app"), c.get("machine"), { leases: flag(c.req, "include_leases") })),
    )
    .get("/wait", (c) => waitForState(world, c))
    .get("/events", (c) => {
      const limit = Math.min(50, Number(c.req.query("limit") ?? 20));
      if (!Number.isInteger(limit) || limit < 1) throw invalid("limit: expected a number from 1 to 50");
      return c.json(c.get("machine").events.slice(0, limit).map(eventView));
    })
    .get("/versions", (c) => c.json(c.get("machine").versions))
    .get("/ps", (c) => c.json(processes(c.get("machine"))))
    .post("/exec", async (c) => {
      const { command, cmd } = await readBody(c, execBody);
      if (!command?.length && !cmd) throw invalid("command is required");
      requireRunning(c.get("machine"));
      return c.json({ exit_code: 0, exit_signal: 0, stdout: "", stderr: "" });
    })
    .post("/signal", async (c) => {
      await readBody(c, z.strictObject({ signal }));
      requireRunning(c.get("machine"));
      return c.json({ ok: true });
    })
    .post("/", fenced, async (c) => {
      updateMachine(world, c.get("app"), c.get("machine"), await readBody(c, updateMachineBody));
      return c.json(machineView(world, c.get("app"), c.get("machine")));
    })
    .delete("/", fenced, (c) => {
      if (c.get("machine").state === "destroyed") throw notFound(`machine ${c.get("machine").id} is destroyed`);
      destroy(subject(c), { force: flag(c.req, "force") || flag(c.req, "kill") });
      return c.json({ ok: true });
    })
    .post("/start", fenced, (c) => c.json({ previous_state: start(subject(c)), migrated: false }))
    .post("/stop", fenced, async (c) => {
      await readBody(c, stopBody);
      stop(subject(c));
      return c.json({ ok: true });
    })
    .post("/suspend", fenced, (c) => {
      suspend(subject(c));
      return c.json({ ok: true });
    })
    .post("/restart", fenced, (c) => {
      restart(subject(c));
      return c.json({ ok: true });
    })
    .post("/cordon", fenced, (c) => c.json(setCordoned(world, c.get("machine"), true)))
    .post("/uncordon", fenced, (c) => c.json(setCordoned(world, c.get("machine"), false)));
}

/** Finds the machine of the path; 404 when the app has none of that id. */
const machineScope = (world: World) =>
  createMiddleware<Env>(async (c, next) => {
    const id = c.req.param("id") ?? "";
    const machine = c.get("app").machines.get(id);
    const lagging = machine && c.req.method === "GET" && isLagging(world, machine, c.get("lagMs"));
    if (!machine || lagging) throw notFound(`machine ${id} not found`);
    c.set("machine", machine);
    await next();
  });

/** Whether a read does not yet know of the machine. */
const isLagging = (world: World, machine: MachineRow, lagMs: number | undefined) =>
  lagMs !== undefined && world.clock.now() - machine.createdAt < lagMs;

/** Fences a change of a leased machine, and of one whose host cannot be reached. */
const fence = (world: World) =>
  createMiddleware<Env>(async (c, next) => {
    requireNonce(world, c);
    const { id, hostStatus, state } = c.get("machine");
    const gone = state === "destroyed";
    if (hostStatus !== "ok" && !gone) throw new ApiError(503, `unavailable: the host of machine ${id} is unreachable`);
    await next();
  });

/** Machines that the query of a listing asks for. @throws 400 unknown query parameter value */
function filterMachines(app: AppRow, query: URLSearchParams): MachineRow[] {
  const all = query.has("include_deleted") && query.get("include_deleted") !== "false";
  const states = query.get("state")?.split(",").filter(Boolean);
  const region = query.get("region");
  const metadata = [...query].filter(([key]) => key.startsWith("metadata."));
  return [...app.machines.values()].filter(
    (machine) =>
      (all || states?.includes("destroyed") || machine.state !== "destroyed") &&
      (!states?.length || states.includes(machine.state)) &&
      (!region || region === machine.region) &&
      metadata.every(([key, value]) => machine.config?.metadata?.[key.slice("metadata.".length)] === value),
  );
}

function setCordoned(world: World, machine: MachineRow, cordoned: boolean) {
  if (machine.cordoned !== cordoned) machine.updatedAt = world.clock.now();
  machine.cordoned = cordoned;
  world.store.touch();
  return { ok: true };
}

function requireRunning({ state }: MachineRow): void {
  if (state !== "started") throw new ApiError(412, `failed_precondition: machine is not running, it is '${state}'`);
}
