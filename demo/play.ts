/** The demo's six acts. */
import { driftOf, type Report } from "../report/model";
import type { Paint } from "../report/paint";
import { count, stacksText } from "../report/terminal";
import { type Expected, mischief } from "./mischief";
import type { Narrator } from "./narrator";
import { createOutsider } from "./outsider";
import type { Stage } from "./stage";

/** Plays everything on the stage; what is not as it should be is kept by the narrator. */
export async function play(stage: Stage, narrator: Narrator, paint: Paint): Promise<void> {
  const names = stage.stacks.map(({ name }) => name).join(", ");
  narrator.step(`Deploy ${names}: npx cdktf deploy --auto-approve`);
  narrator.show(summary(await stage.deploy()));
  await emptyPlan("Plan: everything that was declared is there, and nothing else", stage, narrator, paint);
  narrator.step("Change things behind Terraform's back, through Fly's own API");
  const expected = await makeMischief(stage, narrator);
  narrator.step("Plan: each change shows, with where it is and what was declared");
  await findAll(stage, narrator, expected, paint);
  narrator.step("Repair: npx cdktf deploy --auto-approve");
  narrator.show(summary(await stage.deploy()));
  await emptyPlan("Plan: as declared again", stage, narrator, paint);
}

async function emptyPlan(title: string, stage: Stage, narrator: Narrator, paint: Paint): Promise<void> {
  narrator.step(title);
  const report = await stage.plan();
  show(report, narrator, paint);
  for (const { stack, outcome } of report.stacks) narrator.expect(`${stack} is as declared`, outcome === "same");
}

interface Awaited extends Expected {
  readonly stack: string;
}

async function makeMischief(stage: Stage, narrator: Narrator): Promise<readonly Awaited[]> {
  const outsider = createOutsider(stage.url, stage.token);
  const expected: Awaited[] = [];
  for (const { title, stack, act } of mischief) {
    const [app = ""] = stage.appsOf(stack);
    narrator.say(`${stack}: ${title}`);
    expected.push({ stack, ...(await act(outsider, app)) });
  }
  return expected;
}

async function findAll(stage: Stage, narrator: Narrator, expected: readonly Awaited[], paint: Paint): Promise<void> {
  const report = await stage.plan();
  show(report, narrator, paint);
  for (const { stack, what, isFoundBy } of expected) {
    const found = report.stacks
      .filter((one) => one.stack === stack)
      .flatMap(driftOf)
      .some(isFoundBy);
    narrator.expect(`the plan of ${stack} names the ${what}`, found);
  }
}

function show({ stacks }: Report, narrator: Narrator, paint: Paint): void {
  narrator.show(stacksText(stacks, { paint, columns: undefined, program: "npx infra" }));
}

/** The lines of cdktf's output that say what became of a stack. */
function summary(output: string): string {
  const lines = output.split("\n").filter((line) => /Apply complete|No changes/.test(line));
  return lines.map((line) => line.trim()).join("\n") || count(output.split("\n").length, "line");
}
