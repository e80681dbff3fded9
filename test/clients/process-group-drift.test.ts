import type { Attributes } from "../../provider/framework";
import { machineAttributes } from "../../provider/resources/process-group/attributes";
import { createStage, type Kept, type Stage } from "./stage";

const type = "fly_process_group";
type Given = { readonly [name: string]: unknown };
type Tree = { readonly [key: string]: unknown };

const bare = { app: "shop", group: "web", image: "nginx", machines: { ord: { count: 1 } } };

/** Every attribute that mirrors Fly, each at a value that is not its default. */
const full: Given = {
  ...bare,
  guest: {
    cpu_kind: "performance",
    cpus: 2,
    memory_mb: 8192,
    max_memory_mb: 16384,
    gpus: 1,
    gpu_kind: "a10",
    kernel_args: ["quiet"],
    host_dedication_id: "ours",
    required_host_features: ["fast"],
  },
  env: { LEVEL: "info" },
  init: { exec: ["a"], entrypoint: ["b"], cmd: ["c"], tty: true, swap_size_mb: 512, kernel_args: ["d"] },
  services: [
    {
      protocol: "tcp",
      internal_port: 3000,
      autostop: "stop",
      autostart: false,
      min_machines_running: 1,
      ports: [
        {
          port: 443,
          handlers: ["tls", "http"],
          force_https: true,
          tls_options: { alpn: ["h2"], versions: ["TLSv1.3"], default_self_signed: true },
          http_options: {
            compress: true,
            h2_backend: true,
            idle_timeout: 60,
            headers_read_timeout: 10,
            response: { headers: { Server: "shop" }, pristine: true },
          },
          proxy_proto_options: { version: "v2" },
        },
        { start_port: 8000, end_port: 8010 },
      ],
      concurrency: { type: "requests", soft_limit: 80, hard_limit: 100 },
      checks: [
        {
          type: "http",
          port: 3001,
          interval: "30s",
          timeout: "5s",
          grace_period: "20s",
          method: "HEAD",
          path: "/health",
          protocol: "https",
          tls_skip_verify: true,
          tls_server_name: "shop.internal",
          headers: [{ name: "X-Probe", values: ["yes"] }],
        },
      ],
    },
  ],
  checks: {
    alive: {
      type: "http",
      port: 3000,
      interval: "30s",
      timeout: "5s",
      grace_period: "20s",
      method: "HEAD",
      path: "/alive",
      protocol: "https",
      tls_skip_verify: true,
      tls_server_name: "shop.internal",
      headers: [{ name: "X-Probe", values: ["yes"] }],
      kind: "readiness",
    },
  },
  mount: {
    name: "data",
    path: "/data",
    size_gb: 3,
    snapshot_retention: 9,
    auto_backup: false,
    encrypted: false,
    extend_threshold_percent: 80,
    add_size_gb: 2,
    size_gb_limit: 20,
  },
  metadata: { team: "web" },
  metrics: { port: 9091, path: "/stats", https: true },
  restart: { policy: "always", max_retries: 3 },
  stop: { signal: "SIGTERM", timeout: "30s" },
  files: [
    { guest_path: "/etc/a", raw_value: "YQ==", mode: 420 },
    { guest_path: "/etc/b", secret_name: "B" },
  ],
  schedule: "daily",
  auto_destroy: true,
  statics: [{ guest_path: "/public", url_prefix: "/p", tigris_bucket: "b", index_document: "index.html" }],
  dns: {
    skip_registration: true,
    nameservers: ["::1"],
    searches: ["internal"],
    options: [{ name: "ndots", value: "2" }],
    dns_forward_rules: [{ basename: "corp", addr: "::2" }],
    hostname: "web",
    hostname_fqdn: "web.corp",
  },
  rootfs: { persist: "restart", size_gb: 10 },
  cache_drive: { size_mb: 100 },
};

/** Of the wire, what is no attribute: the image has its own tests, marks and the volume's copy say nothing. */
const skipped =
  /^(image|metadata\.(fly|infra)_.*|env\.(FLY_PROCESS_GROUP|PRIMARY_REGION)|.*force_instance_key|mounts\.0\.(volume|name|size_gb|encrypted))$/;
/** A value that names the element it stands in cannot be removed without the element. */
const names =
  /\.(internal_port|guest_path|url_prefix|basename|type|protocol)$|options\.0\.name|ports\.\d\.(port|start_port|end_port)$|(checks|metrics|cache_drive).*\.(port|size_mb)$|headers\.0\.name$/;

async function start(config: Given): Promise<{ stage: Stage; kept: Kept; machine: string }> {
  const stage = createStage({ limits: "off" });
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  const kept = await stage.apply(type, config);
  const [made] = await stage.fly.machines.list("shop");
  return { stage, kept, machine: made?.id ?? "" };
}

