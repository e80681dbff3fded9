import { z } from "zod";
import { formatDuration, parseDuration } from "./duration";

/**
 * The machine configuration that Fly takes, field by field; a field that is not here is refused.
 * Parsing also rewrites single values as Fly does: durations to Go's normal form, `autostop` to its old booleans.
 * What depends on other fields or is filled in stands in config.ts.
 * @see fly-go machine_types.go and the Machines OpenAPI document (read 2026-08)
 */

const text = z.string();
const texts = z.array(text);
const textMap = z.record(text, text);
const count = z.int().min(0);
const port = z.int().min(1).max(65535);
const signal = z.enum(["SIGHUP", "SIGINT", "SIGQUIT", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGTERM"]);

/** A Go duration, or nanoseconds as an integer; parsed to Go's normal form. */
export const duration = z.union([text, z.int()]).transform((value, context) => {
  const nanoseconds = typeof value === "number" ? value : parseDuration(value);
  if (nanoseconds !== undefined && nanoseconds >= 0) return formatDuration(nanoseconds);
  context.addIssue({ code: "custom", message: "Invalid input: expected a duration such as 15s or 1m30s" });
  return z.NEVER;
});

const stopConfig = z.strictObject({
  timeout: duration
    .refine((value) => (parseDuration(value) ?? 0) <= 300e9, "Invalid input: expected at most 5m0s")
    .optional(),
  signal: signal.optional(),
});

const restart = z.strictObject({
  policy: z.enum(["no", "always", "on-failure"]).optional(),
  max_retries: count.optional(),
});

const header = z.strictObject({ name: text, values: texts });

const serviceCheck = z.strictObject({
  type: z.enum(["tcp", "http"]),
  port: port.optional(),
  interval: duration.optional(),
  timeout: duration.optional(),
  grace_period: duration.optional(),
  method: text.optional(),
  path: text.optional(),
  protocol: z.enum(["http", "https"]).optional(),
  tls_skip_verify: z.boolean().optional(),
  tls_server_name: text.optional(),
  headers: z.array(header).optional(),
});

const check = serviceCheck.extend({ port, kind: z.enum(["informational", "readiness"]).optional() });

const httpOptions = z.strictObject({
  compress: z.boolean().optional(),
  h2_backend: z.boolean().optional(),
  idle_timeout: count.optional(),
  headers_read_timeout: count.optional(),
  response: z
    .strictObject({
      headers: z.record(text, z.union([text, texts, z.literal(false)])).optional(),
      pristine: z.boolean().optional(),
    })
    .optional(),
  replay_cache: z
    .array(
      z.strictObject({
        path_prefix: text,
        ttl_seconds: z.int().min(10),
        type: z.enum(["cookie", "header"]),
        name: text,
        allow_bypass: z.boolean().optional(),
      }),
    )
    .optional(),
});

const servicePort = z
  .strictObject({
    port: port.optional(),
    start_port: port.optional(),
    end_port: port.optional(),
    handlers: z.array(z.enum(["http", "tls", "tcp", "proxy_proto", "pg_tls", "edge_http"])).optional(),
    force_https: z.boolean().optional(),
    tls_options: z
      .strictObject({
        alpn: texts.optional(),
        versions: texts.optional(),
        default_self_signed: z.boolean().optional(),
      })
      .optional(),
    http_options: httpOptions.optional(),
    proxy_proto_options: z.strictObject({ version: z.enum(["v1", "v2"]).optional() }).optional(),
  })
  .refine(
    (value) => (value.port === undefined) === (value.start_port !== undefined && value.end_port !== undefined),
    "Invalid input: expected port, or start_port and end_port",
  );

const autostop = z
  .union([z.boolean(), z.enum(["off", "stop", "suspend"])])
  .transform((value) => (value === "off" ? false : value === "stop" ? true : value));

const service = z.strictObject({
  protocol: z.enum(["tcp", "udp"]),
  internal_port: port,
  autostop: autostop.optional(),
  autostart: z.boolean().optional(),
  min_machines_running: count.optional(),
  ports: z.array(servicePort).optional(),
  concurrency: z
    .strictObject({
      type: z.enum(["connections", "requests"]).optional(),
      soft_limit: count.optional(),
      hard_limit: count.optional(),
    })
    .optional(),
  checks: z.array(serviceCheck).optional(),
  force_instance_key: text.nullable().default(null),
  force_instance_description: text.optional(),
});

const mount = z.strictObject({
  volume: text,
  path: text.startsWith("/", "Invalid input: expected an absolute path"),
  name: text.optional(),
  encrypted: z.boolean().optional(),
  size_gb: count.optional(),
  extend_threshold_percent: z.int().min(0).max(100).optional(),
  add_size_gb: count.optional(),
  add_size_percent: count.optional(),
  min_add_size_gb: count.optional(),
  size_gb_limit: count.optional(),
});

const file = z
  .strictObject({
    guest_path: text.startsWith("/", "Invalid input: expected an absolute path"),
    raw_value: z.base64().optional(),
    secret_name: text.optional(),
    image_config: text.optional(),
    mode: count.optional(),
  })
  .refine(
    (value) =>
      [value.raw_value, value.secret_name, value.image_config].filter((from) => from !== undefined).length === 1,
    "Invalid input: expected one of raw_value, secret_name, image_config",
  );

const secret = z.strictObject({ env_var: text, name: text.optional() });
const envFrom = z.strictObject({
  env_var: text,
  field_ref: z.enum(["id", "version", "app_name", "private_ip", "region", "image"]),
});

const process = z.strictObject({
  exec: texts.optional(),
  entrypoint: texts.optional(),
  cmd: texts.optional(),
  user: text.optional(),
  env: textMap.optional(),
  secrets: z.array(secret).optional(),
  ignore_app_secrets: z.boolean().optional(),
  env_from: z.array(envFrom).optional(),
});

const healthcheck = z.strictObject({
  name: text,
  interval: count.optional(),
  grace_period: count.optional(),
  timeout: count.optional(),
  success_threshold: count.optional(),
  failure_threshold: count.optional(),
  kind: z.enum(["readiness", "liveness"]).optional(),
  unhealthy: z.literal("stop").optional(),
  http: z
    .strictObject({
      port,
      method: text.optional(),
      path: text.optional(),
      headers: z.array(header).optional(),
      scheme: z.enum(["http", "https"]).optional(),
      tls_skip_verify: z.boolean().optional(),
      tls_server_name: text.optional(),
    })
    .optional(),
  tcp: z.strictObject({ port }).optional(),
  exec: z.strictObject({ command: texts }).optional(),
});

const container = z.strictObject({
  name: text.min(1),
  image: text.min(1),
  exec: texts.optional(),
  entrypoint: texts.optional(),
  cmd: texts.optional(),
  user: text.optional(),
  env: textMap.optional(),
  secrets: z.array(secret).optional(),
  env_from: z.array(envFrom).optional(),
  files: z.array(file).optional(),
  restart: restart.optional(),
  stop: stopConfig.optional(),
  depends_on: z
    .array(z.strictObject({ name: text, condition: z.enum(["started", "healthy", "exited_successfully"]).optional() }))
    .optional(),
  mounts: z.array(z.strictObject({ name: text, path: text })).optional(),
  healthchecks: z.array(healthcheck).optional(),
});

/** CPUs, memory and what else a machine asks of its host. */
export const guest = z.strictObject({
  cpu_kind: z.enum(["shared", "performance"]).optional(),
  cpus: z.int().min(1).optional(),
  memory_mb: z.int().min(1).optional(),
  max_memory_mb: count.optional(),
  gpus: count.optional(),
  gpu_kind: text.optional(),
  host_dedication_id: text.optional(),
  kernel_args: texts.optional(),
  required_host_features: texts.optional(),
  persist_rootfs: z.union([z.enum(["never", "always", "restart"]), z.int().min(0).max(3)]).optional(),
});

const dns = z.strictObject({
  skip_registration: z.boolean().optional(),
  nameservers: texts.optional(),
  searches: texts.optional(),
  options: z.array(z.strictObject({ name: text.optional(), value: text.optional() })).optional(),
  dns_forward_rules: z.array(z.strictObject({ basename: text.optional(), addr: text.optional() })).optional(),
  hostname: text.optional(),
  hostname_fqdn: text.optional(),
});

const init = z.strictObject({
  exec: texts.optional(),
  entrypoint: texts.optional(),
  cmd: texts.optional(),
  tty: z.boolean().optional(),
  swap_size_mb: count.optional(),
  kernel_args: texts.optional(),
});

/** Body `config` of a create or an update. */
export const machineConfig = z.strictObject({
  image: text.min(1).optional(),
  env: textMap.optional(),
  init: init.default({}),
  guest: guest.optional(),
  services: z.array(service).optional(),
  checks: z.record(text, check).optional(),
  mounts: z.array(mount).max(1, "Invalid input: expected at most one mount").optional(),
  metadata: textMap.optional(),
  metrics: z.strictObject({ port, path: text, https: z.boolean().optional() }).optional(),
  restart: restart.optional(),
  auto_destroy: z.boolean().optional(),
  schedule: z.enum(["hourly", "daily", "weekly", "monthly"]).optional(),
  stop_config: stopConfig.optional(),
  files: z.array(file).optional(),
  processes: z.array(process).optional(),
  standbys: texts.optional(),
  statics: z
    .array(
      z.strictObject({
        guest_path: text,
        url_prefix: text,
        tigris_bucket: text.optional(),
        index_document: text.optional(),
      }),
    )
    .optional(),
  dns: dns.default({}),
  containers: z.array(container).optional(),
  volumes: z
    .array(
      z.strictObject({
        name: text,
        temp_dir: z.strictObject({ storage_type: z.enum(["disk", "memory"]), size_mb: count.optional() }).optional(),
        image: text.optional(),
      }),
    )
    .optional(),
  rootfs: z
    .strictObject({ persist: z.enum(["never", "always", "restart"]).optional(), size_gb: count.optional() })
    .optional(),
  cache_drive: z.strictObject({ size_mb: count.optional() }).optional(),
  spot: z.strictObject({ max_price_fraction: z.number().gt(0).max(1).optional() }).optional(),
  size: text.optional(),
  disable_machine_autostart: z.boolean().optional(),
});

/** A configuration as a machine has it. */
export type MachineConfig = z.output<typeof machineConfig>;
