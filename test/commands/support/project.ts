/** A project in a temporary folder, and `infra` in this process over it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { commands } from "../../../cli/commands";
import { createIo } from "../../../cli/io";
import { run } from "../../../cli/program";

/** What one run of `infra` left behind. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Somebody sits at a terminal and types this. Left out: no terminal. */
  readonly types?: string;
  /** What standard input holds where no terminal is. */
  readonly stdin?: string;
  /** Aborts as Ctrl-C does. */
  readonly interrupt?: AbortSignal;
  /** Ctrl-C as soon as this was said. */
  readonly interruptAt?: string;
  /** What the clock says, such as "2026-11-23T18:00:00Z". */
  readonly now?: string;
}

/** Runs `infra` in this process, in the given folder. */
export async function infra(directory: string, argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const terminal = { isTTY: options.types !== undefined, columns: 120 };
  const stream = () => Object.assign(new PassThrough(), terminal);
  const streams = { stdin: stream(), stdout: stream(), stderr: stream() };
  const chunks = { stdout: "", stderr: "" };
  const stop = new AbortController();
  for (const name of ["stdout", "stderr"] as const) {
    streams[name].on("data", (chunk: Buffer) => {
      chunks[name] += chunk.toString();
      if (options.interruptAt && chunks.stderr.includes(options.interruptAt)) stop.abort();
    });
  }
  if (options.types !== undefined) streams.stdin.write(`${options.types}\n`);
  else streams.stdin.end(options.stdin);
  const never = new AbortController().signal;
  const env = { ...process.env, ...options.env };
  const interruption = { soft: options.interrupt ?? stop.signal, hard: never };
  const now = () => (options.now === undefined ? Date.now() : Date.parse(options.now));
  const code = await run(argv, commands, { directory, env, interruption, now }, createIo(streams, env));
  return { code, ...chunks };
}

/** A project whose program writes these stacks, each a Terraform configuration as JSON with its state in a file; `fails` makes it refuse instead. */
export function fakeProject(
  stacks: Readonly<Record<string, object>>,
  { fails }: { readonly fails?: string } = {},
): string {
  const directory = mkdtempSync(join(tmpdir(), "infra-project-"));
  writeFileSync(join(directory, "cdktf.json"), JSON.stringify({ language: "typescript", app: "node program.cjs" }));
  writeFileSync(join(directory, "program.cjs"), program(stacks, fails));
  mkdirSync(join(directory, "cdktf.out"));
  return directory;
}

/** Replaces what the project's program writes. */
export function edit(directory: string, stacks: Readonly<Record<string, object>>): void {
  writeFileSync(join(directory, "program.cjs"), program(stacks));
}

/** Removes a project. */
export const remove = (directory: string): void => rmSync(directory, { recursive: true, force: true });

const program = (stacks: Readonly<Record<string, object>>, fails?: string): string => `
const { mkdirSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
${fails === undefined ? "" : `console.error(${JSON.stringify(fails)}); process.exit(1);`}
const out = process.env.CDKTF_OUTDIR;
const manifest = { version: "0.21.0", stacks: {} };
for (const [name, json] of Object.entries(${JSON.stringify(stacks)})) {
  const workingDirectory = join("stacks", name);
  mkdirSync(join(out, workingDirectory), { recursive: true });
  const path = join(process.cwd(), name + ".tfstate");
  writeFileSync(join(out, workingDirectory, "cdk.tf.json"), JSON.stringify({ ...json, terraform: { ...json.terraform, backend: { local: { path } } } }));
  manifest.stacks[name] = { name, workingDirectory, dependencies: [], annotations: [] };
}
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest));
`;
