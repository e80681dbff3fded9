/** The record of an emergency: a file under artifacts/overrides/, written before the first change, and a notice to the recipients. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Notified, type NotifyOptions, notify } from "../notify";
import type { Overridden } from "./guard";

/** What was stepped over, by whom and why. */
export interface EmergencyRecord {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Login, as far as the shell knows one. */
  readonly by: string;
  readonly reason: string;
  readonly overridden: readonly Overridden[];
}

/** Writes the record and tells the recipients. Returns the path and how the notice went. */
export async function recordEmergency(
  record: EmergencyRecord,
  project: NotifyOptions,
): Promise<{ readonly file: string; readonly notified: Notified }> {
  const folder = join(project.directory, "artifacts", "overrides");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${record.at.replace(/[:.]/g, "-")}.json`);
  writeFileSync(file, `${JSON.stringify({ version: 1, ...record }, null, 2)}\n`);
  const [first] = record.overridden;
  const notified = await notify(
    {
      kind: "override",
      summary: `A rule was stepped over for ${first?.app ?? "an app"}`,
      details: {
        BY: record.by,
        REASON: record.reason,
        RULES: record.overridden.map(({ stack, rule, text }) => `${stack} ${rule}: ${text}`).join("\n"),
      },
    },
    project,
  );
  return { file, notified };
}
