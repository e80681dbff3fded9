import { parse } from "smol-toml";
import { type AppShape, managedOutside, pinned } from "../../config/app-shape";
import { renderFlyToml } from "./fly-toml";

const shop: AppShape = {
  app: "shop",
  regions: ["ord", "iad"],
  image: managedOutside({ initial: "registry.fly.io/shop:v1" }),
  groups: { app: { machines: 2 } },
};
const rendered = (part: Partial<AppShape>) => parse(renderFlyToml({ ...shop, ...part }));

test("one group named app needs no more than its size", () => {
  expect(rendered({})).toEqual({
    app: "shop",
    primary_region: "ord",
    vm: [{ cpu_kind: "shared", cpus: 1, memory: "256mb", processes: ["app"] }],
  });
});

test("every section names the group it belongs to", () => {
  const { services, metrics, restart, vm, mounts, checks } = rendered({
    groups: {
      web: {
        command: ["node", "server.js"],
        services: [{ internalPort: 80 }],
        metrics: { port: 9091, path: "/metrics" },
        restart: { policy: "no" },
        checks: { alive: { type: "tcp", port: 80, interval: "15s", timeout: "2s" } },
        mount: { name: "data", path: "/data", sizeGb: 3, snapshotRetention: 9 },
        machines: 2,
      },
    },
  });
  for (const section of [services, metrics, restart, vm, mounts])
    expect(section).toMatchObject([{ processes: ["web"] }]);
  expect(checks).toMatchObject({ alive: { processes: ["web"], type: "tcp", port: 80 } });
  expect(restart).toMatchObject([{ policy: "never" }]);
  expect(mounts).toMatchObject([{ source: "data", destination: "/data", initial_size: "3gb", snapshot_retention: 9 }]);
});

test("a check that several groups share names them all", () => {
  const alive = { type: "tcp", port: 80, interval: "15s", timeout: "2s" } as const;
  const { checks } = rendered({ groups: { web: { checks: { alive } }, worker: { checks: { alive } }, cron: {} } });
  expect(checks).toMatchObject({ alive: { processes: ["web", "worker"] } });
});

test("a service check does not name the service's own port, which flyctl would drop", () => {
  const check = { type: "tcp", port: 80, interval: "15s", timeout: "2s" } as const;
  const { services } = rendered({ groups: { app: { services: [{ internalPort: 80, checks: [check] }] } } });
  expect(services).toEqual([expect.objectContaining({ tcp_checks: [{ interval: "15s", timeout: "2s" }] })]);
});

test("commands are quoted as a shell reads them", () => {
  const groups = { web: { command: ["sh", "-c", "echo 'a b' | cat"] }, worker: {} };
  expect(rendered({ groups }).processes).toEqual({ web: `sh -c 'echo '\\''a b'\\'' | cat'`, worker: "" });
});

test.each([
  ["30%", 0.3],
  ["1", 1],
  ["3", 3],
  ["100%", 0.99],
])("%s of the machines is %d to flyctl", (maxUnavailable, expected) => {
  expect(rendered({ deploy: { maxUnavailable } }).deploy).toEqual({ max_unavailable: expected });
});

test("says what a deployment does, and a pinned image", () => {
  const deploy = { strategy: "canary", waitTimeout: "3m", releaseCommand: "npx prisma generate" } as const;
  expect(rendered({ deploy, killTimeout: "30s", killSignal: "SIGTERM", image: pinned("shop:v2") })).toMatchObject({
    kill_timeout: "30s",
    kill_signal: "SIGTERM",
    build: { image: "shop:v2" },
    deploy: { strategy: "canary", wait_timeout: "3m", release_command: "npx prisma generate" },
  });
});

test("env vars of the app are all groups'", () => {
  expect(rendered({ env: { LOG: "info" } }).env).toEqual({ LOG: "info" });
  expect(rendered({})).not.toHaveProperty("env");
});
