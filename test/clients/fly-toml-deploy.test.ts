/** The rendered fly.toml, the real flyctl and the real Terraform on HotDash's stacks and on an app with one of everything. */
import { spawnSync } from "node:child_process";
import { type AppShape, managedOutside } from "../../config/app-shape";
import { hotDash } from "../../config/hotdash";
import { findFlyctl, type Outcome } from "./flyctl";
import { type Changes, createSite, type Site, type Stack } from "./site";

const flyctl = findFlyctl();
const terraform = spawnSync("terraform", ["-version"], { env: { ...process.env, CHECKPOINT_DISABLE: "1" } });
const tools = flyctl !== undefined && terraform.status === 0;

/** Everything that an app may have besides what HotDash's have. */
const shop = {
  app: "shop",
  flyToml: "shop.toml",
  regions: ["ord", "iad"],
  image: managedOutside({ initial: "registry.fly.io/shop:deployment-1" }),
  env: { LOG: "info", QUOTED: `a "b" \\ 'c' $D` },
  killSignal: "SIGTERM",
  killTimeout: "90s",
  deploy: { strategy: "rolling", maxUnavailable: "50%", waitTimeout: "90s" },
  groups: {
    web: {
      command: ["sh", "-c", `echo 'a b' | cat; exec node "server.js" --x=$Y`, ""],
      cpuKind: "performance",
      memoryMb: 2048,
      machines: 2,
      metrics: { port: 9091, path: "/metrics" },
      restart: { policy: "always" },
      checks: {
        alive: { type: "tcp", port: 8081, interval: "15s", timeout: "2s", gracePeriod: "1m0s" },
        deep: {
          type: "http",
          port: 8080,
          path: "/deep",
          method: "POST",
          protocol: "https",
          interval: "60s",
          timeout: "3s",
          headers: { "X-A": "1", Host: "shop" },
        },
      },
      services: [
        {
          internalPort: 8080,
          autostop: "suspend",
          minRunning: 1,
          concurrency: { type: "requests", softLimit: 10, hardLimit: 20 },
          checks: [
            { type: "http", port: 8080, interval: "60s", timeout: "5s", protocol: "https", headers: { Host: "a.b" } },
            { type: "tcp", interval: "15s", timeout: "2s" },
          ],
        },
        { internalPort: 5353, protocol: "udp", ports: [{ port: 5353 }], autostart: false },
        { internalPort: 9000, forceHttps: false, autostop: "stop" },
        { internalPort: 9001, ports: [{ port: 9001, handlers: ["tls", "proxy_proto"] }] },
      ],
    },
    worker: {
      command: ["node", "worker.js"],
      machines: 2,
      restart: { policy: "no" },
      mount: { name: "data", path: "/data", sizeGb: 3, snapshotRetention: 9 },
      checks: { alive: { type: "tcp", port: 8081, interval: "15s", timeout: "2s", gracePeriod: "1m0s" } },
    },
    cron: { machines: 2, metrics: { port: 9, path: "/m" }, restart: { policy: "on-failure", maxRetries: 3 } },
  },
} as const satisfies AppShape;

const { production, staging = production, chatwoot } = hotDash.environments;
const renamed = (shape: AppShape, app: string) => ({ ...shape, app, flyToml: `${app}.toml` });
/** The bench's clock lets smoke checks pass; they take seconds all the same. */
const quick = "--smoke-checks=false";
const noChange = { code: 0, changes: {} };

/** The first test waits while everything else goes on beside it. */
jest.setTimeout(180_000);

