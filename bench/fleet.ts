/**
 * Plans and applies of fleets on the sandbox with Fly's limits enforced, beside `terraform plan` of nothing.
 *
 * Budgets (issue: "a plan stays fast as the fleet grows"): 2 machines at most 0.6 s over the floor; 100 machines in 10 apps with 50 ms
 * latency at most 1.5 s and one call per app and kind of object; an apply within 1.3 times of what the limits allow; no answer of 429;
 * the provider at most 150 MB at 1,000 machines.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Sandbox } from "../sandbox";
import { openWorkshop, type Workshop } from "../test/lifecycle/workshop";
import { against, type Figure, median, print, timed } from "./measure";

/** Configuration of `apps` apps with one process group of `machines` machines each. */
export function fleet(apps: number, machines: number, memoryMb = 256): Readonly<Record<string, unknown>> {
  const names = Array.from({ length: apps }, (_, index) => `fleet-${index}`);
  const each = <T>(make: (name: string) => T) => Object.fromEntries(names.map((name) => [name, make(name)]));
  return {
    resource: {
      fly_app: each((name) => ({ name })),
      fly_process_group: each((name) => ({
        app: `\${fly_app.${name}.name}`,
        group: "app",
        image: "registry.fly.io/fleet:deployment-1",
        guest: { memory_mb: memoryMb },
        machines: { ord: { count: machines } },
        strategy: "immediate",
      })),
      fly_app_inventory: each((name) => ({
        app: `\${fly_process_group.${name}.app}`,
        groups: ["app"],
      })),
    },
  };
}

interface Running {
  readonly workshop: Workshop;
  readonly empty: Workshop;
}

async function planOf(workshop: Workshop, expected: number): Promise<void> {
  const { code, text } = await workshop.terraform("plan", "-input=false", "-no-color", "-detailed-exitcode");
  if (code !== expected) throw new Error(`terraform plan ended with ${code}:\n${text}`);
}

async function twoMachines({ workshop, empty }: Running): Promise<Figure[]> {
  workshop.write(fleet(1, 2));
  await workshop.apply();
  const { floorMs, subjectMs } = await against(
    5,
    () => planOf(empty, 0),
    () => planOf(workshop, 0),
    fullBuckets,
  );
  await workshop.apply("-destroy");
  return [
    {
      name: "plan of 2 machines, over a plan of nothing",
      value: (subjectMs - floorMs) / 1000,
      unit: "s",
      budget: 0.6,
      beside: `terraform plan of nothing takes ${Math.round(floorMs)} ms`,
    },
  ];
}

/** Fly's limits for creating 10 machines in an app: 3 at once, then one each second. */
const createLimitMs = (machines: number): number => Math.max(0, machines - 3) * 1000;

async function hundredMachines({ workshop }: Running): Promise<Figure[]> {
  const { control } = workshop.sandbox;
  await fullBuckets();
  control.clearJournal();
  control.setFaults([{ effect: { latency_ms: 50 } }]);
  workshop.write(fleet(10, 10));
  const applyMs = await timed(() => workshop.apply("-parallelism=30"));
  let refused = refusedBy(control);
  const plans: number[] = [];
  let mostCalls = 0;
  for (let round = 0; round < 3; round++) {
    await fullBuckets();
    control.clearJournal();
    plans.push(await timed(() => planOf(workshop, 0)));
    mostCalls = Math.max(mostCalls, mostRepeated(control.journal()));
    refused += refusedBy(control);
  }
  control.setFaults([]);
  await fullBuckets();
  control.clearJournal();
  await workshop.apply("-destroy", "-parallelism=30");
  refused += refusedBy(control);
  return [
    {
      name: "plan of 100 machines in 10 apps, 50 ms latency",
      value: median(plans) / 1000,
      unit: "s",
      budget: 1.5,
      beside: "median of 3",
    },
    {
      name: "calls per app and kind of object in a plan",
      value: mostCalls,
      unit: "call",
      budget: 1,
      beside: "most repeated path",
    },
    {
      name: "apply of 100 machines over what Fly's limits allow",
      value: applyMs / createLimitMs(10),
      unit: "times",
      budget: 1.3,
      beside: `${Math.round(applyMs)} ms against ${createLimitMs(10)} ms`,
    },
    {
      name: "answers of 429",
      value: refused,
      unit: "answers",
      budget: 0,
      beside: "Fly's published limits enforced",
    },
  ];
}

const refusedBy = (control: Sandbox["control"]): number =>
  control.journal().filter(({ status }) => status === 429).length;

/** Waits until Fly allows a full burst again, so that each run is judged by itself. */
const fullBuckets = () => new Promise((done) => setTimeout(done, 3000));

function mostRepeated(journal: readonly { method: string; path: string }[]): number {
  const counts = new Map<string, number>();
  for (const { method, path } of journal) counts.set(`${method} ${path}`, (counts.get(`${method} ${path}`) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

async function thousandMachines({ workshop }: Running): Promise<Figure[]> {
  workshop.write(fleet(10, 100));
  await workshop.apply("-parallelism=30");
  const peak = await peakMemoryMb(() => planOf(workshop, 0));
  return [
    {
      name: "provider at 1,000 machines",
      value: peak,
      unit: "MB",
      budget: 150,
      beside: "peak resident size in a plan",
    },
  ];
}

/** Peak resident size of any provider process while `work` runs, from /proc (Linux). */
async function peakMemoryMb(work: () => Promise<void>): Promise<number> {
  let peak = 0;
  const watch = setInterval(() => {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) peak = Math.max(peak, providerMb(pid));
  }, 10);
  try {
    await work();
  } finally {
    clearInterval(watch);
  }
  return peak;
}

function providerMb(pid: string): number {
  try {
    if (!readFileSync(join("/proc", pid, "cmdline"), "utf8").includes("terraform-provider-fly")) return 0;
    const line = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(join("/proc", pid, "status"), "utf8"));
    return Number(line?.[1] ?? 0) / 1024;
  } catch {
    return 0; // It ended between the two reads.
  }
}

async function main(): Promise<void> {
  const workshop = await openWorkshop({ limits: "fly", timings: { bootMs: 20 } });
  const unlimited = await openWorkshop({ limits: "off", timings: { bootMs: 20 } });
  const empty = await openWorkshop();
  empty.write({});
  try {
    print(await twoMachines({ workshop, empty }));
    print(await hundredMachines({ workshop, empty }));
    print(await thousandMachines({ workshop: unlimited, empty }));
  } finally {
    await Promise.all([workshop.close(), unlimited.close(), empty.close()]);
  }
}

void main();
