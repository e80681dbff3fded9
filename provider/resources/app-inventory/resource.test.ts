import { createStage, type Kept, later, type Stage } from "../../../test/clients/stage";

const config = { app: "shop", secrets: ["TOKEN"], groups: ["web"], volumes: ["data"] };
const day = 86_400_000;

async function applied(more: { readonly [name: string]: unknown } = {}): Promise<{ stage: Stage; kept: Kept }> {
  const stage = createStage();
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  await stage.fly.secrets.set("shop", { TOKEN: "1" });
  await stage.fly.volumes.create("shop", { name: "data", region: "lhr" });
  await make(stage, { fly_process_group: "web" });
  return { stage, kept: await stage.apply("fly_app_inventory", { ...config, ...more }) };
}

function make(stage: Stage, metadata: Record<string, string>, more: { auto_destroy?: boolean } = {}) {
  return stage.fly.machines.create("shop", { region: "lhr", config: { image: "nginx", metadata, ...more } });
}

async function judge(stage: Stage, kept: Kept, wanted: { readonly [name: string]: unknown } = config) {
  const read = await stage.refresh("fly_app_inventory", kept);
  if (!read) throw new Error("the inventory is gone");
  const plan = await stage.plan("fly_app_inventory", wanted, read);
  return { undeclared: read.values.undeclared, changed: plan.changed, read, plan };
}

test("is empty when everything is declared, in one listing per kind", async () => {
  const { stage, kept } = await applied();
  stage.calls();
  await stage.refresh("fly_app_inventory", kept);
  expect([...stage.calls()].sort()).toEqual([
    "GET /v1/apps/shop/certificates?limit=500",
    "GET /v1/apps/shop/ip_assignments",
    "GET /v1/apps/shop/machines",
    "GET /v1/apps/shop/secrets",
    "GET /v1/apps/shop/volumes",
  ]);
  expect((await judge(stage, kept)).changed).toEqual([]);
});

test("names what nobody declared, and the apply refuses with the command for each", async () => {
  const { stage, kept } = await applied();
  await stage.fly.secrets.set("shop", { EXTRA: "1" });
  await stage.fly.addresses.allocate("shop", { type: "shared_v4" });
  await make(stage, { fly_process_group: "worker" });
  const lonely = await make(stage, {});
  const { undeclared, changed, read } = await judge(stage, kept);
  expect(Object.keys(undeclared ?? {}).sort()).toEqual([
    expect.stringMatching(/^address\/\d/),
    "group/worker",
    `machine/${lonely.id}`,
    "secret/EXTRA",
  ]);
  expect(changed).toEqual(["undeclared"]);
  await expect(stage.apply("fly_app_inventory", config, read)).rejects.toThrow(
    /4 objects that nobody declared[\s\S]*fly secrets unset EXTRA --app shop[\s\S]*\[fly\/undeclared\]/,
  );
  expect(await stage.fly.secrets.list("shop")).toHaveLength(2);
});

test.each([
  ["of a release command", { fly_process_group: "fly_app_release_command" }, {}],
  ["of a console", { fly_process_group: "fly_app_console" }, {}],
  ["of a running deploy's canary", { fly_process_group: "web2", fly_canary: "true" }, {}],
  ["that destroys itself", {}, { auto_destroy: true }],
])("lets a machine %s pass", async (_name, metadata, more) => {
  const { stage, kept } = await applied();
  await make(stage, metadata as Record<string, string>, more);
  expect((await judge(stage, kept)).changed).toEqual([]);
});

test("does not report what a host that cannot be reached hides", async () => {
  const { stage, kept } = await applied();
  const [machine] = await stage.fly.machines.list("shop");
  stage.sandbox.control.tamper({ kind: "host-unreachable", app: "shop", machine: String(machine?.id) });
  expect((await judge(stage, kept)).changed).toEqual([]);
});

test("removes by policy only what the plan has shown", async () => {
  const policy = { secret: "remove" };
  const { stage, kept } = await applied({ policy });
  await stage.fly.secrets.set("shop", { EXTRA: "1" });
  const { read } = await judge(stage, kept, { ...config, policy });
  await stage.fly.secrets.set("shop", { LATE: "1" });
  await expect(stage.apply("fly_app_inventory", { ...config, policy }, read)).rejects.toThrow(
    /LATE.*came after the plan/,
  );
  expect((await stage.fly.secrets.list("shop")).map(({ name }) => name)).toEqual(["LATE", "TOKEN"]);
});

test("destroys an undeclared machine under a lease, and not one that a deploy has leased", async () => {
  const policy = { machine: "remove" };
  const { stage, kept } = await applied({ policy });
  const { id } = await make(stage, {});
  const lease = await stage.fly.machines.acquireLease("shop", id, { ttlSeconds: 60, description: "deploy" });
  const { read } = await judge(stage, kept, { ...config, policy });
  await expect(stage.apply("fly_app_inventory", { ...config, policy }, read)).rejects.toThrow("[fly/leased]");
  await stage.fly.machines.releaseLease("shop", id, lease);
  await stage.apply("fly_app_inventory", { ...config, policy }, read);
  expect((await judge(stage, kept, { ...config, policy })).changed).toEqual([]);
});

