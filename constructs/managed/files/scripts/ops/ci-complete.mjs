#!/usr/bin/env node
import { start, Trouble } from "../policy/policy.mjs";
import { annotate, json, options, summarize } from "./fly.mjs";
import { table } from "./table.mjs";

const usage = `Usage: node scripts/ops/ci-complete.mjs --limit MINUTES --jobs JOB,JOB... [--reported JOB,JOB...]

Judges a run of CI by the result of each job, which stands in RESULT_<JOB> (test-unit: RESULT_TEST_UNIT). Any other result than success
fails it, skipped and cancelled too. A job that is only reported may fail; the summary says so.
The time that the run took is told against the limit. Without an answer of GitHub it is unknown, and that fails nothing.
Env vars: GH_TOKEN and RESULT_<JOB>.
Exit codes: 0 every job succeeded, 1 some did not, 2 wrong arguments.`;

await start(usage, (args) => {
  const { limit, jobs, reported = "" } = options(args, { limit: "required", jobs: "required", reported: "optional" });
  if (!(Number(limit) > 0)) throw new Trouble(`--limit is "${limit}" and has to be a number of minutes`);
  const results = jobs.split(",").map((job) => ({ job, result: resultOf(job) }));
  const bad = results.filter(({ result }) => result !== "success");
  const failed = bad.filter(({ job }) => !reported.split(",").includes(job));
  const times = timesOf();
  const lines = [
    failed.length === 0
      ? "CI is complete: every required job succeeded."
      : `CI failed: ${failed.map(told).join(", ")}.`,
    ...bad
      .filter((one) => !failed.includes(one))
      .map((one) => `Reported and not required (checks.lint): ${told(one)}.`),
    timeLine(times, Number(limit)),
  ];
  for (const line of lines) console.log(line);
  const rows = results.map(({ job, result }) => [job, result, minutes(times?.jobs[job])]);
  summarize(`## CI\n\n${lines.join("\n\n")}\n\n${table(["Job", "Result", "Minutes"], rows)}`);
  return failed.length === 0 ? 0 : 1;
});

/** A job without a result was not among those that this one needs: no success either. */
function resultOf(job) {
  return process.env[`RESULT_${job.toUpperCase().replaceAll("-", "_")}`] || "unknown";
}

function told({ job, result }) {
  return `${job} (${result})`;
}

function timeLine(times, limit) {
  if (!times) return "How long the run took is unknown: GitHub did not answer.";
  const isOver = times.run > limit * 60;
  if (isOver) annotate("warning", "CI is slow", `the run took ${minutes(times.run)} minutes; the limit is ${limit}`);
  return `The run took ${minutes(times.run)} of ${limit} minutes${isOver ? ", the wait for runners included: too long" : ""}.`;
}

function minutes(seconds) {
  return seconds === undefined ? "" : (seconds / 60).toFixed(1);
}

/** Seconds since this attempt of the run began, and those of each job that is over; undefined where GitHub does not answer. */
function timesOf() {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run, GITHUB_RUN_ATTEMPT: attempt } = process.env;
  const path = `repos/${repository}/actions/runs/${run}/attempts/${attempt}`;
  try {
    const { run_started_at: began } = json("gh", ["api", path], {});
    const { jobs = [] } = json("gh", ["api", `${path}/jobs?per_page=100`], {});
    if (!began) return undefined;
    const over = jobs.filter(({ completed_at }) => completed_at);
    return {
      run: secondsBetween(began, new Date()),
      jobs: Object.fromEntries(over.map((job) => [job.name, secondsBetween(job.started_at, job.completed_at)])),
    };
  } catch (error) {
    annotate("warning", "Time unknown", error.message);
    return undefined;
  }
}

function secondsBetween(from, to) {
  return Math.round((new Date(to) - new Date(from)) / 1000);
}
