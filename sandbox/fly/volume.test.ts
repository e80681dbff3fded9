import { createHarness, type Harness } from "../harness";

let h: Harness;
const volumes = "/v1/apps/shop/volumes";
const create = async (body: object = {}) => h.call("POST", volumes, { name: "data", region: "lhr", ...body });

beforeEach(async () => {
  h = createHarness();
  await h.app("shop");
});

it("fills in Fly's defaults", async () => {
  const { status, body } = await create();
  expect(status).toBe(200);
  expect(body.id).toMatch(/^vol_/);
  expect(body).toMatchObject({
    state: "created",
    size_gb: 3,
    encrypted: true,
    snapshot_retention: 5,
    fstype: "ext4",
    attached_machine_id: null,
    host_status: "ok",
  });
});

it.each([
  [{ region: "xyz" }, 'region "xyz" not found'],
  [{ name: "my-data" }, "name: expected up to 30"],
  [{ size_gb: 0 }, "size_gb"],
  [{ snapshot_retention: 61 }, "snapshot_retention"],
  [{ size: 3 }, 'unknown field "size"'],
])("refuses %j", async (body, text) => {
  const answer = await create(body);
  expect(answer.status).toBe(400);
  expect(answer.body.error).toContain(text);
});

it("grows and never shrinks, also in the machine's configuration", async () => {
  const { id } = (await create({ size_gb: 3 })).body;
  const machine = await h.machine("shop", { mounts: [{ volume: id, path: "/data" }] });
  expect(machine).toMatchObject({
    region: "lhr",
    config: { mounts: [{ volume: id, path: "/data", name: "data", size_gb: 3, encrypted: true }] },
  });
  const grown = await h.call("PUT", `${volumes}/${id}/extend`, { size_gb: 5 });
  expect(grown.body).toMatchObject({ volume: { size_gb: 5 }, needs_restart: true });
  expect((await h.call("GET", `/v1/apps/shop/machines/${machine.id}`)).body.config.mounts[0].size_gb).toBe(5);
  expect((await h.call("PUT", `${volumes}/${id}/extend`, { size_gb: 4 })).status).toBe(400);
});

it("belongs to one machine, in its own region", async () => {
  const { id } = (await create()).body;
  const mounts = [{ volume: id, path: "/data" }];
  const elsewhere = await h.call("POST", "/v1/apps/shop/machines", {
    region: "iad",
    config: { image: "nginx", mounts },
  });
  expect(elsewhere.status).toBe(400);
  await h.machine("shop", { mounts });
  const second = await h.call("POST", "/v1/apps/shop/machines", { config: { image: "nginx", mounts } });
  expect(second.status).toBe(412);
});

it("cannot be swapped, added or removed by an update; its path can change", async () => {
  const [one, two] = [(await create()).body.id, (await create()).body.id];
  const { id } = await h.machine("shop", { mounts: [{ volume: one, path: "/data" }] });
  const update = async (mounts: object[]) =>
    (await h.call("POST", `/v1/apps/shop/machines/${id}`, { config: { image: "nginx", mounts } })).status;
  expect(await update([{ volume: two, path: "/data" }])).toBe(400);
  expect(await update([])).toBe(400);
  expect(await update([{ volume: one, path: "/other" }])).toBe(200);
});

it("is not deleted while attached, and stays listed for a day", async () => {
  const { id } = (await create()).body;
  const machine = await h.machine("shop", { mounts: [{ volume: id, path: "/data" }] });
  expect((await h.call("DELETE", `${volumes}/${id}`)).status).toBe(412);
  await h.call("DELETE", `/v1/apps/shop/machines/${machine.id}?force=true`);
  await h.sandbox.control.advance(100);
  expect((await h.call("DELETE", `${volumes}/${id}`)).status).toBe(200);
  expect((await h.call("GET", volumes)).body).toMatchObject([{ id, state: "pending_destroy" }]);
  const again = await h.call("POST", "/v1/apps/shop/machines", {
    config: { image: "nginx", mounts: [{ volume: id, path: "/data" }] },
  });
  expect(again.status).toBe(412);
  await h.sandbox.control.advance(24 * 3600 * 1000);
  expect((await h.call("GET", volumes)).body).toEqual([]);
});

it("takes snapshots", async () => {
  const { id } = (await create({ snapshot_retention: 7 })).body;
  await h.call("POST", `${volumes}/${id}/snapshots`);
  expect((await h.call("GET", `${volumes}/${id}/snapshots`)).body).toMatchObject([{ retention_days: 7 }]);
});
