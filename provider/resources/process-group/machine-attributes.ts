import { leastMemoryMb } from "../../facts/guest";
import { bool, list, number, object, objectList, string } from "../../framework";
import { sameDuration } from "./equality";
import { absolutePath, base64, durationUpTo, oneOf, port, someText, wholeNumber } from "./value-check";

/** Whole numbers as JSON and Terraform keep them. */
const most = 2 ** 31 - 1;

/** `guest`: the size of each machine. Bounds across its attributes are checked in validate.ts. */
export const guest = object(
  "optional+computed",
  {
    cpu_kind: string("optional+computed", {
      doc: 'Kind of CPU: "shared" (the default) or "performance".',
      default: "shared",
      check: oneOf("shared", "performance"),
    }),
    cpus: number("optional+computed", {
      doc: "Number of CPUs: 1, 2, 4, 6 or 8; performance CPUs also 10, 12, 14, 16, 32, 64 or 128. Default 1.",
      default: 1,
    }),
    memory_mb: number("optional+computed", {
      doc: "Memory in MB. 256 to 2048 per shared CPU in steps of 256, 2048 to 8192 per performance CPU in steps of 1024. Default: the least.",
      default: ({ cpu_kind, cpus }) =>
        leastMemoryMb(typeof cpu_kind === "string" ? cpu_kind : "", typeof cpus === "number" ? cpus : 1) ?? null,
    }),
    max_memory_mb: number("optional+computed", {
      doc: "Upper bound in MB of memory ballooning; 0, the default, is none.",
      default: 0,
      check: wholeNumber(0, most),
    }),
    gpus: number("optional+computed", { doc: "Number of GPUs. Default 0.", default: 0, check: wholeNumber(0, 8) }),
    gpu_kind: string("optional+computed", { doc: "Kind of GPU, for organizations that have some.", default: "" }),
    kernel_args: list("optional+computed", "string", { doc: "Arguments of the guest's kernel.", default: [] }),
    host_dedication_id: string("optional+computed", {
      doc: "Dedicated hosts that the machine must run on. A change replaces the machines.",
      default: "",
    }),
    required_host_features: list("optional+computed", "string", {
      doc: "Features that the host must have.",
      default: [],
    }),
  },
  { doc: "Size of each machine. A change restarts the machines. Default: one shared CPU and 256 MB.", default: {} },
);

/** `init`: what runs inside. */
export const init = object(
  "optional+computed",
  {
    exec: list("optional+computed", "string", {
      doc: "Command that replaces the image's entrypoint and command.",
      default: [],
    }),
    entrypoint: list("optional+computed", "string", { doc: "Replaces the image's entrypoint.", default: [] }),
    cmd: list("optional+computed", "string", { doc: "Replaces the image's command.", default: [] }),
    tty: bool("optional+computed", { doc: "Gives the process a terminal. Default false.", default: false }),
    swap_size_mb: number("optional+computed", {
      doc: "Swap in MB. Default 0: none.",
      default: 0,
      check: wholeNumber(0, most),
    }),
    kernel_args: list("optional+computed", "string", { doc: "Arguments of the kernel.", default: [] }),
  },
  { doc: "What runs inside each machine. Default: what the image says.", default: null },
);

/** `metrics`: where Prometheus reads. */
export const metrics = object(
  "optional+computed",
  {
    port: number("required", { doc: "Port that serves the metrics.", check: port }),
    path: string("optional+computed", {
      doc: 'Path of the metrics. Default "/metrics".',
      default: "/metrics",
      check: absolutePath,
    }),
    https: bool("optional+computed", { doc: "Whether the port speaks TLS. Default false.", default: false }),
  },
  { doc: "Endpoint in Prometheus format, read every 15 s. Default: none.", default: null },
);

/** `restart`: what happens when the process exits. Absent, Fly fills in on-failure with ten tries (fly-api.md 2.7). */
export const restart = object(
  "optional+computed",
  {
    policy: string("optional+computed", {
      doc: 'When the machine starts again after its process exits: "no", "always" or "on-failure" (the default). Failing health checks restart nothing.',
      default: "on-failure",
      check: oneOf("no", "always", "on-failure"),
    }),
    max_retries: number("optional+computed", {
      doc: 'Tries in a row, at least 1. Default 10 with "on-failure"; the others leave it to Fly.',
      default: ({ policy }) => (policy === "on-failure" ? 10 : 0),
      check: wholeNumber(1, most),
    }),
  },
  { doc: "What happens when the process exits. Default: up to ten restarts after a failure.", default: {} },
);

