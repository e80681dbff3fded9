/** The client against the sandbox, which enforces Fly's limits, leases and versions. */
import { setImmediate } from "node:timers/promises";
import type { Fly } from "../../api/fly";
import { Budget } from "../../api/fly/budget";
import { createStage, type Stage } from "./stage";

const config = { image: "nginx", guest: { cpu_kind: "shared", cpus: 1, memory_mb: 256 } };

async function withApp(): Promise<{ stage: Stage; fly: Fly }> {
  const stage = createStage();
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  return { stage, fly: stage.fly };
}

const refused = ({ sandbox }: Stage) => sandbox.control.journal().filter(({ status }) => status === 429);

test("makes ten machines and lists them ten times without a single 429", async () => {
  const { stage, fly } = await withApp();
  for (let index = 0; index < 10; index += 1) {
    await fly.machines.create("shop", { name: `web-${index}`, region: "lhr", config });
    await fly.machines.list("shop");
  }
  expect(await fly.machines.list("shop")).toHaveLength(10);
  expect(refused(stage)).toEqual([]);
});

test("a burst of calls of one kind takes no longer than Fly's limit asks for, plus two percent", async () => {
  let now = 0;
  const sleepers: { due: number; wake: () => void }[] = [];
  const clock = {
    now: () => now,
    random: () => 1,
    sleep: (ms: number) => new Promise<void>((wake) => sleepers.push({ due: now + ms, wake })),
  };
  const budget = new Budget(clock);
  const left: number[] = [];
  const all = Array.from({ length: 10 }, () =>
    budget.take("machine.create shop", { perSecond: 1, burst: 3 }).then((answered) => {
      left.push(now);
      answered();
    }),
  );
  while (left.length < all.length) {
    await setImmediate();
    const next = sleepers.sort((a, b) => a.due - b.due).shift();
    now = Math.max(now, next?.due ?? now);
    next?.wake();
    await setImmediate();
  }
  expect(left.at(-1)).toBeLessThanOrEqual(7000 * 1.02 + 10);
});

test("a whole life of a machine under a lease", async () => {
  const { stage, fly } = await withApp();
  const { id } = await fly.machines.create("shop", { region: "lhr", config });
  await fly.machines.wait("shop", id, { state: "started", timeoutMs: 10_000 });
  const { nonce } = await fly.machines.acquireLease("shop", id, { ttlSeconds: 30, description: "test" });
  await expect(fly.machines.stop("shop", id)).rejects.toMatchObject({ kind: "conflict", status: 409 });

  const before = await fly.machines.find("shop", id);
  const bigger = { ...config, guest: { ...config.guest, memory_mb: 512 } };
  const current_version = String(before?.instance_id);
  const after = await fly.machines.update("shop", id, { config: bigger, current_version }, { nonce });
  await expect(fly.machines.update("shop", id, { config, current_version }, { nonce })).rejects.toMatchObject({
    kind: "precondition",
    status: 412,
  });
  await fly.machines.wait("shop", id, { state: "started", version: after.instance_id, timeoutMs: 10_000 });

  await fly.machines.cordon("shop", id, { nonce });
  expect((await fly.machines.find("shop", id))?.cordoned).toBe(true);
  await fly.machines.uncordon("shop", id, { nonce });
  await fly.machines.setMetadata("shop", id, { a: "1" });
  expect((await fly.machines.find("shop", id))?.config?.metadata).toMatchObject({ a: "1" });
  expect((await fly.machines.refreshLease("shop", id, { nonce, ttlSeconds: 30 })).nonce).toBe(nonce);
  await fly.machines.stop("shop", id, { nonce });
  await fly.machines.wait("shop", id, { state: "stopped", version: after.instance_id, timeoutMs: 10_000 });
  await fly.machines.start("shop", id, { nonce });
  await fly.machines.start("shop", id, { nonce });
  await fly.machines.wait("shop", id, { state: "started", timeoutMs: 10_000 });
  await fly.machines.restart("shop", id, { nonce });
  await fly.machines.releaseLease("shop", id, { nonce });
  expect((await fly.machines.events("shop", id)).map(({ type }) => type)).toContain("stop");
  await fly.machines.delete("shop", id, { force: true });
  await fly.machines.wait("shop", id, { state: "destroyed", timeoutMs: 10_000 });
  await fly.machines.delete("shop", id, { force: true });
  expect(refused(stage)).toEqual([]);
});

test("an update whose answer was lost is found to have landed, and not sent twice", async () => {
  const { stage, fly } = await withApp();
  const { id, instance_id } = await fly.machines.create("shop", { region: "lhr", config });
  await fly.machines.wait("shop", id, { state: "started", timeoutMs: 10_000 });
  const faults = [{ match: { method: "POST", path: `/machines/${id}$` }, times: 1, effect: { cut: "after" as const } }];
  stage.sandbox.control.setFaults(faults);
  stage.calls();
  const wanted = { ...config, env: { A: "1" } };
  const live = await fly.machines.update("shop", id, { config: wanted, current_version: instance_id });
  expect(live.config?.env).toEqual({ A: "1" });
  expect(stage.calls().filter((call) => call.startsWith("POST"))).toHaveLength(1);
});

test("reads what is of the organization and of the platform", async () => {
  const { fly } = await withApp();
  await fly.machines.create("shop", { region: "lhr", config });
  expect((await fly.machines.listOrganization("hotdash")).machines).toEqual([
    expect.objectContaining({ app_name: "shop", region: "lhr" }),
  ]);
  expect((await fly.apps.list("hotdash")).map(({ name }) => name)).toEqual(["shop"]);
  expect((await fly.regions.list()).map(({ code }) => code)).toContain("lhr");
  expect(await fly.tokens.current()).toEqual([expect.objectContaining({ org_slug: "hotdash" })]);
  expect(await fly.organizations.find("hotdash")).toMatchObject({ slug: "hotdash" });
  expect(await fly.organizations.find("nope")).toBeUndefined();
});

test("records a release and lists it, newest first", async () => {
  const { fly } = await withApp();
  expect(await fly.releases.list("shop")).toEqual([]);
  for (const image of ["shop:1", "shop:2"]) {
    const { id } = await fly.releases.create({ app_name: "shop", image, strategy: "ROLLING", definition: {} });
    await fly.releases.update(id, { status: "complete" });
  }
  expect((await fly.releases.list("shop")).map(({ version, status }) => [version, status])).toEqual([
    [2, "complete"],
    [1, "complete"],
  ]);
});

test("follows the pages of an organization's machines", async () => {
  const { stage, fly } = await withApp();
  for (const name of ["a", "b", "c"]) await fly.machines.create("shop", { name, region: "lhr", config });
  stage.sandbox.control.setFaults([{ match: { path: "^/v1/orgs" }, effect: { page_size: 1 } }]);
  expect((await fly.machines.listOrganization("hotdash")).machines).toHaveLength(3);
});
