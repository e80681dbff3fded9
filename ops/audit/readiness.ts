/** What an approver reads before a production release, in one folder: migration evidence, secret verification, logs of the staging deployment. */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { FlyError } from "../../api/fly";
import { GithubError, type HistoryReader, type Period } from "../../api/github";
import { code } from "../../report/markdown";
import { Failure } from "../failure";
import { type Interruption, runProcess } from "../process";
import type { SecretPlace } from "../secrets/place";
import { problemsOf } from "../secrets/verify";
import type { Audit } from "./audit";
import { auditPage } from "./page";

/** One kind of evidence, and whether it is there. */
export interface Evidence {
  readonly name: "Migrations" | "Secrets" | "Staging";
  readonly isThere: boolean;
  /** What was found, or why it is missing. */
  readonly text: string;
}

export interface Readiness {
  /** The commit that is to be released, whole. */
  readonly commit: string;
  /** Where the evidence is written to; made where it is not there. */
  readonly folder: string;
  /** The project's folder, a checkout of the repository. */
  readonly directory: string;
  /** Folder of the migrations in it. */
  readonly migrations: string;
  readonly audit: Audit;
  readonly period: Period;
  readonly history: () => HistoryReader;
  readonly places: () => Promise<readonly SecretPlace[]>;
  readonly env: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
  readonly now: Date;
}

/** The commit that is meant, whole. @throws Failure when the checkout does not have it */
export async function commitOf(
  given: string | undefined,
  { directory, env, interruption }: Pick<Readiness, "directory" | "env" | "interruption">,
): Promise<string> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${given ?? "HEAD"}^{commit}`];
  const { code: exit, stdout } = await runProcess("git", args, { directory, env, interruption });
  if (exit === 0) return stdout.trim();
  throw new Failure(
    `This checkout has no commit ${given ?? "HEAD"}, so no evidence was gathered. Fetch it (git fetch), or name another: --commit <commit> [infra/readiness-commit]`,
  );
}

/** Writes every evidence that can be had, and an index that says what is missing. */
export async function gatherReadiness(given: Readiness): Promise<readonly Evidence[]> {
  const { folder, commit, audit } = given;
  mkdirSync(folder, { recursive: true });
  const evidence = await Promise.all([
    attempt("Migrations", () => migrationEvidence(given)),
    attempt("Secrets", () => secretEvidence(given)),
    attempt("Staging", () => stagingEvidence(given)),
  ]);
  const own = { ...audit, records: audit.records.filter((one) => one.commit === commit) };
  keep(folder, "audit.md", auditPage(own));
  keep(folder, "audit.json", json(own));
  const rows = evidence.map(
    ({ name, isThere, text }) => `| ${name} | ${isThere ? "there" : "MISSING"} | ${code(text)} |`,
  );
  const head = [`# Readiness of ${code(commit)}`, "", `Gathered ${given.now.toISOString()}. Data class: internal.`, ""];
  keep(folder, "readiness.md", [...head, "| Evidence | | |", "|---|---|---|", ...rows, ""].join("\n"));
  return evidence;
}

async function migrationEvidence({ directory, commit, folder, ...given }: Readiness): Promise<Omit<Evidence, "name">> {
  const { migrations, env, interruption, history, period } = given;
  const args = ["ls-tree", "-r", "--name-only", commit, "--", migrations];
  const { code: exit, stdout, stderr } = await runProcess("git", args, { directory, env, interruption });
  if (exit !== 0) return { isThere: false, text: stderr.trim() };
  keep(folder, "migrations/files.txt", stdout);
  const log = join(directory, "docs", "runbooks", "data_change_log.md");
  if (existsSync(log)) copyFileSync(log, join(folder, "migrations", "data_change_log.md"));
  const workflow = (await history().workflows()).find(({ path }) => path.endsWith("/migration-test.yml"));
  const dry = workflow ? (await history().newestRuns(workflow.id, period, { most: 20, status: "completed" })).runs : [];
  const runs = dry.map(({ head_sha, conclusion, created_at, html_url }) => ({
    head_sha,
    conclusion,
    created_at,
    html_url,
  }));
  keep(folder, "migrations/runs.json", json(runs));
  const count = stdout.split("\n").filter(Boolean).length;
  const text = `${count} migrations, ${runs.length} dry runs${existsSync(log) ? "" : "; docs/runbooks/data_change_log.md is missing"}`;
  return { isThere: true, text };
}

async function secretEvidence({ places, now, folder }: Readiness): Promise<Omit<Evidence, "name">> {
  const found = await places();
  const problems = found.flatMap((place) => problemsOf(place, now.getTime()));
  const stores = found.map(({ name, declared, live }) => ({ name, declared, live }));
  keep(folder, "secrets.json", json({ stores, problems }));
  const missing = problems.filter(({ problem }) => problem === "missing");
  const text =
    missing.length > 0 ? `missing: ${missing.map(({ store, name }) => `${name} in ${store}`).join(", ")}` : "";
  return { isThere: missing.length === 0, text: text || `${stores.length} stores, ${problems.length} to look at` };
}

async function stagingEvidence({ audit, commit, history, folder }: Readiness): Promise<Omit<Evidence, "name">> {
  const deployment = audit.records.find(
    (one) =>
      one.kind === "deployment" &&
      one.environment === "staging" &&
      one.commit === commit &&
      one.outcome === "succeeded" &&
      one.url !== undefined,
  );
  const run = Number(/\/actions\/runs\/(\d+)/.exec(deployment?.url ?? "")?.[1]);
  if (!deployment || Number.isNaN(run)) return { isThere: false, text: "no deployment of it to staging succeeded" };
  const jobs = await history().jobs(run);
  const logs = await Promise.all(jobs.map(async ({ id, name }) => ({ id, name, text: await history().jobLog(id) })));
  const kept = logs.filter(({ text }) => text !== undefined);
  for (const { id, name, text = "" } of kept) keep(folder, `staging/${name.replace(/[^\w.-]+/g, "-")}-${id}.log`, text);
  const isThere = kept.length > 0;
  return {
    isThere,
    text: isThere ? `run ${run}, logs of ${kept.length} jobs` : `GitHub keeps no log of run ${run} any more`,
  };
}

async function attempt(name: Evidence["name"], make: () => Promise<Omit<Evidence, "name">>): Promise<Evidence> {
  try {
    return { name, ...(await make()) };
  } catch (error) {
    if (!(error instanceof Failure || error instanceof FlyError || error instanceof GithubError)) throw error;
    return { name, isThere: false, text: error.message };
  }
}

function keep(folder: string, file: string, text: string): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
