import type { MachineRow } from "../../sandbox/row";
import { check, type Scene } from "./ladder";
import { openWorkshop, ref, type Workshop } from "./workshop";

const app = ref("fly_app.shop.name");
const shop = { name: "shop" };

const service = {
  internal_port: 3000,
  autostop: "suspend",
  min_machines_running: 1,
  ports: [
    { port: 80, handlers: ["http"], force_https: true },
    { port: 443, handlers: ["tls", "http"] },
  ],
  concurrency: { type: "requests", soft_limit: 80, hard_limit: 100 },
  checks: [{ type: "http", path: "/health", interval: "15s", timeout: "2s", grace_period: "1m0s" }],
};
const minimal = {
  app,
  group: "web",
  image: "registry.fly.io/shop:1",
  machines: { lhr: { count: 3 } },
  services: [service],
};
const changed = {
  ...minimal,
  image: "registry.fly.io/shop:2",
  guest: { cpus: 2, memory_mb: 1024 },
  env: { LOG: "info" },
  machines: { lhr: { count: 2 }, ams: { min: 1, max: 2 } },
  primary_region: "lhr",
  checks: { alive: { type: "tcp", port: 3000 } },
  metadata: { team: "shop" },
};

/** A change to the config of one machine or of all that nobody asked for. */
const edit =
  (which: "one" | "all", set: Record<string, unknown>, unset: readonly string[] = []) =>
  ({ workshop }: Scene) => {
    for (const { id } of machines(workshop).slice(0, which === "one" ? 1 : undefined))
      workshop.sandbox.control.tamper({ app: "shop", machine: id, set, unset: [...unset] });
  };

/** What happens to the first machine by itself or by somebody's hand. */
const befalls =
  (kind: "machine-destroyed" | "user-stop" | "failed") =>
  ({ workshop }: Scene) =>
    workshop.sandbox.control.tamper({ kind, app: "shop", machine: first(workshop).id });

const foreign = {
  name: "by-hand",
  region: "lhr",
  config: {
    image: "registry.fly.io/shop:2",
    metadata: { fly_platform_version: "v2", fly_process_group: "web" },
  },
};

check({
  type: "fly_process_group",
  beside: { fly_app: { shop, other: { name: "other" } } },
  minimal,
  changed: { to: changed, shows: ["checks", "env", "guest", "image", "machines", "metadata"] },
  drift: [
    {
      when: "one machine has other memory",
      change: edit("one", { "config.guest.memory_mb": 512 }),
      shows: ["divergence"],
    },
    {
      when: "all machines have other memory",
      change: edit("all", { "config.guest.memory_mb": 512 }),
      shows: ["guest"],
    },
    {
      when: "all machines lose their service check",
      change: edit("all", {}, ["config.services.0.checks"]),
      shows: ["services"],
    },
    {
      when: "one machine loses its service check",
      change: edit("one", {}, ["config.services.0.checks"]),
      shows: ["divergence"],
    },
    { when: "an env var is added to all machines", change: edit("all", { "config.env.DEBUG": "1" }), shows: ["env"] },
    { when: "all machines run another image", change: edit("all", { "config.image": "nginx:1" }), shows: ["image"] },
    {
      when: "one machine runs another image",
      change: edit("one", { "config.image": "nginx:1" }),
      shows: ["divergence"],
    },
    {
      when: "a declared key of the metadata is removed",
      change: edit("all", {}, ["config.metadata.team"]),
      shows: ["metadata"],
    },
    {
      when: "somebody makes a machine in the group",
      change: ({ workshop }) => workshop.call("POST", "/v1/apps/shop/machines", foreign),
      shows: ["divergence"],
    },
    { when: "a machine is stopped by hand", change: befalls("user-stop"), shows: ["divergence"] },
    { when: "a machine is destroyed", change: befalls("machine-destroyed"), shows: ["divergence"] },
    { when: "a machine fails", change: befalls("failed"), shows: ["divergence"] },
    {
      when: "a machine is cordoned",
      change: ({ workshop }) => workshop.call("POST", `/v1/apps/shop/machines/${first(workshop).id}/cordon`),
      shows: ["divergence"],
    },
    {
      when: "every machine is destroyed",
      change: ({ workshop }) => {
        for (const { id } of machines(workshop))
          workshop.sandbox.control.tamper({ kind: "machine-destroyed", app: "shop", machine: id });
      },
      shows: ["divergence"],
    },
  ],
  importId: ({ app, group }) => `${app}/${group}`,
  replaced: { to: { ...changed, group: "worker" }, via: "group" },
});

