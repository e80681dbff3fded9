/** Watches an app after a rollback: machines through Fly's API, critical paths through its address. */
import { type Clock, FlyError, type FlyReader, type Machine } from "../../api/fly";
import { judge } from "../../provider/rollout/health";

export interface Watching {
  readonly app: string;
  /** Ids of the machines that are to stay well. */
  readonly machines: readonly string[];
  readonly forMs: number;
  /** Where users reach the app; undefined: it cannot be reached from here, and only machines are watched. */
  readonly address: string | undefined;
  readonly paths: readonly string[];
  /** Slug of the organization, whose metrics tell the error rate; undefined: they are not asked. */
  readonly organization: string | undefined;
  /** Ids of events from before. */
  readonly before: ReadonlySet<string>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Asks an address; tests give their own. */
  readonly ask?: (url: string) => Promise<number>;
  progress(text: string): void;
}

export interface Watched {
  readonly healthy: boolean;
  /** Why not, in words. */
  readonly problems: readonly string[];
  readonly requests: number;
  readonly failedRequests: number;
  /** What Fly's metrics say of the requests of all users since the watch began. */
  readonly metrics: Metrics;
}

/** How many requests the app has answered, and how many of them with a 5xx; or why that is not known. */
export type Metrics = { readonly answered: number; readonly failed: number } | { readonly unknown: string };

const everyMs = 10_000;
/** Metrics are collected every 15 s, and asked for less often than machines are. */
const metricsEveryMs = 30_000;
/** With fewer answers than this, one that failed proves nothing. */
const fewestAnswers = 50;
/** Share of failed requests above which the version counts as bad (specification, section 10.3). */
const mostFailed = 0.01;

/**
 * Looks every ten seconds until the time is over or something is wrong. A machine that leaves, ends, or fails a check ends the watch at
 * once; so does a request that fails twice running, or more than one in a hundred: of ours, or of everybody's by Fly's metrics. Metrics that
 * cannot be read prove nothing and are told.
 */
export async function watch(fly: FlyReader, watching: Watching): Promise<Watched> {
  const { app, clock, signal, forMs, progress } = watching;
  const from = clock.now();
  const until = from + forMs;
  let metrics: Metrics = { unknown: "not asked" };
  let metricsAt = from;
  const counts = { requests: 0, failedRequests: 0 };
  for (;;) {
    const machines = await fly.machines.list(app);
    const over = clock.now() >= until;
    if (clock.now() - metricsAt >= metricsEveryMs || (over && forMs > 0)) {
      metrics = await readMetrics(fly, watching, clock.now() - from);
      metricsAt = clock.now();
    }
    const problems = [
      ...machineProblems(machines, watching),
      ...(await requestProblems(watching, counts)),
      ...metricsProblems(metrics),
    ];
    if (problems.length > 0 || over || signal.aborted)
      return { healthy: problems.length === 0, problems, ...counts, metrics };
    progress(`watching ${app}, ${Math.ceil((until - clock.now()) / 1000)} s to go`);
    await clock.sleep(Math.min(everyMs, until - clock.now()));
  }
}

function machineProblems(machines: readonly Machine[], { machines: ids, before }: Watching): readonly string[] {
  return ids.flatMap((id) => {
    const machine = machines.find((one) => one.id === id);
    if (!machine?.config) return [`machine ${id} is gone`];
    const verdict = judge(machine, { config: machine.config, before });
    if (verdict.state === "failed") return [`machine ${machine.name} (${id}): ${verdict.reason}`];
    // A machine that is asleep by itself serves again with the next request; only a check that fails is against it.
    return verdict.state === "waiting" && machine.state === "started"
      ? [`machine ${machine.name} (${id}) waits for ${verdict.for}`]
      : [];
  });
}

async function requestProblems(
  { address, paths, ask = status }: Watching,
  counts: { requests: number; failedRequests: number },
): Promise<readonly string[]> {
  if (address === undefined) return [];
  const problems: string[] = [];
  for (const path of paths) {
    counts.requests += 1;
    const first = await ask(new URL(path, address).href);
    if (first === 200) continue;
    counts.failedRequests += 1;
    counts.requests += 1;
    const second = await ask(new URL(path, address).href);
    if (second !== 200) {
      counts.failedRequests += 1;
      problems.push(`${path} answers ${second || "nothing"}, twice running`);
    }
  }
  if (problems.length === 0 && counts.requests >= 100 && counts.failedRequests / counts.requests > mostFailed)
    problems.push(`${counts.failedRequests} of ${counts.requests} requests failed`);
  return problems;
}

async function readMetrics(fly: FlyReader, { organization, app }: Watching, forMs: number): Promise<Metrics> {
  if (organization === undefined) return { unknown: "not asked" };
  try {
    const byStatus = await fly.metrics.responses(organization, app, Math.max(1, Math.round(forMs / 1000)));
    const sum = (fits: (status: string) => boolean) =>
      Math.round(Object.entries(byStatus).reduce((all, [status, count]) => all + (fits(status) ? count : 0), 0));
    return { answered: sum(() => true), failed: sum((status) => status.startsWith("5")) };
  } catch (error) {
    if (!(error instanceof FlyError)) throw error;
    return { unknown: error.message };
  }
}

function metricsProblems(metrics: Metrics): readonly string[] {
  if ("unknown" in metrics || metrics.answered < fewestAnswers) return [];
  const { answered, failed } = metrics;
  return failed / answered > mostFailed ? [`${failed} of ${answered} requests of users failed, by Fly's metrics`] : [];
}

/** The status of an answer; 0 without one. */
async function status(url: string): Promise<number> {
  try {
    const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5_000) });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return 0;
  }
}
