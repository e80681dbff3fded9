import { resolve } from "node:path";
import { defineCommand, shared } from "../../define-command";
import { withStacks, wordingFor } from "../../session";

export const plan = defineCommand({
  name: "plan",
  summary: "Read everything live and print each difference; change nothing.",
  details:
    "A plan is the drift report: drift and pending changes are listed apart. Values that Fly cannot hold are notes, not differences.",
  positionals: { stacks: { doc: "Stacks to plan. Left out: all.", many: true } },
  options: {
    stack: shared.stack,
    out: { type: "string", doc: "Also write what it would do, for apply --reviewed.", placeholder: "file" },
    json: shared.json,
  },
  exitCodes: { 0: "no difference", 2: "differences" },
  examples: ["plan", "plan production", "plan --stack staging --json", "plan staging --out staging.reviewed.json"],
  async run({ stacks: names, stack, out, json }, tools, io) {
    return withStacks([...names, ...stack], tools, io, async ({ stacks, running }) => {
      const { planStacks, reportPlans }: typeof import("../../../ops/plan") = require("../../../ops/plan");
      const {
        withGovernance,
      }: typeof import("../../../ops/github/before-apply") = require("../../../ops/github/before-apply");
      const plans = await withGovernance(await planStacks(stacks, running, { lock: false }), running);
      if (out !== undefined) {
        const {
          reviewedOf,
          writeReviewed,
        }: typeof import("../../../ops/reviewed/record") = require("../../../ops/reviewed/record");
        writeReviewed(resolve(tools.directory, out), await reviewedOf(plans, running));
      }
      const { report, exitCode } = await reportPlans("plan", plans);
      const { reportJson }: typeof import("../../../report/json") = require("../../../report/json");
      const {
        closing,
        notesText,
        stacksText,
      }: typeof import("../../../report/terminal") = require("../../../report/terminal");
      if (json) io.out(reportJson(report));
      else {
        const wording = wordingFor(io);
        const notes = notesText(report.stacks, wording);
        io.out(stacksText(report.stacks, wording) + (notes ? `\n\n${notes}` : ""));
        for (const line of closing(report, wording)) io.say(line);
      }
      return exitCode;
    });
  },
});