describe("a fly_process_group that nobody touches", () => {
  let workshop: Workshop;

  beforeAll(async () => {
    workshop = await openWorkshop();
    const group = {
      app,
      group: "web",
      initial_image: "registry.fly.io/shop:1",
      machines: { lhr: { min: 2, max: 4 }, ams: { count: 1 } },
      primary_region: "lhr",
      services: [{ ...service, concurrency: undefined, checks: [] }],
      mount: { name: "data", path: "/data", size_gb: 1 },
    };
    workshop.write({ resource: { fly_app: { shop }, fly_process_group: { it: group } } });
    await workshop.apply();
  });
  afterAll(() => workshop.close());

  test("has an empty plan whatever moves by itself", async () => {
    const [moved, asleep] = inRegion("lhr");
    const [lost] = inRegion("ams");
    const { tamper } = workshop.sandbox.control;
    const metadata = { fly_platform_version: "v2", fly_process_group: "web" };
    const scaled = { image: "registry.fly.io/shop:1", metadata, mounts: [{ path: "/data", volume: await volume() }] };
    const services = moved?.config.services;
    tamper({ kind: "host-moved", app: "shop", machine: moved?.id ?? "" });
    await workshop.call("POST", "/v1/apps/shop/machines", { region: "lhr", config: { ...scaled, services } });
    tamper({ kind: "autostop", app: "shop", machine: asleep?.id ?? "" });
    tamper({ kind: "host-unreachable", app: "shop", machine: lost?.id ?? "" });
    tamper({ kind: "region-down", region: "ams" });
    const [grown] = asleep?.config.mounts ?? [];
    tamper({ kind: "volume-resized", app: "shop", volume: grown?.volume ?? "", size_gb: 5 });
    const job = { image: "alpine", metadata: { ...metadata, fly_process_group: "fly_app_release_command" } };
    await workshop.call("POST", "/v1/apps/shop/machines", { region: "lhr", config: { ...job, auto_destroy: true } });
    const { code, text } = await workshop.plan();
    expect(text).toContain("[fly/host-unreachable]");
    expect(text).toContain("[fly/volume-larger]");
    expect({ code, text }).toEqual({ code: 0, text });
  });

  test("is created again together with its app when that is gone", async () => {
    workshop.sandbox.control.tamper({ kind: "region-down", region: "ams", on: false });
    workshop.sandbox.control.tamper({ kind: "app-vanished", app: "shop" });
    const { changes } = await workshop.plan();
    expect(changes.map(({ address, actions }) => [address, actions])).toEqual([
      ["fly_app.shop", ["create"]],
      ["fly_process_group.it", ["create"]],
    ]);
    await workshop.apply("plan");
    expect((await workshop.plan()).code).toBe(0);
  });

  const inRegion = (region: string) => machines(workshop).filter((machine) => machine.region === region);
  const volume = async () => {
    const made = await workshop.call("POST", "/v1/apps/shop/volumes", { name: "data", region: "lhr", size_gb: 1 });
    return String(Object(made).id);
  };
});

/** Machines that are there, oldest first. */
function machines(workshop: Workshop): readonly MachineRow[] {
  const rows = workshop.sandbox.control.state().apps.get("shop")?.machines.values() ?? [];
  return [...rows].filter(({ state }) => state !== "destroyed" && state !== "destroying");
}

function first(workshop: Workshop): MachineRow {
  const [machine] = machines(workshop);
  if (!machine) throw new Error("The app has no machine");
  return machine;
}
