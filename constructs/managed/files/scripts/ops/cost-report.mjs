#!/usr/bin/env node
import { writeFileSync } from "node:fs";
import { policy, start } from "../policy/policy.mjs";
import { actionsMinutes } from "./actions-minutes.mjs";
import { give, json, machines, options, summarize } from "./fly.mjs";
import { openIssue } from "./issue.mjs";
import { table } from "./table.mjs";

const usage = `Usage: node scripts/ops/cost-report.mjs [--report FILE]

Counts what 30 days cost: minutes of GitHub Actions by workflow, estimated from the newest runs of each; machines of each Fly app, and what
infra estimates for the declared apps in a month.
Over a budget (cost in scripts/policy/policy.json) it opens an issue with the label cost, or adds to the one that is open.
  --report  writes the figures as JSON
Env vars: GH_TOKEN (actions: read, issues: write), FLY_API_TOKEN (reads)
Exit codes: 0 within the budgets, or none is set; 1 over a budget (output "over" says which); 2 it cannot judge.`;

await start(usage, (args) => {
  const { report } = options(args, { report: "optional" });
  const actions = actionsMinutes(process.env.GITHUB_REPOSITORY, 30);
  const apps = resources();
  const estimate = estimated();
  if (report) writeFileSync(report, `${JSON.stringify({ version: 1, actions, apps, estimate }, null, 2)}\n`);
  const used = actions.reduce((sum, { minutes }) => sum + minutes, 0);
  const budgets = [
    judged("GitHub Actions", used, policy.cost.actionsMinutes, "minutes in 30 days", "cost.actions_minutes"),
    judged("Fly", estimate.expected, policy.cost.flyUsd, "US dollars a month", "cost.fly_usd"),
  ];
  const text = [
    ...budgets.map(({ says }) => `- ${says}`),
    "",
    table(
      ["Workflow", "Runs in 30 days", "Failed", "Minutes, estimated"],
      actions.map(({ name, runs, failed, minutes }) => [name, runs, failed, minutes]),
    ),
    "",
    table(
      ["Fly app", "Machines started", "Machines", "Memory, MB"],
      apps.map(({ app, started, all, memoryMb }) => [app, started, all, memoryMb]),
    ),
  ].join("\n");
  console.log(text);
  summarize(text);
  const over = budgets.filter(({ isOver }) => isOver).map(({ says }) => says);
  give({ over: over.join(" ") });
  if (over.length === 0) return 0;
  console.log(openIssue({ label: "cost", title: "A budget is exceeded", body: text }));
  return 1;
});

function judged(what, used, budget, unit, key) {
  if (budget === undefined)
    return { isOver: false, says: `${what}: ${rounded(used)} ${unit}; no budget is set (${key}).` };
  const isOver = used > budget;
  const rest = isOver ? `${rounded(used - budget)} over` : "within";
  return { isOver, says: `${what}: ${rounded(used)} ${unit}, ${rest} the budget of ${budget}.` };
}

function rounded(number) {
  return Math.round(number * 100) / 100;
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

/** `infra cost` without a budget: it is compared here, beside the other one. */
function estimated() {
  return json("npm", ["exec", "--no", "--", "infra", "cost", "--json"], {});
}
