#!/usr/bin/env node
import { writeFileSync } from "node:fs";
import { start, Trouble } from "../policy/policy.mjs";
import { execute, give, json, machines, masked, options, summarize } from "./fly.mjs";
import { openIssue } from "./issue.mjs";
import { table } from "./table.mjs";

const usage = `Usage: node scripts/ops/cost-report.mjs [--report FILE]

Says what 30 days cost, by infra cost: minutes of GitHub Actions by workflow, what the declared apps cost on Fly, how CI and its caches stand
against their goals; and which machines each Fly app has. Budgets are those of the configuration.
Over a budget it opens an issue with the label cost, or adds to the one that is open.
  --report  writes the figures as JSON
Env vars: GH_TOKEN (actions: read, issues: write), FLY_API_TOKEN (reads)
Exit codes: 0 within the budgets, or none is set; 1 over a budget (output "over" says which); 2 it cannot judge.`;

await start(usage, (args) => {
  const { report } = options(args, { report: "optional" });
  const cost = estimated();
  const apps = resources();
  if (report) writeFileSync(report, `${JSON.stringify({ version: 1, ...cost, apps }, null, 2)}\n`);
  const text = page(cost, apps);
  console.log(text);
  summarize(text);
  const over = cost.budgets.filter((one) => one.over).map((one) => one.text);
  give({ over: over.join(" ") });
  if (over.length === 0) return 0;
  console.log(openIssue({ label: "cost", title: "A budget is exceeded", body: text }));
  return 1;
});

/** `infra cost` ends with 2 where a budget is exceeded, and says all the same what is to be said. */
function estimated() {
  const { code, stdout, stderr } = execute("npm", ["exec", "--no", "--", "infra", "cost", "--actions", "--json"]);
  if (code !== 0 && code !== 2) throw new Trouble(`infra cost failed: ${masked(stderr || stdout).trim()}`);
  return JSON.parse(stdout);
}

/** What runs now, by app. */
function resources() {
  return json("flyctl", ["apps", "list", "--json"], []).map(({ Name: app }) => {
    const all = machines(app);
    return {
      app,
      started: all.filter(({ state }) => state === "started").length,
      all: all.length,
      memoryMb: all.reduce((sum, { config }) => sum + (config?.guest?.memory_mb ?? 0), 0),
    };
  });
}

function page({ budgets, goals, actions }, apps) {
  return [
    ...budgets.map((one) => `- ${one.text}`),
    ...goals.map(({ text, met }) => `- ${met === false ? "Missed: " : ""}${text}`),
    "",
    table(
      ["Workflow", "Runs in 30 days", "Failed", "Minutes, estimated"],
      actions.workflows.map(({ name, runs, failed, minutes }) => [name, runs, failed, minutes]),
    ),
    "",
    table(
      ["Fly app", "Machines started", "Machines", "Memory, MB"],
      apps.map(({ app, started, all, memoryMb }) => [
        `[${app}](https://fly.io/apps/${app}) ([monitoring](https://fly.io/apps/${app}/monitoring))`,
        started,
        all,
        memoryMb,
      ]),
    ),
  ].join("\n");
}
