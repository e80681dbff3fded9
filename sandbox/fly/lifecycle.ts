import { precondition } from "../error";
import type { AppRow, EventRow, MachineRow, MachineState, PendingStep } from "../row";
import { timestamp, type World } from "../world";
import { detachVolumes } from "./volume";

/** One machine in its world; what every step needs. */
export interface Subject {
  readonly world: World;
  readonly app: AppRow;
  readonly machine: MachineRow;
}

type Source = EventRow["source"];

/** Groups whose machines run one command and end. */
const oneShotGroups = ["fly_app_release_command", "fly_app_test_machine_command"];
const settledStates: readonly MachineState[] = ["started", "stopped", "suspended", "failed", "destroyed"];

/** Whether nothing is going on; `created` is still prepared by its host and does not count. */
export const isSettled = (state: MachineState): boolean => settledStates.includes(state);

/** Lets the host prepare a new machine, which then starts, or stops when it was not to be launched. */
export function launch({ world, app, machine }: Subject): void {
  addEvent(world, machine, { type: "launch", status: "pending", source: "flyd" });
  addEvent(world, machine, { type: "launch", status: "created", source: "user" });
  plan({ world, app, machine }, "prepare", world.timings.prepareMs);
}

/** Starts a machine. @returns the state it had. @throws 412 when that state does not allow it */
export function start(subject: Subject, source: Source = "user"): MachineState {
  const { machine, world, app } = subject;
  const { state } = machine;
  if (state === "started" || state === "starting") return state;
  requireState(machine, ["stopped", "suspended", "failed"], "start");
  machine.secretsVersion = app.secretsVersion;
  machine.restartCount = 0;
  setState(world, machine, "starting");
  addEvent(world, machine, { type: "start", status: "starting", source });
  plan(subject, "boot", world.timings.bootMs);
  return state;
}

/** Stops a machine; done with one that is stopped. @throws 412 when the state does not allow it */
export function stop(subject: Subject, source: Source = "user"): void {
  const { machine, world } = subject;
  if (machine.state === "stopped" || machine.state === "stopping") return;
  requireState(machine, ["started", "starting", "restarting", "suspended", "failed"], "stop");
  setState(world, machine, "stopping");
  addEvent(world, machine, { type: "stop", status: "stopping", source });
  plan(subject, "stop", world.timings.stopMs);
}

/** Suspends a machine. @throws 412 when its state or its configuration does not allow it */
export function suspend(subject: Subject, source: Source = "user"): void {
  const { machine, world } = subject;
  if (machine.state === "suspended" || machine.state === "suspending") return;
  requireState(machine, ["started"], "suspend");
  const { guest, init, schedule } = machine.config;
  if ((guest?.memory_mb ?? 0) > 2048 || init.swap_size_mb || schedule) {
    throw precondition("unable to suspend machine: memory over 2048 MiB, swap or a schedule");
  }
  setState(world, machine, "suspending");
  addEvent(world, machine, { type: "suspend", status: "suspending", source });
  plan(subject, "suspend", world.timings.stopMs);
}

/** Stops and boots a running machine with the configuration it has. @throws 412 when it does not run */
export function restart(subject: Subject): void {
  const { machine, world } = subject;
  requireState(machine, ["started"], "restart");
  setState(world, machine, "restarting");
  addEvent(world, machine, { type: "restart", status: "restarting", source: "user" });
  addExit(subject, { code: 0, requested: true, restarting: true });
  machine.restartCount = 0;
  plan(subject, "boot", world.timings.stopMs + world.timings.bootMs);
}

/** Replaces the running version by the one that the row already holds. */
export function replace(subject: Subject, wasRunning: boolean): void {
  const { machine, world } = subject;
  setState(world, machine, "replacing");
  addEvent(world, machine, { type: "update", status: "replacing", source: "user" });
  if (wasRunning) addExit(subject, { code: 0, requested: true, restarting: false });
  addEvent(world, machine, { type: "launch", status: "created", source: "user" });
  machine.restartCount = 0;
  plan(subject, "prepare", world.timings.prepareMs);
}

/** Destroys a machine. @throws 412 when it runs and is not forced */
export function destroy(subject: Subject, { force = false, source = "user" as Source } = {}): void {
  const { machine, world } = subject;
  if (machine.state === "destroying") return;
  if (!force) requireState(machine, ["stopped", "suspended", "failed", "created"], "destroy");
  setState(world, machine, "destroying");
  addEvent(world, machine, { type: "destroy", status: "destroying", source });
  plan(subject, "destroy", world.timings.stopMs);
}

