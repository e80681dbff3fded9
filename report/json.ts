/** The face of a report for programs. `version` changes when a field changes its meaning or goes. */
import { failureFacts } from "./failure-class";
import { driftOf, exitCodeOf, pendingOf, type Report, type Trouble } from "./model";

export function reportJson(report: Report): string {
  const { command, stacks, ...rest } = report;
  return JSON.stringify(
    {
      version: 1,
      command,
      exit_code: exitCodeOf(report),
      ...rest,
      stacks: stacks.map((stack) => ({
        ...stack,
        troubles: stack.troubles.map(troubleJson),
        drift: driftOf(stack).length,
        pending: pendingOf(stack).length,
      })),
    },
    null,
    2,
  );
}

/** A trouble with its id, its class and the next step beside the words. */
export function troubleJson(trouble: Trouble) {
  const { class: known, id, next } = failureFacts(trouble.detail);
  return { ...trouble, class: known, id, next };
}
