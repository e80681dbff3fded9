/** An app with much that a `FlyApp` has no words for, as the Machines API makes it. Canaries stand where values may be private. */
import type { MachineConfig } from "../../api/fly";
import type { Stage } from "./stage";

const mark = (group: string) => ({ fly_process_group: group, fly_platform_version: "v2" });

const service = {
  protocol: "tcp",
  internal_port: 8080,
  autostop: "suspend",
  autostart: true,
  min_machines_running: 1,
  ports: [
    { port: 80, handlers: ["http"], force_https: true },
    {
      port: 443,
      handlers: ["tls", "http"],
      http_options: { h2_backend: true, response: { headers: { "x-a.b": "c" } } },
    },
  ],
  concurrency: { type: "requests", soft_limit: 10, hard_limit: 20 },
  checks: [
    { type: "http", interval: "15s", timeout: "2s", grace_period: "5s", method: "GET", path: "/up" },
    { type: "tcp", interval: "15s", timeout: "2s", grace_period: "5s", port: 8080 },
  ],
};

const web: MachineConfig = {
  image: "registry.fly.io/odd:v1",
  metadata: mark("web"),
  services: [service],
  env: { LOG: "info", DATABASE_URL: "postgres://shop:canary@db/shop", PRIMARY_REGION: "iad" },
  guest: { cpu_kind: "shared", cpus: 2, memory_mb: 512, max_memory_mb: 2048 },
  files: [
    { guest_path: "/etc/private", raw_value: Buffer.from("canary").toString("base64") },
    { guest_path: "/etc/key", secret_name: "API_KEY" },
  ],
};

const jobs: MachineConfig = {
  image: "registry.fly.io/odd-jobs:v1",
  metadata: { ...mark("jobs"), "team.name": "blue" },
  env: { LOG: "info", PRIMARY_REGION: "iad" },
  init: { cmd: ["node", "jobs.js"], swap_size_mb: 512 },
  schedule: "daily",
  statics: [{ guest_path: "/app/public", url_prefix: "/public" }],
  stop_config: { signal: "SIGTERM", timeout: "1m" },
};

/** Makes the app `odd`. */
export async function makeOdd({ fly, sandbox }: Stage): Promise<void> {
  const app = "odd";
  const machine = async (name: string, region: string, config: MachineConfig) => {
    const { id } = await fly.machines.create(app, { name, region, config });
    await fly.machines.wait(app, id, { state: "started", timeoutMs: 30_000 });
  };
  await fly.apps.create({ name: app, org_slug: "hotdash", network: "apart", idempotency_key: app });
  await fly.secrets.set(app, { API_KEY: "canary", lower_case: "canary" });
  const larger = { ...web, guest: { ...web.guest, memory_mb: 1024 }, disable_machine_autostart: true };
  for (const [name, region, config] of [
    ["web-1", "iad", web],
    ["web-2", "lhr", larger],
  ] as const) {
    const { id: volume } = await fly.volumes.create(app, { name: "data", region, size_gb: 3 });
    await machine(name, region, {
      ...config,
      mounts: [{ volume, path: "/data", extend_threshold_percent: 80, add_size_gb: 2 }],
    });
  }
  for (const name of ["jobs-1", "jobs-2", "jobs-3"]) await machine(name, "iad", jobs);
  await machine("stray", "iad", { image: "nginx" });
  await fly.volumes.create(app, { name: "spare", region: "iad", size_gb: 1 });
  await fly.addresses.allocate(app, { type: "v6" });
  await fly.addresses.allocate(app, { type: "v4" });
  await fly.addresses.allocate(app, { type: "v4", region: "iad" });
  await fly.certificates.create(app, "shop.example.org");
  await sandbox.control.advance(60_000);
}