/** The main process ends by itself; the restart policy says what follows. */
export function exit(subject: Subject, code: number, oomKilled = false): void {
  const { machine, world } = subject;
  const { restart: policy, auto_destroy } = machine.config;
  const most = policy?.max_retries ?? (policy?.policy === "always" ? Number.POSITIVE_INFINITY : 10);
  const wanted = policy?.policy === "always" || (policy?.policy === "on-failure" && code !== 0);
  const restarting = wanted && machine.restartCount < most;
  if (restarting) machine.restartCount += 1;
  addExit(subject, { code, requested: false, restarting, oomKilled });
  if (restarting) {
    setState(world, machine, "starting");
    plan(subject, "boot", world.timings.bootMs);
  } else if (auto_destroy) destroy(subject, { force: true, source: "flyd" });
  else end(world, machine, "stopped");
}

/** Lets what is pending happen now. */
export function finish(subject: Subject): void {
  if (subject.machine.pending) runStep(subject, subject.machine.pending);
}

/** Takes up again what was pending when the state was saved. */
export function resume(subject: Subject): void {
  const { pending } = subject.machine;
  if (pending) subject.world.clock.at(pending.at, () => runStep(subject, pending));
}

/** Refuses (412) an action in a state that does not allow it. */
export function requireState(machine: MachineRow, allowed: readonly MachineState[], action: string): void {
  if (allowed.includes(machine.state)) return;
  throw precondition(`unable to ${action} machine from current state: '${machine.state}'`);
}

/** Sets a state at which nothing is pending. */
export function end(world: World, machine: MachineRow, state: MachineState): void {
  delete machine.pending;
  setState(world, machine, state);
}

/** Puts an event on top of the machine's list. */
export function addEvent(world: World, machine: MachineRow, event: Omit<EventRow, "id" | "timestamp">): void {
  machine.events.unshift({ id: world.ids.ulid(), ...event, timestamp: world.clock.now() });
  machine.events.length = Math.min(machine.events.length, 50);
}

const steps: Readonly<Record<PendingStep["step"], (subject: Subject) => void>> = {
  prepare(subject) {
    const { world, machine } = subject;
    if (machine.skipLaunch) end(world, machine, "stopped");
    else {
      setState(world, machine, "starting");
      plan(subject, "boot", world.timings.bootMs);
    }
  },
  boot(subject) {
    const { world, machine } = subject;
    machine.startedAt = world.clock.now();
    const restarts = machine.restartCount > 0 && { request: { restart_count: machine.restartCount } };
    addEvent(world, machine, { type: "start", status: "started", source: "flyd", ...restarts });
    end(world, machine, "started");
    const { crashMs, runMs } = world.timings;
    const code = exitCode(machine);
    if (code !== undefined) plan(subject, "exit", code === 0 ? runMs : crashMs);
  },
  exit: (subject) => exit(subject, exitCode(subject.machine) ?? 0),
  stop(subject) {
    const { world, machine } = subject;
    addExit(subject, { code: 0, requested: true, restarting: false });
    if (machine.config.auto_destroy) destroy(subject, { force: true, source: "flyd" });
    else end(world, machine, "stopped");
  },
  suspend: ({ world, machine }) => end(world, machine, "suspended"),
  destroy({ world, app, machine }) {
    detachVolumes(world, app, machine);
    delete machine.lease;
    addEvent(world, machine, { type: "destroy", status: "destroyed", source: "flyd" });
    end(world, machine, "destroyed");
  },
};

/** Code with which the machine ends by itself soon after its start; undefined: it keeps running. */
function exitCode({ imageRef, config }: MachineRow): number | undefined {
  if (imageRef.tag?.startsWith("crash")) return 1;
  return oneShotGroups.includes(config.metadata?.fly_process_group ?? "") ? 0 : undefined;
}

function plan(subject: Subject, step: PendingStep["step"], delayMs: number): void {
  subject.machine.pending = { at: subject.world.clock.now() + delayMs, step };
  subject.world.store.touch();
  resume(subject);
}

/** Runs a step unless another one has taken its place. */
function runStep(subject: Subject, pending: PendingStep): void {
  if (subject.machine.pending !== pending) return;
  delete subject.machine.pending;
  steps[pending.step](subject);
}

function setState(world: World, machine: MachineRow, state: MachineState): void {
  machine.state = state;
  machine.updatedAt = world.clock.now();
  world.store.touch();
  world.changes.emit(machine.id);
}

function addExit(
  { world, machine }: Subject,
  {
    code,
    requested,
    restarting,
    oomKilled = false,
  }: { code: number; requested: boolean; restarting: boolean; oomKilled?: boolean },
): void {
  const exit_event = {
    exit_code: code,
    guest_exit_code: code,
    guest_signal: -1,
    signal: -1,
    oom_killed: oomKilled,
    requested_stop: requested,
    restarting,
    exited_at: timestamp(world.clock.now()),
  };
  const request = { exit_event, restart_count: machine.restartCount };
  addEvent(world, machine, { type: "exit", status: restarting ? "restarting" : "stopped", source: "flyd", request });
}