async function wireOf(stage: Stage): Promise<Tree> {
  const [machine] = (await stage.fly.machines.list("shop")).filter(({ state }) => state !== "destroyed");
  return machine?.config as unknown as Tree;
}

/** Leaf paths of a wire document with their values: "services.0.ports.0.port". Lists of texts are leaves. */
function leaves(value: unknown, path: readonly string[] = []): [string, unknown][] {
  const isBranch =
    typeof value === "object" && value !== null && !(Array.isArray(value) && typeof value[0] !== "object");
  if (!isBranch) return skipped.test(path.join(".")) ? [] : [[path.join("."), value]];
  return Object.entries(value as Tree).flatMap(([key, one]) => leaves(one, [...path, key]));
}

function other(path: string, value: unknown): unknown {
  if (typeof value === "boolean") return path.endsWith("autostop") ? "suspend" : !value;
  if (typeof value === "number") return value + 1;
  if (Array.isArray(value)) return [...value, "more"];
  if (/(interval|timeout|grace_period)$/.test(path)) return "7s";
  return `${value}x`;
}

function attributeOf(path: string): string {
  const [first = ""] = path.split(".");
  return { stop_config: "stop", mounts: "mount" }[first] ?? first;
}

/** What a plan shows, the repair, and that nothing is left of it. */
async function showsAndRepairs({ stage, kept }: { stage: Stage; kept: Kept }, config: Given, attribute: string) {
  const seen = await stage.refresh(type, kept);
  const plan = await stage.plan(type, config, seen);
  expect({ action: plan.action, changed: plan.changed }).toEqual({ action: "update", changed: [attribute] });
  const repaired = await stage.apply(type, config, seen);
  const after = await stage.refresh(type, repaired);
  expect((await stage.plan(type, config, after)).changed).toEqual([]);
}

/** Attribute paths of the schema: "services.ports.port". */
function schemaPaths(schema: Attributes, prefix = ""): string[] {
  return Object.entries(schema).flatMap(([name, { type: shape }]) =>
    "attributes" in shape ? schemaPaths(shape.attributes, `${prefix}${name}.`) : [prefix + name],
  );
}

function givenAt(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined || value === undefined) return value;
  if (Array.isArray(value)) return value.map((one) => givenAt(one, path)).find((one) => one !== undefined);
  const object = value as Tree;
  const inMap =
    object[name] ??
    Object.values(object)
      .map((one) => (one as Tree)?.[name])
      .find((one) => one !== undefined);
  return givenAt(inMap, rest);
}

describe("drift of every declared field", () => {
  it("has a table that names every attribute of the schema", () => {
    expect(schemaPaths(machineAttributes).filter((path) => givenAt(full, path.split(".")) === undefined)).toEqual([]);
  });

  it("shows and repairs each that was changed", async () => {
    const { stage } = await start(full);
    const paths = leaves(await wireOf(stage));
    expect(paths.length).toBeGreaterThan(85);
    for (const [path, value] of paths) {
      const fresh = await start(full);
      fresh.stage.sandbox.control.tamper({
        app: "shop",
        machine: fresh.machine,
        set: { [`config.${path}`]: other(path, value) },
      });
      await showsAndRepairs(fresh, full, attributeOf(path)).catch((error) => {
        throw new Error(`${path}: ${error.message}`);
      });
      fresh.stage.sandbox.close();
    }
  });

  it("shows and repairs each that was removed", async () => {
    const { stage } = await start(full);
    for (const [path] of leaves(await wireOf(stage)).filter(([one]) => !names.test(one))) {
      const fresh = await start(full);
      fresh.stage.sandbox.control.tamper({ app: "shop", machine: fresh.machine, unset: [`config.${path}`] });
      await showsAndRepairs(fresh, full, attributeOf(path)).catch((error) => {
        throw new Error(`${path}: ${error.message}`);
      });
      fresh.stage.sandbox.close();
    }
  });

  it("shows and repairs each that was added", async () => {
    const { stage } = await start(full);
    const wire = await wireOf(stage);
    for (const name of Object.keys(wire).filter((one) => !["image", "metadata", "mounts", "restart"].includes(one))) {
      const fresh = await start(bare);
      const env = name === "env" && { ...((await wireOf(fresh.stage)).env as Tree), LEVEL: "info" };
      fresh.stage.sandbox.control.tamper({
        app: "shop",
        machine: fresh.machine,
        set: { [`config.${name}`]: env || wire[name] },
      });
      await showsAndRepairs(fresh, bare, attributeOf(name)).catch((error) => {
        throw new Error(`${name}: ${error.message}`);
      });
      fresh.stage.sandbox.close();
    }
  });
});
