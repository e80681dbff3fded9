/** Rollback on the sandbox: from a bad release back to a good one, and every way in which that can end. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { delivery } from "../../config/delivery";
import { operationOf } from "../../config/operation-shape";
import type { Stack } from "../../ops/project";
import { readyCheck } from "../../ops/rollback/ready-check";
import { type Outcome, planRollback, type RollbackOptions, rollBack, versionsOf } from "../../ops/rollback/roll-back";
import type { Target } from "../../ops/rollback/target";
import { clockOf, createStage, type Kept, type Stage } from "./stage";

const target: Target = {
  environment: "staging",
  app: "shop",
  groups: [{ name: "web", unavailable: "33%", waitTimeoutMs: 30_000 }],
  healthPaths: ["/health"],
  definition: { app: "shop" },
  flyToml: undefined,
};
const image = (tag: string) => `registry.fly.io/shop:${tag}`;
const type = "fly_process_group";
const group = {
  app: "shop",
  group: "web",
  initial_image: image("v1"),
  machines: { ord: { count: 2 } },
  services: [{ internal_port: 3000, checks: [{ type: "http", path: "/health" }] }],
};

/** A shop of two machines whose pipeline has deployed these tags; a tag with "!" is a deployment that failed half-way. */
async function shop(...tags: readonly string[]): Promise<{ stage: Stage; kept: Kept }> {
  const stage = createStage({ limits: "off" });
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  const kept = await stage.apply(type, group);
  for (const tag of tags) await deploy(stage, tag.replace("!", ""), { fails: tag.endsWith("!") });
  return { stage, kept };
}

/** As flyctl deploys: a release, each machine, the end. One that fails has changed the first machine only. */
async function deploy({ fly, sandbox }: Stage, tag: string, { fails }: { fails: boolean }): Promise<void> {
  const release = await fly.releases.create({
    app_name: "shop",
    image: image(tag),
    strategy: "ROLLING",
    definition: {},
  });
  const machines = await fly.machines.list("shop");
  for (const { id, config, instance_id: current_version } of fails ? machines.slice(0, 1) : machines) {
    const { metadata: marks, ...rest } = config ?? {};
    const metadata = { ...marks, fly_release_version: String(release.version) };
    await fly.machines.update("shop", id, { config: { ...rest, metadata, image: image(tag) }, current_version });
  }
  await sandbox.control.advance(1_000);
  await fly.releases.update(release.id, { status: fails ? "failed" : "complete" });
}

async function roll(stage: Stage, to?: string, options: Partial<RollbackOptions> = {}): Promise<Outcome> {
  const plan = await planRollback(stage.fly, target, to);
  return rollBack(stage.fly, plan, {
    watchMs: 60_000,
    address: undefined,
    paths: ["/"],
    clock: clockOf(stage.sandbox),
    signal: new AbortController().signal,
    say: () => {},
    progress: () => {},
    ...options,
  });
}

const images = async ({ fly }: Stage) => (await fly.machines.list("shop")).map(({ config }) => config?.image);
const newest = async ({ fly }: Stage) => (await fly.releases.list("shop"))[0];

describe("what can be gone back to", () => {
  test.each([
    { tags: ["v1", "v2", "v3"], ready: ["v3 runs", "v2 ready", "v1 ready"] },
    { tags: ["v1", "v2!", "v3"], ready: ["v3 runs", "v1 ready"] },
    { tags: ["v1", "v2", "v3!"], ready: ["v2 runs", "v1 ready"] },
    { tags: ["v1", "v2", "v1"], ready: ["v1 runs", "v2 ready"] },
    { tags: [], ready: [] },
  ])("after $tags it is $ready", async ({ tags, ready }) => {
    const { stage } = await shop(...tags);
    const found = await versionsOf(stage.fly, "shop");
    expect(found.map((one) => `${one.image.split(":")[1]} ${one.standing}`)).toEqual(ready);
  });
});

