import type { Fault } from "./fault";
import { createHarness, type Harness } from "./harness";

let h: Harness;
const set = (...faults: Fault[]) => h.sandbox.control.setFaults(faults);
const read = () => h.call("GET", "/v1/apps/shop");

beforeEach(async () => {
  h = createHarness();
  await h.app("shop");
});

it("answers what it is told, as often as it is told", async () => {
  set({ match: { path: "/apps/shop$" }, after: 1, times: 2, effect: { status: 429, headers: { "Retry-After": "7" } } });
  const answers = [await read(), await read(), await read(), await read()];
  expect(answers.map(({ status }) => status)).toEqual([200, 429, 429, 200]);
  expect(answers[1]?.headers.get("retry-after")).toBe("7");
  expect(answers[1]?.headers.get("fly-request-id")).toMatch(/^[0-9A-Z]{26}-/);
});

it("hits only what it matches", async () => {
  set({ match: { method: "post", token: "org-deploy" }, effect: { status: 503 } });
  expect((await read()).status).toBe(200);
  const body = { name: "two", org_slug: "hotdash" };
  expect((await h.call("POST", "/v1/apps", body)).status).toBe(503);
  const other = { authorization: "Bearer fo1_sandbox_other" };
  set({ match: { token: "fo1_sandbox_other" }, effect: { status: 500 } });
  expect((await h.call("GET", "/v1/tokens/current", undefined, other)).status).toBe(500);
  expect(JSON.stringify(h.sandbox.control.faults())).not.toContain("fo1_sandbox_other");
});

it("answers 408 though the machine was made", async () => {
  set({ match: { method: "POST", path: "/machines$" }, times: 1, effect: { status: 408, when: "after" } });
  const create = () => h.call("POST", "/v1/apps/shop/machines", { name: "web", config: { image: "nginx" } });
  expect((await create()).status).toBe(408);
  expect((await create()).status).toBe(409);
});

it("cuts the connection before or after the write", async () => {
  const create = (name: string) => h.call("POST", "/v1/apps", { name, org_slug: "hotdash" });
  set({ match: { method: "POST" }, effect: { cut: "before" } });
  await expect(create("before")).rejects.toThrow("cut");
  set({ match: { method: "POST" }, effect: { cut: "after" } });
  await expect(create("after")).rejects.toThrow("cut");
  const names = (await h.call("GET", "/v1/apps?org_slug=hotdash")).body.apps.map((app: { name: string }) => app.name);
  expect(names).toEqual(["shop", "after"]);
});

it("answers garbage", async () => {
  set({ match: {}, effect: { garbage: true } });
  await expect(read()).rejects.toThrow(SyntaxError);
});

it("waits on the sandbox's clock", async () => {
  set({ match: {}, effect: { latency_ms: 50 } });
  let done = false;
  const reading = read().then(({ status }) => {
    done = true;
    return status;
  });
  await h.sandbox.control.advance(49);
  await h.sandbox.control.advance(0);
  expect(done).toBe(false);
  await h.sandbox.control.advance(1);
  expect(await reading).toBe(200);
});

it("lets reads lag behind a create", async () => {
  set({ match: { method: "GET" }, effect: { lag_ms: 1000 } });
  const { id } = (await h.call("POST", "/v1/apps/shop/machines", { config: { image: "nginx" } })).body;
  expect((await h.call("GET", `/v1/apps/shop/machines/${id}`)).status).toBe(404);
  expect((await h.call("GET", "/v1/apps/shop/machines")).body).toEqual([]);
  await h.sandbox.control.advance(1000);
  expect((await h.call("GET", `/v1/apps/shop/machines/${id}`)).status).toBe(200);
});

it("fails one check of one machine for as long as it is set", async () => {
  const config = { checks: { a: { type: "tcp", port: 1 }, b: { type: "tcp", port: 2 } } };
  const [one, two] = [await h.machine("shop", config), await h.machine("shop", config)];
  set({ effect: { check: "critical", machine: one.id, name: "b" } });
  const checks = async (id: string) =>
    (await h.call("GET", `/v1/apps/shop/machines/${id}`)).body.checks.map((c: { status: string }) => c.status);
  expect(await checks(one.id)).toEqual(["passing", "critical"]);
  expect(await checks(two.id)).toEqual(["passing", "passing"]);
  set();
  expect(await checks(one.id)).toEqual(["passing", "passing"]);
});

it("is refused when it is malformed", async () => {
  const put = async (body: unknown) => (await h.call("PUT", "/_sandbox/faults", body)).status;
  expect(await put([{ match: { path: "(" }, effect: { status: 500 } }])).toBe(400);
  expect(await put([{ match: {}, effect: { explode: true } }])).toBe(400);
  expect(await put([{ match: {}, effect: { status: 500 } }])).toBe(200);
});
