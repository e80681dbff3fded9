import { FlyError, type Machine } from "../../api/fly";
import { label } from "./change";
import { eventLine } from "./health";

/** A machine did not become what it was to be; `machine` is its last reading. */
export class MachineFailure extends Error {
  readonly machine: Machine;
  constructor(machine: Machine, reason: string) {
    super(`Machine ${label(machine)} in ${machine.region}: ${reason}. Its last events: ${eventLine(machine)}.`);
    this.name = "MachineFailure";
    this.machine = machine;
  }
}

/** What a roll-out that ended early left behind, machine by machine. */
export interface Outcome {
  /** Machines that serve with the image and config that served before, and new ones that were destroyed. */
  readonly undone: readonly string[];
  /** What could not be brought back, with the reason. */
  readonly notUndone: readonly string[];
  /** Machines that have the new config. */
  readonly changed: readonly string[];
  /** Machines that were not touched. */
  readonly untouched: readonly string[];
}

/** A roll-out ended early. The message says what failed, what was undone, what was not, and what is untouched. */
export class RollOutError extends Error {
  readonly outcome: Outcome;
  /** What was undone, what not, and what is untouched, in lines; without the cause. */
  readonly left: string;
  /** True when it was asked to stop. */
  readonly stopped: boolean;
  constructor(cause: unknown, outcome: Outcome, { stopped }: { readonly stopped: boolean }) {
    const left = describe(outcome);
    const reason = cause instanceof Error ? cause.message : String(cause);
    super([stopped ? "The roll-out was stopped." : reason, left].filter(Boolean).join("\n"), { cause });
    this.name = "RollOutError";
    this.left = left;
    this.outcome = outcome;
    this.stopped = stopped;
  }
}

/** Fly is out of reach, or somebody else holds the machine: bringing back the old would meet the same, and both versions serve. */
export function isOutside(error: unknown): boolean {
  if (!(error instanceof FlyError)) return false;
  return !["invalid", "precondition", "not-found"].includes(error.kind);
}

function describe({ undone, notUndone, changed, untouched }: Outcome): string {
  const lines = [
    line("Undone", undone),
    line("Not undone", notUndone),
    line("Already changed", changed),
    line("Not touched", untouched),
  ];
  return lines.filter((one) => one !== "").join("\n");
}

function line(title: string, items: readonly string[]): string {
  return items.length === 0 ? "" : `${title}: ${items.join("; ")}.`;
}
