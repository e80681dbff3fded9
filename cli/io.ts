/** Where a command reads and writes. Data goes to standard output, talk to standard error. */
import readline from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { styleText } from "node:util";
import type { Paint } from "../report/paint";
import { plain } from "../report/paint";

export interface Io {
  /** Writes data: text to standard output, with a line end. */
  out(text: string): void;
  /** Talks: text to standard error, with a line end. */
  say(text: string): void;
  /** Shows what is going on, in one line that the next one overwrites; nothing where no terminal is. */
  progress(text: string): void;
  /** Asks on the terminal; undefined: left without an answer, by Ctrl-C, Ctrl-D or `signal`. Only where `interactive`. */
  ask(question: string, signal: AbortSignal): Promise<string | undefined>;
  /** All of standard input; undefined: it is a terminal, so nobody has put anything there. */
  input(): Promise<string | undefined>;
  /** Somebody sits at a terminal and can answer. */
  readonly interactive: boolean;
  /** Colours for `out`, and for `say`; neither colours without a terminal or with NO_COLOR. */
  readonly paint: { readonly out: Paint; readonly say: Paint };
  /** Width of the terminal in characters for `out`, and for `say`; undefined: no terminal, so lines are of any length. */
  readonly columns: { readonly out: number | undefined; readonly say: number | undefined };
}

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Streams {
  readonly stdin: Readable & Terminal;
  readonly stdout: Writable & Terminal;
  readonly stderr: Writable & Terminal;
}

/** The real input and output over the given streams. */
export function createIo({ stdin, stdout, stderr }: Streams, env: NodeJS.ProcessEnv): Io {
  let shown = false;
  const clear = () => {
    if (shown) stderr.write("\r\u001b[2K");
    shown = false;
  };
  const write = (stream: Writable, text: string) => {
    clear();
    stream.write(`${env.GITHUB_ACTIONS === "true" ? inert(text) : text}\n`);
  };
  return {
    out: (text) => write(stdout, text),
    say: (text) => write(stderr, text),
    progress(text) {
      if (!stderr.isTTY || env.TERM === "dumb") return;
      clear();
      if (text === "") return;
      const room = (stderr.columns ?? 80) - 1;
      stderr.write(text.length > room ? `${text.slice(0, room - 1)}…` : text);
      shown = true;
    },
    async ask(question, signal) {
      clear();
      const reader = readline.createInterface({ input: stdin, output: stderr });
      const closed = new AbortController();
      reader.once("close", () => closed.abort());
      const left = AbortSignal.any([closed.signal, signal]);
      try {
        return await reader.question(question, { signal: left });
      } catch (error) {
        if (!left.aborted) throw error;
        stderr.write("\n");
        return undefined;
      } finally {
        reader.close();
      }
    },
    async input() {
      if (stdin.isTTY) return undefined;
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString("utf8");
    },
    interactive: Boolean(stdin.isTTY && stderr.isTTY),
    paint: { out: paintFor(stdout, env), say: paintFor(stderr, env) },
    columns: { out: columnsOf(stdout), say: columnsOf(stderr) },
  };
}

/**
 * A runner of GitHub Actions takes a line that begins with "::", or that holds "##[", for a command to itself: no name or value may give it one. What is
 * written instead is the same text in JSON.
 *
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs (read 2026-11)
 */
const inert = (text: string): string => text.replace(/^(\s*):(?=:)/gm, "$1\\u003a").replaceAll("##[", "#\\u0023[");

const columnsOf = ({ isTTY, columns }: Terminal): number | undefined => (isTTY ? columns : undefined);

const paintFor = (stream: Terminal, env: NodeJS.ProcessEnv): Paint =>
  stream.isTTY && !env.NO_COLOR && env.TERM !== "dumb"
    ? (format, text) => styleText(format, text, { validateStream: false })
    : plain;
