#!/usr/bin/env node
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { start } from "../policy/policy.mjs";
import { masked, options, summarize } from "./fly.mjs";

const usage = `Usage: node scripts/ops/record.mjs --kind (deployment|rollback|chaos) --file FILE

Writes what happened as JSON, and as a table into the summary of the job. Every env var RECORD_<NAME> becomes a field; empty ones are left
out. Timestamp, commit, deployer (a GitHub login) and run come from GitHub's own env vars unless given.
Exit codes: 0 written, 2 it was called wrongly.`;

await start(usage, (args) => {
  const { kind, file } = options(args, { kind: "required", file: "required" });
  const { GITHUB_SHA: commit, GITHUB_ACTOR: deployer, GITHUB_SERVER_URL: server } = process.env;
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  const given = Object.entries(process.env)
    .filter(([name, value]) => name.startsWith("RECORD_") && value)
    .map(([name, value]) => [name.slice("RECORD_".length).toLowerCase(), masked(value)])
    .sort();
  const own = { kind, timestamp: new Date().toISOString(), commit, deployer };
  const record = { ...own, run: `${server}/${repository}/actions/runs/${run}`, ...Object.fromEntries(given) };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
  const rows = Object.entries(record).map(([name, value]) => `| ${name.replaceAll("_", " ")} | ${cell(value)} |`);
  summarize([`### ${kind}`, "", "| | |", "|---|---|", ...rows, ""].join("\n"));
  return 0;
});

function cell(value) {
  return String(value).replaceAll("|", "\\|").replaceAll("\n", " ");
}
