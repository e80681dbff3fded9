/** The project that a command works on: its program, what that program synthesizes, and what is in there. */
import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
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
 * Runs the project's program, as cdktf would, and returns its stacks in the order of its main.ts.
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
  const { code, stdout, stderr } = await runProcess("/bin/sh", ["-c", app], { directory, env: childEnv, interruption });
  if (interruption.soft.aborted) throw new Interrupted();
  if (code !== 0)
    throw new Failure(
      `${stderr.trim() || stdout.trim() || `${app} ended with code ${code}`}\nNothing was synthesized. [synth/refused]`,
    );
  return readStacks(outdir);
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
    throw new Failure(
      `${directory} is no project: it has no cdktf.json. Go to the folder that has one. [infra/no-project]`,
    );
  }
  const read = json.pipe(settings).safeParse(readFileSync(path, "utf8"));
  if (read.success) return read.data;
  throw new Failure(`cdktf.json is not as cdktf wants it: ${z.prettifyError(read.error)} [infra/project-settings]`);
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

function readStacks(outdir: string): readonly Stack[] {
  const { stacks } = manifest.parse(JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")));
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
