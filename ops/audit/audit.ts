/** What happened to the apps of a project: read from Fly, from GitHub and from the kept records, never written. */
import { FlyError, type FlyReader } from "../../api/fly";
import { GithubError, type Period, type RepositoryReader, type RuleSuite, type SecretAlert } from "../../api/github";
import { declaredIn } from "../declared";
import { Failure } from "../failure";
import { type RecordedOverride, recordedOverrides } from "../github/override-record";
import type { Stack } from "../project";
import { historyOf, kindOfWorkflow, type Sources } from "./history";
import { type KeptEmergency, keptEmergencies, keptRollbacks } from "./kept";
import { type AuditRecord, newestFirst, recordOf } from "./record";

export interface Audit {
  /** ISO 8601, UTC; both ends belong to it. */
  readonly since: string;
  readonly until: string;
  /** Newest first. */
  readonly records: readonly AuditRecord[];
  /** Sources that could not be read, each with its reason: the audit has gaps there. */
  readonly unread: readonly { readonly source: string; readonly why: string }[];
  /** What the platforms do not tell, or no longer. */
  readonly limits: readonly string[];
}

export interface AuditSources {
  readonly stacks: readonly Stack[];
  /** @throws Failure without a token */
  readonly fly: () => FlyReader;
  /** @throws Failure without a token, or when no repository is known */
  readonly repository: () => RepositoryReader;
  /** The project's folder. */
  readonly directory: string;
  readonly period: Period;
  readonly now: Date;
}

/** Releases are read this far back. */
const depth = 100;

/** Reads everything; a source that cannot be read leaves a gap that is said, and the others stay. */
export async function audit({ stacks, fly, repository, directory, period, now }: AuditSources): Promise<Audit> {
  const { since, until } = period;
  const unread: { source: string; why: string }[] = [];
  const limits: string[] = [];
  const tried = async <T>(source: string, fallback: T, read: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof Failure || error instanceof FlyError || error instanceof GithubError)) throw error;
      unread.push({ source, why: error.message });
      return fallback;
    }
  };
  const [apps, deployments, runs, overrides, bypasses, alerts] = await Promise.all([
    Promise.all(
      appsOf(stacks).map(({ environment, app }) =>
        tried(`releases of ${app} on Fly`, { environment, app, releases: [] }, async () => {
          const releases = await fly().releases.list(app, depth);
          const oldest = releases.at(-1)?.created_at;
          if (releases.length >= depth && oldest !== undefined && new Date(oldest) > since)
            limits.push(`Fly was asked for ${depth} releases of ${app}: those before ${oldest} are not among them.`);
          return { environment, app, releases };
        }),
      ),
    ),
    tried("deployments on GitHub", [], async () => {
      const { items, whole } = await repository().history.deployments(period);
      if (!whole) limits.push(`The newest ${items.length} deployments on GitHub were read; there are more.`);
      return items;
    }),
    tried("workflow runs on GitHub", [], () => runsOf(repository(), period, limits)),
    tried("overrides on GitHub", [], () => recordedOverrides(repository(), "all")),
    tried("bypasses of rules on GitHub", [], () => repository().bypasses("month")),
    tried("alerts of secret scanning on GitHub", [], async () => {
      const found = await repository().history.secretAlerts();
      if (!found) limits.push("GitHub shows no alerts of secret scanning: it is off, or the token may not see them.");
      return found ?? [];
    }),
  ]);
  const [rollbacks, emergencies] = [keptRollbacks(directory), keptEmergencies(directory)];
  for (const source of [...rollbacks.unreadable, ...emergencies.unreadable])
    unread.push({ source, why: "It is no record." });
  if (now.getTime() - since.getTime() > monthMs) limits.push("GitHub tells bypasses of rules of the last month only.");
  const known: Sources = { apps, kept: rollbacks.records, runs, deployments };
  const records = [
    ...historyOf(known),
    ...overrides.map((one) => overrideRecord(one, now)),
    ...bypasses.flatMap(bypassRecord),
    ...alerts.map(alertRecord),
    ...emergencies.records.flatMap(emergencyRecords),
  ];
  const isWithin = ({ at }: AuditRecord) => new Date(at) >= since && new Date(at) <= until;
  return {
    since: since.toISOString(),
    until: until.toISOString(),
    records: records.filter(isWithin).sort(newestFirst),
    unread: unread.sort((one, other) => (one.source < other.source ? -1 : 1)),
    limits,
  };
}

const monthMs = 30 * 86_400_000;

/** Each app of each stack, with the name of its stack as its environment. */
const appsOf = (stacks: readonly Stack[]) =>
  stacks.flatMap((stack) => declaredIn([stack]).apps.map((app) => ({ environment: stack.name, app })));

/** Runs of those workflows that the audit is about: one search for each. */
async function runsOf({ history }: RepositoryReader, period: Period, limits: string[]) {
  const workflows = (await history.workflows()).filter(({ path }) => kindOfWorkflow(path) !== undefined);
  const found = await Promise.all(
    workflows.map(async ({ id, path }) => {
      const { items, whole } = await history.runs(id, period);
      if (!whole) limits.push(`The newest ${items.length} runs of ${path} were read; there are more.`);
      return items;
    }),
  );
  return found.flat();
}

/** The reason is free text and stays in the issue. */
function overrideRecord({ rule, login, from, until: end, isOpen, url }: RecordedOverride, now: Date): AuditRecord {
  const overdue = isOpen && new Date(end) < now ? ", its time is over" : "";
  return recordOf("override", {
    at: from,
    what: `rule ${rule}${overdue}`,
    by: login,
    outcome: isOpen ? "open" : "succeeded",
    url,
  });
}

/** A finding that nobody has resolved is open. */
const alertRecord = ({ number, secret_type, created_at: at, state, resolution, html_url: url, ...rest }: SecretAlert) =>
  recordOf("secret-scan", {
    at,
    class: "internal",
    what: `alert ${number}: ${secret_type}${resolution ? `, ${resolution.replaceAll("_", " ")}` : ""}`,
    by: rest.resolved_by?.login,
    outcome: state === "open" ? "open" : "succeeded",
    url,
  });

/** The reason stays in the file. */
const emergencyRecords = ({ at, by, overridden }: KeptEmergency): readonly AuditRecord[] =>
  overridden.map(({ stack: environment, app, rule }) =>
    recordOf("override", { at, what: `emergency past ${rule}`, environment, app, by, outcome: "succeeded" }),
  );

function bypassRecord({
  actor_name: by,
  ref = "?",
  after_sha: commit,
  pushed_at: at,
}: RuleSuite): readonly AuditRecord[] {
  if (at === undefined) return [];
  const branch = ref.replace("refs/heads/", "");
  return [recordOf("override", { at, what: `bypass on ${branch}`, by: by ?? undefined, commit, outcome: "succeeded" })];
}
