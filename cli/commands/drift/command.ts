import { defineCommand, shared } from "../../define-command";
import { withStacks, wordingFor } from "../../session";

export const drift = defineCommand({
  name: "drift",
  summary: "Report what changed outside Terraform, all stacks side by side; change nothing.",
  details:
    "A stack that cannot be read is an error of its own and hides no other. A repository is read from GitHub itself too: what the plan cannot see, open overrides, and who bypassed the rules.",
  positionals: { stacks: { doc: "Stacks to look at. Left out: all.", many: true } },
  options: { stack: shared.stack, json: shared.json },
  exitCodes: {
    0: "every stack is as declared",
    1: "an error, or a stack that could not be read",
    2: "drift, or changes that are pending",
  },
  examples: ["drift", "drift production staging", "drift --json"],
  async run({ stacks: names, stack, json }, tools, io) {
    return withStacks([...names, ...stack], tools, io, async ({ stacks, running }) => {
      const { driftStacks }: typeof import("../../../ops/drift") = require("../../../ops/drift");
      const { report, exitCode } = await driftStacks(stacks, running, tools.now());
      const { reportJson }: typeof import("../../../report/json") = require("../../../report/json");
      const {
        closing,
        stackTable,
        stacksText,
      }: typeof import("../../../report/terminal") = require("../../../report/terminal");
      if (json) {
        io.out(reportJson(report));
        return exitCode;
      }
      const wording = wordingFor(io);
      const telling = report.stacks.filter(({ outcome, troubles }) => outcome !== "same" || troubles.length > 0);
      io.out(stackTable(report, wording) + (telling.length > 0 ? `\n\n${stacksText(telling, wording)}` : ""));
      for (const line of closing(report, wording)) io.say(line);
      return exitCode;
    });
  },
});
