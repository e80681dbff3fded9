import type { Machine, MachineConfig } from "../../api/fly";
import { MachineFailure } from "./failure";
import type { Fleet } from "./fleet";
import { checkNames, judge } from "./health";

export interface Watch {
  readonly config: MachineConfig;
  /** Version that the change gave the machine. */
  readonly version?: string;
  /** The machine as it was before the change; its events do not count. */
  readonly before?: Machine;
  readonly timeoutMs: number;
  /** How long a machine without checks must stay up to count as healthy; 0: to be started is enough. */
  readonly steadyMs: number;
  readonly signal: AbortSignal;
}

const firstPauseMs = 150;
const longestPauseMs = 1_000;

/**
 * Returns when the machine is healthy: started in its new version with every check passing, or steady for a while where it
 * has none. Throws `MachineFailure` as soon as its process ended, or when the time is over.
 */
export async function untilHealthy(fleet: Fleet, machine: Machine, watch: Watch): Promise<Machine> {
  const { clock } = fleet;
  const { config, version, timeoutMs, signal } = watch;
  const before = new Set(watch.before?.events?.map(({ id }) => id));
  const steadyMs = checkNames(config).size > 0 ? 0 : watch.steadyMs;
  const deadline = clock.now() + timeoutMs;
  let [live, pause, upSince] = [machine, firstPauseMs, undefined as number | undefined];
  for (;;) {
    signal.throwIfAborted();
    const found = await fleet.find(machine.id);
    live = found ?? live;
    const verdict = judge(found, { config, version, before });
    if (verdict.state === "failed") throw new MachineFailure(live, verdict.reason);
    if (verdict.state === "done") return live;
    upSince = verdict.state === "healthy" ? (upSince ?? clock.now()) : undefined;
    if (upSince !== undefined && clock.now() - upSince >= steadyMs) return live;
    if (clock.now() >= deadline && verdict.state === "waiting")
      throw new MachineFailure(live, `after ${Math.round(timeoutMs / 1000)} s it still waits for ${verdict.for}`);
    await clock.sleep(pause, signal);
    pause = Math.min(longestPauseMs, pause * 1.5);
  }
}

/** Returns when the machine has stopped, or is gone. Throws `MachineFailure` when the time is over. */
export function untilStopped(fleet: Fleet, machine: Machine, timeoutMs: number): Promise<void> {
  return untilState(fleet, machine, ["stopped", "suspended", "destroyed", "failed"], timeoutMs);
}

/** Returns when the machine is gone and its volume free. Throws `MachineFailure` when the time is over. */
export function untilGone(fleet: Fleet, machine: Machine, timeoutMs: number): Promise<void> {
  return untilState(fleet, machine, ["destroyed"], timeoutMs);
}

async function untilState(fleet: Fleet, machine: Machine, states: readonly string[], timeoutMs: number): Promise<void> {
  const deadline = fleet.clock.now() + timeoutMs;
  for (let pause = firstPauseMs; ; pause = Math.min(longestPauseMs, pause * 1.5)) {
    const live = await fleet.find(machine.id);
    if (!live || states.includes(live.state)) return;
    if (fleet.clock.now() >= deadline)
      throw new MachineFailure(live, `after ${timeoutMs / 1000} s it is still ${live.state}, not ${states[0]}`);
    await fleet.clock.sleep(pause);
  }
}
