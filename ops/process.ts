/** Child processes, whose ends and output are values. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Failure } from "./failure";

/** Ctrl-C: the first asks to stop at the next safe point, the second to stop at once. */
export interface Interruption {
  readonly soft: AbortSignal;
  readonly hard: AbortSignal;
}

export interface RunOptions {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
  /** Called with each line of standard output as it comes. */
  onLine?(line: string): void;
}

export interface Ended {
  /** Exit code; 130 when it ended by a signal. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end. It gets a process group of its own, so that Ctrl-C on the terminal reaches it only through us: once as
 * SIGINT ("stop at the next safe point"), and as SIGINT again when asked twice, which makes Terraform stop at once.
 *
 * @throws Failure when the program is not on this machine
 */
export async function runProcess(command: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  const { directory, env, interruption, onLine } = options;
  const child = spawn(command, args, { cwd: directory, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const interrupt = () => void child.kill("SIGINT");
  for (const signal of [interruption.soft, interruption.hard]) {
    if (signal.aborted) interrupt();
    else signal.addEventListener("abort", interrupt, { once: true });
  }
  const stdout = collect(child.stdout, onLine);
  const stderr = collect(child.stderr);
  try {
    const [code] = (await once(child, "close")) as [number | null];
    return { code: code ?? 130, stdout: stdout(), stderr: stderr() };
  } catch (error) {
    throw notStarted(command, error);
  } finally {
    for (const signal of [interruption.soft, interruption.hard]) signal.removeEventListener("abort", interrupt);
  }
}

/** The text so far; lines are handed on when they are whole. */
function collect(stream: NodeJS.ReadableStream, onLine?: (line: string) => void): () => string {
  let text = "";
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    text += chunk;
    if (!onLine) return;
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  return () => text;
}

function notStarted(command: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "ENOENT") return error;
  return new Failure(
    `The program "${command}" is not on this machine. Install it and see what else is missing with: npx infra doctor [infra/program-missing]`,
    { cause: error },
  );
}
