#!/usr/bin/env node
import { execFileSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";

const usage = `Usage: node scripts/ops/ci-complete.mjs --limit MINUTES [--reported JOB]... JOB...

Judges a run of CI by the result of each job, which stands in RESULT_<JOB> (test-unit: RESULT_TEST_UNIT). Any other result than success
fails it, skipped and cancelled too. A job that is only reported may fail; the summary says so.
The time that the run took is told against the limit. GH_TOKEN and what GitHub Actions sets say where to ask; without an answer the time
is unknown, and that fails nothing.
Exit codes: 0 every job succeeded, 1 some did not, 2 wrong arguments.`;

const options = { limit: { type: "string" }, reported: { type: "string", multiple: true }, help: { type: "boolean" } };

main();

function main() {
  const { values, positionals: jobs } = parseArgs({ options, allowPositionals: true });
  if (values.help) return console.log(usage);
  const limit = Number(values.limit);
  if (!(limit > 0) || jobs.length === 0) {
    console.error(`ci-complete: a limit in minutes and at least one job are needed\n${usage}`);
    process.exitCode = 2;
    return;
  }
  const results = jobs.map((job) => ({ job, result: resultOf(job), isReported: values.reported?.includes(job) }));
  const failed = results.filter(({ result, isReported }) => result !== "success" && !isReported);
  const times = timesOf();
  const lines = [...verdict(results, failed), ...table(results, times), timeLine(times, limit)];
  console.log(lines.join("\n"));
  if (process.env.GITHUB_STEP_SUMMARY)
    appendFileSync(process.env.GITHUB_STEP_SUMMARY, `## CI\n\n${lines.join("\n")}\n`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

/** A job without a result was not among those that this one needs: no success either. */
const resultOf = (job) => process.env[`RESULT_${job.toUpperCase().replaceAll("-", "_")}`] || "unknown";

function verdict(results, failed) {
  const passed = results.filter(({ result, isReported }) => isReported && result !== "success");
  return [
    failed.length === 0
      ? "CI is complete: every required job succeeded."
      : `CI failed: ${failed.map(({ job, result }) => `${job} (${result})`).join(", ")}.`,
    ...passed.map(({ job, result }) => `${job} ended in ${result}. It is reported and not required (checks.lint).`),
    "",
  ];
}

const table = (results, times) => [
  "| Job | Result | Minutes |",
  "|---|---|---|",
  ...results.map(({ job, result }) => `| ${job} | ${result} | ${minutes(times?.jobs[job])} |`),
  "",
];

function timeLine(times, limit) {
  if (!times) return "How long the run took is unknown: GitHub did not answer.";
  const isOver = times.run > limit * 60;
  if (isOver)
    console.log(`::warning title=CI is slow::the run took ${minutes(times.run)} minutes; the limit is ${limit}`);
  return `The run took ${minutes(times.run)} of ${limit} minutes${isOver ? ", waiting for machines included: too long" : ""}.`;
}

const minutes = (seconds) => (seconds === undefined ? "" : (seconds / 60).toFixed(1));

/** Seconds since this attempt of the run began, and those of each job that is over; undefined where GitHub does not answer. */
function timesOf() {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run, GITHUB_RUN_ATTEMPT: attempt } = process.env;
  const path = `repos/${repository}/actions/runs/${run}/attempts/${attempt}`;
  try {
    const { run_started_at } = ask(path);
    const { jobs } = ask(`${path}/jobs?per_page=100`);
    const over = jobs.filter(({ completed_at }) => completed_at);
    return {
      run: secondsBetween(run_started_at, new Date()),
      jobs: Object.fromEntries(over.map((job) => [job.name, secondsBetween(job.started_at, job.completed_at)])),
    };
  } catch (error) {
    console.log(`::warning title=Time unknown::${String(error.message).split("\n")[0]}`);
    return undefined;
  }
}

const ask = (path) =>
  JSON.parse(execFileSync("gh", ["api", path], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }));

const secondsBetween = (from, to) => Math.round((new Date(to) - new Date(from)) / 1000);
