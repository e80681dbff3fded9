import { readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { InfraStack, StackFile } from "../constructs/stack/infra-stack";
import { writeAtomically } from "./atomic-file";

/**
 * Writes what the stacks say to people and to other tools, and removes what earlier ones said: the files of each stack, and `infra.json`
 * with `{ stacks: { <name>: <its declaration> } }`.
 */
export function writeStackFiles(folder: string, stacks: readonly InfraStack[]): void {
  const declarations = Object.fromEntries(stacks.map((stack) => [stack.node.id, stack.declaration()]));
  const files = new Map<string, StackFile>([
    ["infra.json", { text: `${JSON.stringify({ stacks: declarations }, null, 2)}\n` }],
    ...stacks.flatMap((stack) => [...stack.files()]),
  ]);
  for (const [path, { text, executable }] of files) {
    writeAtomically(join(folder, path), text, executable ? 0o755 : 0o644);
  }
  removeOthers(folder, "", new Set(files.keys()));
}

/** Removes every file that is not among `kept`, and folders that are then empty. */
function removeOthers(root: string, below: string, kept: ReadonlySet<string>): void {
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (!entry.isDirectory()) {
      if (!kept.has(path)) rmSync(join(root, path));
      continue;
    }
    removeOthers(root, path, kept);
    if (readdirSync(join(root, path)).length === 0) rmdirSync(join(root, path));
  }
}
