import { Failure } from "../../../ops/failure";
import { defineCommand, shared } from "../../define-command";

export const cost = defineCommand({
  name: "cost",
  summary: "Estimate what the declared apps cost on Fly in a month, by app, and compare it with a budget.",
  details:
    "Floor: as few machines as may run. Expected: the machines that are made, never asleep. Ceiling: as many as there may be. Traffic, snapshots and stopped machines' disks are not in it. Needs no network.",
  positionals: { stacks: { doc: "Stacks to look at. Left out: all.", many: true } },
  options: {
    stack: shared.stack,
    budget: { type: "number", doc: "US dollars a month that the expected cost may reach.", placeholder: "usd" },
    json: shared.json,
  },
  exitCodes: { 0: "within the budget, or none is set", 2: "the expected cost is over the budget" },
  examples: ["cost", "cost production --budget 50", "cost --json"],
  async run({ stacks: names, stack, budget, json }, tools, io) {
    const { chooseStacks, synthesize }: typeof import("../../../ops/project") = require("../../../ops/project");
    const {
      declaredCost,
      priceSource,
    }: typeof import("../../../ops/cost/declared-cost") = require("../../../ops/cost/declared-cost");
    const { table }: typeof import("../../../report/table") = require("../../../report/table");
    const { sum }: typeof import("../../../ops/cost/estimate") = require("../../../ops/cost/estimate");
    if (budget !== undefined && !(budget > 0)) {
      throw new Failure(`--budget ${budget} is no amount; write US dollars a month, such as 50. [infra/budget]`);
    }
    io.progress("Reading the configuration");
    const costs = declaredCost(chooseStacks(await synthesize(tools), [...names, ...stack]));
    io.progress("");
    const all = sum(costs);
    const over = budget !== undefined && all.expected > budget;
    const { validFrom, source } = priceSource;
    if (json) {
      io.out(
        JSON.stringify(
          {
            version: 1,
            command: "cost",
            currency: "USD",
            per: "month",
            prices: { validFrom, source },
            stacks: costs,
            ...all,
            budget: budget ?? null,
            over,
          },
          null,
          2,
        ),
      );
      return over ? 2 : 0;
    }
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
    io.say(`\nPrices of ${validFrom}, ${source}; traffic, snapshots and the disks of stopped machines come on top.`);
    if (over) io.say(`Over the budget of ${usd(budget)}: the expected cost is ${usd(all.expected)}.`);
    return over ? 2 : 0;
  },
});