test("ignores with a reason until the day is over, then reports with the reason", async () => {
  const ignore = [{ object: "secret/EXTRA", reason: "moves to vault", until: "2026-01-10" }];
  const { stage, kept } = await applied();
  await stage.fly.secrets.set("shop", { EXTRA: "1" });
  const ignored = await stage.apply("fly_app_inventory", { ...config, ignore }, (await judge(stage, kept)).read);
  expect((await judge(stage, ignored, { ...config, ignore })).changed).toEqual([]);
  await stage.sandbox.control.advance(9 * day);
  expect((await judge(stage, ignored, { ...config, ignore })).changed).toEqual([]);
  await stage.sandbox.control.advance(day);
  expect((await judge(stage, ignored, { ...config, ignore })).undeclared).toEqual({
    "secret/EXTRA": expect.stringContaining("was ignored until 2026-01-10: moves to vault"),
  });
});

test("an ignore rule that comes before the object keeps the plan empty when it comes", async () => {
  const ignore = [{ object: "secret/*", reason: "others write them", until: "2026-12-31" }];
  const { stage, kept } = await applied({ ignore });
  await stage.fly.secrets.set("shop", { EXTRA: "1" });
  expect((await judge(stage, kept, { ...config, ignore })).changed).toEqual([]);
});

test("a kind whose list is not known yet is not judged in the plan", async () => {
  const { stage, kept } = await applied();
  await stage.fly.addresses.allocate("shop", { type: "shared_v4" });
  const plan = await stage.plan("fly_app_inventory", { ...config, addresses: [later] }, kept);
  expect(plan.changed).toContain("addresses");
});

test("a create says in the plan what it will find, and fails on it", async () => {
  const { stage } = await applied();
  await stage.fly.secrets.set("shop", { EXTRA: "1" });
  expect((await stage.plan("fly_app_inventory", config)).warnings).toEqual([
    expect.stringMatching(/secret\/EXTRA.*\[fly\/undeclared-found\]/),
  ]);
  await expect(stage.apply("fly_app_inventory", config)).rejects.toThrow("[fly/undeclared]");
});

test("an import declares what is there, in any order", async () => {
  const { stage } = await applied();
  await stage.fly.secrets.set("shop", { A: "1" });
  const imported = await stage.import("fly_app_inventory", "shop");
  if (!imported) throw new Error("not imported");
  const policy = { secret: "remove" };
  expect((await judge(stage, imported, { ...config, secrets: ["TOKEN", "A"], policy })).changed).toEqual([]);
  expect((await judge(stage, imported)).changed).toEqual(["secrets"]);
});

test("an import that the configured lists account for plans nothing, until something is undeclared", async () => {
  const { stage } = await applied();
  await stage.fly.secrets.set("shop", { A_KEY: "1" });
  const imported = await stage.import("fly_app_inventory", "shop");
  if (!imported) throw new Error("not imported");
  const patterns = { ...config, secrets: ["A_*", "TOKEN", "B_*"] };
  expect((await judge(stage, imported, patterns)).changed).toEqual([]);
  await stage.fly.secrets.set("shop", { A_NAME: "1" });
  expect((await judge(stage, imported, patterns)).changed).toEqual([]);
  expect((await judge(stage, imported, { ...patterns, addresses: [later] })).changed).toContain("addresses");
  await stage.fly.secrets.set("shop", { C: "1" });
  expect((await judge(stage, imported, patterns)).changed).toEqual(["secrets", "undeclared"]);
});

test("an imported machine of no group is a difference that an ignore rule settles", async () => {
  const { stage } = await applied();
  const { id } = await make(stage, {});
  const ignore = [{ object: `machine/${id}`, reason: "by hand", until: "2026-12-31" }];
  const imported = await stage.import("fly_app_inventory", "shop");
  if (!imported) throw new Error("not imported");
  const settled = await stage.apply("fly_app_inventory", { ...config, ignore }, imported);
  expect((await judge(stage, settled, { ...config, ignore })).changed).toEqual([]);
});

test("is gone when its app is", async () => {
  const { stage, kept } = await applied();
  stage.sandbox.control.tamper({ kind: "app-vanished", app: "shop" });
  expect(await stage.refresh("fly_app_inventory", kept)).toBeUndefined();
});

test.each([
  [{ policy: { secrets: "remove" } }, "[fly/choice]"],
  [{ policy: { secret: "delete" } }, "[fly/choice]"],
  [{ ignore: [{ object: "EXTRA", reason: "r", until: "2026-01-01" }] }, "[fly/inventory-object]"],
  [{ ignore: [{ object: "secret/EXTRA", reason: " ", until: "2026-01-01" }] }, "[fly/inventory-reason]"],
  [{ ignore: [{ object: "secret/EXTRA", reason: "r", until: "tomorrow" }] }, "[fly/inventory-date]"],
])("refuses %j", async (wrong, id) => {
  await expect(createStage().validate("fly_app_inventory", { ...config, ...wrong })).rejects.toThrow(id);
});
