import type { Tamper } from "../../sandbox/tamper";
import { createStage, type Kept, type Stage } from "./stage";

const type = "fly_process_group";
type Given = { readonly [name: string]: unknown };

const service = {
  internal_port: 3000,
  autostop: "stop",
  ports: [{ port: 443, handlers: ["tls", "http"] }],
  checks: [{ type: "http", path: "/health", interval: "60s" }],
};
const web: Given = {
  app: "shop",
  group: "web",
  image: "registry.fly.io/shop:v1",
  machines: { ord: { count: 2 } },
  services: [service],
  stop: { timeout: "60s" },
};
const pool: Given = { ...web, machines: { ord: { min: 1, max: 3 } } };
const data: Given = { ...web, mount: { name: "data", path: "/data", size_gb: 2 } };
const outside: Given = { ...web, image: undefined, initial_image: "registry.fly.io/shop:v1" };

interface Scene {
  readonly stage: Stage;
  kept: Kept;
  readonly ids: readonly string[];
}

async function start(config: Given): Promise<Scene> {
  const stage = createStage({ limits: "off" });
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  const kept = await stage.apply(type, config);
  return { stage, kept, ids: (await stage.fly.machines.list("shop")).map(({ id }) => id) };
}

const tamper = (change: (first: string, second: string) => Tamper | readonly Tamper[]) => async (scene: Scene) => {
  const [first = "", second = ""] = scene.ids;
  const changes = change(first, second);
  for (const one of Array.isArray(changes) ? changes : [changes]) scene.stage.sandbox.control.tamper(one);
  await scene.stage.sandbox.control.advance(1_000);
};

const set = (machine: string, values: Given, unset: string[] = []): Tamper => ({
  app: "shop",
  machine,
  set: values,
  unset,
});
const happens = (
  kind: "autostop" | "host-moved" | "host-unreachable" | "user-stop" | "user-suspend" | "failed" | "machine-destroyed",
) => tamper((machine) => ({ kind, app: "shop", machine }));

/** Somebody makes a machine with flyctl, as a copy of the first one with some changes. */
const cloned =
  (changes: Given = {}, metadata: Given = {}) =>
  async ({ stage, ids }: Scene) => {
    const [first = ""] = ids;
    const config = (await stage.fly.machines.find("shop", first))?.config;
    if (!config) throw new Error("no machine to copy");
    const copy = { ...config, metadata: { fly_platform_version: "v2", fly_process_group: "web", ...metadata } };
    const { region = "ord", ...rest } = changes;
    await stage.fly.machines.create("shop", { region: String(region), config: { ...copy, ...rest } });
    await stage.sandbox.control.advance(1_000);
  };

/** A deployment of flyctl, as far as it matters here. */
const released =
  (image: string, { machines = 2, status = "complete" }: { machines?: number; status?: "complete" | "failed" } = {}) =>
  async ({ stage, ids }: Scene) => {
    const { id } = await stage.fly.releases.create({
      app_name: "shop",
      image,
      strategy: "ROLLING",
      definition: {},
      build_id: 0,
    });
    for (const machine of ids.slice(0, machines)) {
      const live = await stage.fly.machines.find("shop", machine);
      if (live?.config)
        await stage.fly.machines.update("shop", machine, {
          config: { ...live.config, image },
          current_version: live.instance_id,
        });
    }
    await stage.fly.releases.update(id, { status });
    await stage.sandbox.control.advance(1_000);
  };

interface Row {
  readonly seen: string;
  readonly config?: Given;
  readonly happens: (scene: Scene) => Promise<void>;
}

