import { createStage, type Kept, type Stage } from "./stage";

const type = "fly_process_group";
const web = { app: "shop", group: "web", image: "nginx", machines: { ord: { count: 1 } } };
/** How changes reach the machines: no machine says it unless this program made it. */
const slow = { ...web, strategy: "canary", max_unavailable: "1", wait_timeout: "9m" };

async function shop(): Promise<Stage> {
  const stage = createStage();
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  return stage;
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
  expect([...changed].sort()).toEqual(["guest", "max_unavailable", "strategy", "wait_timeout"]);
  const applied = await stage.apply(type, bigger, kept);
  expect((await stage.plan(type, { ...bigger, wait_timeout: "8m" }, applied)).changed).toEqual(["wait_timeout"]);
});

test("what this program recorded on its machines is compared after an import", async () => {
  const stage = await shop();
  await stage.apply(type, slow);
  const kept = await imported(stage);
  expect((await stage.plan(type, slow, kept)).changed).toEqual([]);
  expect((await stage.plan(type, { ...slow, wait_timeout: "8m" }, kept)).changed).toEqual(["wait_timeout"]);
});
