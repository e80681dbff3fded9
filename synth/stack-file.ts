import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FlyApp } from "../constructs/fly/fly-app";
import type { FlyStack } from "../constructs/fly/fly-stack";
import { writeAtomically } from "./atomic-file";

/**
 * Writes what the stacks say to people and to other tools, and removes what earlier ones said: each `fly.toml`, and `infra.json` with
 * `{ stacks: { <name>: { notes } } }`, what is wanted of a stack and Fly cannot hold.
 */
export function writeStackFiles(folder: string, stacks: readonly FlyStack[]): void {
  const notes = Object.fromEntries(stacks.map((stack) => [stack.node.id, { notes: stack.notes }]));
  const files = new Map([["infra.json", `${JSON.stringify({ stacks: notes }, null, 2)}\n`]]);
  for (const app of stacks.flatMap((stack) => stack.node.findAll()).filter(FlyApp.isFlyApp)) {
    if (app.flyToml) files.set(app.flyToml.name, app.flyToml.text);
  }
  for (const [name, text] of files) writeAtomically(join(folder, name), text);
  for (const name of readdirSync(folder)) {
    if (!files.has(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
