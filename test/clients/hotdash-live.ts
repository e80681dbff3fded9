/** HotDash's apps as somebody made them with the Machines API: of the specification's values, and without our marks. */
import type { Fly, MachineConfig } from "../../api/fly";

const runtime = ["SHOPIFY_API_KEY", "SHOPIFY_API_SECRET", "DATABASE_URL", "SUPABASE_URL", "SUPABASE_SERVICE_KEY"];
const application = [...runtime, "PUBLER_API_KEY", "PUBLER_WORKSPACE_ID", "SLACK_WEBHOOK_URL"];

const mark = (group: string) => ({ metadata: { fly_process_group: group, fly_platform_version: "v2" } });
const web = [
  { port: 80, handlers: ["http"], force_https: true },
  { port: 443, handlers: ["tls", "http"] },
];
const tcp = (grace_period: string) => ({ type: "tcp", interval: "15s", timeout: "2s", grace_period });
const health = (grace_period: string, path = "/health") => ({
  type: "http",
  interval: "30s",
  timeout: "5s",
  grace_period,
  method: "GET",
  path,
});

/** The application's machines, as spec'd for one environment. */
function machine(guest: object, service: object): MachineConfig {
  return {
    ...mark("app"),
    image: "registry.fly.io/hotdash-staging:deployment-01K82NTP6MKVJP3RM2VP3WQDZH",
    env: { PRIMARY_REGION: "ord" },
    guest: { cpu_kind: "shared", ...guest },
    services: [{ protocol: "tcp", internal_port: 3000, ports: web, autostart: true, ...service }],
    metrics: { port: 9091, path: "/metrics" },
    restart: { policy: "on-failure", max_retries: 10 },
    stop_config: { timeout: "30s" },
  };
}

const desk = { image: "chatwoot/chatwoot:v4.7.0", env: { PRIMARY_REGION: "ord" }, guest: { memory_mb: 2048 } };
const production = machine(
  { cpus: 2, memory_mb: 2048 },
  {
    autostop: false,
    min_machines_running: 2,
    concurrency: { type: "connections", soft_limit: 200, hard_limit: 250 },
    checks: [tcp("30s"), health("30s")],
  },
);

/** By name of the app. */
export const liveApps: Readonly<
  Record<string, { readonly secrets: readonly string[]; readonly machines: readonly MachineConfig[] }>
> = {
  "hot-dash": { secrets: application, machines: [production, production] },
  "hotdash-staging": {
    secrets: application,
    machines: [
      machine(
        { cpus: 1, memory_mb: 1024 },
        {
          autostop: true,
          min_machines_running: 1,
          concurrency: { type: "connections", soft_limit: 80, hard_limit: 100 },
          checks: [tcp("20s"), health("20s")],
        },
      ),
    ],
  },
  "hotdash-pr-7": {
    secrets: application,
    machines: [
      machine(
        { cpus: 1, memory_mb: 512 },
        {
          autostop: true,
          concurrency: { type: "connections", soft_limit: 80, hard_limit: 100 },
          checks: [health("20s")],
        },
      ),
    ],
  },
  "hotdash-chatwoot": {
    secrets: ["DATABASE_URL", "REDIS_URL", "SECRET_KEY_BASE"],
    machines: [
      {
        ...desk,
        ...mark("web"),
        init: { cmd: ["bundle", "exec", "rails", "server", "-b", "0.0.0.0", "-p", "3000"] },
        services: [
          {
            protocol: "tcp",
            internal_port: 3000,
            ports: web,
            autostop: false,
            min_machines_running: 1,
            checks: [health("30s", "/api")],
          },
        ],
      },
      { ...desk, ...mark("worker"), init: { cmd: ["bundle", "exec", "sidekiq", "-C", "config/sidekiq.yml"] } },
    ],
  },
};

/** Makes one of them, with a value for each secret, and waits until its machines run. */
export async function makeLive(fly: Fly, name: string): Promise<void> {
  const { secrets = [], machines = [] } = liveApps[name] ?? {};
  await fly.apps.create({ name, org_slug: "hotdash", idempotency_key: name });
  await fly.secrets.set(name, Object.fromEntries(secrets.map((one) => [one, "canary-live"])));
  await fly.addresses.allocate(name, { type: "shared_v4" });
  await fly.addresses.allocate(name, { type: "v6" });
  for (const config of machines) {
    const { id } = await fly.machines.create(name, { region: "ord", config });
    await fly.machines.wait(name, id, { state: "started", timeoutMs: 30_000 });
  }
}
