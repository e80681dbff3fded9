/** Rollback to a version whose image is gone: from the files of its GitHub release, on the sandbox, with a flyctl that writes down its call. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGithubReader } from "../../api/github";
import { type Builder, type Done, intend, perform, withFolder } from "../../ops/rollback/perform";
import { recordOf } from "../../ops/rollback/record";
import type { Target } from "../../ops/rollback/target";
import { clockOf, createStage, type Stage } from "./stage";

const target: Target = {
  environment: "staging",
  app: "shop",
  groups: [{ name: "web", unavailable: "33%", waitTimeoutMs: 30_000 }],
  healthPaths: ["/health"],
  definition: { app: "shop" },
  flyToml: 'app = "shop"\n',
};
const image = (tag: string) => `registry.fly.io/shop:${tag}`;
const programs = mkdtempSync(join(tmpdir(), "infra-programs-"));
const calls = join(programs, "calls");
const flyctl = join(programs, "flyctl");
let stage: Stage;
let server: { readonly url: string; close(): Promise<void> };

beforeAll(() => {
  const script = `#!/bin/sh\necho "$*" >> "${calls}"\ntest -f "$2/Dockerfile" && grep -q shop fly.toml && test -z "$FAILS"\n`;
  writeFileSync(flyctl, script, { mode: 0o755 });
});

beforeEach(async () => {
  rmSync(calls, { force: true });
  stage = createStage({ limits: "off" });
  server = await stage.sandbox.listen();
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  const machines = { ord: { count: 1 } };
  await stage.apply("fly_process_group", { app: "shop", group: "web", initial_image: image("v1.0.0"), machines });
  for (const tag of ["v1.0.0", "v2.0.0"]) {
    const made = { app_name: "shop", image: image(tag), strategy: "ROLLING", definition: {} };
    await stage.fly.releases.update((await stage.fly.releases.create(made)).id, { status: "complete" });
  }
  const [machine] = await stage.fly.machines.list("shop");
  const { id = "", config, instance_id: current_version = "" } = machine ?? {};
  await stage.fly.machines.update("shop", id, { config: { ...config, image: image("v2.0.0") }, current_version });
  await stage.sandbox.control.advance(1000);
});

afterEach(() => server.close());
afterAll(() => rmSync(programs, { recursive: true, force: true }));

/** Releases a version on GitHub, as its workflow does. */
async function publish(version: string): Promise<void> {
  const folder = mkdtempSync(join(programs, "release-"));
  writeFileSync(join(folder, "Dockerfile"), version);
  const name = `shop-${version.slice(1)}.tar.gz`;
  execFileSync("tar", ["--create", "--gzip", "--file", name, "Dockerfile"], { cwd: folder });
  const archive = readFileSync(join(folder, name));
  const sum = createHash("sha256").update(archive).digest("hex");
  const ask = async (path: string, body: string | Uint8Array<ArrayBuffer>) => {
    const headers = { authorization: "Bearer ghp_sandbox_admin", "content-type": "application/json" };
    const answer = await fetch(`${server.url}/api/v3/repos/hotdash/hotdash${path}`, { method: "POST", headers, body });
    return (await answer.json()) as { id: number };
  };
  const { id } = await ask("/releases", JSON.stringify({ tag_name: version }));
  await ask(`/releases/${id}/assets?name=${name}`, new Uint8Array(archive));
  await ask(`/releases/${id}/assets?name=${name}.sha256`, `${sum}  ${name}\n`);
}

function roll(to: string, env: NodeJS.ProcessEnv = {}): Promise<Done> {
  const never = new AbortController().signal;
  const addresses = { restUrl: `${server.url}/api/v3`, graphqlUrl: `${server.url}/api/graphql`, isLocal: true };
  const builder: Builder = {
    history: () =>
      createGithubReader({ ...addresses, token: "ghp_sandbox_dev" }).repository("hotdash", "hotdash").history,
    env: { ...process.env, FLYCTL: flyctl, ...env },
    interruption: { soft: never, hard: never },
    now: () => 1_800_000_000_000,
    say: () => {},
  };
  return withFolder(async (folder) => {
    const intended = await intend(stage.fly, target, to, { builder, folder });
    const clock = clockOf(stage.sandbox);
    const watching = { watchMs: 10_000, address: undefined, paths: [], clock, signal: never };
    return perform(stage.fly, intended, { ...watching, say: () => {}, progress: () => {} }, { builder, folder });
  });
}

const running = async () => (await stage.fly.machines.list("shop")).map(({ config }) => config?.image);

test("builds a version of which Fly knows nothing, puts it in service, and its record says from what", async () => {
  await publish("v0.9.0");
  const { plan, outcome, archive } = await roll("v0.9.0");
  const built = image("v0.9.0-1800000000");
  expect({ outcome: outcome.outcome, running: await running() }).toEqual({ outcome: "rolled-back", running: [built] });
  expect(readFileSync(calls, "utf8")).toMatch(
    /^deploy \S+ --build-only --push --app shop --config \S+ --image-label v0\.9\.0-1800000000\n$/,
  );
  const builtFrom = archive ? { archive: archive.name, sha256: archive.sha256 } : null;
  const limits = { limitSeconds: 300, objectiveSeconds: 120 };
  const record = recordOf(plan, outcome, { at: new Date(0), by: "dev", database: "reached", builtFrom, ...limits });
  expect(record).toMatchObject({ to: { image: built }, builtFrom: { archive: "shop-0.9.0.tar.gz" }, release: 3 });
});

test("builds a version anew whose image the registry has lost", async () => {
  await publish("v1.0.0");
  stage.sandbox.control.tamper({ kind: "image-lost", image: image("v1.0.0") });
  expect((await roll("v1.0.0")).outcome.outcome).toBe("rolled-back");
  expect(await running()).toEqual([image("v1.0.0-1800000000")]);
});

test("ends clearly where the image is lost and the version was never released", async () => {
  stage.sandbox.control.tamper({ kind: "image-lost", image: image("v1.0.0") });
  const { outcome } = await roll("v1.0.0");
  expect(outcome).toMatchObject({ outcome: "restored", isImageLost: true });
  expect(outcome.reason).toContain("neither a completed release on Fly nor a release on GitHub");
  expect({ running: await running(), called: existsSync(calls) }).toEqual({
    running: [image("v2.0.0")],
    called: false,
  });
});

test("changes nothing where the image cannot be built", async () => {
  await publish("v0.9.0");
  await expect(roll("v0.9.0", { FAILS: "1" })).rejects.toThrow("[infra/image-build]");
  expect(await running()).toEqual([image("v2.0.0")]);
  expect(await stage.fly.releases.list("shop")).toHaveLength(2);
});
