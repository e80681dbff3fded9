import { FlyError, type Machine } from "../../api/fly";
import type { Change, NewMachine, Update } from "./change";
import { RollOutError } from "./failure";
import type { Fleet } from "./fleet";
import { rollOut } from "./roll-out";
import type { RollOut } from "./run";

/** A fleet in memory: an update takes one reading to be healthy; what happens is told in `log`. */
function fakeFleet({ sick = [], on = {} }: { sick?: string[]; on?: Record<string, () => void> } = {}) {
  const machines = new Map<string, Machine>();
  const log: string[] = [];
  const leased = new Set<string>();
  let now = 0;
  const tell = (step: string) => {
    log.push(step);
    on[step]?.();
  };
  const put = (id: string, image: string, version: number): Machine => {
    const made: Machine = {
      id,
      name: id,
      state: "started",
      region: "ord",
      instance_id: `${version}`,
      config: { image },
    };
    machines.set(id, made);
    return made;
  };
  const fleet: Fleet = {
    clock: {
      now: () => now,
      random: () => 0,
      async sleep(ms, signal) {
        signal?.throwIfAborted();
        now += ms;
      },
    },
    async find(id) {
      const live = machines.get(id);
      if (live?.config?.image !== "new" || !sick.includes(id)) return live;
      return { ...live, state: "failed" };
    },
    async create(by) {
      tell(`create ${by.name}`);
      return put(by.name, "new", 1);
    },
    async update({ machine, config }) {
      const image = config(machine).image ?? "";
      tell(`update ${machine.id} to ${image}`);
      return put(machine.id, image, Number(machine.instance_id) + 1);
    },
    start: async (id) => tell(`start ${id}`),
    stop: async (id) => tell(`stop ${id}`),
    cordon: async (id) => tell(`cordon ${id}`),
    uncordon: async (id) => tell(`uncordon ${id}`),
    async destroy(id) {
      tell(`destroy ${id}`);
      machines.delete(id);
    },
    async setMetadata() {},
    async lease(wanted) {
      for (const { id } of wanted) leased.add(id);
    },
    async release(id) {
      leased.delete(id);
    },
    async close() {
      leased.clear();
    },
  };
  return { fleet, log, leased, machines, put };
}

const by = (name: string): NewMachine => ({
  name,
  region: "ord",
  config: async () => ({ image: "new" }),
  fits: () => false,
});
const updateOf = (machine: Machine): Update => ({
  kind: "update",
  machine,
  config: () => ({ image: "new" }),
  fits: () => false,
  launch: true,
});

async function run(
  fake: ReturnType<typeof fakeFleet>,
  changes: readonly Change[],
  more: Partial<RollOut> = {},
  signal = new AbortController().signal,
) {
  const plan: RollOut = { strategy: "rolling", changes, unavailable: 1, waitTimeoutMs: 10_000, steadyMs: 0, ...more };
  return rollOut(fake.fleet, plan, { signal, progress: () => {} }).then(
    () => undefined,
    (error: unknown) => (error instanceof RollOutError ? error : Promise.reject(error)),
  );
}

function three(options?: Parameters<typeof fakeFleet>[0]) {
  const fake = fakeFleet(options);
  const changes = ["a", "b", "c"].map((id) => updateOf(fake.put(id, "old", 1)));
  return { fake, changes };
}

const cut = new FlyError({ kind: "network", method: "POST", path: "/v1/apps/shop/machines/b", flyMessage: "cut" });

describe("a roll-out", () => {
  it("changes one machine after the other and gives each lease back at once", async () => {
    const seen: string[][] = [];
    const { fake, changes } = three({
      on: {
        "update b to new": () => seen.push([...fake.leased]),
        "update c to new": () => seen.push([...fake.leased]),
      },
    });
    expect(await run(fake, changes)).toBeUndefined();
    expect(fake.log).toEqual(["update a to new", "update b to new", "update c to new"]);
    expect(seen).toEqual([["b", "c"], ["c"]]);
    expect(fake.leased.size).toBe(0);
  });

  it("brings everything back when a machine fails, the failing one first", async () => {
    const { fake, changes } = three({ sick: ["b"] });
    const error = await run(fake, changes);
    expect(fake.log).toEqual(["update a to new", "update b to new", "update b to old", "update a to old"]);
    expect(error?.outcome).toEqual({
      undone: ["b (b) serves again as before", "a (a) serves again as before"],
      notUndone: [],
      changed: [],
      untouched: ["c (c)"],
    });
    expect(error?.message).toContain("Machine b (b) in ord: its state is failed");
    expect(fake.leased.size).toBe(0);
  });

  it("stays where it is when Fly cannot be reached, and says where", async () => {
    const { fake, changes } = three({
      on: {
        "update b to new": () => {
          throw cut;
        },
      },
    });
    const error = await run(fake, changes);
    expect(fake.log).toEqual(["update a to new", "update b to new"]);
    expect(error?.outcome).toMatchObject({ undone: [], changed: ["a (a)"], untouched: ["c (c)"] });
  });

  it("starts nothing new when it is asked to stop", async () => {
    const stop = new AbortController();
    const { fake, changes } = three({ on: { "update b to new": () => stop.abort() } });
    const error = await run(fake, changes, {}, stop.signal);
    expect(fake.log).toEqual(["update a to new", "update b to new"]);
    expect(error).toMatchObject({
      stopped: true,
      outcome: { undone: [], changed: ["a (a)", "b (b)"], untouched: ["c (c)"] },
    });
    expect(error?.message).toContain("The roll-out was stopped.\nAlready changed: a (a); b (b).\nNot touched: c (c).");
    expect(fake.leased.size).toBe(0);
  });

  it("destroys what it made when the rest fails, and says what it could not bring back", async () => {
    const { fake, changes } = three({
      sick: ["a"],
      on: {
        "update a to old": () => {
          throw cut;
        },
      },
    });
    const error = await run(fake, [{ kind: "create", by: by("n") }, ...changes]);
    expect(fake.log).toEqual(["create n", "update a to new", "update a to old", "destroy n"]);
    expect(error?.outcome.undone).toEqual(["n (n) destroyed"]);
    expect(error?.outcome.notUndone).toEqual([expect.stringContaining("a (a): Fly answered network")]);
  });

  it("goes blue-green in an order in which no request meets a closed door", async () => {
    const fake = fakeFleet();
    const changes = ["a"].map((id) => ({ ...updateOf(fake.put(id, "old", 1)), instead: () => by(`${id}2`) }));
    fake.fleet.find = async (id) => {
      const live = fake.machines.get(id);
      return live && fake.log.includes(`stop ${id}`) ? { ...live, state: "stopped" } : live;
    };
    expect(await run(fake, changes, { strategy: "bluegreen" })).toBeUndefined();
    expect(fake.log).toEqual(["create a2", "uncordon a2", "cordon a", "stop a", "destroy a"]);
    expect(fake.fleet.clock.now()).toBeGreaterThanOrEqual(20_000);
  });
});
