import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

/** Where the value of a secret comes from; exactly one of the three. */
export interface Source {
  /** Candidates; the first env var that is set and not empty gives the value. */
  readonly env?: readonly string[] | undefined;
  /** Path, taken from the folder in which terraform runs. */
  readonly file?: string | undefined;
  /** Program and arguments, run without a shell; standard output is the value. */
  readonly command?: readonly string[] | undefined;
}

/** By the name of the secret. */
export type Sources = Readonly<Record<string, Source>>;

/** A value, or in words why there is none. */
export type Resolved = { readonly value: string } | { readonly absent: string };

const commandMs = 30_000;

/** The value of a source now. Neither the value nor what a program printed is ever part of `absent`. */
export async function resolve(source: Source, env: Readonly<Record<string, string | undefined>>): Promise<Resolved> {
  if (source.file !== undefined) return fromFile(source.file);
  if (source.command !== undefined) return fromCommand(source.command, env);
  return fromEnv(source.env ?? [], env);
}

function fromEnv(candidates: readonly string[], env: Readonly<Record<string, string | undefined>>): Resolved {
  const name = candidates.find((candidate) => env[candidate]);
  if (name !== undefined) return { value: env[name] ?? "" };
  const [first = "?", ...others] = candidates;
  const list = others.length > 0 ? `${first} (or ${others.join(", ")})` : first;
  return { absent: `env var ${list} is not set` };
}

async function fromFile(path: string): Promise<Resolved> {
  try {
    const text = withoutNewline(await readFile(path, "utf8"));
    return text === "" ? { absent: `file ${path} is empty` } : { value: text };
  } catch (error) {
    return { absent: `file ${path} cannot be read (${codeOf(error)})` };
  }
}

function fromCommand(command: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<Resolved> {
  const [program = "", ...args] = command;
  return new Promise((done) => {
    execFile(program, args, { env: { ...env }, timeout: commandMs, maxBuffer: 1 << 20 }, (error, stdout) => {
      const text = withoutNewline(stdout);
      if (error) done({ absent: `command ${program} failed (${error.killed ? "no end within 30 s" : codeOf(error)})` });
      else done(text === "" ? { absent: `command ${program} printed nothing` } : { value: text });
    });
  });
}

/** Files and programs end their text with a newline that is not meant. */
function withoutNewline(text: string): string {
  return text.replace(/\r?\n$/, "");
}

function codeOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "number" ? `exit code ${code}` : typeof code === "string" ? code : "unknown reason";
}
