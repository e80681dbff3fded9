/** The records that are kept as files, one for each: rollbacks below artifacts/rollbacks/, emergencies below artifacts/overrides/. */
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
    ({ to, release, outcome, by, ...rest }): KeptRollback => ({
      ...rest,
      by: by === "unknown" ? undefined : by,
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

/** Rules that an apply stepped over in an emergency. */
export type KeptEmergency = z.output<typeof emergency>;

const emergency = z.object({
  at: z.iso.datetime(),
  by: z.string(),
  overridden: z.array(z.object({ stack: z.string(), app: z.string(), rule: z.string() })),
});

/** The records of one kind, and the paths of files that are none. */
interface Kept<T> {
  readonly records: readonly T[];
  readonly unreadable: readonly string[];
}

/** Health reports beside the records are let be. @param directory the project */
export const keptRollbacks = (directory: string): Kept<KeptRollback> =>
  kept(directory, "artifacts/rollbacks", z.union([ours, workflow]));

/** @param directory the project */
export const keptEmergencies = (directory: string): Kept<KeptEmergency> =>
  kept(directory, "artifacts/overrides", emergency);

function kept<T>(directory: string, folder: string, shape: z.ZodType<T>): Kept<T> {
  const path = join(directory, folder);
  const names = existsSync(path) ? readdirSync(path).filter((name) => name.endsWith(".json")) : [];
  const read = names
    .filter((name) => name !== "health.json")
    .map((name) => ({ name, found: parse(join(path, name), shape) }));
  return {
    records: read.flatMap(({ found }) => found ?? []),
    unreadable: read.flatMap(({ name, found }) => (found ? [] : [`${folder}/${name}`])),
  };
}

function parse<T>(path: string, shape: z.ZodType<T>): T | undefined {
  try {
    return shape.safeParse(JSON.parse(readFileSync(path, "utf8"))).data;
  } catch {
    return undefined;
  }
}
