import { Failure } from "../../../ops/failure";
import { defineCommand, shared } from "../../define-command";
import { withStacks, wordingFor } from "../../session";

export const adopt = defineCommand({
  name: "adopt",
  summary: "Take over what exists on Fly already into the state of the stacks that declare it; change nothing on Fly.",
  details:
    "Afterwards it plans: what is shown is where reality and configuration differ. Machines are neither replaced nor restarted. What does not exist is left for apply to make. Doing it again takes over only what is missing in the state. The repository of a GitHub stack is taken over by apply itself, which shows it as pending.",
  positionals: { stacks: { doc: "Stacks whose objects exist already.", many: true } },
  options: {
    stack: shared.stack,
    dryRun: { type: "boolean", doc: "Only say what would be taken over." },
    json: shared.json,
  },
  exitCodes: {
    0: "taken over, and everything is as declared",
    2: "taken over, and the plan shows differences; with --dry-run: there is something to take over",
  },
  examples: ["adopt staging", "adopt staging chatwoot --dry-run"],
  async run({ stacks: names, stack: more, dryRun, json }, tools, io) {
    const chosen = [...names, ...more];
    if (chosen.length === 0) {
      throw new Failure(
        "Name the stacks whose objects exist already, such as: npx infra adopt staging [infra/adopt-what]",
      );
    }
    const { flyFrom }: typeof import("../../../ops/fly") = require("../../../ops/fly");
    const { asReader, memoize }: typeof import("../../../api/fly") = require("../../../api/fly");
    const { adoptables }: typeof import("../../../ops/adopt/adoptable") = require("../../../ops/adopt/adoptable");
    const { planStacks, reportPlans, terraformFor }: typeof import("../../../ops/plan") = require("../../../ops/plan");
    const { stacksText }: typeof import("../../../report/terminal") = require("../../../report/terminal");
    return withStacks(chosen, tools, io, async ({ stacks, running }) => {
      const adopted: { stack: string; address: string; id: string }[] = [];
      for (const stack of stacks) {
        const terraform = terraformFor(stack, running);
        await terraform.init();
        const present = await terraform.addresses();
        for (const { address, id } of await adoptables(() => memoize(asReader(flyFrom(tools.env).fly)), stack)) {
          if (id === undefined || present.includes(address)) continue;
          if (running.interruption.soft.aborted) return 130;
          io.progress(`${stack.name}: taking over ${id}`);
          const troubles = dryRun ? [] : await terraform.importResource(address, id);
          if (troubles.length > 0) {
            const done = adopted.map((one) => one.address).join(", ") || "nothing";
            throw new Failure(
              `${troubles.map(({ summary, detail }) => `${summary}: ${detail}`).join("\n")}\nTaken over so far: ${done}. Nothing was changed on Fly. Run it again to go on. [infra/adopt-failed]`,
            );
          }
          adopted.push({ stack: stack.name, address, id });
          io.say(`  ${stack.name}: ${dryRun ? "would take over" : "took over"} ${id} as ${address}`);
        }
      }
      io.progress("");
      if (dryRun) {
        if (json) io.out(JSON.stringify({ version: 1, command: "adopt", adopted: [], wouldAdopt: adopted }, null, 2));
        else if (adopted.length === 0) io.out("There is nothing to take over.");
        return adopted.length > 0 ? 2 : 0;
      }
      const { report, exitCode } = await reportPlans("adopt", await planStacks(stacks, running, { lock: false }));
      if (json) io.out(JSON.stringify({ version: 1, command: "adopt", adopted, stacks: report.stacks }, null, 2));
      else io.out(stacksText(report.stacks, wordingFor(io)));
      return exitCode;
    });
  },
});
