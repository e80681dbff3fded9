/** What GitHub Actions uses, and whether CI is as fast and its caches as useful as they are to be: an estimate out of the newest runs. */
import type { ActionsCache, HistoryReader, Period, WorkflowJob, WorkflowRun } from "../../api/github";

interface WorkflowUse {
  /** File of the workflow. */
  readonly file: string;
  readonly name: string;
  /** Runs that are over, and those of them that failed. */
  readonly runs: number;
  readonly failed: number;
  /** As GitHub bills them: each job rounded up to a minute. */
  readonly minutes: number;
}

/** Seconds of jobs that go into restoring and into what a cache serves: with the cache, and where it was made. */
interface CacheUse {
  /** Runs that were looked at. */
  readonly hits: number;
  readonly misses: number;
  /** Per run; null: there was none of that kind. */
  readonly secondsWith: number | null;
  readonly secondsWithout: number | null;
  /** How much less time it takes with the cache; null: not known. */
  readonly savedPercent: number | null;
  /** Minutes of jobs that the caches have saved in the period; null: not known. */
  readonly savedMinutes: number | null;
}

export interface ActionsUse {
  readonly days: number;
  readonly minutes: number;
  /** Most minutes first. */
  readonly workflows: readonly WorkflowUse[];
  /** Longest and middle time of a CI run in seconds; undefined: CI has not run. */
  readonly ci: { readonly longestSeconds: number; readonly meanSeconds: number } | undefined;
  readonly cache: CacheUse | undefined;
}

/** A run and its jobs. */
interface Looked {
  readonly run: WorkflowRun;
  readonly jobs: readonly WorkflowJob[];
}

/** Runs of each workflow that are looked at closely: a job's token may ask 1000 questions an hour. */
const sample = 5;
/** Runs that made one of the newest caches are looked at too: without them nobody knows what a run takes without. */
const makers = 3;
const dayMs = 86_400_000;

/** GitHub closed the API that told the minutes of a workflow (February 2025), so they are counted here. `now`: Unix ms. */
export async function actionsUse(history: HistoryReader, now: number, days = 30): Promise<ActionsUse> {
  const period = { since: new Date(now - days * dayMs), until: new Date(now) };
  const [workflows, caches] = await Promise.all([history.workflows(), history.caches()]);
  const looked = await Promise.all(
    workflows.map(async ({ id, name, path }) => {
      const { total, runs } = await history.newestRuns(id, period, { most: sample, status: "completed" });
      const failed = total === 0 ? 0 : (await history.newestRuns(id, period, { most: 1, status: "failure" })).total;
      const closer = await Promise.all(runs.map(async (run) => ({ run, jobs: await history.jobs(run.id) })));
      const minutes = Math.round(total * mean(closer.map(({ jobs }) => sum(jobs.map(billed)))));
      return { id, closer, use: { file: path.slice(path.lastIndexOf("/") + 1), name, runs: total, failed, minutes } };
    }),
  );
  const ci = looked.find(({ use }) => /^ci\.ya?ml$/.test(use.file));
  const uses = looked.map(({ use }) => use).sort((one, other) => other.minutes - one.minutes);
  const known = ci ? [...ci.closer, ...(await makersOf(history, ci, caches, period))] : [];
  return {
    days,
    minutes: sum(uses.map(({ minutes }) => minutes)),
    workflows: uses,
    ci: ci && ci.closer.length > 0 ? timesOf(ci.closer.map(({ run }) => run)) : undefined,
    cache: ci && known.length > 0 ? cacheUse(known, caches, ci.use.runs) : undefined,
  };
}

async function makersOf(
  history: HistoryReader,
  { id, closer }: { readonly id: number; readonly closer: readonly Looked[] },
  caches: readonly ActionsCache[],
  { since }: Period,
): Promise<readonly Looked[]> {
  const newest = [...caches].sort((one, other) => (one.created_at < other.created_at ? 1 : -1)).slice(0, makers);
  const found = new Map<number, WorkflowRun>();
  for (const { created_at } of newest) {
    const until = new Date(created_at);
    if (until < since) continue;
    const before = { since: new Date(until.getTime() - hourMs), until };
    const { runs } = await history.newestRuns(id, before, { most: 1, status: "completed" });
    for (const run of runs) if (!closer.some((one) => one.run.id === run.id)) found.set(run.id, run);
  }
  return Promise.all([...found.values()].map(async (run) => ({ run, jobs: await history.jobs(run.id) })));
}

const hourMs = 3_600_000;

/**
 * A run has missed the cache when one was made while it ran: a job saves one only where it found none. A cache serves the step behind the one
 * that restores it.
 *
 * @param total runs in the period, of which these are some
 */
export function cacheUse(looked: readonly Looked[], caches: readonly ActionsCache[], total: number): CacheUse {
  const served = looked.flatMap(({ run, jobs }) => {
    const seconds = jobs.flatMap(servedSeconds);
    if (seconds.length === 0) return [];
    const [from, to] = [begun(run), Date.parse(run.updated_at)];
    const isMiss = caches.some(({ created_at }) => Date.parse(created_at) >= from && Date.parse(created_at) <= to);
    return [{ isMiss, seconds: sum(seconds) }];
  });
  const hits = served.filter(({ isMiss }) => !isMiss);
  const misses = served.filter(({ isMiss }) => isMiss);
  const of = (runs: typeof served) => (runs.length === 0 ? null : Math.round(mean(runs.map(({ seconds }) => seconds))));
  const [secondsWith, secondsWithout] = [of(hits), of(misses)];
  const isKnown = secondsWith !== null && secondsWithout !== null && secondsWithout > 0;
  const saved = isKnown ? secondsWithout - secondsWith : 0;
  return {
    hits: hits.length,
    misses: misses.length,
    secondsWith,
    secondsWithout,
    savedPercent: isKnown ? Math.round((100 * saved) / secondsWithout) : null,
    savedMinutes: isKnown ? Math.round((total * (hits.length / served.length) * saved) / 60) : null,
  };
}

/** Seconds of each step that restores a cache together with the step that it serves. */
function servedSeconds({ steps }: WorkflowJob): readonly number[] {
  return steps.flatMap((step, index) =>
    step.name.startsWith("Restore ") ? [seconds(step) + seconds(steps[index + 1])] : [],
  );
}

function timesOf(runs: readonly WorkflowRun[]): ActionsUse["ci"] {
  const times = runs.map((run) => Math.round((Date.parse(run.updated_at) - begun(run)) / 1000));
  return { longestSeconds: Math.max(...times), meanSeconds: Math.round(mean(times)) };
}

const begun = ({ run_started_at: started, created_at: created }: WorkflowRun): number => Date.parse(started ?? created);

const billed = (job: WorkflowJob): number => (job.conclusion === "skipped" ? 0 : Math.ceil(seconds(job) / 60));

interface Timed {
  readonly started_at?: string | null | undefined;
  readonly completed_at?: string | null | undefined;
}

const seconds = ({ started_at: from, completed_at: to }: Timed = {}): number =>
  from && to ? Math.max(0, Date.parse(to) - Date.parse(from)) / 1000 : 0;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const mean = (numbers: readonly number[]): number => (numbers.length === 0 ? 0 : sum(numbers) / numbers.length);
