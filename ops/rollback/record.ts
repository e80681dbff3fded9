/** The record and the report of a rollback, one file each, under artifacts/rollbacks/. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Outcome, RollbackPlan } from "./roll-back";
import type { Metrics } from "./watch";

export interface Recorded {
  readonly at: string;
  readonly environment: string;
  readonly app: string;
  readonly by: string;
  readonly from: { readonly version: number | null; readonly image: string | null };
  readonly to: { readonly version: number | null; readonly image: string };
  /** Fly's release that records it; null where it could not be recorded. */
  readonly release: number;
  readonly outcome: Outcome["outcome"];
  readonly secondsToHealthy: number;
  readonly machines: readonly string[];
  readonly requests: number;
  readonly failedRequests: number;
  /** Share of the requests of users that failed while watching, by Fly's metrics; null: not known. */
  readonly errorPercent: number | null;
  /** Whether the database answered, or why it was not asked. */
  readonly database: string;
  /** Limit and objective for the seconds to healthy. */
  readonly limitSeconds: number;
  readonly objectiveSeconds: number;
  /** The archive that the image was built from anew, with its SHA-256; null: the image was there. */
  readonly builtFrom: { readonly archive: string; readonly sha256: string } | null;
  readonly reason: string | null;
}

/** What a record says beside the plan and its outcome. */
export interface Circumstances {
  readonly at: Date;
  readonly by: string;
  readonly database: string;
  readonly limitSeconds: number;
  readonly objectiveSeconds: number;
  readonly builtFrom: Recorded["builtFrom"];
}

/** What happened, as data: no secret, and no person but the login. */
export function recordOf(plan: RollbackPlan, outcome: Outcome, { at, ...circumstances }: Circumstances): Recorded {
  const { target, versions, to, changing, there } = plan;
  const running = versions.find(({ standing }) => standing === "runs");
  return {
    at: at.toISOString(),
    environment: target.environment,
    app: target.app,
    from: { version: running?.version ?? null, image: running?.image ?? changing[0]?.config?.image ?? null },
    to: { version: to.version ?? null, image: to.image },
    release: outcome.release,
    outcome: outcome.outcome,
    secondsToHealthy: Math.round(outcome.healthyMs / 1000),
    machines: [...changing, ...there].map(({ id }) => id),
    requests: outcome.watched?.requests ?? 0,
    failedRequests: outcome.watched?.failedRequests ?? 0,
    errorPercent: percentOf(outcome.watched?.metrics),
    ...circumstances,
    reason: outcome.reason ?? null,
  };
}

function percentOf(metrics: Metrics | undefined): number | null {
  if (metrics === undefined || "unknown" in metrics || metrics.answered === 0) return null;
  return Math.round((1000 * metrics.failed) / metrics.answered) / 10;
}

/** Writes both; returns their paths. */
export function writeRecord(folder: string, record: Recorded): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const name = `${record.at.replace(/[:.]/g, "-")}-${record.environment}`;
  const files = [
    { path: join(folder, `${name}.json`), text: `${JSON.stringify(record, null, 2)}\n` },
    { path: join(folder, `${name}.md`), text: report(record) },
  ];
  for (const { path, text } of files) writeFileSync(path, text);
  return files.map(({ path }) => path);
}

const ended = {
  "rolled-back": "rolled back",
  restored: "not rolled back: what ran before runs again",
  broken: "NOT rolled back, and what ran before does not run either",
  stopped: "stopped on the way; run it again to finish it",
} as const;

function report(record: Recorded): string {
  const version = ({ version, image }: { readonly version: number | null; readonly image: string | null }) =>
    `${version === null ? "" : `release ${version}, `}\`${image ?? "unknown"}\``;
  const rows = [
    ["When", record.at],
    ["By", record.by],
    [
      "App",
      `[${record.app}](https://fly.io/apps/${record.app}) ([monitoring](https://fly.io/apps/${record.app}/monitoring))`,
    ],
    ["From", version(record.from)],
    ["To", version(record.to)],
    ["Recorded as", `release ${record.release}`],
    [
      "Seconds to healthy",
      `${record.secondsToHealthy} (objective ${record.objectiveSeconds}, limit ${record.limitSeconds})`,
    ],
    ["Machines", record.machines.join(", ")],
    ["Requests while watching", `${record.requests}, of which ${record.failedRequests} failed`],
    ["Errors of users, by Fly's metrics", record.errorPercent === null ? "not known" : `${record.errorPercent}%`],
    ["Database", record.database],
    ...(record.builtFrom
      ? [["Built anew from", `\`${record.builtFrom.archive}\`, SHA-256 \`${record.builtFrom.sha256}\``]]
      : []),
  ];
  return [
    `# Rollback of ${record.environment}: ${ended[record.outcome]}`,
    "",
    "| | |",
    "|---|---|",
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    ...(record.reason === null ? [] : ["", "## Why", "", ...record.reason.split("\n").map((line) => `    ${line}`)]),
    "",
    "A rollback changes the image, not the data. Changes of the schema are undone apart.",
    "",
  ].join("\n");
}
