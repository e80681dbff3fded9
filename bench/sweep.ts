/**
 * `infra drift` over 20 stacks with 10 machines each at 50 ms latency, beside the sum of single runs.
 *
 * Budgets: 3 s and one call per app and kind of object; with `--fast` and nothing changed at most 10 calls.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { app, type FlyProject, flyProject, type Resources } from "../test/commands/support/fly-project";
import { ref } from "../test/lifecycle/workshop";
import { type Figure, median, print, timed } from "./measure";

const stacks = 20;
const machines = 10;
const latencyMs = 50;
const rounds = 5;

/** Stacks applied side by side: each waits most of its time for Fly's limits. */
const atOnce = 5;
const recorded = ["--heartbeat", "heartbeat.json"];

const names = Array.from({ length: stacks }, (_, index) => `sweep-${index}`);

/** As the construct declares an app: with a look at what nobody declared. */
const stackOf = (name: string): Resources => ({
  ...app(name, { machines: { ord: { count: machines } } }),
  fly_app_inventory: { inventory: { app: ref("fly_process_group.web.app"), groups: ["web"] } },
});

async function main(): Promise<void> {
  const project = await flyProject(Object.fromEntries(names.map((name) => [name, stackOf(name)])));
  const { control } = project.sandbox;
  const expecting = async (wanted: number, ...argv: readonly string[]) => {
    const { code, stdout, stderr } = await project.infra(argv);
    if (code !== wanted) throw new Error(`infra ${argv.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
  };
  try {
    await expecting(2, "plan"); // terraform init, which is done once
    await applyAll(project);
    await expecting(0, "drift", ...recorded);
    control.setFaults([{ effect: { latency_ms: latencyMs } }]);
    const sweeps: number[] = [];
    const fast: number[] = [];
    let [calls, repeated, fastCalls] = [0, 0, 0];
    for (let round = 0; round < rounds; round++) {
      control.clearJournal();
      sweeps.push(await timed(() => expecting(0, "drift")));
      calls = control.journal().length;
      repeated = Math.max(repeated, mostRepeated(control.journal()));
      control.clearJournal();
      fast.push(await timed(() => expecting(0, "drift", "--fast", ...recorded)));
      fastCalls = Math.max(fastCalls, control.journal().length);
    }
    let single = 0;
    for (const name of names) single += await timed(() => expecting(0, "drift", name));
    const figures: Figure[] = [
      {
        name: `sweep over ${stacks} stacks of ${machines} machines, ${latencyMs} ms latency`,
        value: median(sweeps) / 1000,
        unit: "s",
        budget: 3,
        beside: `median of ${rounds}; one stack after the other takes ${(single / 1000).toFixed(1)} s`,
      },
      {
        name: "calls per app and kind of object in a sweep",
        value: repeated,
        unit: "call",
        budget: 1,
        beside: `${calls} calls in all`,
      },
      {
        name: "calls of a fast sweep after which nothing moved",
        value: fastCalls,
        unit: "calls",
        budget: 10,
        beside: `${Math.round(median(fast))} ms`,
      },
    ];
    print(figures);
  } finally {
    await project.close();
  }
}

async function applyAll({ directory }: FlyProject): Promise<void> {
  const waiting = [...names];
  const one = async () => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop())
      await promisify(execFile)("terraform", ["apply", "-auto-approve", "-parallelism=30"], {
        cwd: join(directory, "cdktf.out", "stacks", name),
      });
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

function mostRepeated(journal: readonly { readonly method: string; readonly path: string }[]): number {
  const counts = new Map<string, number>();
  for (const { method, path } of journal) counts.set(`${method} ${path}`, (counts.get(`${method} ${path}`) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

void main();
