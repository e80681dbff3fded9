import { type Fly, FlyError, type Machine } from "../../api/fly";
import { Leases } from "./lease";

const machine = (id: string): Machine => ({
  id,
  name: id,
  state: "started",
  region: "ord",
  instance_id: "1",
  config: {},
});
const held = new FlyError({
  kind: "conflict",
  status: 409,
  method: "POST",
  path: "",
  flyMessage: "lease currently held by a@b.c",
});

function open({ refuse = () => false }: { refuse?: (id: string, now: number) => boolean } = {}) {
  const log: string[] = [];
  const steps: string[] = [];
  let now = 0;
  const machines: Partial<Fly["machines"]> = {
    async acquireLease(_app, id) {
      if (refuse(id, now)) throw held;
      log.push(`take ${id}`);
      return { nonce: `nonce ${id}`, expires_at: 0 };
    },
    async refreshLease(_app, id, { nonce }) {
      log.push(`refresh ${id}`);
      if (id === "lost") throw held;
      return { nonce, expires_at: 0 };
    },
    async releaseLease(_app, id) {
      log.push(`give ${id}`);
    },
  };
  const clock = {
    now: () => now,
    random: () => 0,
    async sleep(ms: number) {
      now += ms;
    },
  };
  const fly = { machines } as Fly;
  const leases = new Leases({
    fly,
    app: "shop",
    clock,
    description: "test",
    patienceMs: 10_000,
    progress: (step) => steps.push(step),
  });
  return { leases, log, steps, clock };
}

const { signal } = new AbortController();

describe("leases", () => {
  it("are taken on all machines or on none", async () => {
    const { leases, log } = open({ refuse: (id) => id === "b" });
    await expect(leases.take([machine("a"), machine("b")], signal)).rejects.toBe(held);
    expect(log).toEqual(["take a", "give a"]);
    expect(leases.nonce("a")).toBeUndefined();
  });

  it("are waited for, and the holder is named", async () => {
    const { leases, steps } = open({ refuse: (_, now) => now < 5_000 });
    await leases.take([machine("a")], signal);
    expect(leases.nonce("a")).toBe("nonce a");
    expect(steps).toEqual(Array(2).fill("machine a (a): waiting, lease currently held by a@b.c"));
  });

  it("are refreshed when they are due, and one that is lost is let go", async () => {
    const { leases, log, clock } = open();
    await leases.take([machine("a"), machine("lost")], signal);
    await leases.keep();
    expect(log).toEqual(["take a", "take lost"]);
    await clock.sleep(10_000);
    await Promise.all([leases.keep(), leases.keep()]);
    expect(log.slice(2)).toEqual(["refresh a", "refresh lost"]);
    expect([leases.nonce("a"), leases.nonce("lost")]).toEqual(["nonce a", undefined]);
  });

  it("are given back once", async () => {
    const { leases, log } = open();
    await leases.take([machine("a"), machine("b")], signal);
    await leases.give("a");
    await leases.close();
    expect(log.slice(2)).toEqual(["give a", "give b"]);
  });
});
