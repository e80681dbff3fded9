import fc from "fast-check";
import { createHarness } from "../harness";
import { canonicalConfig } from "./config";
import { machineConfig } from "./config-schema";
import { formatDuration, parseDuration } from "./duration";
import { completeGuest } from "./guest";

const canonical = (config: object) => canonicalConfig(machineConfig.parse({ image: "nginx", ...config }));

describe("the configuration that reads back", () => {
  it("has Fly's defaults where nothing was sent", () => {
    expect(canonical({})).toEqual({
      image: "nginx",
      init: {},
      dns: {},
      guest: { cpu_kind: "shared", cpus: 1, memory_mb: 256 },
      restart: { policy: "on-failure", max_retries: 10 },
    });
  });

  it.each([
    [{ restart: { policy: "always" } }, "restart", { policy: "always" }],
    [{ restart: {} }, "restart", { policy: "on-failure", max_retries: 10 }],
    [{ size: "performance-2x" }, "guest", { cpu_kind: "performance", cpus: 2, memory_mb: 4096 }],
    [{ size: "performance-2x" }, "size", undefined],
    [{ guest: { cpus: 2 } }, "guest", { cpu_kind: "shared", cpus: 2, memory_mb: 512 }],
    [{ stop_config: { timeout: "60s" } }, "stop_config", { timeout: "1m0s" }],
    [{ stop_config: { timeout: 5_000_000_000 } }, "stop_config", { timeout: "5s" }],
    [{ env: {}, metadata: {}, services: [], mounts: [] }, "env", undefined],
    [{ init: { cmd: [] } }, "init", {}],
    [
      { checks: { a: { type: "tcp", port: 1, interval: "2m" } } },
      "checks",
      { a: { type: "tcp", port: 1, interval: "2m0s" } },
    ],
  ])("turns %j into its canonical form", (sent, key, expected) => {
    expect(Reflect.get(canonical(sent), key)).toEqual(expected);
  });

  it("has the old booleans of autostop, at most 60 s between checks, and a null key", () => {
    const service = { protocol: "tcp", internal_port: 80 };
    const { services } = canonical({
      services: [
        { ...service, autostop: "off", checks: [{ type: "tcp", interval: "90s", timeout: "1500ms" }], ports: [] },
        { ...service, autostop: "stop" },
        { ...service, autostop: "suspend" },
        { ...service, autostop: true },
      ],
    });
    expect(services).toEqual([
      {
        ...service,
        autostop: false,
        checks: [{ type: "tcp", interval: "1m0s", timeout: "1.5s" }],
        force_instance_key: null,
      },
      { ...service, autostop: true, force_instance_key: null },
      { ...service, autostop: "suspend", force_instance_key: null },
      { ...service, autostop: true, force_instance_key: null },
    ]);
  });

  it("reads back the same when it is sent again", () => {
    const guests = fc.record({ cpus: fc.constantFrom(1, 2, 4), memory_mb: fc.constantFrom(1024, 2048) });
    const nanoseconds = fc.integer({ min: 0, max: 300e9 });
    const services = fc.array(
      fc.record({
        protocol: fc.constantFrom("tcp", "udp"),
        internal_port: fc.integer({ min: 1, max: 65535 }),
        autostop: fc.constantFrom("off", "stop", "suspend", true, false),
        checks: fc.array(fc.record({ type: fc.constantFrom("tcp", "http"), interval: nanoseconds }), { maxLength: 2 }),
      }),
      { maxLength: 3 },
    );
    const env = fc.dictionary(fc.constantFrom("A", "B", "C"), fc.string());
    const config = fc.record({ guest: guests, services, env, stop_config: fc.record({ timeout: nanoseconds }) });
    fc.assert(
      fc.property(config, (sent) => {
        const once = canonical(sent);
        expect(canonical(once)).toEqual(once);
      }),
    );
  });
});

describe("durations", () => {
  it.each([
    ["15s", "15s"],
    ["60s", "1m0s"],
    ["1m30s", "1m30s"],
    ["90m", "1h30m0s"],
    ["1.5s", "1.5s"],
    ["0.25s", "250ms"],
    ["1500us", "1.5ms"],
    ["0", "0s"],
    ["1h", "1h0m0s"],
  ])("writes %s as %s", (sent, expected) => {
    expect(formatDuration(parseDuration(sent) ?? Number.NaN)).toBe(expected);
  });

  it.each(["", "5", "s", "1 s", "1d", "-"])("does not take %j", (sent) => {
    expect(parseDuration(sent)).toBeUndefined();
  });

  it("come back from their normal form", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3600e9 * 24 }), (nanoseconds) => {
        expect(parseDuration(formatDuration(nanoseconds))).toBe(nanoseconds);
      }),
    );
  });
});

describe("guests", () => {
  it("take memory in the steps and bounds of their CPUs, and no other", () => {
    const kinds = { shared: [256, 2048, 256], performance: [2048, 8192, 1024] } as const;
    const cpus = fc.constantFrom(1, 2, 4, 6, 8);
    fc.assert(
      fc.property(
        fc.constantFrom("shared", "performance"),
        cpus,
        fc.integer({ min: 1, max: 600 }),
        (kind, n, parts) => {
          const [least, most, step] = kinds[kind];
          const memory_mb = parts * 128;
          const fits = memory_mb >= least * n && memory_mb <= most * n && memory_mb % step === 0;
          const make = () => completeGuest({ cpu_kind: kind, cpus: n, memory_mb }, undefined);
          if (fits) expect(make()).toEqual({ cpu_kind: kind, cpus: n, memory_mb });
          else expect(make).toThrow("memory_mb");
        },
      ),
    );
  });
});

describe("images", () => {
  const digest = `sha256:${"a".repeat(64)}`;

  it.each([
    ["nginx", { registry: "docker-hub-mirror.fly.io", repository: "library/nginx", tag: "latest" }],
    [
      "docker.io/library/nginx:latest",
      { registry: "docker-hub-mirror.fly.io", repository: "library/nginx", tag: "latest" },
    ],
    ["acme/web:1.2", { registry: "docker-hub-mirror.fly.io", repository: "acme/web", tag: "1.2" }],
    ["registry.fly.io/shop:deployment-1", { registry: "registry.fly.io", repository: "shop", tag: "deployment-1" }],
    [`ghcr.io/acme/web@${digest}`, { registry: "ghcr.io", repository: "acme/web", digest }],
    [`ghcr.io/acme/web:1@${digest}`, { registry: "ghcr.io", repository: "acme/web", tag: "1", digest }],
  ])("resolve %s and keep it verbatim in the configuration", async (image, expected) => {
    const h = createHarness();
    await h.app("shop");
    const machine = await h.machine("shop", { image });
    expect(machine.config.image).toBe(image);
    expect(machine.image_ref).toMatchObject(expected);
    expect(machine.image_ref.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it("have one digest per name, however it is written", async () => {
    const h = createHarness();
    await h.app("shop");
    const digests = new Set<string>();
    for (const image of ["nginx", "nginx:latest", "docker.io/library/nginx", "nginx:1"]) {
      digests.add((await h.machine("shop", { image })).image_ref.digest);
    }
    expect(digests.size).toBe(2);
  });
});
