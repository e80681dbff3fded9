#!/usr/bin/env node
import { policy, start, Trouble } from "../policy/policy.mjs";
import { give, json, options } from "./fly.mjs";

const { times, timeZone } = policy.drift;

const usage = `Usage: node scripts/ops/sweep-due.mjs [--now INSTANT]

Says whether the drift sweep is due (output "due": true or false): daily at ${times.join(" and ")} in ${timeZone}.
GitHub's schedule knows no summer time, so that it starts a run for each offset, and it starts runs late or never. A scheduled run is due when it
is the first since the last of those times. A run by hand, or one that somebody runs again, is always due.
  --now  another instant than this one, such as 2026-07-01T16:04:00Z
Env vars: GH_TOKEN (actions: read), and what GitHub Actions sets
Exit codes: 0 decided, 2 it cannot judge.`;

await start(usage, (args) => {
  const { now = new Date().toISOString() } = options(args, { now: "optional" });
  const { GITHUB_EVENT_NAME: event, GITHUB_RUN_ATTEMPT: attempt = "1" } = process.env;
  const byHand = event !== "schedule" || attempt !== "1";
  const since = lastTime(new Date(now));
  const earlier = byHand ? [] : runsSince(since);
  if (byHand) console.log("somebody asks for it");
  else if (earlier.length === 0) console.log(`the first run since ${since}`);
  else console.log(`run ${earlier[0].run_number} began since ${since}`);
  give({ due: earlier.length === 0 });
  return 0;
});

/** The last minute whose clock in the time zone shows one of the times. */
function lastTime(now) {
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
  const minuteMs = 60_000;
  const thisMinute = Math.floor(now.getTime() / minuteMs) * minuteMs;
  for (let back = 0; back < 2 * 24 * 60; back += 1) {
    const instant = new Date(thisMinute - back * minuteMs);
    if (times.includes(clock.format(instant))) return instant.toISOString();
  }
  throw new Trouble(`sweep-due: ${times.join(", ")} in ${timeZone} do not come in two days`);
}

function runsSince(instant) {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_NUMBER: own } = process.env;
  const query = `event=schedule&created=${encodeURIComponent(`>=${instant}`)}&per_page=100`;
  const path = `repos/${repository}/actions/workflows/drift-sweep.yml/runs?${query}`;
  return json("gh", ["api", path], { workflow_runs: [] }).workflow_runs.filter(
    ({ run_number }) => run_number < Number(own),
  );
}
