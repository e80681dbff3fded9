#!/usr/bin/env node
import { readdirSync, writeFileSync } from "node:fs";
import { policy, start, Trouble } from "../policy/policy.mjs";
import { ask, probe } from "./ask.mjs";
import { json, options, summarize } from "./fly.mjs";
import { table } from "./table.mjs";

const usage = `Usage: node scripts/ops/smoke.mjs [--report FILE]

Tries what the workflows depend on, each by one call that changes nothing: the apps and their machines, GitHub and every workflow file of
this checkout, Supabase, Publer.
  --report  writes the results as JSON
Env vars
  FLY_API_TOKEN, GH_TOKEN           as flyctl and gh have them
  SUPABASE_URL, SUPABASE_SERVICE_KEY
  PUBLER_API_KEY, PUBLER_WORKSPACE_ID; PUBLER_API_URL (https://app.publer.com/api/v1)
Exit codes: 0 everything passes, 1 some do not (each is named), 2 it was called wrongly.`;

const folder = ".github/workflows";

const checks = [
  ...policy.probes.flatMap((target) => [
    [`${target.name} answers`, () => healthy(target)],
    [`${target.name} has machines`, () => machines(target)],
  ]),
  ["GitHub knows every workflow", workflows],
  ["Supabase answers", supabase],
  ["Publer answers", publer],
];

await start(usage, async (args) => {
  const { report } = options(args, { report: "optional" });
  const results = await Promise.all(checks.map(outcome));
  if (report) writeFileSync(report, `${JSON.stringify({ version: 1, results }, null, 2)}\n`);
  const lines = table(
    ["Smoke test", "Result", "Says"],
    results.map(({ name, passed, says }) => [name, passed ? "passed" : "FAILED", says]),
  );
  console.log(lines);
  summarize(lines);
  return results.every(({ passed }) => passed) ? 0 : 1;
});

async function outcome([name, check]) {
  try {
    return { name, passed: true, says: await check() };
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    return { name, passed: false, says: error.message };
  }
}

async function healthy(target) {
  const { problem, response_ms } = await probe(target);
  if (problem) throw new Trouble(`${target.url} ${problem}`);
  return `200 in ${response_ms} ms`;
}

function machines({ app }) {
  const states = json("flyctl", ["machine", "list", "--app", app, "--json"], []).map(({ state }) => state);
  const running = states.filter((state) => state === "started").length;
  if (running === 0) throw new Trouble(`${app}: none of ${states.length} machines is started`);
  return `${running} of ${states.length} started`;
}

function workflows() {
  const path = `repos/${process.env.GITHUB_REPOSITORY}/actions/workflows?per_page=100`;
  const active = json("gh", ["api", path], { workflows: [] }).workflows.filter(({ state }) => state === "active");
  const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  const missing = files.filter((name) => !active.some((one) => one.path === `${folder}/${name}`));
  if (missing.length > 0) throw new Trouble(`not active: ${missing.join(", ")}`);
  return `${files.length} active`;
}

async function supabase() {
  const { SUPABASE_URL: url, SUPABASE_SERVICE_KEY: key } = given("SUPABASE_URL", "SUPABASE_SERVICE_KEY");
  return answer(`${url.replace(/\/$/, "")}/rest/v1/`, { apikey: key, Authorization: `Bearer ${key}` });
}

async function publer() {
  const { PUBLER_API_KEY: key, PUBLER_WORKSPACE_ID: workspace } = given("PUBLER_API_KEY", "PUBLER_WORKSPACE_ID");
  const api = process.env.PUBLER_API_URL || "https://app.publer.com/api/v1";
  return answer(`${api}/accounts`, { Authorization: `Bearer-API ${key}`, "Publer-Workspace-Id": workspace });
}

function given(...names) {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) throw new Trouble(`${missing.join(" and ")} not set`);
  return process.env;
}

/** Never with the address, which may be a secret. */
async function answer(url, headers) {
  if (!URL.canParse(url)) throw new Trouble("its address is no address");
  const { status, problem, milliseconds } = await ask(url, { headers });
  if (problem) throw new Trouble(problem);
  if (status !== 200) throw new Trouble(`answers ${status}`);
  return `200 in ${milliseconds} ms`;
}