const noChange: readonly Row[] = [
  { seen: "a machine that autostop stopped", happens: happens("autostop") },
  {
    seen: "a machine that autostop suspended",
    config: { ...web, services: [{ ...service, autostop: "suspend" }] },
    happens: happens("autostop"),
  },
  { seen: "a machine that moved to another host", config: data, happens: happens("host-moved") },
  { seen: "a machine whose host does not answer", happens: happens("host-unreachable") },
  { seen: "a third machine where three are allowed", config: pool, happens: cloned() },
  { seen: "a canary of a running deploy", happens: cloned({}, { fly_canary: "true" }) },
  { seen: "a machine of the release command", happens: cloned({}, { fly_process_group: "fly_app_release_command" }) },
  { seen: "a console machine", happens: cloned({}, { fly_process_group: "fly_app_console" }) },
  { seen: "a test machine", happens: cloned({}, { fly_process_group: "fly_app_test_machine_command" }) },
  { seen: "a machine that destroys itself", happens: cloned({ auto_destroy: true }) },
  { seen: "a machine of another group", happens: cloned({}, { fly_process_group: "worker" }) },
  {
    seen: "metadata that flyctl and other tools write",
    happens: tamper((machine) =>
      set(machine, { "config.metadata.fly_release_version": "7", "config.metadata.scaler": "on" }),
    ),
  },
  {
    seen: "PRIMARY_REGION and FLY_PROCESS_GROUP as flyctl writes them",
    happens: tamper((machine) =>
      set(machine, { "config.env.PRIMARY_REGION": "iad", "config.env.FLY_PROCESS_GROUP": "app" }),
    ),
  },
  {
    seen: "values that Fly rewrites",
    happens: tamper((machine) =>
      set(machine, {
        "config.services.0.autostop": "stop",
        "config.stop_config.timeout": 60e9,
        "config.services.0.ports.0.handlers": ["http", "tls"],
        "config.services.0.checks.0.interval": "60s",
      }),
    ),
  },
  {
    seen: "empty values that Fly spells out",
    happens: tamper((machine) =>
      set(machine, {
        "config.files": [],
        "config.env": { FLY_PROCESS_GROUP: "web", PRIMARY_REGION: "ord" },
        "config.mounts": [],
        "config.checks": {},
        "config.auto_destroy": false,
      }),
    ),
  },
  {
    seen: "a volume that has grown",
    config: data,
    happens: async ({ stage }) => {
      const [volume] = await stage.fly.volumes.list("shop");
      stage.sandbox.control.tamper({ kind: "volume-resized", app: "shop", volume: volume?.id ?? "", size_gb: 9 });
    },
  },
  {
    seen: "a complete deployment of another image, managed outside",
    config: outside,
    happens: released("registry.fly.io/shop:v2"),
  },
  {
    seen: "a release that failed before it changed a machine",
    config: outside,
    happens: released("registry.fly.io/shop:v2", { machines: 0, status: "failed" }),
  },
];

const changes: readonly (Row & { readonly shows: string | RegExp; readonly repair?: "none" })[] = [
  {
    seen: "a field that differs on one machine",
    happens: tamper((machine) => set(machine, { "config.guest.memory_mb": 512 })),
    shows: "guest.memory_mb is 512, declared 256",
  },
  {
    seen: "a check that was removed on one machine",
    happens: tamper((machine) => set(machine, {}, ["config.services.0.checks"])),
    shows: "services[tcp 3000].checks[http] is absent, declared",
  },
  {
    seen: "an env variable that was added on one machine",
    happens: tamper((machine) => set(machine, { "config.env.DEBUG": "hidden-value" })),
    shows: "env.DEBUG is not declared",
  },
  {
    seen: "a field that the schema does not know",
    happens: tamper((machine) => set(machine, { "config.standbys": ["148e"] })),
    shows: "standbys is not known here and is kept",
    repair: "none",
  },
  { seen: "a machine that nobody declared", happens: cloned(), shows: "unexpected: ord has 3, declared 2" },
  {
    seen: "a machine in a region that is not declared",
    happens: cloned({ region: "iad" }),
    shows: "unexpected: none is declared in iad",
  },
  {
    seen: "a machine that was destroyed",
    happens: happens("machine-destroyed"),
    shows: "1 machine is missing (1 of 2)",
  },
  {
    seen: "a cordoned machine",
    happens: async ({ stage, ids }) => stage.fly.machines.cordon("shop", ids[0] ?? ""),
    shows: "cordoned",
  },
  { seen: "a failed machine", happens: happens("failed"), shows: "its state is failed" },
  { seen: "a machine that a user stopped", happens: happens("user-stop"), shows: "stopped by a user" },
  { seen: "a machine that a user suspended", happens: happens("user-suspend"), shows: "suspended by a user" },
  {
    seen: "fewer machines running than min_machines_running",
    config: { ...web, services: [{ ...service, min_machines_running: 1 }] },
    happens: tamper((first, second) => [
      { kind: "autostop", app: "shop", machine: first },
      { kind: "autostop", app: "shop", machine: second },
    ]),
    shows: "0 of 2 machines run, min_machines_running is 1",
  },
  {
    seen: "a machine that flyctl no longer sees",
    happens: tamper((machine) => set(machine, {}, ["config.metadata.fly_platform_version"])),
    shows: /fly_platform_version/,
  },
  {
    seen: "a machine with another image",
    happens: tamper((machine) => set(machine, { "config.image": "registry.fly.io/shop:v2" })),
    shows: "image is registry.fly.io/shop:v2, declared registry.fly.io/shop:v1",
  },
  {
    seen: "a tag that stands for another digest than at the last apply",
    happens: tamper((machine) => set(machine, { "imageRef.digest": `sha256:${"0".repeat(64)}` })),
    shows: /image digest is sha256:0+, applied sha256:/,
  },
  {
    seen: "half a deployment, managed outside",
    config: outside,
    happens: async (scene) => {
      await released("registry.fly.io/shop:v2")(scene);
      await tamper((machine) => set(machine, { "config.image": "registry.fly.io/shop:v3" }))(scene);
    },
    shows: "image is registry.fly.io/shop:v3, release 1 has registry.fly.io/shop:v2",
  },
  {
    seen: "another image by hand, managed outside, without a release",
    config: outside,
    happens: tamper((machine) => set(machine, { "config.image": "registry.fly.io/shop:v9" })),
    shows: "image is registry.fly.io/shop:v9, the last apply left registry.fly.io/shop:v1",
  },
  {
    seen: "a volume with other settings",
    config: data,
    happens: async ({ stage }) => {
      const [volume] = await stage.fly.volumes.list("shop");
      await stage.fly.volumes.update("shop", volume?.id ?? "", { snapshot_retention: 30 });
    },
    shows: "mount.snapshot_retention is 30, declared 5",
  },
];

