import { createHarness, type Harness } from "./harness";
import type { Tamper } from "./tamper";

let h: Harness;
const tamper = (change: Tamper) => h.sandbox.control.tamper(change);
const get = async (id: string) => (await h.call("GET", `/v1/apps/shop/machines/${id}`)).body;

beforeEach(async () => {
  h = createHarness();
  await h.app("shop");
});

it("edits a configuration past every check, with a new version", async () => {
  const { id, version } = await h.machine("shop", { checks: { a: { type: "tcp", port: 1 } } });
  const set = { "config.guest.memory_mb": 333, "config.env.ADDED": "1", "config.services": [{ internal_port: 1 }] };
  tamper({ app: "shop", machine: id, set, unset: ["config.checks"] });
  const after = await get(id);
  expect(after.config).toMatchObject({
    guest: { memory_mb: 333 },
    env: { ADDED: "1" },
    services: [{ internal_port: 1 }],
  });
  expect(after.config).not.toHaveProperty("checks");
  expect(after.version).not.toBe(version);
  expect(after.state).toBe("started");
});

it("can keep the version, and does for what is not configuration", async () => {
  const { id, version } = await h.machine("shop");
  tamper({ app: "shop", machine: id, set: { "config.metadata.a": "b" }, keep_version: true });
  tamper({ app: "shop", machine: id, set: { cordoned: true } });
  expect(await get(id)).toMatchObject({ version, cordoned: true, config: { metadata: { a: "b" } } });
});

it("resolves an image that it changes", async () => {
  const { id, image_ref } = await h.machine("shop");
  tamper({ app: "shop", machine: id, set: { "config.image": "nginx:2" } });
  const after = await get(id);
  expect(after.image_ref).toMatchObject({ tag: "2" });
  expect(after.image_ref.digest).not.toBe(image_ref.digest);
  tamper({ app: "shop", machine: id, set: { "image_ref.digest": "sha256:moved" } });
  expect((await get(id)).image_ref.digest).toBe("sha256:moved");
});

it("says what does not exist", () => {
  expect(() => tamper({ app: "shop", machine: "0", set: {} })).toThrow("machine 0 not found");
  expect(() => tamper({ kind: "app-vanished", app: "nobody" })).toThrow('app "nobody" not found');
});

it("moves a machine to another host under its id", async () => {
  const volume = (await h.call("POST", "/v1/apps/shop/volumes", { name: "data", region: "lhr" })).body;
  const before = await h.machine("shop", { mounts: [{ volume: volume.id, path: "/data" }] });
  tamper({ kind: "host-moved", app: "shop", machine: before.id });
  const after = await get(before.id);
  expect(after.private_ip).not.toBe(before.private_ip);
  expect(after.version).not.toBe(before.version);
  expect(after.config.mounts[0]).toMatchObject({ name: "data", path: "/data" });
  expect(after.config.mounts[0].volume).not.toBe(volume.id);
  expect(after.events.find((event: { migrated?: boolean }) => event.migrated)).toMatchObject({ type: "launch" });
  const volumes = (await h.call("GET", "/v1/apps/shop/volumes")).body;
  expect(volumes.map((row: { state: string }) => row.state).sort()).toEqual(["created", "pending_destroy"]);
});

it("loses a host: no configuration is read, nothing is written, standbys start", async () => {
  const { id } = await h.machine("shop");
  const standby = await h.machine("shop", { standbys: [id] }, { skip_launch: true });
  tamper({ kind: "host-unreachable", app: "shop", machine: id });
  expect(await get(id)).toMatchObject({
    host_status: "unreachable",
    config: null,
    incomplete_config: { image: "nginx" },
  });
  expect((await h.call("POST", `/v1/apps/shop/machines/${id}/stop`)).status).toBe(503);
  await h.sandbox.control.advance(200);
  expect((await get(standby.id)).state).toBe("started");
  tamper({ kind: "host-ok", app: "shop", machine: id });
  expect((await get(id)).config).toMatchObject({ image: "nginx" });
});

it.each([
  ["autostop", "stopped", { type: "stop", source: "proxy" }],
  ["user-stop", "stopped", { type: "stop", source: "user" }],
  ["user-suspend", "suspended", { type: "suspend", source: "user" }],
  ["failed", "failed", { type: "start" }],
  ["machine-destroyed", "destroyed", { type: "destroy" }],
] as const)("%s leaves a machine %s", async (kind, state, event) => {
  const { id } = await h.machine("shop");
  tamper({ kind, app: "shop", machine: id });
  const after = await get(id);
  expect(after.state).toBe(state);
  expect(after.events.find(({ type }: { type: string }) => type === event.type)).toMatchObject(event);
});

it("suspends by the proxy where the service says so, and wakes up again", async () => {
  const services = [{ protocol: "tcp", internal_port: 80, autostop: "suspend" }];
  const { id } = await h.machine("shop", { services });
  tamper({ kind: "autostop", app: "shop", machine: id });
  expect((await get(id)).state).toBe("suspended");
  tamper({ kind: "autostart", app: "shop", machine: id });
  expect((await get(id)).state).toBe("started");
});

it("crashes by the restart policy", async () => {
  const { id } = await h.machine("shop", { restart: { policy: "no" } });
  tamper({ kind: "out-of-memory", app: "shop", machine: id });
  const after = await get(id);
  expect(after.state).toBe("stopped");
  expect(after.events[0].request.exit_event).toMatchObject({ exit_code: 137, oom_killed: true, requested_stop: false });
});

it("fills a host and a region", async () => {
  const { id } = await h.machine("shop", {}, { region: "lhr" });
  tamper({ kind: "host-full", app: "shop", machine: id });
  const update = async (memory_mb: number) =>
    h.call("POST", `/v1/apps/shop/machines/${id}`, { config: { image: "nginx", guest: { memory_mb } } });
  expect(await update(512)).toMatchObject({ status: 412, body: { status: "insufficient_capacity" } });
  expect((await update(256)).status).toBe(200);
  tamper({ kind: "host-disabled", app: "shop", machine: id });
  await h.sandbox.control.advance(200);
  expect((await update(256)).body.error).toContain("deploys to this host are temporarily disabled");
  tamper({ kind: "region-full", region: "lhr" });
  const create = (region: string) => h.call("POST", "/v1/apps/shop/machines", { region, config: { image: "nginx" } });
  expect((await create("lhr")).body.error).toContain("could not reserve resource for machine");
  expect((await create("lhr,cdg")).body.region).toBe("cdg");
});

it("loses an app, and resizes a volume", async () => {
  const { id } = (await h.call("POST", "/v1/apps/shop/volumes", { name: "data", region: "lhr", size_gb: 1 })).body;
  tamper({ kind: "volume-resized", app: "shop", volume: id, size_gb: 9 });
  expect((await h.call("GET", `/v1/apps/shop/volumes/${id}`)).body.size_gb).toBe(9);
  tamper({ kind: "volume-vanished", app: "shop", volume: id });
  expect((await h.call("GET", `/v1/apps/shop/volumes/${id}`)).status).toBe(404);
  tamper({ kind: "app-vanished", app: "shop" });
  expect((await h.call("GET", "/v1/apps/shop")).status).toBe(404);
});
