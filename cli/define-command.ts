/**
 * A command is data: its name, arguments, exit codes and examples, and one function.
 *
 * Help, the README table and the reference are generated from it, and the types of `values` follow from `positionals` and `options`.
 */
import type { Io } from "./io";
import type { Tools } from "./tools";

/** An argument by position. With `many` it takes all that follow, from none on; else it is required. */
interface Positional {
  readonly doc: string;
  readonly many?: boolean;
}

/** `type` "strings" may be given several times. An option without a value is "boolean". Names are camelCase here, --kebab-case there. */
export interface Option {
  readonly type: "boolean" | "string" | "strings" | "number";
  readonly doc: string;
  /** What stands for the value in the help. */
  readonly placeholder?: string;
}

export type Positionals = Readonly<Record<string, Positional>>;
export type Options = Readonly<Record<string, Option>>;

interface OptionValue {
  readonly boolean: boolean;
  readonly string: string | undefined;
  readonly strings: readonly string[];
  readonly number: number | undefined;
}

/** What `run` gets: a text per positional (a list with `many`), and per option a boolean, or the value that was given. */
type Values<P extends Positionals, O extends Options> = {
  readonly [K in keyof P]: P[K] extends { readonly many: true } ? readonly string[] : string;
} & { readonly [K in keyof O]: OptionValue[O[K]["type"]] };

/** 0 none, 1 error, 2 differences, 130 interrupted: as Terraform and gh have it. */
export type ExitCode = 0 | 1 | 2 | 130;

export interface CommandDefinition<P extends Positionals, O extends Options> {
  /** One word, or a group and a word ("sandbox start"). */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** What the help says below the summary. */
  readonly details?: string;
  readonly positionals: P;
  readonly options: O;
  /** What each code means here. 1 and 130 mean the same everywhere and may be left out. */
  readonly exitCodes: Readonly<Partial<Record<ExitCode, string>>>;
  /** Without the program's name. */
  readonly examples: readonly string[];
  run(values: Values<P, O>, tools: Tools, io: Io): Promise<ExitCode>;
}

/** A command with its argument types forgotten, for lists. */
export type Command = Omit<CommandDefinition<Positionals, Options>, "run"> & {
  run(values: never, tools: Tools, io: Io): Promise<ExitCode>;
};

/** Names a command; the types of `run`'s values come from `positionals` and `options`. */
export function defineCommand<const P extends Positionals, const O extends Options>(
  definition: CommandDefinition<P, O>,
): CommandDefinition<P, O> {
  return definition;
}

/** The options that several commands share. */
export const shared = {
  json: { type: "boolean", doc: "Print the result as JSON, for programs." },
  stack: { type: "strings", doc: "A stack to work on; may be given several times.", placeholder: "name" },
  name: { type: "string", doc: "Which sandbox, where several run.", placeholder: "name" },
} as const satisfies Options;