(tools ? describe : describe.skip)("flyctl deploy with the rendered fly.toml (needs flyctl, terraform)", () => {
  let site: Site;
  /** Each app goes its way beside the others; a test waits for its end. */
  let stories: ReturnType<typeof begin>;

  beforeAll(async () => {
    site = await createSite(flyctl ?? "");
    stories = begin(await site.hotDash({ PREVIEW_NUMBER: "12" }));
  });
  afterAll(async () => {
    await Promise.allSettled(Object.values(stories ?? {}));
    await site?.bench.close();
  });

  /** Those that wait for flyctl's own pauses come first, the others fill the pauses. */
  function begin(stack: (name: string) => Promise<Stack>) {
    const own = (shape: AppShape & { flyToml: string }) => site.stack(shape.app, shape);
    const preview = stack("preview-12").then(deployed);
    const failing = own(renamed(production, "failing")).then(failed);
    const crashing = crashed();
    const again = own(renamed(production, "retried")).then(retried);
    const meanwhile = preview.catch(() => {});
    const chatwootStack = meanwhile.then(() => stack("chatwoot")).then(deployed);
    return {
      preview,
      green: preview.then(replaced),
      failing,
      crashing,
      retried: again,
      production: meanwhile.then(() => stack("production")).then(deployed),
      staging: meanwhile.then(() => stack("staging")).then(deployed),
      chatwoot: chatwootStack,
      upstream: chatwootStack.then(fromDockerHub),
      shop: meanwhile.then(() => own(shop)).then(deployed),
      adopted: meanwhile.then(() => own(renamed(staging, "adopted"))).then((one) => adopted(one, "--ha=false")),
      adoptedPool: meanwhile.then(() => own(renamed(production, "adopted-pool"))).then(adopted),
      adoptedDesk: meanwhile.then(() => own(renamed(chatwoot, "adopted-desk"))).then(adopted),
    };
  }

  test.each(["production", "staging", "chatwoot", "preview", "shop"] as const)(
    "leaves nothing to change in %s, on the same machines",
    async (name) => {
      const { made, ids, ...seen } = await stories[name];
      expect(ids).toEqual(made);
      expect(seen).toMatchObject({
        ...noChange,
        tags: made.map(() => "deployment-2"),
        releases: ["1 complete deployment-2"],
      });
    },
  );

  test("leaves nothing to change after a bluegreen deployment, which replaces the machines", async () => {
    const { made } = await stories.preview;
    const { ids, plan } = await stories.green;
    expect(ids).toHaveLength(made.length);
    expect(ids).not.toEqual(made);
    expect(plan).toMatchObject(noChange);
  });

  test("leaves nothing to change after a canary, by an image of Docker Hub", async () => {
    const { tags, plan } = await stories.upstream;
    expect(tags).toEqual(["v4.8.0", "v4.8.0"]);
    expect(plan).toMatchObject(noChange);
  });

  test("an app that flyctl made is imported as it is", async () => {
    const { first, after } = await stories.adopted;
    expect(first.changes).toEqual({
      "fly_app.app": ["import"],
      "fly_app_inventory.app": ["import"],
      "fly_ip_address.app_shared_v4": ["import"],
      "fly_ip_address.app_v6": ["import"],
      "fly_process_group.app_app": ["import"],
      "fly_secrets.app": ["import"],
    });
    expect(after).toMatchObject(noChange);
  });

  test("a pool is imported as it is when its machines are within its bounds", async () => {
    const { first, before, after, stack } = await stories.adoptedPool;
    expect(changedIn(first.changes)).toEqual({});
    expect(versionsOf(stack)).toEqual(before);
    expect(after).toMatchObject(noChange);
  });

  test("machines that flyctl made for high availability are unexpected after an import, and go", async () => {
    const { first, before, after, stack } = await stories.adoptedDesk;
    expect(changedIn(first.changes)).toEqual({
      "fly_process_group.app_web": ["image", "machines"],
      // The standby says whom it stands by.
      "fly_process_group.app_worker": ["divergence", "image", "machines"],
    });
    expect(before).toHaveLength(4);
    expect(stack.machines().map(({ config }) => config.metadata?.fly_process_group)).toEqual(["web", "worker"]);
    expect(after).toMatchObject(noChange);
  });

  test("a failed deployment shows the machine on its image, and an apply takes it back", async () => {
    const { half, repaired } = await stories.failing;
    expect(half.changes).toEqual({ "fly_process_group.app_app": ["divergence"] });
    expect(half.text).toMatch(/image is \S+:unhealthy-3, release 1 has \S+:deployment-2/);
    expect(half.tags.sort()).toEqual(["deployment-2", "unhealthy-3"]);
    expect(repaired).toMatchObject({ ...noChange, tags: ["deployment-2", "deployment-2"] });
  });

  test("secrets that are set after a failed deployment do not bring its image back", async () => {
    const { set, settled } = await stories.failing;
    expect(set.releases).toEqual(["1 complete deployment-2", "2 failed unhealthy-3", "3 complete unhealthy-3"]);
    expect(set.changes).toEqual({
      "fly_process_group.app_app": ["secrets_version"],
      "fly_secrets.app": ["status", "version"],
    });
    expect(settled).toMatchObject({ ...noChange, tags: ["deployment-2", "deployment-2"] });
  });

  test("an image that failed once and is deployed at the second attempt stays", async () => {
    const { half, again } = await stories.retried;
    expect(half.changes).toEqual({ "fly_process_group.app_app": ["divergence"] });
    expect(again.releases).toEqual(["1 failed deployment-2", "2 complete deployment-2"]);
    expect(again).toMatchObject({ ...noChange, tags: ["deployment-2", "deployment-2"] });
  });

  test("a crash shows in the plan, and an apply takes the machine back", async () => {
    const { deployment, crash, repaired } = await stories.crashing;
    expect(deployment).toMatchObject({ code: 1, output: expect.stringContaining("appears to be crashing") });
    expect(crash.changes).toEqual({ "fly_process_group.app_app": ["divergence"] });
    expect(crash.text).toMatch(/image is \S+:crash-1, the last apply left \S+:deployment-1/);
    expect(repaired).toMatchObject({ ...noChange, tags: ["deployment-1"] });
  });

  /** Made by an apply, then deployed. */
  async function deployed(stack: Stack) {
    await stack.apply();
    const made = idsOf(stack);
    await sound(stack.deploy("deployment-2", quick));
    return { stack, made, ids: idsOf(stack), ...(await see(stack)) };
  }

  async function replaced({ stack }: { readonly stack: Stack }) {
    await sound(stack.deploy("deployment-3", quick, "--strategy=bluegreen"));
    return { ids: idsOf(stack), plan: await stack.plan() };
  }

  async function fromDockerHub({ stack }: { readonly stack: Stack }) {
    await sound(stack.deploy("chatwoot/chatwoot:v4.8.0", quick, "--strategy=canary"));
    return { tags: tagsOf(stack), plan: await stack.plan() };
  }

  /** Made by flyctl, then imported and applied. */
  async function adopted(stack: Stack, ...flags: readonly string[]) {
    await stack.createByFlyctl();
    await sound(stack.deploy("deployment-1", quick, ...flags));
    const before = versionsOf(stack);
    stack.importAll();
    const first = await stack.plan();
    await stack.apply();
    return { stack, before, first, after: await stack.plan() };
  }

  /** Deployed, then in vain, repaired, given a secret by flyctl, repaired. */
  async function failed(stack: Stack) {
    await stack.apply();
    await sound(stack.deploy("deployment-2", quick));
    await vain(stack.deploy("unhealthy-3", quick, "--wait-timeout=3s"));
    const half = await see(stack);
    await stack.apply();
    const repaired = await see(stack);
    await sound(stack.fly("secrets", "set", "SLACK_WEBHOOK_URL=x", "--dns-checks=false"));
    const set = await see(stack);
    await stack.apply();
    const settled = await see(stack);
    return { half, repaired, set, settled };
  }

  /** Deployed in vain, and again. */
  async function retried(stack: Stack) {
    const { control } = site.bench.sandbox;
    await stack.apply();
    control.setFaults([{ match: {}, effect: { check: "critical", app: stack.app } }]);
    await vain(stack.deploy("deployment-2", quick, "--wait-timeout=3s"));
    control.setFaults([]);
    const half = await see(stack);
    await sound(stack.deploy("deployment-2", quick));
    return { half, again: await see(stack) };
  }

  /** Its clock is flyctl's, so that smoke checks see what happens. */
  async function crashed() {
    const now = await createSite(flyctl ?? "", { behindMs: 0 });
    try {
      const stack = await now.stack("crashing", {
        app: "crashing",
        flyToml: "crashing.toml",
        regions: ["ord"],
        image: managedOutside({ initial: "registry.fly.io/crashing:deployment-1" }),
        groups: { app: { services: [{ internalPort: 80 }] } },
      });
      await stack.apply();
      const deployment = await stack.deploy("crash-1");
      const crash = await see(stack);
      await stack.apply();
      return { deployment, crash, repaired: await see(stack) };
    } finally {
      await now.bench.close();
    }
  }

  async function see(stack: Stack) {
    return { ...(await stack.plan()), tags: tagsOf(stack), releases: stack.releases() };
  }
});

async function sound(outcome: Promise<Outcome>): Promise<void> {
  const { code, output } = await outcome;
  if (code !== 0) throw new Error(`flyctl ended with ${code}:\n${output}`);
}

async function vain(outcome: Promise<Outcome>): Promise<void> {
  const { code, output } = await outcome;
  if (code !== 1) throw new Error(`flyctl ended with ${code}:\n${output}`);
}

const idsOf = (stack: Stack) => stack.machines().map(({ id }) => id);
const versionsOf = (stack: Stack) => stack.machines().map(({ instanceId }) => instanceId);
const tagsOf = (stack: Stack) => stack.machines().map(({ imageRef }) => imageRef.tag);

/** Without what is imported as it is. */
function changedIn(changes: Changes): Changes {
  return Object.fromEntries(Object.entries(changes).filter(([, names]) => !names.includes("import")));
}
