import type { ActionsUse } from "../../../ops/cost/actions";
import type { declaredCost } from "../../../ops/cost/declared-cost";
import type { Goal } from "../../../ops/cost/goal";
import { Failure } from "../../../ops/failure";
import { defineCommand, shared } from "../../define-command";
import type { Io } from "../../io";

type Costs = ReturnType<typeof declaredCost>;

export const cost = defineCommand({
  name: "cost",
  summary:
    "Estimate what the declared apps cost on Fly in a month, and what GitHub Actions uses; compare both with the budgets.",
  details:
    "Floor: as few machines as may run. Expected: the machines that are made, never asleep. Ceiling: as many as there may be. Traffic, snapshots and stopped machines' disks are not in it. Needs no network, but for --actions. Budgets are those of the configuration (cost.fly_usd, cost.actions_minutes).",
  positionals: { stacks: { doc: "Stacks to look at. Left out: all.", many: true } },
  options: {
    stack: shared.stack,
    budget: {
      type: "number",
      doc: "US dollars a month that the expected cost may reach (default cost.fly_usd).",
      placeholder: "usd",
    },
    actions: {
      type: "boolean",
      doc: "Also estimate the minutes of GitHub Actions of 30 days, how long CI takes and what its caches save.",
    },
    repository: {
      type: "string",
      doc: "The repository (default: the one that a stack governs, else $GITHUB_REPOSITORY).",
      placeholder: "owner/name",
    },
    json: shared.json,
  },
  exitCodes: { 0: "within the budgets, or none is set", 2: "a budget is exceeded" },
  examples: ["cost", "cost production --budget 50", "cost --actions", "cost --json"],
  async run({ stacks: names, stack, budget, actions, repository, json }, tools, io) {
    const { chooseStacks, synthesize }: typeof import("../../../ops/project") = require("../../../ops/project");
    const {
      declaredCost,
      priceSource,
    }: typeof import("../../../ops/cost/declared-cost") = require("../../../ops/cost/declared-cost");
    const { sum }: typeof import("../../../ops/cost/estimate") = require("../../../ops/cost/estimate");
    const { judge }: typeof import("../../../ops/cost/budget") = require("../../../ops/cost/budget");
    const { goalsOf }: typeof import("../../../ops/cost/goal") = require("../../../ops/cost/goal");
    const { operationOf }: typeof import("../../../ops/declared") = require("../../../ops/declared");
    if (budget !== undefined && !(budget > 0)) {
      throw new Failure(`--budget ${budget} is no amount; write US dollars a month, such as 50. [infra/budget]`);
    }
    io.progress("Reading the configuration");
    const stacks = await synthesize(tools);
    const operation = operationOf(stacks);
    const costs = declaredCost(chooseStacks(stacks, [...names, ...stack]));
    const use = actions ? await readUse() : undefined;
    io.progress("");
    const all = sum(costs);
    const fly = { what: "Fly", used: all.expected, unit: "US dollars a month", key: "cost.fly_usd" };
    const budgets = [
      judge(fly, budget ?? operation?.cost.flyUsd),
      ...(use ? [judge({ ...minutes, used: use.minutes }, operation?.cost.actionsMinutes)] : []),
    ];
    const over = budgets.some((one) => one.over);
    if (json) {
      const head = { version: 1, command: "cost", currency: "USD", per: "month", prices: priceSource };
      const pages = Object.fromEntries(costs.flatMap(({ apps }) => apps.map((app) => [app, pagesOf(app)])));
      const goals = use ? goalsOf(use, operation?.ciMaxMinutes) : [];
      const [ofFly] = budgets;
      const facts = { ...all, budget: ofFly?.budget ?? null, over, budgets, pages, actions: use ?? null, goals };
      io.out(JSON.stringify({ ...head, stacks: costs, ...facts }, null, 2));
      return over ? 2 : 0;
    }
    tellFly(costs, all, io);
    io.say(
      `\nPrices of ${priceSource.validFrom}, ${priceSource.source}; traffic, snapshots and the disks of stopped machines come on top.`,
    );
    for (const app of costs.flatMap(({ apps }) => apps)) io.say(`${app}: ${Object.values(pagesOf(app)).join("  ")}`);
    if (use) tellActions(use, goalsOf(use, operation?.ciMaxMinutes), io);
    for (const { text } of budgets.filter((one) => one.budget !== null || one.what !== "Fly")) io.say(text);
    return over ? 2 : 0;

    async function readUse(): Promise<ActionsUse> {
      const { actionsUse }: typeof import("../../../ops/cost/actions") = require("../../../ops/cost/actions");
      const { openReader }: typeof import("../../../ops/github/connect") = require("../../../ops/github/connect");
      const { repositoryOf }: typeof import("../../../ops/github/governed") = require("../../../ops/github/governed");
      const { owner, name } = repositoryOf(stacks, repository, tools.env);
      io.progress(`Reading the runs of ${owner}/${name}`);
      const github = openReader({ env: tools.env, signal: tools.interruption.soft });
      return actionsUse(github.repository(owner, name).history, tools.now());
    }
  },
});

const minutes = { what: "GitHub Actions", unit: "minutes in 30 days", key: "cost.actions_minutes" };

/** Where a person looks at an app. */
const pagesOf = (app: string) => ({
  app: `https://fly.io/apps/${app}`,
  monitoring: `https://fly.io/apps/${app}/monitoring`,
});

function tellFly(costs: Costs, all: import("../../../ops/cost/estimate").Range, io: Io): void {
  const { table }: typeof import("../../../report/table") = require("../../../report/table");
  const usd = (amount: number) => amount.toFixed(2);
  const rows = [
    ...costs.flatMap(({ stack: name, apps, items, unknown, ...range }) => [
      {
        cells: [`${name} (${apps.join(", ")})`, usd(range.floor), usd(range.expected), usd(range.ceiling)],
        format: "bold" as const,
      },
      ...items.map((item) => ({
        cells: [`  ${item.what}`, usd(item.floor), usd(item.expected), usd(item.ceiling)],
      })),
      ...unknown.map((what) => ({ cells: [`  ${what}`, "?", "?", "?"] })),
    ]),
    { cells: ["All", usd(all.floor), usd(all.expected), usd(all.ceiling)], format: "bold" as const },
  ];
  const head = ["US dollars a month, an estimate", "Floor", "Expected", "Ceiling"];
  io.out(table(head, rows, io.paint.out, [1, 2, 3]));
}

function tellActions({ workflows }: ActionsUse, goals: readonly Goal[], io: Io): void {
  const { table }: typeof import("../../../report/table") = require("../../../report/table");
  const { harmless }: typeof import("../../../report/harmless") = require("../../../report/harmless");
  const rows = workflows.map(({ name, runs, failed, minutes: used }) => ({
    cells: [harmless(name), `${runs}`, `${failed}`, `${used}`],
  }));
  if (rows.length === 0) io.out("\nThe repository has no workflow.");
  else
    io.out(
      `\n${table(["Workflow", "Runs in 30 days", "Failed", "Minutes, estimated"], rows, io.paint.out, [1, 2, 3])}`,
    );
  for (const { text, met } of goals) io.say(met === false ? `Missed: ${text}` : text);
}
