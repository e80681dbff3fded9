import type { Machine } from "../../api/fly";
import { createStage, type Kept, later, type Stage } from "./stage";

const type = "fly_process_group";
const web = { app: "shop", group: "web", image: "nginx", machines: { ord: { count: 1 } } };
/** How changes reach the machines: no machine says it unless this program made it. */
const slow = { ...web, strategy: "canary", max_unavailable: "1", wait_timeout: "9m" };

async function shop(): Promise<Stage> {
  const stage = createStage();
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  return stage;
}

async function release(stage: Stage, image: string): Promise<void> {
  const { id } = await stage.fly.releases.create({ app_name: "shop", image, strategy: "ROLLING", definition: {} });
  await stage.fly.releases.update(id, { status: "complete" });
}

async function imported(stage: Stage): Promise<Kept> {
  const kept = await stage.import(type, "shop/web");
  if (!kept) throw new Error("there is nothing to import");
  return kept;
}

test("what no machine says is no difference after an import, and is applied with the first that is one", async () => {
  const stage = await shop();
  const metadata = { fly_platform_version: "v2", fly_process_group: "web" };
  await stage.fly.machines.create("shop", { region: "ord", config: { image: "nginx", metadata } });
  const kept = await imported(stage);
  expect((await stage.plan(type, slow, kept)).changed).toEqual([]);

  const bigger = { ...slow, guest: { memory_mb: 512 } };
  const { changed } = await stage.plan(type, bigger, kept);
  expect([...changed].sort()).toEqual(["guest", "initial_image", "max_unavailable", "strategy", "wait_timeout"]);
  const applied = await stage.apply(type, bigger, kept);
  expect((await stage.plan(type, { ...bigger, wait_timeout: "8m" }, applied)).changed).toEqual(["wait_timeout"]);
});

describe("after an import of two machines that others made", () => {
  const pinned = { ...web, machines: { ord: { count: 2 } } };
  const outside = { ...pinned, image: undefined, initial_image: "nginx:0" };
  const config = { image: "nginx", metadata: { fly_platform_version: "v2", fly_process_group: "web" } };
  let stage: Stage;
  let kept: Kept;

  beforeEach(async () => {
    stage = await shop();
    for (const region of ["ord", "ord"]) await stage.fly.machines.create("shop", { region, config });
    await stage.sandbox.control.advance(60_000);
    kept = await imported(stage);
  });

  async function deploy({ id, version = "" }: Machine): Promise<void> {
    await stage.fly.machines.update("shop", id, { current_version: version, config: { ...config, image: "nginx:2" } });
  }

  async function changed(group: object): Promise<readonly string[]> {
    const plan = await stage.plan(type, { ...group }, await stage.refresh(type, kept));
    return [...plan.changed].sort();
  }

  test.each([
    ["an exact number", { ord: { count: 2 } }],
    ["bounds", { ord: { min: 1, max: 3 } }],
    ["a least number", { ord: { min: 2 } }],
    ["a region that may be empty", { ord: { min: 0 }, iad: { min: 0, max: 4 } }],
  ])("%s: no difference where the machines fit", async (_name, machines) => {
    expect(await changed({ ...outside, machines, primary_region: "ord" })).toEqual([]);
  });

  test.each([
    ["an exact number", { ord: { count: 3 } }],
    ["a least number", { ord: { min: 3 } }],
    ["a greatest number", { ord: { min: 0, max: 1 } }],
    ["another region", { ord: { min: 0 }, iad: { min: 1 } }],
  ])("%s: a difference where they do not", async (_name, machines) => {
    expect(await changed({ ...outside, machines, primary_region: "ord" })).toEqual(["image", "machines"]);
  });

  test("scaling within the bounds is none, and scaling beyond them is one", async () => {
    const scaled = { ...outside, machines: { ord: { min: 1, max: 3 } } };
    await stage.fly.machines.create("shop", { region: "ord", config });
    expect(await changed(scaled)).toEqual([]);
    await stage.fly.machines.create("shop", { region: "ord", config });
    expect(await changed(scaled)).toEqual(["image", "machines"]);
  });

  test("the image may be declared or managed outside, and another declared one is a difference", async () => {
    expect(await changed(pinned)).toEqual([]);
    expect(await changed(outside)).toEqual([]);
    expect(await changed({ ...pinned, image: "nginx:2" })).toEqual(["image", "initial_image"]);
  });

  test("a deployment is a difference from a declared image, and none where the image is managed outside", async () => {
    for (const machine of await stage.fly.machines.list("shop")) await deploy(machine);
    await release(stage, "nginx:2");
    expect(await changed(pinned)).toEqual(["image", "initial_image"]);
    expect(await changed(outside)).toEqual([]);
  });

  test("half a deployment is a difference either way", async () => {
    await release(stage, "nginx");
    const [first] = await stage.fly.machines.list("shop");
    if (first) await deploy(first);
    expect(await changed(pinned)).toEqual(["divergence", "initial_image"]);
    expect(await changed(outside)).toEqual(["divergence", "image"]);
  });

  test("objects of defaults may be written or left out", async () => {
    expect(await changed({ ...pinned, dns: {}, init: {}, rootfs: {}, restart: {}, stop: {}, services: [] })).toEqual(
      [],
    );
    const restart = { policy: "on-failure", max_retries: 10 };
    const guest = { cpu_kind: "shared", cpus: 1, memory_mb: 256 };
    expect(await changed({ ...pinned, restart, guest })).toEqual([]);
  });

  test("a declared version of secrets is a difference, since nobody tells which one the machines have", async () => {
    expect(await changed({ ...pinned, secrets_version: 1 })).toContain("secrets_version");
  });

  test("a machine whose host does not answer stays when the first apply changes something else", async () => {
    const [first] = await stage.fly.machines.list("shop");
    stage.sandbox.control.tamper({ kind: "host-unreachable", app: "shop", machine: first?.id ?? "" });
    await stage.apply(type, { ...outside, machines: { ord: { count: 3 } } }, await stage.refresh(type, kept));
    const ids = (await stage.fly.machines.list("shop")).map(({ id }) => id);
    expect(ids).toHaveLength(3);
    expect(ids).toContain(first?.id);
  });

  test("what is known only in the apply may be a difference", async () => {
    expect(await changed({ ...pinned, secrets_version: later })).toContain("secrets_version");
  });
});

test("what this program recorded on its machines is compared after an import", async () => {
  const stage = await shop();
  await stage.apply(type, slow);
  const kept = await imported(stage);
  expect((await stage.plan(type, slow, kept)).changed).toEqual([]);
  expect((await stage.plan(type, { ...slow, wait_timeout: "8m" }, kept)).changed).toEqual(["wait_timeout"]);
});
