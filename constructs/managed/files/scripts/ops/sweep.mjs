#!/usr/bin/env node
import { mkdirSync, writeFileSync } from "node:fs";
import { policy, start } from "../policy/policy.mjs";
import { newestBackup } from "./backup-artifact.mjs";
import { execute, give, json, masked, options, summarize } from "./fly.mjs";
import { table } from "./table.mjs";

const file = "reports/status/gaps.md";
const heartbeat = "reports/status/heartbeat.json";

const usage = `Usage: node scripts/ops/sweep.mjs

Compares everything live with what is declared, changes nothing, and writes ${file}: each check with PASS or FAIL, then what was found.
That it was made stands in ${heartbeat}.
  Infrastructure  infra drift shows no difference
  Secrets         infra drift finds every declared name, none undeclared, none over its age
  Docs policy     node scripts/policy/check-docs.mjs passes
  Secret scan     scripts/policy/scan.sh finds nothing
  Parity          scripts/ops/check-parity.sh finds no difference
  Previews        the pull request of every preview is open
  Backup          the newest backup is there and no older than ${policy.backup.maxAgeHours} hours
A check whose command the installed version of hotdash-infra does not have is WAITING, and fails nothing.
Env vars: FLY_API_TOKEN and GITHUB_TOKEN (they only read), GH_TOKEN, and what reaches Terraform's state
Exit codes: 0 every check passes, 1 one fails (output "failed" names it), 2 it was called wrongly.`;

await start(usage, (args) => {
  options(args, {});
  const drift = readDrift();
  const checks = [
    check("Infrastructure", drift.gaps),
    check("Secrets", drift.secrets),
    check("Docs policy", complaints("node", ["scripts/policy/check-docs.mjs"])),
    check("Secret scan", complaints("bash", ["scripts/policy/scan.sh"])),
    parity(),
    check("Previews", orphans()),
    check("Backup", backupGaps()),
  ];
  const failed = checks.filter(({ result }) => result === "FAIL").map(({ name }) => name);
  const text = report(checks, failed);
  mkdirSync("reports/status", { recursive: true });
  writeFileSync(file, text);
  console.log(text);
  summarize(text);
  give({ failed: failed.join(", ") });
  return failed.length > 0 ? 1 : 0;
});

function check(name, gaps) {
  return { name, result: gaps.length > 0 ? "FAIL" : "PASS", gaps };
}

function report(checks, failed) {
  const counted = checks.filter(({ result }) => result !== "WAITING");
  const verdict = failed.length > 0 ? `FAIL: ${failed.join(", ")}` : "every check passes";
  return [
    "# Gaps",
    "",
    `Found ${new Date().toISOString()} at commit ${process.env.GITHUB_SHA ?? "unknown"}.`,
    "",
    table(
      ["Check", "Result"],
      checks.map(({ name, result }) => [name, result]),
    ),
    "",
    `Summary: ${counted.length - failed.length} of ${counted.length} pass; ${verdict}.`,
    ...checks
      .filter(({ gaps }) => gaps.length > 0)
      .flatMap(({ name, gaps }) => ["", `## ${name}`, "", "```text", ...gaps, "```"]),
    "",
  ].join("\n");
}

/** What `infra drift` finds, apart: what is about secrets, and the rest. */
function readDrift() {
  const { code, stdout, stderr } = execute("npm", [
    "exec",
    "--no",
    "--",
    "infra",
    "drift",
    "--json",
    "--heartbeat",
    heartbeat,
  ]);
  const stacks = stacksOf(stdout);
  if (!stacks) return { gaps: lines(stderr || stdout || `infra drift ended with ${code}`), secrets: [] };
  const found = stacks.flatMap(({ stack, findings, troubles }) => [
    ...findings
      .filter(({ kind }) => kind !== "follows")
      .map(({ address, path, text }) => [stack, address, path, text].filter(Boolean).join(" ")),
    ...troubles
      .filter(({ severity, detail }) => severity === "error" || isOldSecret(detail))
      .map(({ address, summary, detail }) => [stack, address, summary, detail].filter(Boolean).join(" ")),
  ]);
  const all = found.map((line) => masked(line).replace(/\s+/g, " "));
  const gaps = all.filter((line) => !/secret/i.test(line));
  const unsaid = code !== 0 && all.length === 0 ? [`infra drift ended with ${code}`] : [];
  return { gaps: [...gaps, ...unsaid], secrets: all.filter((line) => /secret/i.test(line)) };
}

function stacksOf(text) {
  try {
    return JSON.parse(text).stacks;
  } catch {
    return undefined;
  }
}

/** A secret over its age is a warning of a plan, and fails the sweep. */
function isOldSecret(detail) {
  return detail.includes("secret-age]");
}

/** What a check says when it does not pass. */
function complaints(tool, args) {
  const { code, stdout, stderr } = execute(tool, args);
  return code === 0 ? [] : lines(stderr.trim() ? stderr : stdout);
}

function parity() {
  const { code, stdout, stderr } = execute("bash", ["scripts/ops/check-parity.sh"]);
  if (code !== 0 && /does not have/.test(stderr)) return { name: "Parity", result: "WAITING", gaps: lines(stderr) };
  return check("Parity", code === 0 ? [] : lines(`${stdout}\n${stderr}`));
}

/** Previews that nobody looks at any more. */
function orphans() {
  const [before, after] = policy.previewApp.split("{number}");
  const open = json("gh", ["pr", "list", "--state", "open", "--limit", "1000", "--json", "number"], []);
  return json("flyctl", ["apps", "list", "--json"], [])
    .map(({ Name: app }) => ({ app, number: Number(app.slice(before.length, app.length - after.length)) }))
    .filter(({ app, number }) => app === policy.previewApp.replace("{number}", String(number)) && number > 0)
    .filter(({ number }) => !open.some((one) => one.number === number))
    .map(({ app, number }) => `${app}: pull request ${number} is closed; remove it: flyctl apps destroy ${app}`);
}

function backupGaps() {
  const newest = newestBackup();
  if (!newest) return ["backup.yml keeps no backup"];
  const hours = (Date.now() - new Date(newest.made).getTime()) / 3_600_000;
  return [
    ...(hours > policy.backup.maxAgeHours ? [`the newest backup is ${Math.floor(hours)} hours old`] : []),
    ...(newest.bytes > 0 ? [] : ["the newest backup is empty"]),
  ];
}

function lines(text) {
  return masked(text).trim().split("\n");
}
