/** Searches what workflow runs and apps have logged for the values that this shell has. What is told is a name, a place and a line. */
import type { FlyReader } from "../../api/fly";
import type { GithubReader, Period } from "../../api/github";
import { governanceOf } from "../github/governed";
import type { Stack } from "../project";
import { isSearchable, leaksIn, type Wanted } from "./leak";
import type { SecretPlace } from "./place";
import type { Sources } from "./source";

/** A value on a line of a log; the line itself is never kept. */
interface LoggedSecret {
  /** The secret, and where this shell has its value from. */
  readonly name: string;
  /** "deploy-staging.yml, run 17, job deploy", "app hotdash-staging". */
  readonly log: string;
  /** From 1, in the log as its platform gives it. */
  readonly line: number;
  /** Where a person reads the log. */
  readonly url: string;
  /** How the log is done away with, as something to type; undefined: it ends by itself. */
  readonly remove: string | undefined;
}

export interface LogSearch {
  readonly leaks: readonly LoggedSecret[];
  /** Values that were looked for. */
  readonly values: number;
  readonly runs: number;
  readonly jobs: number;
  readonly apps: number;
  /** Jobs whose log GitHub does not have, or not any more. */
  readonly gone: number;
  /** Names whose values are too short to be looked for. */
  readonly short: readonly string[];
  /** Apps with more lines than were read. */
  readonly cut: readonly string[];
}

export interface SearchOptions {
  readonly period: Period;
  /** Most runs of a repository, the newest; at most 100. */
  readonly runs: number;
  readonly github: () => GithubReader;
  readonly fly: () => FlyReader;
  progress(text: string): void;
}

/** Values of declared secrets as this shell has them, each once. */
export async function valuesAtHand(places: readonly SecretPlace[], sources: Sources): Promise<readonly Wanted[]> {
  const byValue = new Map<string, Wanted>();
  for (const place of places) {
    for (const name of place.declared.filter((one) => !one.endsWith("*"))) {
      const found = await sources.valueOf(place.sourceOf(name));
      if (found.value === undefined || byValue.has(found.value)) continue;
      byValue.set(found.value, { name: `${name} (${found.from})`, value: found.value });
    }
  }
  return [...byValue.values()];
}

/** One call for the runs of a repository, one for the jobs of each, two for the log of each job, and one for 100 lines of an app. */
export async function searchLogs(
  places: readonly SecretPlace[],
  stacks: readonly Stack[],
  wanted: readonly Wanted[],
  options: SearchOptions,
): Promise<LogSearch> {
  const searched = wanted.filter(isSearchable);
  const count = { runs: 0, jobs: 0, gone: 0 };
  const leaks: LoggedSecret[] = [];
  const cut: string[] = [];
  for (const stack of stacks) leaks.push(...(await inRuns(stack, searched, options, count)));
  const apps = places.flatMap(({ target }) => (target.kind === "fly" && target.exists ? [target.app] : []));
  for (const app of apps) {
    options.progress(`Searching the log of ${app}`);
    const { text, whole } = await logOf(app, options);
    if (!whole) cut.push(app);
    const url = `https://fly.io/apps/${app}/monitoring`;
    leaks.push(...leaksIn(text, searched).map((leak) => ({ ...leak, log: `app ${app}`, url, remove: undefined })));
  }
  const short = wanted.filter((one) => !isSearchable(one)).map(({ name }) => name);
  return { leaks, values: searched.length, ...count, apps: apps.length, short, cut };
}

async function inRuns(
  stack: Stack,
  wanted: readonly Wanted[],
  { github, period, runs: most, progress }: SearchOptions,
  count: { runs: number; jobs: number; gone: number },
): Promise<readonly LoggedSecret[]> {
  const governed = governanceOf(stack);
  if (!governed) return [];
  const { owner, name } = governed;
  const { history } = github().repository(owner, name);
  const leaks: LoggedSecret[] = [];
  for (const run of await history.latest(period, Math.min(most, 100))) {
    count.runs += 1;
    progress(`Searching run ${count.runs} of at most ${most}`);
    for (const job of await history.jobs(run.id)) {
      const text = await history.jobLog(job.id);
      count.jobs += 1;
      if (text === undefined) count.gone += 1;
      const log = `${run.path.slice(run.path.lastIndexOf("/") + 1)}, run ${run.id}, job ${job.name}`;
      const remove = `gh run delete ${run.id} -R ${owner}/${name}`;
      leaks.push(...leaksIn(text ?? "", wanted).map((leak) => ({ ...leak, log, url: run.html_url, remove })));
    }
  }
  return leaks;
}

/** Most pages of one app's log, of 100 lines each. */
const mostPages = 20;

async function logOf(
  app: string,
  { fly, period: { since } }: SearchOptions,
): Promise<{ readonly text: string; readonly whole: boolean }> {
  const lines: string[] = [];
  let place: string | undefined;
  for (let page = 1; page <= mostPages; page += 1) {
    const { lines: more, next } = await fly().logs.list(app, place);
    lines.push(
      ...more.filter(({ timestamp }) => !(Date.parse(timestamp) < since.getTime())).map(({ message }) => message),
    );
    if (more.length === 0 || next === place) return { text: lines.join("\n"), whole: true };
    place = next;
  }
  return { text: lines.join("\n"), whole: false };
}
