#!/usr/bin/env node
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { start } from "../policy/policy.mjs";
import { ask } from "./ask.mjs";
import { give, imagesOf, machines, options, pause, refuse, summarize, whole } from "./fly.mjs";

const usage = `Usage: node scripts/ops/verify-deployment.mjs --app APP --url URL --paths /,/health [options]

Says whether a deployment is good: machines are started on the image and stay so, none has exited by itself or restarted, no check of
theirs is critical, and every path answers 200, now and for a while.
  --image IMAGE     what the machines have to run; any where it is left out
  --since MS        time from which on exits count and the outage is measured; an hour ago
  --started N       machines that have to be started; the others may sleep. 1
  --attempts N      looks that may fail until all is well. 24
  --every SECONDS   pause between two of them. 5
  --watch SECONDS   how long they have to stay so; looks every 15 s. 60
  --errors PERCENT  answers other than 200 that are let pass while watching. 1
  --limit SECONDS   how long after --since the product has to be back; longer is told and recorded, and no failure
  --report FILE     writes what was seen as JSON
Outputs: outcome (good, bad), back_after in seconds since --since, errors in percent.
Exit codes: 0 good, 1 bad, 2 it cannot judge.`;

const watchEvery = 15;

await start(usage, async (args) => {
  const given = options(args, {
    app: "required",
    url: "required",
    paths: "required",
    image: "optional",
    since: "optional",
    started: "optional",
    attempts: "optional",
    every: "optional",
    watch: "optional",
    errors: "optional",
    limit: "optional",
    report: "optional",
  });
  const wanted = {
    ...given,
    every: whole(given.every, "every", 5),
    paths: given.paths.split(","),
    since: whole(given.since, "since", Date.now() - 3_600_000),
    started: whole(given.started, "started", 1),
    attempts: whole(given.attempts, "attempts", 24),
    looks: Math.ceil(whole(given.watch, "watch", 60) / watchEvery),
  };
  const seen = await observe(wanted);
  return conclude(wanted, seen, whole(given.errors, "errors", 1), whole(given.limit, "limit"));
});

/** Looks until all is well, then goes on looking. A machine that crashed ends it: nothing can make up for that. */
async function observe(wanted) {
  const seen = { requests: 0, failed: 0, problems: [], paths: {}, machines: [] };
  for (let left = wanted.attempts; ; left--) {
    const problems = await look(wanted, seen);
    if (problems.length === 0) break;
    if (left <= 1 || problems.some(({ final }) => final)) return { ...seen, problems, phase: "start" };
    pause(wanted.every);
  }
  const settled = { backAfterSeconds: Math.round((Date.now() - wanted.since) / 1000), requests: 0, failed: 0 };
  const watched = { ...seen, ...settled, phase: "watch" };
  let before = [];
  for (let left = wanted.looks; left > 0; left--) {
    pause(watchEvery);
    const problems = (await look(wanted, watched)).filter(({ path }) => !path);
    const lasting = problems.filter(({ text, final }) => final || before.some((one) => one.text === text));
    if (lasting.length > 0) return { ...watched, problems: lasting };
    before = problems;
  }
  return watched;
}

async function look({ app, url, paths, image, since, started }, seen) {
  const all = machines(app);
  seen.machines = all.map(({ id, state, region, image_ref: ref }) => ({
    id,
    state,
    region,
    image: ref?.tag ?? ref?.digest,
  }));
  const crashed = all.flatMap((machine) => crashes(machine, since));
  const others = image ? all.filter((machine) => !imagesOf(machine).includes(image)) : [];
  const up = all.filter(({ state }) => state === "started");
  const ill = up.filter(({ checks = [] }) => checks.some(({ status }) => status === "critical"));
  const failed = await Promise.all(paths.map((path) => answer(url, path, seen)));
  return [
    ...crashed.map((text) => ({ text, final: true })),
    ...others.map(({ id }) => ({ text: `machine ${id} does not run ${image}` })),
    ...(up.length < started ? [{ text: `${up.length} of ${started} machines are started` }] : []),
    ...ill.map(({ id }) => ({ text: `a health check of machine ${id} is critical` })),
    ...failed.filter(Boolean),
  ];
}

/** Exits that nobody asked for, since the machine was launched as it is now: those before are of the version before. */
function crashes({ id, events = [] }, since) {
  const launched = Math.max(since, ...events.filter(({ type }) => type === "launch").map(({ timestamp }) => timestamp));
  return events
    .filter(({ type, timestamp }) => type === "exit" && timestamp > launched)
    .map(({ request }) => request?.exit_event ?? request?.MonitorEvent?.exit_event ?? {})
    .filter(({ requested_stop: asked }) => !asked)
    .map(
      (exit) =>
        `machine ${id} exited by itself with code ${exit.exit_code ?? "?"}${exit.oom_killed ? ", out of memory" : ""}`,
    );
}

/** One path, asked twice before it counts as failed: a lost packet on the runner's side is no outage. */
async function answer(url, path, seen) {
  seen.requests++;
  const asked = () => ask(url + path, { timeoutMs: 5000 });
  const first = await asked();
  const { status, problem } = first.status === 200 ? first : await asked();
  seen.paths[path] = status ?? problem;
  if (status === 200) return undefined;
  seen.failed++;
  return { path, text: `${path} ${problem ?? `answers ${status}`}` };
}

function conclude({ app, since, report }, seen, allowed, limit) {
  const errors = seen.requests === 0 ? 0 : Math.round((1000 * seen.failed) / seen.requests) / 10;
  const late = limit !== undefined && seen.backAfterSeconds > limit;
  const problems = [
    ...seen.problems.map(({ text }) => text),
    ...(seen.phase === "watch" && errors > allowed
      ? [`${errors}% of the answers were not 200, ${allowed}% may be`]
      : []),
  ];
  const outcome = problems.length === 0 ? "good" : "bad";
  const { backAfterSeconds, requests, failed, paths } = seen;
  const facts = {
    app,
    outcome,
    since: new Date(since).toISOString(),
    backAfterSeconds,
    limitSeconds: limit,
    isLate: late,
  };
  const found = { ...facts, problems, errorPercent: errors, requests, failed, paths, machines: seen.machines };
  if (report) mkdirSync(dirname(report), { recursive: true });
  if (report) writeFileSync(report, `${JSON.stringify(found, null, 2)}\n`);
  give({ outcome, back_after: backAfterSeconds ?? "", errors });
  summarize(page(found));
  if (late) console.log(`::warning title=Slow::${app} was back after ${backAfterSeconds} s, ${limit} s is the limit`);
  return outcome === "good" ? 0 : refuse("Verification failed", `${app}: ${problems.join("; ")}`);
}

function page({ app, outcome, backAfterSeconds, errorPercent, requests, problems, paths, machines: all }) {
  return [
    `### ${app}: ${outcome}`,
    ...(backAfterSeconds === undefined ? [] : [`In service after ${backAfterSeconds} s.`]),
    `${errorPercent}% of ${requests} requests failed. ${Object.entries(paths)
      .map(([path, status]) => `\`${path}\` ${status}`)
      .join(", ")}.`,
    ...problems.map((text) => `- ${text}`),
    ...all.map(({ id, state, region, image }) => `- machine ${id} (${region}): ${state}, ${image}`),
    "",
  ].join("\n");
}
