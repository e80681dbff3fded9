/** The tools that judge and run workflow files; `.ci/tools.sh` installs them by version. */
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** A tool by its command. */
export type Tool = "act" | "actionlint" | "shellcheck" | "zizmor" | "gitleaks";

/** Where a tool is: in the folder that env TOOLS names, else on the PATH; undefined when it is in neither. */
export function findTool(name: Tool): string | undefined {
  const folders = [process.env.TOOLS ?? "", ...(process.env.PATH ?? "").split(delimiter)];
  return folders
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** `describe` where every tool is there; else a suite that is skipped, whose name says what it needs. */
export const describeWith = (tools: readonly Tool[], name: string, tests: () => void): void =>
  (tools.every(findTool) ? describe : describe.skip)(
    tools.length === 0 ? name : `${name} (needs ${tools.join(", ")})`,
    tests,
  );

/** What a process left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end with this environment and nothing else. */
export function runTool(
  file: string,
  args: readonly string[],
  { cwd, env, stdin = "" }: { cwd: string; env: NodeJS.ProcessEnv; stdin?: string },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: "pipe" });
    const text = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (part: string) => (text.stdout += part));
    child.stderr.setEncoding("utf8").on("data", (part: string) => (text.stderr += part));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...text }));
    child.stdin.end(stdin);
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
