/** A live app in the words of a program: in this process, by the provider's own plan. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { configuration, previewOf } from "../../config";
import type { AppShape } from "../../config/app-shape";
import { type AdoptedApp, adoptApp } from "../../ops/adopt/adopt-app";
import { appStackFile } from "../../ops/adopt/stack-file";
import { markKeys } from "../../provider/resources/process-group/mark";
import { oddStack } from "./adopted/odd";
import { anyApp, makeApp, normal, resourcesIn, resourcesOf } from "./any-app";
import { anyGroup, type Given } from "./any-group";
import { liveApps, makeLive } from "./hotdash-live";
import { makeOdd } from "./odd-app";
import { createStage, Refused, type Stage } from "./stage";

const now = () => Date.parse("2026-11-21T12:00:00Z");

async function adopted(stage: Stage, name = "shop"): Promise<AdoptedApp> {
  const found = await adoptApp(stage.fly, name, { stack: "shop", now });
  if (!found) throw new Error("there is no app");
  return found;
}

const runs = Number(process.env.PROPERTY_RUNS ?? 8);

test(`${runs} apps that FlyApp takes are adopted as the same app, with nothing beside it and nothing left out`, async () => {
  await fc.assert(
    fc.asyncProperty(anyApp, async (shape) => {
      const stage = createStage({ limits: "off", stack: "shop" });
      await makeApp(stage, shape);
      const { shape: found, overrides, unsaid } = await adopted(stage);
      expect({ overrides, unsaid }).toEqual({ overrides: [], unsaid: [] });
      expect(normal(found)).toEqual(normal(shape));
      stage.sandbox.close();
    }),
    { numRuns: runs },
  );
}, 600_000);

test(`${runs} groups of everything that the provider knows are said whole, by overrides where FlyApp has no words`, async () => {
  await fc.assert(
    fc.asyncProperty(anyGroup, fc.boolean(), async (group, isOurs) => {
      fc.pre(group.auto_destroy !== true);
      const stage = createStage({ limits: "off", stack: "shop" });
      await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
      for (const value of ["a", "b"]) await stage.fly.secrets.set("shop", { KEY: value });
      fc.pre(await isAccepted(stage, group));
      await stage.apply("fly_process_group", group);
      const machines = await stage.fly.machines.list("shop");
      fc.pre(machines.length > 0);
      for (const { id } of isOurs ? [] : machines) await stage.fly.machines.setMetadata("shop", id, unmarked);
      const { unsaid } = await adopted(stage);
      expect(unsaid.filter(({ reason }) => !reason.includes("private value"))).toEqual([]);
      stage.sandbox.close();
    }),
    { numRuns: runs, maxSkipsPerRun: 20 },
  );
}, 600_000);

/** What only this program writes. */
const unmarked = Object.fromEntries(Object.values(markKeys).map((key) => [key, null]));

const isAccepted = (stage: Stage, group: Given): Promise<boolean> =>
  stage.validate("fly_process_group", group).then(
    () => true,
    (error) => {
      if (error instanceof Refused) return false;
      throw error;
    },
  );

const { environments } = configuration();
const declared: readonly AppShape[] = [
  environments.production,
  ...(environments.staging ? [environments.staging] : []),
  environments.chatwoot,
  previewOf(environments.preview, 7),
];

