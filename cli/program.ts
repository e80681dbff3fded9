/** Turns command definitions into a command line: parsing, help, and what went wrong told in one place. */
import { CommanderError, InvalidArgumentError, Command as Parser, Option as ParserOption } from "commander";
import { packageVersion } from "../ops/version";
import { closest } from "../report/similar";
import type { Command, ExitCode, Option } from "./define-command";
import { tell } from "./error";
import { examplesHelp } from "./help";
import type { Io } from "./io";
import type { Tools } from "./tools";

/** Runs `argv` (without node and script) and returns the exit code; never throws and never ends the process. */
export async function run(
  argv: readonly string[],
  commands: readonly Command[],
  tools: Tools,
  io: Io,
): Promise<number> {
  let code: ExitCode = 0;
  const program = build(commands, io, async (command, values) => {
    code = await command.run(values as never, tools, io);
  });
  try {
    await program.parseAsync(withoutHelpWord(argv), { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    return tell(error, { io, interrupted: tools.interruption.soft.aborted, json: argv.includes("--json") });
  } finally {
    io.progress("");
  }
}

/** The word help in front is what some people type for --help behind. */
const withoutHelpWord = ([first, ...rest]: readonly string[]): string[] =>
  first === "help" ? [...rest, "--help"] : [first, ...rest].filter((word) => word !== undefined);

type Action = (command: Command, values: Record<string, unknown>) => Promise<void>;

function build(commands: readonly Command[], io: Io, action: Action): Parser {
  const root = prepare(new Parser("infra"), io)
    .description("Fly.io as declared in this project: see what differs, and make it equal.")
    .version(packageVersion(), "-V, --version", "Show the version.")
    .usage("<command> [options]")
    .helpCommand(false)
    .addHelpText(
      "after",
      [
        "",
        "Exit codes: 0 none, 1 error, 2 differences, 130 interrupted.",
        "More on a command: infra <command> --help",
        "Without an account: npx infra sandbox start",
      ].join("\n"),
    );
  const groups = new Map<string, Parser>();
  for (const command of commands) {
    const [first, second] = command.name.split(" ") as [string, string | undefined];
    add(second === undefined ? root : group(root, groups, first, io), second ?? first, command, io, action);
  }
  for (const parser of [root, ...groups.values()]) refuseUnknown(parser, io);
  return root;
}

function prepare(parser: Parser, io: Io): Parser {
  return (
    parser
      .exitOverride()
      .configureOutput({
        writeOut: (text) => io.out(text.replace(/\n$/, "")),
        writeErr: (text) => io.say(text.replace(/\n$/, "")),
        outputError: (text, write) =>
          write(`${text.replace(/^error: /, "Error: ").replace(/\n$/, "")}\nSee: ${helpOf(parser)} [infra/arguments]`),
      })
      // Names alone leave room for the summaries in a narrow terminal.
      .configureHelp({ subcommandTerm: (command) => command.name() })
      .helpOption("-h, --help", "Show this.")
  );
}

const helpOf = (parser: Parser): string =>
  ["npx", ...[parser.parent?.parent, parser.parent, parser].flatMap((one) => one?.name() ?? []), "--help"].join(" ");

function group(root: Parser, groups: Map<string, Parser>, name: string, io: Io): Parser {
  const known = groups.get(name);
  if (known) return known;
  const made = prepare(root.command(name), io)
    .description(GROUPS[name] ?? name)
    .usage("<command> [options]")
    .helpCommand(false);
  groups.set(name, made);
  return made;
}

const GROUPS: Readonly<Record<string, string>> = {
  alerts: "Try whether notices reach those whom the configuration names.",
  override: "Step over a rule of the default branch in an emergency, for a limited time and on the record.",
  secrets: "Names, ages and sources of secrets on Fly and on GitHub; values are written and never shown.",
  sandbox: "The local stand-in for Fly: everything can be tried on it, with nothing to sign up for.",
};

function add(parent: Parser, word: string, command: Command, io: Io, action: Action): void {
  const parser = prepare(parent.command(word), io)
    .summary(command.summary)
    .description(command.details ? `${command.summary}\n\n${command.details}` : command.summary)
    .addHelpText("after", examplesHelp(command));
  for (const [name, { doc, many }] of Object.entries(command.positionals)) {
    parser.argument(many ? `[${name}...]` : `<${name}>`, doc);
  }
  for (const [name, option] of Object.entries(command.options)) parser.addOption(parserOption(name, option));
  parser.action(async (...received: unknown[]) => {
    const positionals = Object.keys(command.positionals).map((name, index) => [name, received[index] ?? []]);
    await action(command, { ...defaults(command), ...parser.opts(), ...Object.fromEntries(positionals) });
  });
}

function parserOption(name: string, { type, doc, placeholder = "value" }: Option): ParserOption {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (type === "boolean") return new ParserOption(flag, doc);
  const made = new ParserOption(`${flag} <${placeholder}>`, doc);
  if (type === "strings") {
    return made.argParser((value, before: readonly string[] | undefined) => [...(before ?? []), value]);
  }
  return type === "number" ? made.argParser(wholeNumber) : made;
}

function wholeNumber(value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It wants a whole number.");
}

const ABSENT: Readonly<Record<Option["type"], unknown>> = {
  boolean: false,
  strings: [],
  string: undefined,
  number: undefined,
};

const defaults = (command: Command): Record<string, unknown> =>
  Object.fromEntries(Object.entries(command.options).map(([name, { type }]) => [name, ABSENT[type]]));

/** Without a command: the help. With one that does not exist: its name, what exists, and what was probably meant. */
function refuseUnknown(parser: Parser, io: Io): void {
  parser
    .argument("[command]")
    .allowUnknownOption()
    .allowExcessArguments()
    .action((word: string | undefined) => {
      if (word === undefined) {
        parser.outputHelp();
        return;
      }
      if (word.startsWith("-")) parser.error(`error: unknown option '${word}'`);
      const known = parser.commands.map((one) => one.name());
      const meant = closest(word, known);
      const path = parser.parent ? `infra ${parser.name()}` : "infra";
      io.say(
        `Error: ${path} has no command "${word}"${meant ? `; did you mean "${meant}"?` : "."} It has: ${known.join(", ")}. [infra/unknown-command]`,
      );
      throw new CommanderError(1, "infra.unknown", "unknown command");
    });
}
