import { createStage, type Stage } from "../../../test/clients/stage";

const minimal = { app: "shop", name: "data", region: "lhr" };

async function withApp(): Promise<Stage> {
  const stage = createStage();
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  return stage;
}

test("has Fly's defaults but for the size, which is the least", async () => {
  const stage = await withApp();
  const { values } = await stage.apply("fly_volume", minimal);
  expect(values).toMatchObject({
    ...minimal,
    size_gb: 1,
    encrypted: true,
    snapshot_retention: 5,
    auto_backup_enabled: true,
    snapshot_id: "",
  });
});

test.each([
  [{ region: "lhrr" }, "[fly/region]"],
  [{ name: "my-data" }, "[fly/volume-name]"],
  [{ size_gb: 0 }, "[fly/range]"],
  [{ size_gb: 1.5 }, "[fly/range]"],
  [{ snapshot_retention: 61 }, "[fly/range]"],
])("refuses %j before anything is read", async (wrong, id) => {
  await expect(createStage().validate("fly_volume", { ...minimal, ...wrong })).rejects.toThrow(id);
});

test("refuses to shrink below what was last applied, in the plan", async () => {
  const stage = await withApp();
  const kept = await stage.apply("fly_volume", { ...minimal, size_gb: 10 });
  await expect(stage.plan("fly_volume", { ...minimal, size_gb: 4 }, kept)).rejects.toThrow(
    /says 4 GB, and 10 GB were applied to volume vol_\w+\..*\[fly\/volume-shrink\]/,
  );
  expect((await stage.plan("fly_volume", { ...minimal, size_gb: 4, region: "ams" }, kept)).action).toBe("replace");
});

test("notes a volume that Fly has extended, and plans nothing", async () => {
  const stage = await withApp();
  const kept = await stage.apply("fly_volume", minimal);
  stage.sandbox.control.tamper({ kind: "volume-resized", app: "shop", volume: String(kept.values.id), size_gb: 8 });
  const read = await stage.refresh("fly_volume", kept);
  expect(stage.warnings).toEqual([expect.stringContaining("[fly/volume-larger]")]);
  expect((await stage.plan("fly_volume", minimal, read)).action).toBe("none");
  const grown = await stage.apply("fly_volume", { ...minimal, size_gb: 6 }, read);
  expect(grown.values.size_gb).toBe(6);
  expect(stage.calls().filter((call) => call.includes("extend"))).toEqual([]);
});

test("finds the volume that it made when the answer was lost", async () => {
  const stage = await withApp();
  await stage.fly.volumes.create("shop", { name: "data", region: "lhr" });
  stage.sandbox.control.setFaults([
    { match: { method: "POST", path: "/volumes$" }, times: 1, effect: { cut: "after" } },
  ]);
  const { values } = await stage.apply("fly_volume", minimal);
  expect(await stage.fly.volumes.list("shop")).toHaveLength(2);
  expect(values.id).toBe((await stage.fly.volumes.list("shop")).at(-1)?.id);
});

test("says that it does not know when the request was lost", async () => {
  const stage = await withApp();
  stage.sandbox.control.setFaults([
    { match: { method: "POST", path: "/volumes$" }, times: 1, effect: { cut: "before" } },
  ]);
  await expect(stage.apply("fly_volume", minimal)).rejects.toThrow("[fly/ambiguous-create]");
});

test("is not deleted while a machine mounts it", async () => {
  const stage = await withApp();
  const kept = await stage.apply("fly_volume", minimal);
  const mounts = [{ volume: String(kept.values.id), path: "/data" }];
  await stage.fly.machines.create("shop", { region: "lhr", config: { image: "nginx", mounts } });
  await expect(stage.destroy("fly_volume", kept)).rejects.toThrow("[fly/volume-attached]");
});

test("keeps the snapshot that it was made of, and does nothing about another one", async () => {
  const stage = await withApp();
  const kept = await stage.apply("fly_volume", minimal);
  expect((await stage.plan("fly_volume", { ...minimal, snapshot_id: "vs_1" }, kept)).action).toBe("none");
});

test("is gone when it is on its way out, or when its app is", async () => {
  const stage = await withApp();
  const kept = await stage.apply("fly_volume", minimal);
  await stage.fly.volumes.delete("shop", String(kept.values.id));
  expect(await stage.refresh("fly_volume", kept)).toBeUndefined();
  stage.sandbox.control.tamper({ kind: "app-vanished", app: "shop" });
  expect(await stage.refresh("fly_volume", kept)).toBeUndefined();
  await stage.destroy("fly_volume", kept);
});

test.each(["shop", "shop/data", "shop/vol_1/x"])("is not imported by %j", async (id) => {
  await expect(createStage().import("fly_volume", id)).rejects.toThrow("app/vol_id");
});
