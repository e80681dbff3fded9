import type { ExitEvent, Machine, MachineConfig, MachineEvent } from "../../api/fly";

/** What is known of a machine that was changed. */
export type Verdict =
  | { readonly state: "healthy" }
  /** Ended by itself with code 0, which is all that a command without checks has to do. */
  | { readonly state: "done" }
  | { readonly state: "waiting"; readonly for: string }
  | { readonly state: "failed"; readonly reason: string };

/** What to hold against a machine. */
export interface Expectation {
  readonly config: MachineConfig;
  /** Version that the change gave it; absent: whatever it has. */
  readonly version?: string;
  /** Ids of events from before the change. */
  readonly before: ReadonlySet<string>;
}

/**
 * Judges one reading of a machine after a change.
 *
 * Fly's list of check results may be empty or short right after a start, so as many results are wanted as the config has
 * distinct checks. A process that ends by itself has failed, whatever its checks say: one that crashes at start may pass them in between.
 */
export function judge(machine: Machine | undefined, { config, version, before }: Expectation): Verdict {
  if (!machine) return { state: "waiting", for: "Fly to show it" };
  if (version !== undefined && machine.instance_id !== version && machine.state !== "destroyed")
    return { state: "waiting", for: `version ${version}` };
  const exit = newestExit(machine, before);
  if (exit && !exit.requested_stop && exit.exit_code !== 0) return { state: "failed", reason: exitReason(exit) };
  const names = checkNames(config);
  if (exit && !exit.requested_stop && names.size === 0) return { state: "done" };
  if (exit && !exit.requested_stop)
    return { state: "failed", reason: "its process ended with exit code 0, and its checks need it" };
  if (machine.state === "failed" || machine.state === "launch_failed")
    return { state: "failed", reason: `its state is ${machine.state}` };
  if (machine.state === "destroyed") return { state: "failed", reason: "it was destroyed by somebody else" };
  if (machine.state !== "started") return { state: "waiting", for: `it to start (${machine.state})` };
  return judgeChecks(machine, names);
}

/** Distinct check results that a config leads to: equal service checks of one port collapse into one (fly-api.md 7.3). */
export function checkNames(config: MachineConfig): ReadonlySet<string> {
  const ofServices = (config.services ?? []).flatMap(({ internal_port, checks = [] }) =>
    checks.map(({ type }, i) => `servicecheck-${String(i).padStart(2, "0")}-${type}-${internal_port}`),
  );
  return new Set([...ofServices, ...Object.keys(config.checks ?? {})]);
}

/** The last events of a machine, newest first, for an error message. */
export function eventLine({ events = [] }: Machine): string {
  const shown = events.slice(0, 5).map((event) => {
    const exit = exitOf(event);
    const code = exit && !exit.requested_stop ? ` with code ${exit.exit_code}` : "";
    return `${new Date(event.timestamp).toISOString()} ${event.type}${event.status ? ` (${event.status})` : ""}${code}`;
  });
  return shown.length === 0 ? "none" : shown.join(", ");
}

function judgeChecks({ checks = [] }: Machine, names: ReadonlySet<string>): Verdict {
  const results = checks.filter(({ name }) => !name.startsWith("bg_deployments_compat"));
  const failing = results.find(({ status }) => status !== "passing");
  if (failing) {
    const output = failing.output ? `: ${failing.output.trim().slice(0, 300)}` : "";
    return { state: "waiting", for: `check ${failing.name}, which is ${failing.status}${output}` };
  }
  if (results.length >= names.size) return { state: "healthy" };
  return { state: "waiting", for: `results of its checks (${results.length} of ${names.size})` };
}

function newestExit({ events = [] }: Machine, before: ReadonlySet<string>): ExitEvent | undefined {
  const event = events.find(({ type, id }) => type === "exit" && !before.has(id));
  return event && exitOf(event);
}

function exitOf({ request }: MachineEvent): ExitEvent | undefined {
  return request?.exit_event ?? request?.MonitorEvent?.exit_event;
}

function exitReason({ exit_code, oom_killed }: ExitEvent): string {
  return oom_killed ? "its process was killed for lack of memory" : `its process ended with exit code ${exit_code}`;
}
