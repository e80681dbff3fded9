/** The records of rollbacks that are kept as files, one for each, below artifacts/rollbacks/. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Ending } from "./record";

/** A rollback as its file tells it. */
export interface KeptRollback {
  readonly at: string;
  readonly environment: string | undefined;
  readonly app: string;
  /** Release of Fly that records it. */
  readonly release: number | undefined;
  readonly version: string | undefined;
  readonly image: string | undefined;
  readonly commit: string | undefined;
  readonly by: string | undefined;
  readonly outcome: Ending;
  readonly url: string | undefined;
}

const endings = {
  "rolled-back": "succeeded",
  restored: "restored",
  broken: "failed",
  stopped: "interrupted",
} as const satisfies Record<string, Ending>;

/** As `infra rollback` writes it. */
const ours = z
  .object({
    at: z.iso.datetime(),
    environment: z.string(),
    app: z.string(),
    by: z.string(),
    to: z.object({ image: z.string() }),
    release: z.number().nullable(),
    outcome: z.enum(["rolled-back", "restored", "broken", "stopped"]),
  })
  .transform(
    ({ to, release, outcome, ...rest }): KeptRollback => ({
      ...rest,
      release: release ?? undefined,
      version: undefined,
      image: to.image,
      commit: undefined,
      outcome: endings[outcome],
      url: undefined,
    }),
  );

/** As the workflows write it. */
const workflow = z
  .object({
    kind: z.literal("rollback"),
    timestamp: z.iso.datetime(),
    commit: z.string().optional(),
    deployer: z.string().optional(),
    run: z.string().optional(),
    app: z.string(),
    environment: z.string().optional(),
    version: z.string().optional(),
    image: z.string().optional(),
    outcome: z.string(),
  })
  .transform(
    ({ kind: _kind, timestamp, deployer, run, outcome, ...rest }): KeptRollback => ({
      at: timestamp,
      environment: rest.environment,
      app: rest.app,
      release: undefined,
      version: rest.version,
      image: rest.image,
      commit: rest.commit,
      by: deployer,
      outcome: outcome === "success" ? "succeeded" : outcome === "cancelled" ? "cancelled" : "failed",
      url: run,
    }),
  );

const record = z.union([ours, workflow]);

/** Every record of a folder, and the names of files that are none; health reports and logs beside them are let be. */
export function keptRollbacks(folder: string): {
  readonly rollbacks: readonly KeptRollback[];
  readonly unreadable: readonly string[];
} {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  const read = names.map((name) => ({ name, found: parse(join(folder, name)) }));
  return {
    rollbacks: read.flatMap(({ found }) => found ?? []),
    unreadable: read.filter(({ name, found }) => !found && name !== "health.json").map(({ name }) => name),
  };
}

function parse(path: string): KeptRollback | undefined {
  try {
    return record.safeParse(JSON.parse(readFileSync(path, "utf8"))).data;
  } catch {
    return undefined;
  }
}