describe("what is no change", () => {
  it.each(noChange)("$seen", async ({ config = web, happens: event }) => {
    const scene = await start(config);
    await event(scene);
    const seen = await scene.stage.refresh(type, scene.kept);
    const plan = await scene.stage.plan(type, config, seen);
    expect({ changed: plan.changed, divergence: seen?.values.divergence }).toEqual({ changed: [], divergence: {} });
    scene.stage.sandbox.close();
  });

  it("says that a host does not answer and that a volume has grown", async () => {
    const scene = await start(data);
    await happens("host-unreachable")(scene);
    const [volume] = await scene.stage.fly.volumes.list("shop");
    scene.stage.sandbox.control.tamper({ kind: "volume-resized", app: "shop", volume: volume?.id ?? "", size_gb: 9 });
    await scene.stage.refresh(type, scene.kept);
    expect(scene.stage.warnings.join("\n")).toMatch(
      /host of machine web-ord-1 .*does not answer[\s\S]*has 9 GB; declared are 2/,
    );
  });
});

describe("what is a change", () => {
  it.each(changes)("$seen", async ({ config = web, happens: event, shows, repair }) => {
    const scene = await start(config);
    await event(scene);
    const seen = await scene.stage.refresh(type, scene.kept);
    const plan = await scene.stage.plan(type, config, seen);
    expect({ action: plan.action, changed: plan.changed }).toEqual({ action: "update", changed: ["divergence"] });
    const texts = Object.values(seen?.values.divergence ?? {});
    expect(texts).toHaveLength(1);
    expect(texts[0]).toEqual(typeof shows === "string" ? shows : expect.stringMatching(shows));
    if (repair === "none") return expect(scene.stage.apply(type, config, seen)).rejects.toThrow("[fly/cannot-repair]");
    const repaired = await scene.stage.apply(type, config, seen);
    const after = await scene.stage.refresh(type, repaired);
    expect((await scene.stage.plan(type, config, after)).changed).toEqual([]);
    scene.stage.sandbox.close();
  });

  it("names the attribute when all machines differ alike", async () => {
    const scene = await start(web);
    await tamper((first, second) => [
      set(first, { "config.guest.memory_mb": 512 }),
      set(second, { "config.guest.memory_mb": 512 }),
    ])(scene);
    const seen = await scene.stage.refresh(type, scene.kept);
    expect((await scene.stage.plan(type, web, seen)).changed).toEqual(["guest"]);
    expect(seen?.values.guest).toMatchObject({ memory_mb: 512 });
  });

  it("names the image when all machines run another one", async () => {
    const scene = await start(web);
    const image = { "config.image": "registry.fly.io/shop:v2" };
    await tamper((first, second) => [set(first, image), set(second, image)])(scene);
    const seen = await scene.stage.refresh(type, scene.kept);
    expect((await scene.stage.plan(type, web, seen)).changed).toEqual(["image"]);
  });

  it("is gone only when its app is", async () => {
    const scene = await start(web);
    for (const id of scene.ids)
      scene.stage.sandbox.control.tamper({ kind: "machine-destroyed", app: "shop", machine: id });
    const seen = await scene.stage.refresh(type, scene.kept);
    expect(seen?.values.divergence).toEqual({ "region ord": "2 machines are missing (0 of 2)" });
    scene.stage.sandbox.control.tamper({ kind: "app-vanished", app: "shop" });
    expect(await scene.stage.refresh(type, scene.kept)).toBeUndefined();
  });
});
