/** The tracked files of this repository, for tests about the repository itself. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(__dirname, "../..");

/** Paths relative to the root of every file that git tracks or would track, sorted. */
export function trackedFiles(): string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  return [...new Set(listed.split("\n"))].filter((path) => path !== "" && existsSync(join(root, path))).sort();
}

/** The text of a tracked file. */
export const textOf = (path: string): string => readFileSync(join(root, path), "utf8");
