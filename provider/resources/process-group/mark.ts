import type { Machine } from "../../../api/fly";
import { configOf } from "../ownership";
import type { ProcessGroup } from "./attributes";

/**
 * Metadata keys that this program writes besides flyctl's. Never compared; they are how a repeated apply finds its own.
 *
 * flyctl keeps them: a deployment merges metadata, and its bluegreen machines and those of `scale count` are copies, marks included (tried
 * 2026-11). So a mark says whose a machine is, not who made it.
 */
export const markKeys = {
  /** Name of the Terraform state that owns the machine. */
  stack: "infra_stack",
  /** What of the declaration a machine's config cannot hold, as JSON: an import finds it again. */
  group: "infra_group",
  /** Version of the app's secrets that the machine was given at least. */
  secrets: "infra_secrets_version",
  /** Id of the machine in whose stead this one was made. */
  replaces: "infra_replaces",
  /** There while a roll-out of the machine is under way; what is cut off leaves it behind. */
  pending: "infra_pending",
} as const;

/** What an import cannot read from a machine's config. */
export type GroupRecord = Pick<
  ProcessGroup,
  "machines" | "strategy" | "max_unavailable" | "wait_timeout" | "initial_image"
>;

/** Metadata that every machine of the group carries: flyctl's, so that it knows the machine as its own, and ours. */
export function marksOf(group: ProcessGroup, stack: string | undefined): Record<string, string> {
  const { machines, strategy, max_unavailable, wait_timeout, initial_image, secrets_version } = group;
  const record = { machines: bare(machines), strategy, max_unavailable, wait_timeout, initial_image };
  return {
    fly_platform_version: "v2",
    fly_process_group: group.group,
    ...(stack !== undefined && { [markKeys.stack]: stack }),
    [markKeys.group]: JSON.stringify(record),
    ...(secrets_version !== undefined && { [markKeys.secrets]: String(secrets_version) }),
  };
}

/** A metadata value of a machine. */
export function markOf(machine: Machine, key: string): string | undefined {
  return configOf(machine)?.metadata?.[key];
}

/** Whether a program of the same Terraform state made, or has taken over, the machine. */
export function isOurs(machine: Machine, stack: string | undefined): boolean {
  return markOf(machine, markKeys.group) !== undefined && markOf(machine, markKeys.stack) === stack;
}

/** What was recorded on a machine; undefined: nothing, or nothing legible. */
export function recordOf(machine: Machine): Partial<GroupRecord> | undefined {
  try {
    const record: unknown = JSON.parse(markOf(machine, markKeys.group) ?? "null");
    return typeof record === "object" && record !== null ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Version of the secrets that the machine was given at least; undefined where nobody recorded it. */
export function secretsVersionOf(machine: Machine): number | undefined {
  const version = Number(markOf(machine, markKeys.secrets) ?? Number.NaN);
  return Number.isInteger(version) ? version : undefined;
}

function bare(machines: ProcessGroup["machines"]): ProcessGroup["machines"] {
  const known = Object.entries(machines).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(known.map(([region, { count, min, max }]) => [region, { count, min, max }]));
}
