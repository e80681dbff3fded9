/**
 * Plans of the stacks `github` and `workflows` on the sandbox, with the real provider, beside a plan of one read.
 *
 * The provider sends one request at a time (`parallel_requests` is off: GitHub asks for that), so that a plan takes its calls times the way
 * to GitHub and back. Budgets: 7 calls for all files of HotDash and 60 for its repository; at most 0.5 s and 3 s over the floor; with 50 ms
 * latency what comes on top is at most 1.3 times of what the calls wait.
 */
import { configuration } from "../config";
import { repositoryFiles } from "../constructs/repository-file/repository-files";
import type { Sandbox } from "../sandbox";
import { openStage } from "../test/github/support/stage";
import { mirror, openBench } from "../test/repository-file/support/repository";
import { against, type Figure, median, print, timed } from "./measure";

interface Subject {
  readonly name: string;
  readonly sandbox: Sandbox;
  /** @throws unless the plan is empty */
  plan(): Promise<void>;
  readonly mostCalls: number;
  readonly mostSeconds: number;
}

const latencyMs = 50;

async function figuresOf(
  { name, sandbox: { control }, plan, mostCalls, mostSeconds }: Subject,
  floor: () => Promise<void>,
) {
  control.clearJournal();
  await plan();
  const calls = control.journal().length;
  const { floorMs, subjectMs } = await against(3, floor, plan);
  control.setFaults([{ effect: { latency_ms: latencyMs } }]);
  const slowMs = median([await timed(plan), await timed(plan), await timed(plan)]);
  control.setFaults([]);
  const waitedMs = calls * latencyMs;
  const figures: Figure[] = [
    {
      name: `calls of a plan of ${name}`,
      value: calls,
      unit: "calls",
      budget: mostCalls,
      beside: "one after the other",
    },
    {
      name: `plan of ${name}, over a plan of one read`,
      value: (subjectMs - floorMs) / 1000,
      unit: "s",
      budget: mostSeconds,
      beside: `a plan of one read takes ${Math.round(floorMs)} ms`,
    },
    {
      name: `plan of ${name} at ${latencyMs} ms latency, over what its calls wait`,
      value: (slowMs - subjectMs) / waitedMs,
      unit: "times",
      budget: 1.3,
      beside: `${Math.round(slowMs)} ms, of which ${waitedMs} ms are ${calls} calls in a row`,
    },
  ];
  return figures;
}

/** The files of HotDash, merged. */
async function files() {
  const bench = await openBench();
  bench.declare(repositoryFiles(configuration()));
  const { code, stdout } = await bench.infra("apply", "--yes");
  const number = /\/pull\/(\d+)/.exec(stdout)?.[1];
  if (code !== 2 || !number) throw new Error(stdout);
  await bench.ask("PUT", `/pulls/${number}/merge`, { merge_method: "squash" });
  const plan = async () => expectEmpty(await bench.plan());
  return { bench, subject: { name: "95 files", sandbox: bench.sandbox, plan, mostCalls: 7, mostSeconds: 0.5 } };
}

/** HotDash's repository, applied. */
async function repository() {
  const stage = await openStage();
  await stage.prepare();
  stage.declare();
  const { code, output } = await stage.apply();
  if (code !== 0) throw new Error(output);
  const plan = async () => {
    const planned = await stage.plan();
    expectEmpty({ code: planned.code, text: planned.output });
  };
  return { stage, subject: { name: "the repository", sandbox: stage.sandbox, plan, mostCalls: 60, mostSeconds: 3 } };
}

/** A plan that starts the provider and reads one tree: the same stack without files. */
async function oneRead() {
  const bench = await openBench();
  bench.declare([]);
  return { bench, plan: async () => expectEmpty(await bench.plan()) };
}

function expectEmpty({ code, text }: { readonly code: number | null; readonly text: string }): void {
  if (code !== 0) throw new Error(`terraform plan ended with ${code}:\n${text}`);
}

async function main(): Promise<void> {
  if (!mirror) {
    console.log("bench/github.ts: set TF_PROVIDER_MIRROR to a mirror that has integrations/github 6.9.0.");
    return;
  }
  const floor = await oneRead();
  await floor.plan();
  const [ours, theirs] = [await files(), await repository()];
  try {
    print([...(await figuresOf(ours.subject, floor.plan)), ...(await figuresOf(theirs.subject, floor.plan))]);
  } finally {
    await Promise.all([floor.bench.close(), ours.bench.close(), theirs.stage.close()]);
  }
}

void main();
