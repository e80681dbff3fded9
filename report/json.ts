/** The face of a report for programs. `version` changes when a field changes its meaning or goes. */
import { driftOf, exitCodeOf, pendingOf, type Report } from "./model";

export function reportJson(report: Report): string {
  const { command, stacks } = report;
  return JSON.stringify(
    {
      version: 1,
      command,
      exit_code: exitCodeOf(report),
      stacks: stacks.map((stack) => ({
        ...stack,
        drift: driftOf(stack).length,
        pending: pendingOf(stack).length,
      })),
    },
    null,
    2,
  );
}