test.each(declared.map((shape) => [shape.app, shape] as const))(
  "%s as somebody made it with the API: imported under HotDash's configuration its plan is empty, and it can be said whole",
  async (name, shape) => {
    const stage = createStage({ limits: "off", stack: "shop" });
    await makeLive(stage.fly, name);
    const versions = async () => (await stage.fly.machines.list(name)).map(({ instance_id }) => instance_id);
    const before = await versions();
    const addresses = (await stage.fly.addresses.list(name)).map(({ ip }) => ip);
    const ids = (type: string, { group, type: kind }: { group?: unknown; type?: unknown }) =>
      type === "fly_ip_address"
        ? `${name}/${addresses.find((ip) => ip.includes(".") === (kind === "shared_v4"))}`
        : [name, ...(group === undefined ? [] : [String(group)])].join("/");
    for (const { type, config } of resourcesOf(shape)) {
      const kept = await stage.import(type, ids(type, config));
      if (!kept) throw new Error(`there is no ${type}`);
      const wanted = type === "fly_app_inventory" ? { ...config, addresses } : config;
      const own = type === "fly_app" ? { ...wanted, organization: "hotdash" } : wanted;
      const plan = await stage.plan(type, own, kept);
      // An imported app is protected, until a configuration that takes it away is applied: that changes nothing on Fly.
      const changed = type === "fly_app" && shape.lifetime === "temporary" ? ["deletion_protection"] : [];
      expect({ type, changed: plan.changed }).toEqual({ type, changed });
    }
    const { overrides, unsaid, secrets } = await adopted(stage, name);
    expect({ overrides, unsaid }).toEqual({ overrides: [], unsaid: [] });
    expect(secrets.map((one) => one.name)).toEqual([...(liveApps[name]?.secrets ?? [])].sort());
    expect(await versions()).toEqual(before);
    stage.sandbox.close();
  },
);

describe("an app with things for which there are no words", () => {
  let stage: Stage;
  let found: AdoptedApp;
  beforeAll(async () => {
    stage = createStage({ limits: "off", stack: "odd" });
    await makeOdd(stage);
    const one = await adoptApp(stage.fly, "odd", { stack: "odd", now });
    if (!one) throw new Error("there is no app");
    found = one;
  });
  afterAll(() => stage.sandbox.close());

  test("is written as the file that the compiler and the linter of this repository read", () => {
    const text = appStackFile(found, { stack: "odd", library: "../../../index" });
    expect(text).toBe(readFileSync(join(__dirname, "adopted", "odd.ts"), "utf8"));
  });

  test("has each of them named with its reason and what to do, and no value that may be private", () => {
    expect(found.unsaid.map(({ object, reason }) => [object, reason])).toEqual([
      ["group web, env.DATABASE_URL", expect.stringContaining("may hold a private value")],
      ["group web, files /etc/private", expect.stringContaining("may hold a private value")],
      [
        expect.stringMatching(/^group web, web-2 \(\w+\)$/),
        "guest.memory_mb is 1024, declared 512; disable_machine_autostart is not known here and is kept",
      ],
      [expect.stringMatching(/^machine\/\w+$/), "started in iad, of no process group"],
      [expect.stringMatching(/^volume\/vol_/), expect.stringContaining("no process group mounts volumes of that name")],
      ["secret/lower_case", expect.stringContaining("capitals")],
      [expect.stringMatching(/^address\/[\d.]+$/), expect.stringContaining("one address of a type")],
    ]);
    for (const { next } of found.unsaid) expect(next).toMatch(/fly |apply|by hand/);
    expect(JSON.stringify(found)).not.toContain("canary");
  });

  test("plans nothing but what was named, once Terraform reads the file", async () => {
    const plans: Record<string, readonly string[]> = {};
    for (const { type, config } of resourcesIn((app) => oddStack(app), "odd")) {
      const rest = config.group ?? config.hostname ?? (type === "fly_ip_address" ? addressOf(config.type) : undefined);
      const kept = await stage.import(type, rest === undefined ? "odd" : `odd/${rest}`);
      if (!kept) throw new Error(`there is no ${type} ${rest}`);
      if (type === "fly_app_inventory") continue;
      const own = type === "fly_app" ? { ...config, organization: "hotdash" } : config;
      const { changed } = await stage.plan(type, own, kept);
      if (changed.length > 0) plans[`${type} ${rest}`] = changed;
    }
    // With a difference, the plan of a group takes along what an import could not know.
    const named = ["env", "files", "divergence"];
    const along = ["image", "initial_image"];
    expect(Object.keys(plans)).toEqual(["fly_process_group web"]);
    expect([...(plans["fly_process_group web"] ?? [])].filter((one) => !along.includes(one)).sort()).toEqual(
      named.sort(),
    );
  });

  const addressOf = (type: unknown) =>
    found.parts.find((part) => part.type === "fly_ip_address" && part.config.type === type)?.id.slice("odd/".length);
});
