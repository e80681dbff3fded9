import { createHarness } from "../harness";

const other = { authorization: "Bearer fo1_sandbox_other" };
const readonly = { authorization: "Bearer fo1_sandbox_readonly" };
const release = { app_name: "shop", build_id: 1, definition: null, image: "nginx", strategy: "ROLLING" };

async function setUp() {
  const harness = createHarness();
  await harness.app("shop");
  return harness;
}

describe("uiex", () => {
  test("numbers the releases of each app one by one", async () => {
    const { call, app } = await setUp();
    await app("blog");
    const make = async (app_name: string) => (await call("POST", "/api/v1/releases", { ...release, app_name })).body;
    expect([await make("shop"), await make("shop"), await make("blog")]).toMatchObject([
      { release: { version: 1, status: "pending", in_progress: true, stable: false, image_ref: "nginx" } },
      { release: { version: 2, user: "dev@hotdash.example" } },
      { release: { version: 1 } },
    ]);
  });

  test("marks a release complete and lists the newest first", async () => {
    const { call } = await setUp();
    const { id } = (await call("POST", "/api/v1/releases", release)).body.release;
    await call("POST", "/api/v1/releases", release);
    const metadata = { post_deployment_info: { flyctl_version: "1.2.3", error: "" } };
    expect((await call("PATCH", `/api/v1/releases/${id}`, { status: "complete", metadata })).body).toMatchObject({
      id,
      status: "complete",
      stable: true,
    });
    const { releases } = (await call("GET", "/api/v1/apps/shop/releases?limit=20")).body;
    expect(releases).toMatchObject([
      { version: 2, status: "pending" },
      { version: 1, status: "complete" },
    ]);
    expect((await call("GET", "/api/v1/apps/shop/releases?limit=1")).body.releases).toHaveLength(1);
    expect((await call("GET", "/api/v1/apps/shop/releases/current")).body.version).toBe(2);
    expect((await call("GET", "/api/v1/releases/all_current")).body).toEqual({ shop: "2026-01-01T00:00:00.000Z" });
  });

  test("has no current release before the first one", async () => {
    const { call } = await setUp();
    expect((await call("GET", "/api/v1/apps/shop/releases/current")).status).toBe(404);
  });

  test.each([
    ["a wrong status", { status: "done" }, 400],
    ["an unknown field", { status: "complete", colour: "red" }, 400],
  ])("refuses %s of a release", async (_what, body, status) => {
    const { call } = await setUp();
    const { id } = (await call("POST", "/api/v1/releases", release)).body.release;
    expect((await call("PATCH", `/api/v1/releases/${id}`, body)).status).toBe(status);
  });

  test("keeps releases from others and from tokens that only read", async () => {
    const { call } = await setUp();
    const { id } = (await call("POST", "/api/v1/releases", release)).body.release;
    const statuses = [
      await call("POST", "/api/v1/releases", release, readonly),
      await call("PATCH", `/api/v1/releases/${id}`, { status: "failed" }, readonly),
      await call("POST", "/api/v1/releases", release, other),
      await call("PATCH", `/api/v1/releases/${id}`, { status: "failed" }, other),
      await call("GET", "/api/v1/apps/shop/releases", undefined, other),
      await call("GET", "/api/v1/apps/shop/releases", undefined, { authorization: "Bearer fo1_nobody" }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([403, 403, 403, 404, 403, 401]);
    expect((await call("GET", "/api/v1/apps/shop/releases", undefined, readonly)).body.releases).toHaveLength(1);
  });

  test("shows a token its own organization", async () => {
    const { call } = await setUp();
    expect((await call("GET", "/api/v1/organizations?admin=false")).body.organizations).toMatchObject([
      { slug: "hotdash", raw_slug: "hotdash", internal_numeric_id: expect.any(Number) },
    ]);
    expect((await call("GET", "/api/v1/organizations/hotdash")).body.organization.name).toBe("HotDash");
    expect((await call("GET", "/api/v1/organizations/other-org")).status).toBe(404);
    expect(
      (await call("GET", "/api/v1/organizations", undefined, { authorization: "Bearer fo1_sandbox_none" })).body,
    ).toEqual({
      organizations: [],
    });
  });

  test("takes note of a build", async () => {
    const { call } = await setUp();
    const { id } = (await call("POST", "/api/v1/builds", { app_name: "shop", strategies_available: [] })).body;
    const end = { build_id: id, app_name: "shop", status: "succeeded", timings: {} };
    expect((await call("POST", "/api/v1/builds/finish", end)).body).toMatchObject({ id, status: "succeeded" });
    expect((await call("POST", "/api/v1/builds", { app_name: "shop" }, readonly)).status).toBe(403);
  });
});

describe("logs", () => {
  test("tell a machine's events in words, and go on from where a reader stopped", async () => {
    const { call, machine, sandbox } = await setUp();
    const { id } = await machine("shop", {}, { region: "iad" });
    await machine("shop", {}, { region: "lhr" });
    const read = async (query = "") => {
      const { data, meta } = (await call("GET", `/api/v1/apps/shop/logs?${query}`)).body;
      const lines = data.map(({ attributes }: { attributes: { message: string } }) => attributes.message);
      return { lines, next: meta.next_token };
    };
    const first = await read(`next_token=&instance=${id}`);
    expect(first.lines).toEqual(["Pulling container image", "machine start: started"]);
    expect((await read("region=lhr")).lines).toHaveLength(2);
    expect((await read(`next_token=${first.next}&instance=${id}`)).lines).toEqual([]);
    await call("POST", `/v1/apps/shop/machines/${id}/stop`);
    await sandbox.control.advance(500);
    const later = await read(`next_token=${first.next}&instance=${id}`);
    expect(later.lines).toEqual(["machine stop: stopping", "Main child exited after a signal"]);
    expect((await call("GET", "/api/v1/apps/shop/logs?next_token=x")).status).toBe(400);
  });
});
