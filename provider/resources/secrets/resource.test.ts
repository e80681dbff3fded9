import { createStage, type Kept, later, type Stage } from "../../../test/clients/stage";

const config = { app: "shop", sources: { DATABASE_URL: { env: ["DB"] }, API_KEY: { env: ["STAGING_KEY", "KEY"] } } };

async function applied(): Promise<{ stage: Stage; kept: Kept }> {
  const stage = createStage();
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  Object.assign(stage.env, { DB: "canary-db", KEY: "canary-key" });
  return { stage, kept: await stage.apply("fly_secrets", config) };
}

/** What the next plan says: of the live secrets, then of the configuration. */
async function judge(stage: Stage, kept: Kept, wanted: { readonly [name: string]: unknown } = config) {
  const read = await stage.refresh("fly_secrets", kept);
  if (!read) throw new Error("the secrets are gone");
  const plan = await stage.plan("fly_secrets", wanted, read);
  return { status: read.values.status, changed: plan.changed, read, plan };
}

test("writes all secrets in one call and keeps no value anywhere", async () => {
  const { stage, kept } = await applied();
  expect(kept.values).toMatchObject({ version: 1, status: {} });
  const text = `${JSON.stringify(kept.values)}${Buffer.from(kept.private).toString()}`;
  expect(text).toContain("DATABASE_URL");
  expect(text).not.toMatch(/canary/);
  expect(stage.calls().filter((call) => call.startsWith("POST") && call.includes("secrets"))).toHaveLength(1);
});

test("in step: nothing to do", async () => {
  const { stage, kept } = await applied();
  expect(await judge(stage, kept)).toMatchObject({ status: {}, changed: [] });
});

test("changed outside: shown, and written again", async () => {
  const { stage, kept } = await applied();
  await stage.fly.secrets.set("shop", { API_KEY: "theirs" });
  const { status, changed, read } = await judge(stage, kept);
  expect({ status, changed }).toEqual({ status: { API_KEY: "changed outside" }, changed: ["status", "version"] });
  const repaired = await stage.apply("fly_secrets", config, read);
  expect(repaired.values.version).toBe(3);
  expect(await judge(stage, repaired)).toMatchObject({ status: {}, changed: [] });
});

test("deleted outside: shown, and written again", async () => {
  const { stage, kept } = await applied();
  await stage.fly.secrets.set("shop", { API_KEY: null });
  const { status, read } = await judge(stage, kept);
  expect(status).toEqual({ API_KEY: "deleted outside" });
  await stage.apply("fly_secrets", config, read);
  expect((await stage.fly.secrets.list("shop")).map(({ name }) => name)).toContain("API_KEY");
});

test("source rotated: shown, and only that secret is written", async () => {
  const { stage, kept } = await applied();
  const before = await stage.fly.secrets.list("shop");
  stage.env.KEY = "canary-rotated";
  const { status, read } = await judge(stage, kept);
  expect(status).toEqual({ API_KEY: "source rotated" });
  await stage.sandbox.control.advance(1000);
  await stage.apply("fly_secrets", config, read);
  const after = await stage.fly.secrets.list("shop");
  const moved = after.filter((one, index) => one.updated_at !== before[index]?.updated_at).map(({ name }) => name);
  expect(moved).toEqual(["API_KEY"]);
});

test("an undeclared secret is the inventory's to report", async () => {
  const { stage, kept } = await applied();
  await stage.fly.secrets.set("shop", { EXTRA: "1" });
  expect(await judge(stage, kept)).toMatchObject({ status: {}, changed: [] });
});

test("an absent source is not judged", async () => {
  const { stage, kept } = await applied();
  delete stage.env.KEY;
  expect(await judge(stage, kept)).toMatchObject({ status: {}, changed: [] });
});

test("an absent source of a secret that has to be written is an error that names every variable, and nothing is written", async () => {
  const { stage, kept } = await applied();
  await stage.fly.secrets.set("shop", { API_KEY: null, DATABASE_URL: "theirs" });
  const { read } = await judge(stage, kept);
  for (const name of Object.keys(stage.env)) delete stage.env[name];
  const failure = expect(stage.apply("fly_secrets", config, read)).rejects;
  await failure.toThrow(
    / {2}DATABASE_URL: env var DB is not set\n {2}API_KEY: env var STAGING_KEY \(or KEY\) is not set\n.*\[fly\/secret-source-missing\]/,
  );
  expect((await stage.fly.secrets.list("shop")).map(({ name }) => name)).toEqual(["DATABASE_URL"]);
});

