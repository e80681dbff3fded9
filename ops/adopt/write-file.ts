/** Puts a generated file into a project, and never in the place of one that somebody may have edited. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { z } from "zod";
import { Failure } from "../failure";

/**
 * Writes a file.
 *
 * @returns false: the same text stood there already
 * @throws Failure when another text stands there and `force` is not given
 */
export function writeGenerated(
  path: string,
  text: string,
  { force, shown, again }: { readonly force: boolean; readonly shown: string; readonly again: string },
): boolean {
  const before = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  if (before === text) return false;
  if (before !== undefined && !force) {
    throw new Failure(
      `${shown} exists and says something else, first in line ${firstDifference(before, text)}. Nothing was written. Compare: npx infra ${again} --dry-run | diff ${shown} -   Put the new one in its place: npx infra ${again} --force [infra/adopt-exists]`,
    );
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return true;
}

/** How a file in that folder imports this package: by its name, in its own checkout by a path. */
export function libraryFrom(folder: string): string {
  const root = checkoutAround(folder);
  if (root === undefined) return name;
  const path = relative(folder, join(root, "index")).split(sep).join("/");
  return path.startsWith(".") ? path : `./${path}`;
}

const name = "hotdash-infra";
const manifest = z.object({ name: z.string().optional() });

function checkoutAround(folder: string): string | undefined {
  const path = join(folder, "package.json");
  if (existsSync(path))
    return manifest.parse(JSON.parse(readFileSync(path, "utf8"))).name === name ? folder : undefined;
  const parent = dirname(folder);
  return parent === folder ? undefined : checkoutAround(parent);
}

/** Counted from 1. */
function firstDifference(before: string, after: string): number {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  return old.findIndex((line, index) => line !== fresh[index]) + 1 || old.length + 1;
}
