/** Process groups as the schema allows them, for property tests: the arbitrary follows from the attributes. */
import fc from "fast-check";
import { cpuKinds } from "../../provider/facts/guest";
import { regions } from "../../provider/facts/region";
import type { Attribute, Attributes } from "../../provider/framework";
import { attributes } from "../../provider/resources/process-group/attributes";

export type Given = { readonly [name: string]: unknown };

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const path = word.map((text) => `/${text}`);
const duration = fc.oneof(
  fc.integer({ min: 1, max: 60 }).map((seconds) => `${seconds}s`),
  fc.integer({ min: 1, max: 60_000 }).map((ms) => `${ms}ms`),
  fc.constantFrom("1m", "0.5s", "1m0s"),
);
const port = fc.integer({ min: 1, max: 65_535 });
const digest = `sha256:${"ab".repeat(32)}`;

/** Values for attributes whose checks a blind guess would hardly pass; by name, or by path where a name means several things. */
const special: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  app: fc.constant("shop"),
  group: word,
  image: fc.constantFrom(
    "nginx",
    "nginx:1.27",
    "registry.fly.io/shop:v1",
    `ghcr.io/acme/web:1@${digest}`,
    `acme/web@${digest}`,
  ),
  initial_image: fc.constantFrom("nginx", "registry.fly.io/shop:v0"),
  machines: fc.dictionary(
    fc.constantFrom(...Object.keys(regions)),
    fc.oneof(
      fc.record({ count: fc.integer({ min: 0, max: 2 }) }),
      fc.record({ min: fc.integer({ min: 0, max: 2 }), max: fc.integer({ min: 2, max: 3 }) }),
      fc.record({ min: fc.integer({ min: 0, max: 2 }) }),
    ),
    { minKeys: 1, maxKeys: 2 },
  ),
  primary_region: fc.constantFrom(...Object.keys(regions)),
  guest: fc.constantFrom(...Object.keys(cpuKinds)).chain((kind) => guestOf(kind)),
  env: fc.dictionary(fc.stringMatching(/^[A-Z_]{1,6}$/), fc.string(), { maxKeys: 3 }),
  metadata: fc.dictionary(word, fc.string({ minLength: 1 }), { maxKeys: 3 }),
  interval: duration,
  timeout: duration,
  grace_period: duration,
  wait_timeout: fc.constantFrom("5m", "300s", "1h0m0s", "90s"),
  max_unavailable: fc.constantFrom("1", "2", "30%", "100%"),
  strategy: fc.constantFrom("rolling", "canary", "bluegreen", "immediate"),
  type: fc.constantFrom("tcp", "http"),
  "concurrency.type": fc.constantFrom("connections", "requests"),
  method: fc.constantFrom("GET", "get", "HEAD", ""),
  path,
  guest_path: path,
  url_prefix: path,
  protocol: fc.constantFrom("tcp", "udp"),
  "checks.protocol": fc.constantFrom("http", "https"),
  kind: fc.constantFrom("informational", "readiness"),
  autostop: fc.constantFrom("off", "stop", "suspend"),
  handlers: fc.uniqueArray(fc.constantFrom("http", "tls", "tcp", "proxy_proto", "pg_tls", "edge_http"), {
    maxLength: 3,
  }),
  port,
  start_port: port,
  end_port: port,
  internal_port: port,
  version: fc.constantFrom("v1", "v2"),
  policy: fc.constantFrom("no", "always", "on-failure"),
  signal: fc.constantFrom("SIGHUP", "SIGINT", "SIGQUIT", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGTERM"),
  raw_value: word.map((text) => Buffer.from(text).toString("base64")),
  mode: fc.integer({ min: 0, max: 0o777 }),
  schedule: fc.constantFrom("hourly", "daily", "weekly", "monthly"),
  persist: fc.constantFrom("never", "restart", "always"),
  "mount.name": fc.stringMatching(/^[a-z0-9_]{1,8}$/),
  extend_threshold_percent: fc.integer({ min: 0, max: 99 }),
  secrets_version: fc.constantFrom(1, 2),
  snapshot_retention: fc.integer({ min: 1, max: 60 }),
  min_machines_running: fc.integer({ min: 0, max: 3 }),
};

