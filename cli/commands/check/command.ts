import { defineCommand, shared } from "../../define-command";
import { withStacks } from "../../session";

export const check = defineCommand({
  name: "check",
  summary: "Validate configuration and stacks without a network: every problem at once.",
  details: "drift-ignore.yaml is read first: where it is not as it should be, nothing else is checked.",
  positionals: { stacks: { doc: "Stacks to check. Left out: all.", many: true } },
  options: { stack: shared.stack, json: shared.json },
  exitCodes: { 0: "no problem; what could not be checked on this machine is said", 1: "a problem" },
  examples: ["check", "check production --json"],
  async run({ stacks: names, stack, json }, tools, io) {
    const { readIgnores }: typeof import("../../../ops/drift/ignore-file") = require("../../../ops/drift/ignore-file");
    readIgnores(tools.directory, tools.now());
    return withStacks([...names, ...stack], tools, io, async ({ stacks, running }) => {
      const { checkStacks }: typeof import("../../../ops/check") = require("../../../ops/check");
      const { troubleLines }: typeof import("../../../report/terminal") = require("../../../report/terminal");
      const { wrap }: typeof import("../../../report/wrap") = require("../../../report/wrap");
      io.progress("Checking");
      const checked = await checkStacks(stacks, running);
      if (json) io.out(JSON.stringify({ version: 1, command: "check", stacks: checked }, null, 2));
      else {
        for (const { stack: name, outcome, troubles } of checked) {
          const lines = troubles.flatMap((one) => troubleLines(one, io.paint.out));
          io.out(wrap([`${io.paint.out("bold", name)}: ${outcome}`, ...lines].join("\n"), io.columns.out));
        }
      }
      return checked.some(({ outcome }) => outcome === "invalid") ? 1 : 0;
    });
  },
});
