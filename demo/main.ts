/** `npm run demo`: deploy, see an empty plan, change things outside, see each of them, repair, see an empty plan. */
import { createIo } from "../cli/io";
import { realTools } from "../cli/tools";
import { Failure, Interrupted } from "../ops/failure";
import { harmless } from "../report/harmless";
import { createNarrator } from "./narrator";
import { play } from "./play";
import { openStage, type Stage } from "./stage";

async function main(): Promise<number> {
  const tools = realTools();
  const io = createIo(process, process.env);
  const narrator = createNarrator(io.out, io.paint.out, tools.now);
  let stage: Stage | undefined;
  try {
    stage = await openStage(tools, narrator);
    await play(stage, narrator, io.paint.out);
    narrator.step("Stop the sandbox; nothing stays behind");
  } catch (error) {
    if (error instanceof Interrupted || tools.interruption.soft.aborted) {
      io.say("\nInterrupted.");
      return 130;
    }
    const message = error instanceof Error ? (error instanceof Failure ? error.message : error.stack) : String(error);
    io.say(`\n${io.paint.say("red", "The demo failed:")} ${harmless(message ?? "", { lines: true })}`);
    return 1;
  } finally {
    await stage?.close();
  }
  const { disappointments } = narrator;
  for (const what of disappointments) io.say(`${io.paint.say("red", "Not as it should be:")} ${what}`);
  return disappointments.length === 0 ? 0 : 1;
}

void main().then((code) => {
  process.exitCode = code;
});
