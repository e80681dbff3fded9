import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FlyApp } from "../constructs/fly/fly-app";
import type { FlyStack } from "../constructs/fly/fly-stack";
import { writeAtomically } from "./atomic-file";

/** What `files/infra.json` says of one stack. */
interface StackFacts {
  /** What is wanted and Fly cannot hold. */
  readonly notes: readonly string[];
  /** Names of its Fly apps. An app whose name is a Terraform expression has none here. */
  readonly apps: readonly string[];
  /** Env vars that may hold each secret, first one first, by the secret's name. */
  readonly secretSources: Readonly<Record<string, readonly string[]>>;
}

/** Writes what the stacks say to others, and removes what earlier ones said. */
export function writeStackFiles(folder: string, stacks: readonly FlyStack[]): void {
  const apps = stacks.map((stack) => ({ stack, apps: stack.node.findAll().filter(FlyApp.isFlyApp) }));
  const facts = apps.map(({ stack, apps }): [string, StackFacts] => [
    stack.node.id,
    {
      notes: stack.notes,
      apps: apps.flatMap(({ appName }) => (appName === undefined ? [] : [appName])),
      secretSources: Object.assign({}, ...apps.map(({ secretSources }) => secretSources)),
    },
  ]);
  const files = new Map(
    apps.flatMap(({ apps }) => apps.flatMap(({ flyToml }) => (flyToml ? [[flyToml.name, flyToml.text]] : []))),
  );
  files.set("infra.json", `${JSON.stringify({ stacks: Object.fromEntries(facts) }, null, 2)}\n`);
  for (const [name, text] of files) writeAtomically(join(folder, name), text);
  for (const name of readdirSync(folder)) {
    if (!files.has(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
