/** Takes what stacks declare and what exists already into their state, then plans. */
import { Failure } from "../../../ops/failure";
import type { ExitCode } from "../../define-command";
import type { Io } from "../../io";
import { type Session, wordingFor } from "../../session";
import type { Tools } from "../../tools";

export interface TakeOverOptions {
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** @throws Failure when an object cannot be taken over; those before it are */
export async function takeOver(
  { stacks, running }: Session,
  tools: Tools,
  io: Io,
  { dryRun, json }: TakeOverOptions,
): Promise<ExitCode> {
  const { flyFrom }: typeof import("../../../ops/fly") = require("../../../ops/fly");
  const { asReader, memoize }: typeof import("../../../api/fly") = require("../../../api/fly");
  const { adoptables }: typeof import("../../../ops/adopt/adoptable") = require("../../../ops/adopt/adoptable");
  const { planStacks, reportPlans, terraformFor }: typeof import("../../../ops/plan") = require("../../../ops/plan");
  const { stacksText }: typeof import("../../../report/terminal") = require("../../../report/terminal");
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
}
