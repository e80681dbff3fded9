import { createHarness, type Harness } from "../harness";

let h: Harness;
const other = { authorization: "Bearer fo1_sandbox_other" };
const readonly = { authorization: "FlyV1 fo1_sandbox_readonly" };

beforeEach(() => {
  h = createHarness();
});

it("gives the whole app on create", async () => {
  const created = await h.call("POST", "/v1/apps?wait=true", { name: "shop", org_slug: "hotdash", network: "" });
  expect(created).toMatchObject({
    status: 201,
    body: { name: "shop", status: "pending", network: "default", organization: { slug: "hotdash", name: "HotDash" } },
  });
  expect((await h.call("GET", "/v1/apps/shop")).body).toEqual(created.body);
  expect((await h.call("POST", "/v1/apps", { app_name: "two", org_slug: "personal" })).status).toBe(201);
});

it("has one namespace for all organizations", async () => {
  await h.app("shop");
  const taken = { error: "Validation failed: Name has already been taken", status: "name_taken" };
  const again = await h.call("POST", "/v1/apps", { name: "shop", org_slug: "other-org" }, other);
  expect(again).toMatchObject({ status: 422, body: taken });
  expect((await h.call("GET", "/v1/apps/shop", undefined, other)).status).toBe(403);
  expect((await h.call("GET", "/v1/apps/free", undefined, other)).status).toBe(404);
});

it.each(["Shop", "sh_op", "-shop", "shop-", ""])("refuses the name %j", async (name) => {
  expect((await h.call("POST", "/v1/apps", { name, org_slug: "hotdash" })).status).toBe(422);
});

it("answers a repeated create with the first app, by its key", async () => {
  const body = { name: "shop", org_slug: "hotdash", idempotency_key: "k" };
  const first = await h.call("POST", "/v1/apps", body);
  expect(await h.call("POST", "/v1/apps", body)).toMatchObject({ status: 201, body: { id: first.body.id } });
  expect((await h.call("POST", "/v1/apps", { ...body, name: "two" })).status).toBe(422);
});

it("goes with all it has, after a moment", async () => {
  await h.app("shop");
  const { id } = await h.machine("shop");
  expect((await h.call("DELETE", "/v1/apps/shop")).status).toBe(202);
  expect((await h.call("GET", "/v1/apps/shop")).status).toBe(200);
  expect((await h.call("POST", "/v1/apps/shop/secrets", { values: { A: "1" } })).status).toBe(404);
  await h.sandbox.control.advance(200);
  expect((await h.call("GET", "/v1/apps/shop")).status).toBe(404);
  expect((await h.call("GET", `/v1/apps/shop/machines/${id}`)).status).toBe(404);
  await h.app("shop");
  expect((await h.call("GET", "/v1/apps/shop/machines")).body).toEqual([]);
});

it("is listed by organization", async () => {
  await h.app("shop");
  expect((await h.call("GET", "/v1/apps?org_slug=hotdash")).body).toMatchObject({
    total_apps: 1,
    apps: [{ name: "shop" }],
  });
  expect((await h.call("GET", "/v1/apps?org_slug=other-org")).status).toBe(403);
  expect((await h.call("GET", "/v1/apps?org_slug=nobody")).status).toBe(404);
});

describe("tokens", () => {
  it("are asked for", async () => {
    expect((await h.call("GET", "/v1/apps/shop", undefined, { authorization: "" })).status).toBe(401);
    expect((await h.call("GET", "/v1/apps/shop", undefined, { authorization: "Bearer x" })).status).toBe(401);
  });

  it("that only read do not write", async () => {
    await h.app("shop");
    expect((await h.call("GET", "/v1/apps/shop", undefined, readonly)).status).toBe(200);
    expect((await h.call("GET", "/v1/orgs/hotdash/machines", undefined, readonly)).status).toBe(200);
    expect((await h.call("POST", "/v1/apps", { name: "two", org_slug: "hotdash" }, readonly)).status).toBe(403);
    expect((await h.call("POST", "/v1/apps/shop/secrets", { values: { A: "1" } }, readonly)).status).toBe(403);
    expect((await h.call("DELETE", "/v1/apps/shop", undefined, readonly)).status).toBe(403);
  });

  it("of one app manage that app and nothing else", async () => {
    await h.app("shop");
    await h.app("two");
    const { token } = (await h.call("POST", "/v1/apps/shop/deploy_token", { expiry: "1h" })).body;
    const own = { authorization: `Bearer ${token}` };
    expect((await h.call("POST", "/v1/apps/shop/secrets", { values: { A: "1" } }, own)).status).toBe(200);
    expect((await h.call("GET", "/v1/apps/two", undefined, own)).status).toBe(403);
    expect((await h.call("POST", "/v1/apps/shop/deploy_token", {}, own)).status).toBe(403);
    expect((await h.call("GET", "/v1/orgs/hotdash/machines", undefined, own)).status).toBe(403);
    expect((await h.call("POST", "/v1/apps", { name: "three", org_slug: "hotdash" }, own)).status).toBe(403);
    expect((await h.call("GET", "/v1/tokens/current", undefined, own)).body.tokens).toMatchObject([
      { org_slug: "hotdash", apps: ["shop"] },
    ]);
    await h.sandbox.control.advance(3_600_000);
    expect((await h.call("GET", "/v1/apps/shop", undefined, own)).status).toBe(401);
  });
});
