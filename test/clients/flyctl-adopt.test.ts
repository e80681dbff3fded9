/** Apps that the real flyctl made, written down and planned by the real Terraform: nothing but imports, then nothing. */
import { spawnSync } from "node:child_process";
import { createFly } from "../../api/fly";
import { adoptApp } from "../../ops/adopt/adopt-app";
import { findFlyctl } from "./flyctl";
import { createSite, type Site, type Stack } from "./site";

const flyctl = findFlyctl();
const terraform = spawnSync("terraform", ["-version"], { env: { ...process.env, CHECKPOINT_DISABLE: "1" } });
const tools = flyctl !== undefined && terraform.status === 0;
const none = { code: 0, changes: {} };

(tools ? describe : describe.skip)("HotDash's support desk as flyctl made it (needs flyctl, terraform)", () => {
  let site: Site;
  let desk: Stack;

  beforeAll(async () => {
    site = await createSite(flyctl ?? "");
    const stacks = await site.hotDash({});
    desk = await stacks("chatwoot");
    await desk.createByFlyctl();
    const { code, output } = await desk.deploy("v4.7.0", "--smoke-checks=false", "--ha=false");
    expect({ code, output }).toEqual({ code: 0, output });
  });
  afterAll(() => site?.bench.close());

  const adopted = async () => {
    const { url } = site.bench;
    const fly = createFly({ token: "fo1_sandbox_deploy", machinesUrl: url, graphqlUrl: url, uiexUrl: url });
    const found = await adoptApp(fly, desk.app, { stack: "desk", now: Date.now });
    if (!found) throw new Error(`there is no app ${desk.app}`);
    return found;
  };

  test("is written down whole, its image left to flyctl; after the import the plan is empty and no machine was touched", async () => {
    const before = desk.machines().map(({ instanceId }) => instanceId);
    const { shape, overrides, unsaid } = await adopted();
    expect({ overrides, unsaid }).toEqual({ overrides: [], unsaid: [] });
    expect(shape).toMatchObject({
      app: desk.app,
      regions: ["ord"],
      image: { initial: `registry.fly.io/${desk.app}:v4.7.0` },
      secrets: { DATABASE_URL: {}, REDIS_URL: {}, SECRET_KEY_BASE: {} },
    });
    expect(Object.keys(shape.groups)).toEqual(["web", "worker"]);
    const written = await site.stack("desk", { ...shape, flyToml: "desk.toml" });
    written.importAll();
    const { changes } = await written.plan();
    expect(new Set(Object.values(changes).flat())).toEqual(new Set(["import"]));
    await written.apply();
    expect(await written.plan()).toMatchObject(none);
    expect(desk.machines().map(({ instanceId }) => instanceId)).toEqual(before);
  });

  test("is named where one machine was changed by hand", async () => {
    const succeeds = async (...args: readonly string[]) => {
      const { code, output } = await desk.fly(...args);
      expect({ code, output }).toEqual({ code: 0, output });
    };
    await succeeds("scale", "count", "web=2", "--yes");
    for (const { id } of desk.machines()) await site.bench.settled(desk.app, id);
    const odd = desk.machines().findLast(({ config }) => config.metadata?.fly_process_group === "web");
    await succeeds("machine", "update", odd?.id ?? "", "--vm-memory", "1024", "--yes");
    const { unsaid } = await adopted();
    expect(unsaid).toEqual([
      {
        object: `group web, ${odd?.name} (${odd?.id})`,
        reason: "guest.memory_mb is 1024, declared 2048",
        next: expect.stringContaining(`fly machine update ${odd?.id}`),
      },
    ]);
  });
});
