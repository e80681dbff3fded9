/** An app that the real flyctl made, in the first plans of the real Terraform after its import. */
import { spawnSync } from "node:child_process";
import { type AppShape, managedOutside } from "../../config/app-shape";
import { findFlyctl } from "./flyctl";
import { createSite, type Site, type Stack } from "./site";

const flyctl = findFlyctl();
const terraform = spawnSync("terraform", ["-version"], { env: { ...process.env, CHECKPOINT_DISABLE: "1" } });
const tools = flyctl !== undefined && terraform.status === 0;

const image = "registry.fly.io/shop:deployment-1";
const check = { type: "http", path: "/health", interval: "15s", timeout: "2s" } as const;
const web = { machines: { min: 1, max: 3 }, services: [{ internalPort: 8080, checks: [check] }] };
const worker = { command: ["node", "worker.js"], cpuKind: "performance", memoryMb: 2048 } as const;

const shop = {
  app: "shop",
  flyToml: "shop.toml",
  regions: ["iad"],
  image: managedOutside({ initial: "registry.fly.io/shop:first" }),
  env: { LOG: "info" },
  secrets: { API_KEY: {} },
  deploy: { strategy: "canary", maxUnavailable: "1", waitTimeout: "9m" },
  groups: { web, worker },
} as const satisfies AppShape;

const none = { code: 0, changes: {} };

(tools ? describe : describe.skip)("an app of flyctl (needs flyctl, terraform)", () => {
  let site: Site;
  let stack: Stack;

  beforeAll(async () => {
    site = await createSite(flyctl ?? "");
    stack = await site.stack("shop", shop);
    await stack.createByFlyctl();
    const { code, output } = await stack.deploy("deployment-1", "--smoke-checks=false", "--ha=false");
    expect({ code, output }).toEqual({ code: 0, output });
    stack.importAll();
  });
  afterAll(() => site?.bench.close());

  test("is imported without a change, whoever is to choose its image", async () => {
    const before = versions();
    const { changes } = await stack.plan();
    expect(Object.keys(changes).sort()).toEqual([
      "fly_app.app",
      "fly_app_inventory.app",
      "fly_ip_address.app_shared_v4",
      "fly_ip_address.app_v6",
      "fly_process_group.app_web",
      "fly_process_group.app_worker",
      "fly_secrets.app",
    ]);
    expect(Object.values(changes).every(([first]) => first === "import")).toBe(true);
    await stack.apply();
    expect(await stack.plan()).toMatchObject(none);
    const pinned = await site.stack("shop", { ...shop, image: { pinned: image } });
    expect(await pinned.plan()).toMatchObject(none);
    expect(versions()).toEqual(before);
  });

  test("is changed in place by its first change, which writes what an import cannot know", async () => {
    const before = stack.machines().map(({ id }) => id);
    stack = await site.stack("shop", { ...shop, groups: { web: { ...web, memoryMb: 512 }, worker } });
    const { code, changes } = await stack.plan();
    const unknown = ["image", "machines", "max_unavailable", "strategy", "wait_timeout"];
    expect({ code, changes }).toEqual({
      code: 2,
      changes: { "fly_process_group.app_web": ["guest", ...unknown] },
    });
    await stack.apply();
    expect(await stack.plan()).toMatchObject(none);
    expect(stack.machines().map(({ id }) => id)).toEqual(before);
    const memory = stack.machines().map(({ config }) => [config.image, config.guest?.memory_mb]);
    expect(memory.sort()).toEqual([
      [image, 2048],
      [image, 512],
    ]);
  });

  const versions = () => stack.machines().map(({ instanceId }) => instanceId);
});
