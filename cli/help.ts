/** The parts of a command's help that the parser does not know. */
import type { Command, ExitCode } from "./define-command";

const EVERYWHERE: Readonly<Partial<Record<ExitCode, string>>> = { 1: "an error", 130: "interrupted" };

/** Exit codes and examples, as they stand below the options. */
export function examplesHelp(command: Command): string {
  const codes = Object.entries({ ...EVERYWHERE, ...command.exitCodes }).map(
    ([code, doc]) => `  ${code.padEnd(4)} ${doc}`,
  );
  const examples = command.examples.map((one) => `  infra ${one}`);
  return ["", "Exit codes:", ...codes, "", "Examples:", ...examples].join("\n");
}

/** The README's table of commands: one line each. */
export function commandTable(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => `| \`infra ${name}\` | ${summary} |`);
  return ["| Command | |", "| --- | --- |", ...rows].join("\n");
}
