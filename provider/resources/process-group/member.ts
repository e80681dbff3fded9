/** Which machines of an app are a group's, and in which condition they are. */
import type { Machine, MachineEvent } from "../../../api/fly";
import { retired } from "../../rollout/bluegreen";
import { isRunning } from "../../rollout/change";
import { groupOf } from "../machine-kind";
import { configOf, isLive } from "../ownership";
import type { MachineCount, ProcessGroup } from "./attributes";
import { isOurs, markKeys, markOf } from "./mark";

/** The group as far as membership goes. */
type Group = Pick<ProcessGroup, "group" | "auto_destroy">;

/**
 * The machines of a group, the one to keep longest first: those of this stack, then the oldest.
 *
 * Left out is what lives for a moment only: canaries of a running deploy and foreign machines that destroy themselves.
 * Release command, console and test machines belong to groups of their own.
 *
 * @param known ids that were members before: a machine whose host does not answer may show no config
 */
export function membersOf(
  machines: readonly Machine[],
  group: Group,
  { stack, known = [] }: { readonly stack: string | undefined; readonly known?: readonly string[] },
): Machine[] {
  const inGroup = (machine: Machine) =>
    configOf(machine) ? groupOf(machine) === group.group : known.includes(machine.id);
  return machines
    .filter((machine) => isLive(machine) && inGroup(machine) && !isEphemeral(machine, group, stack))
    .sort((a, b) => rank(a, stack) - rank(b, stack) || compare(a.created_at, b.created_at) || compare(a.id, b.id));
}

/** Canaries that an apply of this stack left behind when it was cut off. */
export function canariesOf(machines: readonly Machine[], group: Group, stack: string | undefined): Machine[] {
  return machines.filter(
    (machine) => isLive(machine) && groupOf(machine) === group.group && isCanary(machine) && isOurs(machine, stack),
  );
}

/** Whether the host answers, so that the config is there to be compared and changed. */
export function isReachable(machine: Machine): boolean {
  return (machine.host_status ?? "ok") === "ok" && machine.config !== null;
}

/** Whether the machine is left over from a blue-green deployment, ours or flyctl's. */
export function isRetired(machine: Machine): boolean {
  return markOf(machine, retired.key) === retired.value;
}

/** Members that were made in the stead of another which is still there, by the id of that other. */
export function successorsOf(members: readonly Machine[]): ReadonlyMap<string, Machine> {
  const ids = new Set(members.filter((one) => !isRetired(one)).map(({ id }) => id));
  const pairs = members.flatMap((machine): [string, Machine][] => {
    const replaced = markOf(machine, markKeys.replaces);
    return replaced && ids.has(replaced) ? [[replaced, machine]] : [];
  });
  return new Map(pairs);
}

/** The members that count: neither left over, nor made in the stead of another that is still there. */
export function countedOf(members: readonly Machine[]): Machine[] {
  const successors = new Set(successorsOf(members).values());
  return members.filter((machine) => !isRetired(machine) && !successors.has(machine));
}

/** Exact numbers of machines by region, as they are. */
export function countsOf(members: readonly Machine[]): ProcessGroup["machines"] {
  const regions = countedOf(members).map(({ region }) => region);
  return Object.fromEntries(
    [...new Set(regions)].sort().map((region) => [region, { count: regions.filter((one) => one === region).length }]),
  );
}

/** Whether a person or a program stopped or suspended it, rather than Fly's proxy or the process itself. */
export function isStoppedByUser(machine: Machine): boolean {
  if (machine.state !== "stopped" && machine.state !== "suspended") return false;
  return stopsSinceStart(machine.events ?? []).some(({ source }) => source === "user");
}

/** Whether it is in a state that only a start or an update can end. */
export function isFailed({ state }: Machine): boolean {
  return state === "failed" || state === "launch_failed";
}

/** Least and most machines of a region; none declared is none wanted. */
export function boundsOf(count: MachineCount | undefined): { least: number; most: number } {
  if (!count) return { least: 0, most: 0 };
  if (count.count !== undefined) return { least: count.count, most: count.count };
  return { least: count.min ?? 0, most: count.max ?? Number.POSITIVE_INFINITY };
}

/** How many machines must run in the primary region, of the `there` that are there. */
export function wantedRunning(group: Pick<ProcessGroup, "services">, there: number): number {
  const wanted = Math.max(0, ...(group.services ?? []).map(({ min_machines_running = 0 }) => min_machines_running));
  return Math.min(wanted, there);
}

/** Machines of the region, and how many of them run, are about to, or are being made. */
export function inRegion(members: readonly Machine[], region: string | undefined) {
  const there = members.filter((machine) => machine.region === region);
  const running = there.filter((machine) => isRunning(machine) || ["creating", "created"].includes(machine.state));
  return { there, running: running.length };
}

function isCanary(machine: Machine): boolean {
  return markOf(machine, "fly_canary") === "true";
}

function isEphemeral(machine: Machine, group: Group, stack: string | undefined): boolean {
  const passing = configOf(machine)?.auto_destroy === true && !group.auto_destroy && !isOurs(machine, stack);
  return isCanary(machine) || passing;
}

/** Newest first: everything after the newest start is older than it. */
function stopsSinceStart(events: readonly MachineEvent[]): MachineEvent[] {
  const started = events.findIndex(({ type }) => type === "start");
  const since = started < 0 ? events : events.slice(0, started);
  return since.filter(({ type }) => type === "stop" || type === "suspend");
}

function rank(machine: Machine, stack: string | undefined): number {
  if (isRetired(machine)) return 3;
  return isOurs(machine, stack) ? 1 : 2;
}

function compare(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