describe("the check whether enough versions are ready", () => {
  const output = mkdtempSync(join(tmpdir(), "infra-ready-"));
  afterAll(() => rmSync(output, { recursive: true, force: true }));
  const stackOf = (name: string, more: object): Stack => {
    const directory = join(output, "stacks", name);
    mkdirSync(directory, { recursive: true });
    const resource = { fly_app: { shop: { name: "shop" } }, fly_process_group: {} };
    writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify({ resource }));
    mkdirSync(join(output, "files"), { recursive: true });
    writeFileSync(join(output, "files", "infra.json"), JSON.stringify({ stacks: { [name]: more } }));
    return { name, directory, dependencies: [] };
  };
  const operation = operationOf(delivery);

  test.each([
    { tags: ["v1", "v2", "v3", "v4"], verdict: "pass", lines: [] },
    {
      tags: ["v1", "v2!", "v3", "v4"],
      verdict: "fail",
      lines: [expect.stringContaining("production (shop) has 2 of 3 versions to go back to")],
    },
    { tags: ["v1"], verdict: "fail", lines: [expect.stringContaining("has 0 of 3")] },
    { tags: [], verdict: "skip", lines: ["nothing was deployed yet"] },
  ])("after $tags: $verdict", async ({ tags, verdict, lines }) => {
    const { stage } = await shop(...tags);
    const check = await readyCheck([stackOf("production", { operation })], stage.fly);
    expect(check).toEqual({ name: "Ready versions", verdict, lines });
  });

  test("asks nothing where no stack says how many, and fails without a token where one does", async () => {
    const none = await readyCheck([stackOf("plain", {})], undefined);
    expect(none.verdict).toBe("skip");
    expect((await readyCheck([stackOf("production", { operation })], undefined)).verdict).toBe("error");
  });
});