/** `stop`: how a machine is asked to end; `stop_config` on the wire. */
export const stop = object(
  "optional+computed",
  {
    signal: string("optional+computed", {
      doc: 'Signal that asks the process to end. Default "SIGINT".',
      default: "SIGINT",
      check: oneOf("SIGHUP", "SIGINT", "SIGQUIT", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGTERM"),
    }),
    timeout: string("optional+computed", {
      doc: 'Time to end before the machine is killed, at most "5m". Default "5s".',
      default: "5s",
      equal: sameDuration,
      check: durationUpTo("5m"),
    }),
  },
  { doc: "How a machine is asked to stop. Default: SIGINT, then 5 seconds.", default: {} },
);

/** `files`: written before the process starts. */
export const files = objectList(
  "optional+computed",
  {
    guest_path: string("required", { doc: "Absolute path inside the machine.", check: absolutePath }),
    raw_value: string("optional+computed", {
      doc: "Content in base64. It can be read back by everybody who can read the machine: no place for a secret, use secret_name.",
      default: "",
      check: base64,
    }),
    secret_name: string("optional+computed", {
      doc: "Secret of the app whose value, base64 text, becomes the content.",
      default: "",
      check: someText,
    }),
    mode: number("optional+computed", {
      doc: "Permissions as a decimal number (420 is 0644). Default 0: Fly's own choice.",
      default: 0,
      check: wholeNumber(0, 0o7777),
    }),
  },
  { doc: "Files written into each machine before its process starts. Default: none.", default: [] },
);

/** `statics`: files that Fly's proxy serves by itself. */
export const statics = objectList(
  "optional+computed",
  {
    guest_path: string("required", { doc: "Directory inside the machine, or in the bucket." }),
    url_prefix: string("required", { doc: "URL prefix under which the files are served.", check: absolutePath }),
    tigris_bucket: string("optional+computed", { doc: "Bucket that holds the files.", default: "" }),
    index_document: string("optional+computed", { doc: "File served for a directory.", default: "" }),
  },
  { doc: "Files that Fly's proxy serves without asking the machine. Default: none.", default: [] },
);

/** `dns`: names inside the private network. */
export const dns = object(
  "optional+computed",
  {
    skip_registration: bool("optional+computed", {
      doc: "Keeps the machine out of the app's private DNS name. Default false.",
      default: false,
    }),
    nameservers: list("optional+computed", "string", { doc: "Name servers instead of Fly's.", default: [] }),
    searches: list("optional+computed", "string", { doc: "Search domains.", default: [] }),
    options: objectList(
      "optional+computed",
      {
        name: string("required", { doc: "Option of resolv.conf." }),
        value: string("optional+computed", { doc: "Its value.", default: "" }),
      },
      { doc: "Options of the resolver.", default: [] },
    ),
    dns_forward_rules: objectList(
      "optional+computed",
      {
        basename: string("required", { doc: "Domain whose names are asked elsewhere." }),
        addr: string("required", { doc: "Address of the server that answers them." }),
      },
      { doc: "Domains that other servers answer.", default: [] },
    ),
    hostname: string("optional+computed", { doc: "Host name inside the machine.", default: "" }),
    hostname_fqdn: string("optional+computed", { doc: "Full host name inside the machine.", default: "" }),
  },
  { doc: "Name resolution inside the machine. Default: Fly's.", default: null },
);

/** `rootfs`: what becomes of the root file system at a restart. */
export const rootfs = object(
  "optional+computed",
  {
    persist: string("optional+computed", {
      doc: 'When the root file system is kept: "never" (the default), "restart" or "always".',
      default: "never",
      check: oneOf("never", "restart", "always"),
    }),
    size_gb: number("optional+computed", {
      doc: "Size in GB. Default 0: Fly's own choice.",
      default: 0,
      check: wholeNumber(0, 500),
    }),
  },
  { doc: "Root file system. Default: made anew from the image at every start.", default: null },
);

/** `cache_drive`: a scratch disk. */
export const cacheDrive = object(
  "optional+computed",
  { size_mb: number("required", { doc: "Size in MB.", check: wholeNumber(1, most) }) },
  { doc: "Scratch disk that is lost when the machine moves. Default: none.", default: null },
);

/** How a volume is mounted: the half of `mount` that the machine's config holds. */
export const mountOnWire = {
  path: string("required", { doc: "Where the volume is mounted.", check: absolutePath }),
  extend_threshold_percent: number("optional+computed", {
    doc: "Share of the volume in use, in percent, at which Fly extends it. Default 0: never.",
    default: 0,
    check: wholeNumber(0, 99),
  }),
  add_size_gb: number("optional+computed", {
    doc: "GB that are added each time. Default 0.",
    default: 0,
    check: wholeNumber(0, 500),
  }),
  size_gb_limit: number("optional+computed", {
    doc: "Size in GB beyond which Fly does not extend. Default 0: none.",
    default: 0,
    check: wholeNumber(0, 500),
  }),
};

/** `mount`: one volume for each machine, made and kept by the group. */
export const mount = object(
  "optional+computed",
  {
    name: string("required", {
      doc: "Name of the volumes: 1 to 30 lower-case letters, digits and underscores. A change makes new volumes and replaces the machines; the old volumes stay.",
      check: volumeNameCheck,
    }),
    size_gb: number("optional+computed", {
      doc: "Size of each volume in GB, 1 to 500. It can be raised, never lowered; a volume that has grown by itself is no difference. Default 1.",
      default: 1,
      check: wholeNumber(1, 500),
    }),
    encrypted: bool("optional+computed", {
      doc: "Whether the volumes are encrypted at rest; cannot be changed later. Default true.",
      default: true,
    }),
    snapshot_retention: number("optional+computed", {
      doc: "Days that daily snapshots are kept, 1 to 60. Default 5.",
      default: 5,
      check: wholeNumber(1, 60),
    }),
    auto_backup: bool("optional+computed", { doc: "Whether a snapshot is taken daily. Default true.", default: true }),
    ...mountOnWire,
  },
  {
    doc: "One volume for each machine, made and kept by the group. It stays when its machine goes, and is destroyed only with the whole group. Default: none.",
    default: null,
  },
);

function volumeNameCheck(value: string): string | undefined {
  return /^[a-z0-9_]{1,30}$/.test(value)
    ? undefined
    : `"${value}" is not a volume name; use 1 to 30 lower-case letters, digits and underscores [fly/volume-name]`;
}