test("a plan warns of the sources that its apply would lack, and of no others", async () => {
  const stage = createStage();
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  stage.env.DB = "canary-db";
  expect((await stage.plan("fly_secrets", config)).warnings.join()).toMatch(
    /A secret of shop cannot be written: no value.*API_KEY: env var STAGING_KEY \(or KEY\) is not set/s,
  );
  stage.env.KEY = "canary-key";
  const kept = await stage.apply("fly_secrets", config);
  delete stage.env.KEY;
  delete stage.env.DB;
  expect((await stage.plan("fly_secrets", config, kept)).warnings).toEqual([]);
  expect((await stage.plan("fly_secrets", { ...config, revision: 1 }, kept)).warnings.join()).toContain("2 secrets");
});

test("a raised revision writes every secret again", async () => {
  const { stage, kept } = await applied();
  const plan = await stage.plan("fly_secrets", { ...config, revision: 1 }, kept);
  expect(plan.changed).toEqual(["revision", "version"]);
  expect(plan.values.version).toBe(later);
  expect((await stage.apply("fly_secrets", { ...config, revision: 1 }, kept)).values.version).toBe(2);
});

test("a change that writes nothing leaves the version known", async () => {
  const { stage, kept } = await applied();
  const plan = await stage.plan("fly_secrets", { ...config, rotation_days: 30 }, kept);
  expect(plan.changed).toEqual(["rotation_days"]);
});

test("a name that is removed from the configuration is removed from Fly, another's stays", async () => {
  const { stage, kept } = await applied();
  await stage.fly.secrets.set("shop", { EXTRA: "1" });
  await stage.apply("fly_secrets", { app: "shop", sources: { API_KEY: config.sources.API_KEY } }, kept);
  expect((await stage.fly.secrets.list("shop")).map(({ name }) => name)).toEqual(["API_KEY", "EXTRA"]);
});

test("after an import the live digests are the baseline, whatever the sources", async () => {
  const { stage } = await applied();
  await stage.fly.secrets.set("shop", { EXTRA: "1" });
  const imported = await stage.import("fly_secrets", "shop");
  if (!imported) throw new Error("not imported");
  const wanted = { ...config, rotation_days: 180 };
  expect((await judge(stage, imported, wanted)).changed).toEqual([]);
  await stage.fly.secrets.set("shop", { EXTRA: null });
  expect((await judge(stage, imported, wanted)).changed).toEqual([]);
  await stage.fly.secrets.set("shop", { API_KEY: "theirs" });
  const { changed, read } = await judge(stage, imported, wanted);
  expect(changed).toEqual(["sources", "rotation_days", "status", "version"]);
  const repaired = await stage.apply("fly_secrets", wanted, read);
  expect(await judge(stage, repaired, wanted)).toMatchObject({ status: {}, changed: [] });
});

test("a secret that is too old is warned of, by the days of the configuration", async () => {
  const { stage, kept } = await applied();
  await stage.sandbox.control.advance(100 * 86_400_000);
  expect((await judge(stage, kept)).plan.warnings).toEqual([
    expect.stringMatching(/2 secrets are older than 90 days.*API_KEY \(2026-01-01\).*\[fly\/secret-age\]/),
  ]);
  expect((await judge(stage, kept, { ...config, rotation_days: 180 })).plan.warnings).toEqual([]);
});

test("a create takes no secret of somebody else's app", async () => {
  const { stage } = await applied();
  await stage.fly.machines.create("shop", { region: "lhr", config: { image: "nginx" } });
  await expect(stage.apply("fly_secrets", config)).rejects.toThrow(
    /API_KEY.*terraform import fly_secrets\.<name> 'shop'.*\[fly\/exists\]/,
  );
});

test("a create that was cut off finds what it wrote", async () => {
  const { stage } = await applied();
  delete stage.env.DB;
  const again = await stage.apply("fly_secrets", config);
  expect(await judge(stage, again)).toMatchObject({ status: {}, changed: [] });
});

test("a destroy removes what was declared and is quiet about an app that is gone", async () => {
  const { stage, kept } = await applied();
  await stage.fly.secrets.set("shop", { EXTRA: "1" });
  await stage.destroy("fly_secrets", kept);
  expect((await stage.fly.secrets.list("shop")).map(({ name }) => name)).toEqual(["EXTRA"]);
  stage.sandbox.control.tamper({ kind: "app-vanished", app: "shop" });
  await stage.destroy("fly_secrets", kept);
});

test.each([
  ["a value in the place of a variable's name", { A: { env: ["postgres://user:hush@host"] } }, "[fly/secret-env-name]"],
  ["a value in the place of a name", { "hush hush": { env: ["A"] } }, "[fly/secret-value]"],
  ["no source", { A: {} }, "[fly/secret-source]"],
  ["two sources", { A: { env: ["A"], file: "a" } }, "[fly/secret-source]"],
  ["an empty command", { A: { command: [] } }, "[fly/secret-source]"],
])("refuses %s, without showing it", async (_name, sources, id) => {
  const refusal: unknown = await createStage()
    .validate("fly_secrets", { app: "shop", sources })
    .catch((error: unknown) => error);
  expect(String(refusal)).toContain(id);
  expect(String(refusal)).not.toContain("hush");
});
