import { defineCommand, shared } from "../../define-command";
import { withStacks, wordingFor } from "../../session";

export const plan = defineCommand({
  name: "plan",
  summary: "Read everything live and print each difference; change nothing.",
  details:
    "A plan is the drift report: drift and pending changes are listed apart. Values that Fly cannot hold are notes, not differences.",
  positionals: { stacks: { doc: "Stacks to plan. Left out: all.", many: true } },
  options: { stack: shared.stack, json: shared.json },
  exitCodes: { 0: "no difference", 2: "differences" },
  examples: ["plan", "plan production", "plan --stack staging --json"],
  async run({ stacks: names, stack, json }, tools, io) {
    return withStacks([...names, ...stack], tools, io, async ({ stacks, running }) => {
      const { planStacks, reportPlans }: typeof import("../../../ops/plan") = require("../../../ops/plan");
      const { report, exitCode } = await reportPlans("plan", await planStacks(stacks, running, { lock: false }));
      const { reportJson }: typeof import("../../../report/json") = require("../../../report/json");
      const { closing, stackText }: typeof import("../../../report/terminal") = require("../../../report/terminal");
      if (json) io.out(reportJson(report));
      else {
        io.out(report.stacks.map((one) => stackText(one, wordingFor(io))).join("\n\n"));
        for (const line of closing(report, wordingFor(io))) io.say(line);
      }
      return exitCode;
    });
  },
});
