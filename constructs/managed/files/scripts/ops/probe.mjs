#!/usr/bin/env node
import { writeFileSync } from "node:fs";
import { policy, start, Trouble } from "../policy/policy.mjs";
import { probe } from "./ask.mjs";
import { give, options, pause, summarize, whole } from "./fly.mjs";
import { table } from "./table.mjs";

const names = policy.probes.map(({ name }) => name);
const usage = `Usage: node scripts/ops/probe.mjs [--only NAME,...] [--report FILE] [--pause SECONDS]

Asks the targets of scripts/policy/policy.json (${names.join(", ")}) for their health.
A target is down when two probes running fail: one that fails is asked again after a pause.
  --only    some of the targets
  --report  writes what was found as JSON, whose fields are a contract with other teams: docs/probe-report.md of hotdash-infra
  --pause   60
A probe fails when the answer is not 200, lacks a text that it has to hold, takes longer than is accepted, or does not come in 10 seconds.
Exit codes: 0 every target is up, 1 some are down (output "down" names them), 2 it was called wrongly.`;

await start(usage, async (args) => {
  const given = options(args, { only: "optional", report: "optional", pause: "optional" });
  const targets = chosen(given.only?.split(","));
  const began = new Date().toISOString();
  const first = await Promise.all(targets.map(probe));
  if (first.some(({ problem }) => problem)) pause(whole(given.pause, "pause", 60));
  const found = await Promise.all(targets.map((target, index) => judged(target, first[index])));
  if (given.report) writeFileSync(given.report, report(began, found));
  const lines = table(["Target", "Status", "HTTP", "Response", "Problem"], found.flatMap(rows));
  console.log(lines);
  summarize(lines);
  const down = found.filter(({ status }) => status === "down");
  give({ down: down.map(({ name, probes }) => `${name} ${probes.at(-1).problem}`).join("; ") });
  return down.length > 0 ? 1 : 0;
});

function chosen(only) {
  const unknown = only?.filter((name) => !names.includes(name)) ?? [];
  if (unknown.length > 0)
    throw new Trouble(`probe: there is no target ${unknown.join(", ")}; known are ${names.join(", ")}`);
  return policy.probes.filter(({ name }) => !only || only.includes(name));
}

/** A target with its probes: the first one, and a second where that failed. */
async function judged(target, first) {
  const probes = first.problem ? [first, await probe(target)] : [first];
  const status = probes.every(({ problem }) => problem) ? "down" : "up";
  return { name: target.name, url: target.url, status, probes };
}

function report(began, targets) {
  const { GITHUB_REPOSITORY: repository = null, GITHUB_RUN_ID: run = null } = process.env;
  return `${JSON.stringify({ version: 1, repository, run, began, targets }, null, 2)}\n`;
}

function rows({ name, status, probes }) {
  return probes.map((one) => [name, status, one.http_status ?? "", `${one.response_ms} ms`, one.problem ?? ""]);
}
