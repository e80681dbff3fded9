/** The files that an audit writes. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Failure } from "../failure";

/** Writes a page; returns its path. */
export function keepPage(directory: string, file: string, text: string): string {
  const path = resolve(directory, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Writes the report of an incident, which people then go on with: one that is there stays as it is. @throws Failure then */
export function keepIncident(directory: string, since: Date, text: string): string {
  const name = `incident-${since.toISOString().slice(0, 16).replace(":", "")}.md`;
  const path = join(directory, "reports", "status", name);
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, text, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new Failure(
      `reports/status/${name} is there already, and people may have written in it. It stays as it is. Move it away, or give another --since. [infra/incident-exists]`,
      { cause: error },
    );
  }
  return path;
}