describe("a rollback", () => {
  test.each([
    { named: "nothing", to: undefined, goes: "v2" },
    { named: "a release", to: "1", goes: "v1" },
    { named: "a release with v", to: "v1", goes: "v1" },
    { named: "an image", to: image("v0"), goes: "v0" },
    {
      named: "a version that a run deployed",
      to: "v1.0.0",
      goes: "v1.0.0-81",
      tags: ["v1.0.0-81", "v1.0.0-rc.1", "v3"],
    },
  ])(
    "to $named brings every machine there, is recorded, and the next plan is empty",
    async ({ to, goes, tags = ["v1", "v2", "v3"] }) => {
      const { stage, kept } = await shop(...tags);
      expect(await roll(stage, to)).toMatchObject({ outcome: "rolled-back", release: 4, reason: undefined });
      expect(await images(stage)).toEqual([image(goes), image(goes)]);
      expect(await newest(stage)).toMatchObject({ version: 4, status: "complete", image_ref: image(goes) });
      const live = await stage.refresh(type, kept);
      expect((await stage.plan(type, group, live)).action).toBe("none");
    },
  );

  test("after a deployment that failed half-way goes back to the release that stands", async () => {
    const { stage } = await shop("v1", "v2", "v3!");
    expect((await roll(stage)).outcome).toBe("rolled-back");
    expect(await images(stage)).toEqual([image("v2"), image("v2")]);
  });

  test("to an image that never gets healthy brings back what ran, and the release is recorded as failed", async () => {
    const { stage } = await shop("v1", "v2");
    const { outcome, reason } = await roll(stage, image("unhealthy"));
    expect(outcome).toBe("restored");
    expect(reason).toContain("Undone: ");
    expect(await images(stage)).toEqual([image("v2"), image("v2")]);
    expect(await newest(stage)).toMatchObject({ status: "failed" });
  });

  test("to an image that is gone changes nothing and says so in Fly's words", async () => {
    const { stage } = await shop("v1", "v2");
    const { outcome, reason } = await roll(stage, image("missing"));
    expect(outcome).toBe("restored");
    expect(reason).toMatch(/image|manifest|not found/i);
    expect(await images(stage)).toEqual([image("v2"), image("v2")]);
  });

  test("whose app answers badly afterwards brings back what ran", async () => {
    const { stage } = await shop("v1", "v2");
    const asked: string[] = [];
    const ask = async (url: string) => asked.push(url) && 502;
    const { outcome, reason } = await roll(stage, undefined, {
      address: "https://shop.example.org",
      paths: ["/health"],
      ask,
    });
    expect({ outcome, reason }).toEqual({ outcome: "restored", reason: "/health answers 502, twice running" });
    expect(asked).toEqual(["https://shop.example.org/health", "https://shop.example.org/health"]);
    expect(await images(stage)).toEqual([image("v2"), image("v2")]);
  });

  test.each<{ of: string; statuses: Record<number, number>; reason: string | undefined }>([
    { of: "users fail too often", statuses: { 200: 97, 503: 3 }, reason: "3 of 100 requests of users failed" },
    { of: "as many fail as may", statuses: { 200: 99, 500: 1 }, reason: undefined },
    { of: "too few ask to prove anything", statuses: { 200: 1, 503: 9 }, reason: undefined },
  ])("where $of is judged by Fly's metrics", async ({ statuses, reason }) => {
    const { stage } = await shop("v1", "v2");
    let seen = 0;
    const progress = (text: string) => {
      if (!text.startsWith("watching shop")) return;
      seen += 1;
      if (seen === 2) stage.sandbox.control.tamper({ kind: "answered", app: "shop", statuses });
    };
    const ended = await roll(stage, undefined, { progress });
    expect(ended.outcome).toBe(reason === undefined ? "rolled-back" : "restored");
    if (reason !== undefined) expect(ended.reason).toContain(reason);
    const answered = Object.values(statuses).reduce((sum, count) => sum + count, 0);
    expect(ended.watched?.metrics).toMatchObject({ answered });
  });

  test("goes on where Fly's metrics cannot be read, and says so", async () => {
    const { stage } = await shop("v1", "v2");
    const path = "/prometheus/*";
    stage.sandbox.control.setFaults([{ match: { method: "GET", path }, effect: { status: 403 } }]);
    const { outcome, watched } = await roll(stage);
    expect(outcome).toBe("rolled-back");
    expect(watched?.metrics).toMatchObject({ unknown: expect.stringContaining("403") });
  });

  test("that fails, and whose way back fails too, says that neither runs", async () => {
    const { stage } = await shop("v1", "v2");
    const say = (text: string) =>
      text.startsWith("Not well") && stage.sandbox.control.tamper({ kind: "image-lost", image: image("v2") });
    const { outcome, reason } = await roll(stage, undefined, {
      address: "https://shop.example.org",
      ask: async () => 502,
      say,
    });
    expect(outcome).toBe("broken");
    expect(reason).toMatch(/^\/ answers 502, twice running\n.*manifest unknown/s);
    expect(await newest(stage)).toMatchObject({ status: "failed" });
  });

  test("to a release whose image the registry has lost changes nothing and says which", async () => {
    const { stage } = await shop("v1", "v2");
    stage.sandbox.control.tamper({ kind: "image-lost", image: image("v1") });
    expect(await roll(stage)).toMatchObject({ outcome: "restored", isImageLost: true });
    expect(await images(stage)).toEqual([image("v2"), image("v2")]);
  });

  test("that was stopped is finished by the next one", async () => {
    const { stage } = await shop("v1", "v2");
    const stop = new AbortController();
    const say = (text: string) => text.includes("healthy") && stop.abort();
    expect((await roll(stage, undefined, { signal: stop.signal, say })).outcome).toBe("stopped");
    expect(await newest(stage)).toMatchObject({ status: "interrupted" });
    expect((await roll(stage, "1")).outcome).toBe("rolled-back");
    expect(await images(stage)).toEqual([image("v1"), image("v1")]);
  });
});

describe("refuses before anything is changed", () => {
  test.each([
    { when: "there is no release", tags: [], to: undefined, id: "[infra/no-release]" },
    { when: "there is one release", tags: ["v1"], to: undefined, id: "[infra/no-release]" },
    { when: "the release is unknown", tags: ["v1", "v2"], to: "7", id: "[infra/unknown-release]" },
    { when: "the release failed", tags: ["v1", "v2!", "v3"], to: "2", id: "[infra/unknown-release]" },
    { when: "it runs already", tags: ["v1", "v2"], to: "2", id: "[infra/runs-already]" },
    { when: "the image is none", tags: ["v1"], to: "shop:V 1", id: "[infra/image-reference]" },
  ])("where $when", async ({ tags, to, id }) => {
    const { stage } = await shop(...tags);
    stage.calls();
    await expect(planRollback(stage.fly, target, to)).rejects.toThrow(id);
    expect(stage.calls().filter((call) => !call.startsWith("GET"))).toEqual([]);
  });
});
