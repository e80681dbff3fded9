import { randomBytes } from "node:crypto";
import { copyFileSync, linkSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes a file so that a reader sees the old text or the new one, never half of it; makes the folders on the way. */
export function writeAtomically(path: string, text: string | Uint8Array, mode = 0o644): void {
  put(path, (temporary) => writeFileSync(temporary, text, { mode }));
}

/**
 * Makes `path` the same file as `source` by a hard link, or by a copy where links cannot reach (another disk).
 * A hard link, not a symbolic one: a stack directory that is copied elsewhere stays whole.
 */
export function linkAtomically(source: string, path: string): void {
  if (sameFile(source, path)) return;
  put(path, (temporary) => {
    try {
      linkSync(source, temporary);
    } catch {
      copyFileSync(source, temporary);
    }
  });
}

/** The temporary name is one level up: Terraform hashes every file of a package's folder. */
function put(path: string, make: (temporary: string) => void): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${dirname(path)}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    make(temporary);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function sameFile(a: string, b: string): boolean {
  const [left, right] = [a, b].map((path) => statSync(path, { throwIfNoEntry: false }));
  return left !== undefined && right !== undefined && left.dev === right.dev && left.ino === right.ino;
}
