/** The project that a command works on: its program, what that program synthesizes, and what is in there. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { z } from "zod";
import { closest } from "../report/similar";
import { Failure, Interrupted } from "./failure";
import { type Interruption, runProcess } from "./process";

/** A stack as it was synthesized. */
export interface Stack {
  readonly name: string;
  /** Absolute path of its directory. */
  readonly directory: string;
  /** Names of stacks that have to be applied before. */
  readonly dependencies: readonly string[];
}

export interface ProjectOptions {
  /** Folder with cdktf.json. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
}

/**
 * Runs the project's program, as cdktf would, and returns its stacks in the order of its manifest: by name.
 *
 * @throws Failure with what the program said, when a value is refused
 */
export async function synthesize({ directory, env, interruption }: ProjectOptions): Promise<readonly Stack[]> {
  const { app, output, context } = readSettings(directory);
  const outdir = isAbsolute(output) ? output : join(directory, output);
  const childEnv = {
    ...env,
    CDKTF_OUTDIR: outdir,
    CDKTF_CONTEXT_JSON: env.CDKTF_CONTEXT_JSON ?? JSON.stringify(context),
  };
  const startMs = Date.now();
  const { code, stdout, stderr } = await runProcess("/bin/sh", ["-c", app], { directory, env: childEnv, interruption });
  if (interruption.soft.aborted) throw new Interrupted();
  if (code !== 0) {
    const words = withoutForeignFrames(stderr.trim() || stdout.trim(), directory);
    throw new Failure(
      `${words || `The program of cdktf.json (${app}) ended with code ${code} and said nothing.`}\nNothing was synthesized. [synth/refused]`,
    );
  }
  return readStacks(join(outdir, "manifest.json"), startMs, app);
}

/**
 * What a program that threw printed, without what tells its author nothing: the frame of Node's own code that it begins with, and the
 * stack's lines in Node and in dependencies. Paths in the project are shown from its folder.
 */
export function withoutForeignFrames(text: string, directory: string): string {
  return text
    .replace(/^node:internal\/[^\n]*\n[^\n]*\n\s*\^\n+/, "")
    .split("\n")
    .filter((line) => !/^\s+at .*(node:|\/node_modules\/)/.test(line) && !/^Node\.js v\d/.test(line))
    .join("\n")
    .replaceAll(`${directory}/`, "")
    .replace(/\n {2}name: '\w+'\n\}/, "")
    .replace(/^Error: /, "")
    .trim();
}

/**
 * The stacks with these names, all when none is given.
 *
 * @throws Failure that names the one that does not exist, and those that do
 */
export function chooseStacks(stacks: readonly Stack[], names: readonly string[]): readonly Stack[] {
  const known = stacks.map(({ name }) => name);
  for (const name of names) {
    if (known.includes(name)) continue;
    const meant = closest(name, known);
    const preview = /^preview-\d+$/.test(name)
      ? ` A preview exists where its number is given: PREVIEW_NUMBER=${name.slice(8)}.`
      : "";
    throw new Failure(
      `There is no stack "${name}"${meant ? `; did you mean "${meant}"?` : "."} There are: ${known.join(", ")}.${preview} [infra/unknown-stack]`,
    );
  }
  return names.length === 0 ? stacks : stacks.filter(({ name }) => names.includes(name));
}

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : "it is no JSON" });
    return z.NEVER;
  }
});

const settings = z.object({
  app: z.string(),
  output: z.string().default("cdktf.out"),
  context: z.record(z.string(), z.unknown()).default({}),
});

function readSettings(directory: string): z.infer<typeof settings> {
  const path = join(directory, "cdktf.json");
  if (!existsSync(path)) {
    const above = projectAbove(directory);
    const next = above === undefined ? "Go to the folder that has one." : `Go to the one that has: cd ${above}`;
    throw new Failure(`${directory} is no project: it has no cdktf.json. ${next} [infra/no-project]`);
  }
  const read = json.pipe(settings).safeParse(readFileSync(path, "utf8"));
  if (read.success) return read.data;
  throw new Failure(`cdktf.json is not as cdktf wants it: ${z.prettifyError(read.error)} [infra/project-settings]`);
}

function projectAbove(directory: string): string | undefined {
  const parent = dirname(directory);
  if (parent === directory) return undefined;
  return existsSync(join(parent, "cdktf.json")) ? parent : projectAbove(parent);
}

const manifest = z.object({
  stacks: z.record(
    z.string(),
    z.object({
      name: z.string(),
      workingDirectory: z.string(),
      dependencies: z.array(z.string()).default([]),
      annotations: z.array(z.object({ level: z.string(), message: z.string(), constructPath: z.string() })).default([]),
    }),
  ),
});

function readStacks(path: string, startMs: number, app: string): readonly Stack[] {
  // One that was there before is of an earlier run; a second is left for file systems that count in seconds.
  if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < startMs - 1000) {
    throw new Failure(
      `The program of cdktf.json (${app}) ended well and synthesized nothing: ${path} was not written. A CDKTF program makes an App, adds stacks and ends in app.synth(). [synth/nothing]`,
    );
  }
  const outdir = dirname(path);
  const { stacks } = manifest.parse(JSON.parse(readFileSync(path, "utf8")));
  const errors = Object.values(stacks).flatMap(({ annotations }) =>
    annotations
      .filter(({ level }) => level.endsWith("error"))
      .map(({ message, constructPath }) => `${constructPath}: ${message}`),
  );
  if (errors.length > 0)
    throw new Failure(`${errors.join("\n")}\nThe program refuses its configuration. [synth/annotation]`);
  return Object.values(stacks).map(({ name, workingDirectory, dependencies }) => ({
    name,
    directory: join(outdir, workingDirectory),
    dependencies,
  }));
}
