import { run, type Script } from "./model/script";

/** Commands of `infra` in this version, as `cli/commands/` has them (test/house/command.test.ts compares). */
const existing: readonly string[] = ["check", "plan", "apply", "drift", "doctor"];

/** Whether this version of `infra` has the command. */
export const exists = (command: string): boolean => existing.includes(command);

/**
 * Runs `infra` as the managed repository's lock file pins it. A command that this version does not have yet fails loudly where it is run;
 * the plan of the stack that holds the file says so before: see {@link commandsAwaited}.
 */
export function infra(command: string, ...args: readonly string[]): Script {
  const known = exists(command);
  if (known) return run`npm exec --no -- infra ${[command, ...args]}`;
  return run`
    echo ${`::error title=infra ${command}::this version of infra has no command "${command}": update the package, then run this again`}
    exit 1
  `;
}

/** Commands that a rendered workflow waits for, read back from its text. */
export const commandsAwaited = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/this version of infra has no command "([a-z]+)"/g)].map(([, name = ""]) => name)),
];
