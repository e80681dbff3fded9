import { run, type Script } from "./model/script";

/** Commands of `infra` that this version has, as far as workflows call them; test/house compares with the command line's own list. */
export const existing = [
  "check",
  "plan",
  "apply",
  "drift",
  "review",
  "parity",
  "releases",
  "rollback",
  "preview",
  "secrets",
  "cost",
  "audit",
  "alerts",
  "doctor",
] as const;

/** Commands that workflows are to call and that a later version brings. */
export const awaited = ["db", "chaos"] as const;

/** A command of `infra` that a workflow may name. */
export type WorkflowCommand = (typeof existing)[number] | (typeof awaited)[number];

/** Whether this version of `infra` has the command. */
const exists = (command: WorkflowCommand): boolean => (existing as readonly string[]).includes(command);

/**
 * Runs `infra` as the managed repository's lock file pins it. A command that this version does not have yet fails loudly where it is run; the
 * plan of the stack that holds the file says so before: see {@link commandsAwaited}.
 */
export function infra(command: WorkflowCommand, ...args: readonly string[]): Script {
  if (exists(command)) return run`npm exec --no -- infra ${[command, ...args]}`;
  return run`
    echo ${`::error title=infra ${command}::${missing} "${command}": update the package, then run this again`}
    exit 1
  `;
}

const missing = "this version of infra has no command";

/** Commands that a rendered workflow waits for, read back from its text: from the steps that fail. */
export const commandsAwaited = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(new RegExp(`${missing} "([a-z]+)"`, "g"))].map(([, called = ""]) => called)),
];
