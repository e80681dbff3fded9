import type { FlyReader } from "../../api/fly/client";
import { FlyError } from "../../api/fly/error";
import type { Machine, Volume } from "../../api/fly/types";

/** Metadata of our machines: the name of the Terraform state that owns them. */
const stackKey = "infra_stack";

/**
 * Whose an app is, as far as can be seen: "ours" when a machine bears the mark of the same stack, "empty" when there is
 * nothing in it that could be somebody's, else "other". Only what is ours or empty is taken for the work of an earlier,
 * interrupted create; the rest is to be adopted.
 */
export async function ownerOf(
  fly: FlyReader,
  app: string,
  stack: string | undefined,
): Promise<"ours" | "empty" | "other"> {
  const machines = (await fly.machines.list(app)).filter(isLive);
  if (stack !== undefined && machines.some((machine) => configOf(machine)?.metadata?.[stackKey] === stack))
    return "ours";
  if (machines.length > 0) return "other";
  return (await fly.volumes.list(app)).some(isKept) ? "other" : "empty";
}

/** What is known of a machine's config, also while its host cannot be reached. */
export function configOf(machine: Machine): Machine["config"] {
  return machine.config ?? machine.incomplete_config ?? null;
}

/** Neither destroyed nor on the way there. */
export function isLive({ state }: Machine): boolean {
  return state !== "destroyed" && state !== "destroying";
}

const onTheWayOut = new Set([
  "scheduling_destroy",
  "fork_cleanup",
  "waiting_for_detach",
  "pending_destroy",
  "destroying",
  "destroyed",
]);

/** A volume that stays; Fly lists deleted ones for another day. */
export function isKept({ state }: Volume): boolean {
  return !onTheWayOut.has(state);
}

/** What an app holds; undefined when Fly no longer knows the app. */
export async function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof FlyError && error.kind === "not-found") return undefined;
    throw error;
  }
}
