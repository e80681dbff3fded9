import { createHarness, type Harness } from "../harness";

let h: Harness;
let machine: { id: string };
let path: string;
const nonceHeader = (nonce: string) => ({ "fly-machine-lease-nonce": nonce });

beforeEach(async () => {
  h = createHarness();
  await h.app("shop");
  machine = await h.machine("shop");
  path = `/v1/apps/shop/machines/${machine.id}`;
});

it("gives an envelope with a nonce and an expiry in Unix seconds", async () => {
  const { status, body } = await h.call("POST", `${path}/lease?ttl=13`, { description: "deploy" });
  expect(status).toBe(201);
  expect(body).toMatchObject({ status: "success", data: { owner: "dev@hotdash.example", description: "deploy" } });
  expect(body.data.expires_at).toBe(Math.floor(Date.parse(h.sandbox.control.status().now) / 1000) + 13);
  expect((await h.call("GET", `${path}/lease`)).body.data.nonce).toBe(body.data.nonce);
});

it("refuses a second holder, and refreshes for the first", async () => {
  const { nonce, expires_at } = (await h.call("POST", `${path}/lease`, { ttl: 10 })).body.data;
  const second = await h.call("POST", `${path}/lease`, { ttl: 10 });
  expect(second.status).toBe(409);
  expect(second.body.error).toMatch(/^machine ID \w+ lease currently held by dev@hotdash.example, expires at 2026-/);
  expect((await h.call("POST", `${path}/lease`, { ttl: 10 }, nonceHeader("wrong"))).status).toBe(409);
  await h.sandbox.control.advance(5000);
  const refreshed = (await h.call("POST", `${path}/lease`, { ttl: 10 }, nonceHeader(nonce))).body.data;
  expect(refreshed).toMatchObject({ nonce, expires_at: expires_at + 5 });
});

it.each([
  ["POST", "", { config: { image: "nginx" } }],
  ["POST", "/start", undefined],
  ["POST", "/stop", undefined],
  ["POST", "/suspend", undefined],
  ["POST", "/restart", undefined],
  ["POST", "/cordon", undefined],
  ["POST", "/uncordon", undefined],
  ["DELETE", "?force=true", undefined],
])("fences %s %s from everybody without the nonce", async (method, action, body) => {
  const { nonce } = (await h.call("POST", `${path}/lease`, { ttl: 60 })).body.data;
  expect((await h.call(method, path + action, body)).status).toBe(409);
  expect((await h.call(method, path + action, body, nonceHeader("wrong"))).status).toBe(409);
  expect((await h.call(method, path + action, body, nonceHeader(nonce))).status).toBe(200);
});

it("does not fence reads, metadata and exec", async () => {
  await h.call("POST", `${path}/lease`, { ttl: 60 });
  expect((await h.call("GET", path)).status).toBe(200);
  expect((await h.call("POST", `${path}/metadata/a`, { value: "1" })).status).toBe(204);
  expect((await h.call("POST", `${path}/exec`, { cmd: "true" })).status).toBe(200);
});

it("ends with its time", async () => {
  const { nonce } = (await h.call("POST", `${path}/lease`, { ttl: 10 })).body.data;
  await h.sandbox.control.advance(10_000);
  expect((await h.call("GET", `${path}/lease`)).status).toBe(404);
  expect((await h.call("DELETE", `${path}/lease`, undefined, nonceHeader(nonce))).status).toBe(403);
  expect((await h.call("POST", `${path}/cordon`)).status).toBe(200);
});

it("is released by its nonce only", async () => {
  const { nonce } = (await h.call("POST", `${path}/lease`)).body.data;
  expect((await h.call("DELETE", `${path}/lease`)).status).toBe(403);
  const released = await h.call("DELETE", `${path}/lease`, undefined, nonceHeader(nonce));
  expect(released).toMatchObject({ status: 200, body: { status: "success", data: { ok: true } } });
});

it("comes with a create, and is shown in a list only on request", async () => {
  const { id, nonce } = await h.machine("shop", {}, { lease_ttl: 300 });
  expect(nonce).toMatch(/^[0-9a-f]+$/);
  const lease = async (query: string) =>
    (await h.call("GET", `/v1/apps/shop/machines${query}`)).body.find((row: { id: string }) => row.id === id).lease;
  expect(await lease("")).toBeUndefined();
  expect(await lease("?include_leases=true")).toMatchObject({ owner: "dev@hotdash.example" });
});
