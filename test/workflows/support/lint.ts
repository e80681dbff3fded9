import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { z } from "zod";
import type { Configuration } from "../../../config/schema";
import { workflowProblems } from "../../../constructs/workflows/rule";
import type { Diagnostic } from "./language-service";
import { findTool, runTool } from "./tool";

/** Who looks at workflow files, from the cheapest on. */
export type Layer = "own" | "language-service" | "actionlint" | "zizmor";

/** What one layer says of one file. */
export interface Finding {
  readonly layer: Layer;
  /** Name of the file. */
  readonly file: string;
  /** Id of an own rule, kind of actionlint, audit of zizmor; of the language service its sentence. */
  readonly code: string;
  readonly text: string;
}

const root = join(__dirname, "../../..");

/**
 * Everything that the tools find in workflow files. Each tool is started once, so that a hundred files cost about as much as one.
 *
 * @param files text by name
 */
export async function toolFindings(files: Readonly<Record<string, string>>): Promise<readonly Finding[]> {
  const folder = mkdtempSync(join(tmpdir(), "lint-"));
  try {
    const home = join(folder, ".github/workflows");
    mkdirSync(home, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text);
    return (await Promise.all([languageService(files), actionlint(home, Object.keys(files)), zizmor(folder)])).flat();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the own rules say of files that stand together in one repository. */
export const ownFindings = (files: Readonly<Record<string, string>>, config: Configuration): readonly Finding[] =>
  workflowProblems(
    Object.entries(files).map(([path, text]) => ({ path, text })),
    config,
  ).map(({ id, where, path, text }) => ({
    layer: "own",
    file: where.replace(/^workflow /, ""),
    code: id,
    text: `${path}: ${text}`,
  }));

async function languageService(files: Readonly<Record<string, string>>): Promise<readonly Finding[]> {
  const stdout = await run(process.execPath, ["--import", "tsx", join(__dirname, "language-service.ts")], {
    cwd: root,
    stdin: JSON.stringify(files),
    codes: [0],
  });
  const found = JSON.parse(stdout) as Record<string, Diagnostic[]>;
  return Object.entries(found).flatMap(([file, diagnostics]) =>
    diagnostics.map(({ message, line }) => ({
      layer: "language-service" as const,
      file,
      code: message,
      text: `line ${line}`,
    })),
  );
}

const actionlintFindings = z.array(
  z.object({ message: z.string(), filepath: z.string(), line: z.number(), kind: z.string() }),
);

async function actionlint(home: string, names: readonly string[]): Promise<readonly Finding[]> {
  const args = [`-shellcheck=${findTool("shellcheck")}`, "-pyflakes=", "-format", "{{json .}}", ...names];
  const stdout = await run(findTool("actionlint") ?? "actionlint", args, { cwd: home, codes: [0, 1] });
  return actionlintFindings.parse(JSON.parse(stdout)).map(({ message, filepath, line, kind }) => ({
    layer: "actionlint",
    file: basename(filepath),
    code: kind,
    text: `line ${line}: ${message}`,
  }));
}

const point = z.object({ row: z.number() });
const zizmorFindings = z.array(
  z.object({
    ident: z.string(),
    desc: z.string(),
    locations: z
      .array(
        z.object({
          symbolic: z.object({ key: z.object({ Local: z.object({ given_path: z.string() }) }) }),
          concrete: z.object({ location: z.object({ start_point: point }) }),
        }),
      )
      .min(1),
  }),
);

async function zizmor(folder: string): Promise<readonly Finding[]> {
  const args = ["--offline", "--strict-collection", "--no-progress", "-q", "--persona=auditor", "--format=json"];
  const stdout = await run(findTool("zizmor") ?? "zizmor", [...args, "-c", join(root, "zizmor.yml"), ".github"], {
    cwd: folder,
    codes: [0, 11, 12, 13, 14],
  });
  return zizmorFindings.parse(JSON.parse(stdout)).flatMap(({ ident, desc, locations: [first] }) =>
    first
      ? [
          {
            layer: "zizmor" as const,
            file: basename(first.symbolic.key.Local.given_path),
            code: ident,
            text: `line ${first.concrete.location.start_point.row + 1}: ${desc}`,
          },
        ]
      : [],
  );
}

/** @throws when the tool ends with a code that is no verdict */
async function run(
  file: string,
  args: readonly string[],
  { cwd, stdin = "", codes }: { cwd: string; stdin?: string; codes: readonly number[] },
): Promise<string> {
  const { code, stdout, stderr } = await runTool(file, args, { cwd, env: process.env, stdin });
  if (!codes.includes(code ?? -1)) throw new Error(`${basename(file)} ended with ${code}: ${stderr || stdout}`);
  return stdout;
}
