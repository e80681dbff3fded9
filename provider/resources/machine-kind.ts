import type { Machine } from "../../api/fly/types";
import { configOf, isLive } from "./ownership";

/** Groups of machines that flyctl makes for a moment. */
const momentary = new Set(["fly_app_release_command", "fly_app_console", "fly_app_test_machine_command"]);

/** The process group that a machine says it is of; undefined: of none. flyctl's older key is `process_group`. */
export function groupOf(machine: Machine): string | undefined {
  const metadata = configOf(machine)?.metadata;
  return metadata?.fly_process_group ?? metadata?.process_group;
}

/**
 * True for machines that come and go by themselves (release command, console, test, canary of a running deploy, machines
 * that destroy themselves) and for those of which nothing is known because their host cannot be reached.
 */
export function isPassing(machine: Machine): boolean {
  const config = configOf(machine);
  if (!isLive(machine) || config === null) return true;
  const group = groupOf(machine);
  return (
    (group !== undefined && momentary.has(group)) ||
    config.metadata?.fly_canary === "true" ||
    config.auto_destroy === true
  );
}
