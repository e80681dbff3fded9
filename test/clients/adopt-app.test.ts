/** A live app in the words of a program: in this process, by the provider's own plan. */
import fc from "fast-check";
import { configuration, previewOf } from "../../config";
import type { AppShape } from "../../config/app-shape";
import { type AdoptedApp, adoptApp } from "../../ops/adopt/adopt-app";
import { anyApp, makeApp, normal, resourcesOf } from "./any-app";
import { liveApps, makeLive } from "./hotdash-live";
import { createStage, type Stage } from "./stage";

const now = () => Date.parse("2026-11-21T12:00:00Z");

async function adopted(stage: Stage, name = "shop"): Promise<AdoptedApp> {
  const found = await adoptApp(stage.fly, name, { stack: "shop", now });
  if (!found) throw new Error("there is no app");
  return found;
}

const runs = Number(process.env.PROPERTY_RUNS ?? 15);

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
