/** Watches an app after a rollback: machines through Fly's API, critical paths through its address. */
import type { Clock, FlyReader, Machine } from "../../api/fly";
import { judge } from "../../provider/rollout/health";

export interface Watching {
  readonly app: string;
  /** Ids of the machines that are to stay well. */
  readonly machines: readonly string[];
  readonly forMs: number;
  /** Where users reach the app; undefined: it cannot be reached from here, and only machines are watched. */
  readonly address: string | undefined;
  readonly paths: readonly string[];
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
}

const everyMs = 10_000;
/** Share of failed requests above which the version counts as bad (specification, section 10.3). */
const mostFailed = 0.01;

/**
 * Looks every ten seconds until the time is over or something is wrong. A machine that leaves, ends, or fails a check ends the watch at
 * once; so does a request that fails twice running, or more than one in a hundred.
 */
export async function watch(fly: FlyReader, watching: Watching): Promise<Watched> {
  const { app, clock, signal, forMs, progress } = watching;
  const until = clock.now() + forMs;
  const counts = { requests: 0, failedRequests: 0 };
  for (;;) {
    const machines = await fly.machines.list(app);
    const problems = [...machineProblems(machines, watching), ...(await requestProblems(watching, counts))];
    const over = clock.now() >= until;
    if (problems.length > 0 || over || signal.aborted) return { healthy: problems.length === 0, problems, ...counts };
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
