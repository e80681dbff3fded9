import { createHarness, type Harness } from "../harness";

let h: Harness;
const list = async (query = "") => (await h.call("GET", `/v1/orgs/hotdash/machines${query}`)).body;

beforeEach(async () => {
  h = createHarness();
  for (const name of ["shop", "site"]) await h.app(name);
});

it("shows of a configuration only guest, image and metadata", async () => {
  await h.machine("shop", { env: { A: "1" }, metadata: { a: "b" } });
  const [row] = (await list()).machines;
  expect(row.config).toEqual({
    guest: { cpu_kind: "shared", cpus: 1, memory_mb: 256 },
    image: "nginx",
    metadata: { a: "b" },
  });
  expect(row).toMatchObject({ app_name: "shop", state: "started" });
  for (const key of ["events", "checks", "host_status", "cordoned", "image_ref"]) expect(row).not.toHaveProperty(key);
  expect((await list("?summary=true")).machines[0]).not.toHaveProperty("config");
});

it("goes through all pages, oldest change first", async () => {
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) ids.push((await h.machine(i % 2 ? "shop" : "site")).id);
  await h.call("POST", `/v1/apps/site/machines/${ids[0]}/cordon`);
  const seen: string[] = [];
  for (let cursor = ""; ; ) {
    const page = await list(`?limit=2&cursor=${cursor}`);
    seen.push(...page.machines.map((row: { id: string }) => row.id));
    cursor = page.next_cursor;
    if (!cursor) break;
  }
  expect(seen).toEqual([...ids.slice(1), ids[0]]);
});

it("may have short and empty pages while more remain", async () => {
  for (let i = 0; i < 3; i++) await h.machine("shop");
  h.sandbox.control.setFaults([
    { match: {}, times: 1, effect: { page_size: 0 } },
    { match: {}, after: 1, times: 1, effect: { page_size: 2 } },
  ]);
  const empty = await list();
  expect(empty.machines).toEqual([]);
  const short = await list(`?cursor=${empty.next_cursor}`);
  expect(short.machines).toHaveLength(2);
  expect(await list(`?cursor=${short.next_cursor}`)).toMatchObject({ machines: [{}], next_cursor: "" });
});

it("filters, and refuses what it does not know", async () => {
  await h.machine("shop", {}, { region: "lhr" });
  await h.machine("shop", {}, { region: "iad", skip_launch: true });
  const updated_after = h.sandbox.control.status().now;
  expect((await list("?region=lhr")).machines).toHaveLength(1);
  expect((await list("?state=stopped,suspended")).machines).toHaveLength(1);
  expect((await list(`?updated_after=${updated_after}`)).machines).toHaveLength(0);
  expect((await h.call("GET", "/v1/orgs/hotdash/machines?state=flying")).status).toBe(400);
  expect((await h.call("GET", "/v1/orgs/hotdash/machines?limit=1001")).status).toBe(400);
});

it("names a region that does not answer, and leaves its machines out", async () => {
  await h.machine("shop", {}, { region: "lhr" });
  await h.machine("shop", {}, { region: "iad" });
  h.sandbox.control.tamper({ kind: "region-down", region: "lhr" });
  expect(await list()).toMatchObject({ error_regions: ["lhr"], machines: [{ region: "iad" }] });
  const create = await h.call("POST", "/v1/apps/shop/machines", { region: "lhr", config: { image: "nginx" } });
  expect(create).toMatchObject({ status: 412, body: { status: "insufficient_capacity" } });
  h.sandbox.control.tamper({ kind: "region-down", region: "lhr", on: false });
  expect((await list()).machines).toHaveLength(2);
});

it("lists volumes of all apps", async () => {
  await h.call("POST", "/v1/apps/shop/volumes", { name: "data", region: "lhr" });
  const { body } = await h.call("GET", "/v1/orgs/hotdash/volumes");
  expect(body).toMatchObject({ volumes: [{ name: "data", app_name: "shop" }], error_regions: [] });
});

it("is read in no time at 1,000 machines", async () => {
  const apps = Array.from({ length: 10 }, (_, i) => ({
    name: `app-${i}`,
    org: "hotdash",
    machines: [{ count: 100, config: { image: "nginx", env: { A: "1" }, services: [] } }],
  }));
  h = createHarness({
    seed: {
      organizations: [{ slug: "hotdash", name: "H" }],
      tokens: [{ token: "fo1_sandbox_deploy", kind: "org-deploy", org: "hotdash" }],
      apps,
    },
  });
  await list();
  const started = process.cpuUsage();
  expect((await list()).machines).toHaveLength(1000);
  expect((await h.call("GET", "/v1/apps/app-3/machines")).body).toHaveLength(100);
  // Work, not time: what else this machine does is not counted.
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(1000);
});