function guestOf(kind: string): fc.Arbitrary<Given> {
  const { cpus, leastMb, mostMb, stepMb } = cpuKinds[kind === "performance" ? "performance" : "shared"];
  return fc.constantFrom(...cpus).chain((count) =>
    fc.record(
      {
        cpu_kind: fc.constant(kind),
        cpus: fc.constant(count),
        memory_mb: fc
          .integer({ min: (leastMb * count) / stepMb, max: (mostMb * count) / stepMb })
          .map((n) => n * stepMb),
        kernel_args: fc.array(word, { maxLength: 2 }),
        host_dedication_id: word,
        required_host_features: fc.array(word, { maxLength: 2 }),
        gpu_kind: word,
        gpus: fc.constantFrom(0, 1),
      },
      { requiredKeys: ["cpu_kind", "cpus"] },
    ),
  );
}

/** Any object of these attributes: required ones always, others now and then. */
function anyObject(schema: Attributes, parent: string): fc.Arbitrary<Given> {
  const configurable = Object.entries(schema).filter(([, { mode }]) => mode !== "computed");
  const fields = Object.fromEntries(configurable.map(([name, attribute]) => [name, anyValue(attribute, name, parent)]));
  const required = configurable.filter(([, { mode }]) => mode === "required").map(([name]) => name);
  return fc.record(fields, { requiredKeys: required });
}

function anyValue(attribute: Attribute, name: string, parent: string): fc.Arbitrary<unknown> {
  const given = special[`${parent}.${name}`] ?? special[name];
  const { type: shape, options } = attribute;
  if (given && shape.kind !== "object-map") return withCheck(given, options.check);
  switch (shape.kind) {
    case "object":
      return anyObject(shape.attributes, name);
    case "object-list":
    case "object-set":
      return fc.array(anyObject(shape.attributes, name), { maxLength: 2 });
    case "object-map":
      return name === "machines"
        ? (given ?? fc.constant({}))
        : fc.dictionary(word, anyObject(shape.attributes, name), { maxKeys: 2 });
    case "map":
      return fc.dictionary(word, fc.string({ minLength: 1, maxLength: 5 }), { maxKeys: 2 });
    case "list":
    case "set":
      return fc.array(word, { maxLength: 2 });
    default:
      return withCheck(primitive(shape.primitive), options.check);
  }
}

function primitive(kind: string): fc.Arbitrary<unknown> {
  if (kind === "bool") return fc.boolean();
  return kind === "number" ? fc.integer({ min: 0, max: 40 }) : fc.oneof(word, fc.constant(""));
}

function withCheck(values: fc.Arbitrary<unknown>, check?: (value: never) => string | undefined): fc.Arbitrary<unknown> {
  return check ? values.filter((value) => check(value as never) === undefined) : values;
}

/** Choices that only make sense together, made sensible; what is left is for the schema to refuse. */
export const anyGroup = anyObject(attributes, "").map((group): Given => {
  const names = Object.keys(group.machines as Given);
  const { image, initial_image, mount, strategy, max_unavailable } = group;
  return {
    ...group,
    primary_region: names.length === 1 ? undefined : names[0],
    image: image ?? (initial_image ? undefined : "nginx"),
    initial_image: image ? undefined : initial_image,
    strategy: mount || group.checks === undefined ? "rolling" : strategy,
    max_unavailable: strategy === "immediate" ? undefined : max_unavailable,
    services: (group.services as Given[] | undefined)?.map(sensibleService),
    files: (group.files as Given[] | undefined)?.map(({ raw_value, secret_name, ...file }) =>
      raw_value ? { ...file, raw_value } : { ...file, secret_name: secret_name ?? "KEY" },
    ),
    ...(mount !== undefined && { mount: { ...(mount as Given), add_size_gb: 1, size_gb_limit: undefined } }),
  };
});

function sensibleService(service: Given): Given {
  const { soft_limit, hard_limit, ...concurrency } = (service.concurrency ?? {}) as {
    soft_limit?: number;
    hard_limit?: number;
  };
  const ports = (service.ports as Given[] | undefined)?.map(({ port: one, start_port, end_port, ...rest }) =>
    start_port && end_port && !one
      ? {
          ...rest,
          start_port: Math.min(Number(start_port), Number(end_port)),
          end_port: Math.max(Number(start_port), Number(end_port)),
        }
      : { ...rest, port: one ?? 443 },
  );
  const limits = { soft_limit, ...(hard_limit !== undefined && { hard_limit: hard_limit + (soft_limit ?? 20) }) };
  return {
    ...service,
    ports,
    ...(service.concurrency !== undefined && { concurrency: { ...concurrency, ...limits } }),
  };
}
