import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { z } from "zod";
import type { Configuration } from "../../../config/schema";
import { workflowProblems } from "../../../constructs/workflows/rule";
import type { Diagnostic } from "./language-service";
import { findTool, runTool, type Tool } from "./tool";

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

/** A tool as a layer: what it needs on this machine, and what it finds. It is started once for all files: a hundred cost about as much as one. */
export interface ToolLayer {
  readonly layer: Exclude<Layer, "own">;
  readonly needs: readonly Tool[];
  /** @param files text by name */
  find(files: Readonly<Record<string, string>>): Promise<readonly Finding[]>;
}

/** The layers that are tools. */
export const toolLayers: readonly ToolLayer[] = [
  { layer: "language-service", needs: [], find: languageService },
  { layer: "actionlint", needs: ["actionlint", "shellcheck"], find: inFolder(actionlint) },
  { layer: "zizmor", needs: ["zizmor"], find: inFolder(zizmor) },
];

/** Runs a tool in a folder in which the files stand as in a repository. */
function inFolder(tool: (folder: string, names: readonly string[]) => Promise<readonly Finding[]>): ToolLayer["find"] {
  return async (files) => {
    const folder = mkdtempSync(join(tmpdir(), "lint-"));
    try {
      mkdirSync(join(folder, workflows), { recursive: true });
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, workflows, name), text);
      return await tool(folder, Object.keys(files));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

const workflows = ".github/workflows";

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

async function actionlint(folder: string, names: readonly string[]): Promise<readonly Finding[]> {
  const args = [`-shellcheck=${findTool("shellcheck")}`, "-pyflakes=", "-format", "{{json .}}"];
  const stdout = await run(findTool("actionlint") ?? "actionlint", [...args, ...names], {
    cwd: join(folder, workflows),
    codes: [0, 1],
  });
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
          symbolic: z.object({ key: z.object({ Local: z.object({ verbatim_path: z.string() }) }) }),
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
            file: basename(first.symbolic.key.Local.verbatim_path),
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
