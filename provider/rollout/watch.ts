import type { Machine, MachineConfig } from "../../api/fly";
import { label } from "./change";
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

/** Returns when the machine has come to rest: stopped, or gone. Throws `MachineFailure` when the time is over. */
export async function untilStopped(fleet: Fleet, machine: Machine, timeoutMs: number): Promise<void> {
  const deadline = fleet.clock.now() + timeoutMs;
  for (let pause = firstPauseMs; ; pause = Math.min(longestPauseMs, pause * 1.5)) {
    const live = await fleet.find(machine.id);
    if (!live || ["stopped", "suspended", "destroyed", "failed"].includes(live.state)) return;
    if (fleet.clock.now() >= deadline) throw new MachineFailure(live, `${label(live)} does not stop`);
    await fleet.clock.sleep(pause);
  }
}
