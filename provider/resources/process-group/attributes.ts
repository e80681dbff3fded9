import { regionProblem } from "../../facts/region";
import { bool, type Known, map, number, objectMap, string } from "../../framework";
import { parseDuration } from "./duration";
import { sameDuration } from "./equality";
import {
  cacheDrive,
  dns,
  files,
  guest,
  init,
  metrics,
  mount,
  restart,
  rootfs,
  statics,
  stop,
} from "./machine-attributes";
import { checks, services } from "./service-attributes";
import { image, oneOf, plainName, someDurationUpTo, wholeNumber } from "./value-check";

/** Strategies of a roll-out. */
export const strategies = ["rolling", "canary", "bluegreen", "immediate"] as const;

/** What every machine of a group is to be: the attributes that mirror Fly's machine config, in its spelling. */
export const machineAttributes = {
  guest,
  env: map("optional+computed", "string", {
    doc: "Environment variables. FLY_PROCESS_GROUP and PRIMARY_REGION are set besides. No place for secrets. Default: none.",
    default: {},
    check: (env) =>
      Object.keys(env).find((name) => platformEnv.has(name)) &&
      "FLY_PROCESS_GROUP and PRIMARY_REGION are set by the group itself; leave them out [fly/reserved]",
  }),
  init,
  services,
  checks,
  mount,
  metadata: map("optional+computed", "string", {
    doc: "Metadata of each machine, visible in DNS and in the API. Keys that begin with fly_ or infra_ are Fly's and ours; keys that others add are left alone. Default: none.",
    default: {},
    check: (metadata) => {
      const taken = Object.keys(metadata).find(isReservedKey);
      return (
        taken &&
        `metadata key "${taken}" belongs to Fly or to this program; choose one without fly_ and infra_ [fly/reserved]`
      );
    },
  }),
  metrics,
  restart,
  stop,
  files,
  schedule: string("optional+computed", {
    doc: 'Starts a stopped machine "hourly", "daily", "weekly" or "monthly", at about that time. Default: never.',
    default: "",
    check: oneOf("hourly", "daily", "weekly", "monthly"),
  }),
  auto_destroy: bool("optional+computed", {
    doc: "Whether a machine is destroyed once its process has ended. Default false.",
    default: false,
  }),
  statics,
  dns,
  rootfs,
  cache_drive: cacheDrive,
};

/** The attributes of fly_process_group. */
export const attributes = {
  app: string("required", { doc: "App that the machines belong to.", replace: true }),
  group: string("required", {
    doc: 'Name of the process group; Fly\'s own default is "app".',
    replace: true,
    check: plainName,
  }),
  id: string("computed", { doc: '"app/group".', default: ({ app, group }) => `${String(app)}/${String(group)}` }),
  image: string("optional+computed", {
    doc: "Image that all machines run, pinned by tag or digest. Give this, or initial_image.",
    default: null,
    check: image,
  }),
  initial_image: string("optional+computed", {
    doc: "The image is managed outside: deployments choose it. Machines are to run that of the app's newest complete release; one that `flyctl secrets set` recorded with the image of a failed release does not count. This one is used only where the app has neither a release nor a machine. A later change of it changes nothing.",
    default: null,
    equal: () => true,
    check: image,
  }),
  machines: objectMap(
    "required",
    {
      count: number("optional", { doc: "Exact number of machines; or give min.", check: wholeNumber(0, 1000) }),
      min: number("optional", {
        doc: "Least number of machines; below it machines are made, above it they are left to whoever scales.",
        check: wholeNumber(0, 1000),
      }),
      max: number("optional", {
        doc: "Most machines; above it the newest are removed. Default: no limit.",
        check: wholeNumber(0, 1000),
      }),
    },
    { doc: "Number of machines by region, exact (count) or as bounds (min, max).", check: machinesProblem },
  ),
  primary_region: string("optional+computed", {
    doc: "Region of PRIMARY_REGION and of min_machines_running. Default: the only region; required when there are several.",
    default: ({ machines }) => onlyRegion(machines),
    check: regionCheck,
  }),
  ...machineAttributes,
  strategy: string("optional+computed", {
    doc: 'How changes reach the machines. "rolling" (the default): one machine first, then the others, few at a time. "canary": an extra machine first, then rolling. "bluegreen": new machines beside the old ones, traffic moves when all are healthy. "immediate": all at once, without waiting.',
    default: "rolling",
    check: oneOf(...strategies),
  }),
  max_unavailable: string("optional+computed", {
    doc: 'How many machines of the group a rolling change may take out of service at once: a share ("30%", rounded up) or a number ("1"). At least one of several stays in service. Default "33%".',
    default: "33%",
    check: shareProblem,
  }),
  wait_timeout: string("optional+computed", {
    doc: 'Time that one machine may take to start and to pass its health checks. Default "5m0s".',
    default: "5m0s",
    equal: sameDuration,
    check: someDurationUpTo("2h"),
  }),
  secrets_version: number("optional", {
    doc: "Version of the app's secrets that the machines must have at least. Raise it to hand changed secrets to running machines.",
    check: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  }),
  divergence: map("computed", "string", {
    doc: "What differs on some machines only, by machine or region; empty after an apply.",
    default: {},
  }),
};

/** A process group as handlers see it. */
export type ProcessGroup = Known<typeof attributes>;
/** The part of it that mirrors a machine's config. */
export type MachineAttributes = Known<typeof machineAttributes>;
/** The declared number of machines of one region. */
export type MachineCount = NonNullable<ProcessGroup["machines"][string]>;

/** Environment variables that the group sets itself and never compares. */
export const platformEnv: ReadonlySet<string> = new Set(["FLY_PROCESS_GROUP", "PRIMARY_REGION", "FLY_STANDBY_FOR"]);

/** Metadata keys of Fly, of flyctl and of this program. */
export function isReservedKey(key: string): boolean {
  return /^(fly|infra)[_-]/.test(key) || key === "process_group";
}

function onlyRegion(machines: unknown): string | null {
  const regions = typeof machines === "object" && machines !== null ? Object.keys(machines) : [];
  return regions.length === 1 ? (regions[0] ?? null) : null;
}

function regionCheck(code: string): string | undefined {
  const problem = regionProblem(code);
  return problem && `${problem} [fly/region]`;
}

function machinesProblem(machines: Readonly<Record<string, { count?: number; min?: number; max?: number }>>) {
  const regions = Object.entries(machines);
  if (regions.length === 0) return "no region is named; write for example { ord: { count: 1 } } [fly/machine-count]";
  for (const [region, bounds] of regions) {
    const problem = regionCheck(region) ?? countProblem(region, bounds);
    if (problem) return problem;
  }
  return undefined;
}

function countProblem(region: string, { count, min, max }: { count?: number; min?: number; max?: number }) {
  if ((count === undefined) === (min === undefined))
    return `${region} needs either count, or min with or without max [fly/machine-count]`;
  if (count !== undefined && max !== undefined)
    return `${region} has count and max; count is exact, so leave max out or give min instead of count [fly/machine-count]`;
  if (min !== undefined && max !== undefined && min > max)
    return `min ${min} of ${region} is above max ${max}; raise max or lower min [fly/machine-count]`;
  return undefined;
}

function shareProblem(value: string): string | undefined {
  const [, number, percent] = /^(\d+)(%?)$/.exec(value) ?? [];
  const amount = Number(number);
  const fits = number !== undefined && amount >= 1 && (percent !== "%" || amount <= 100);
  return fits
    ? undefined
    : `"${value}" is neither a share from "1%" to "100%" nor a number from "1" [fly/max-unavailable]`;
}

/** Milliseconds that one machine may take. */
export function waitTimeoutMs(group: Pick<ProcessGroup, "wait_timeout">): number {
  return (parseDuration(group.wait_timeout ?? "5m0s") ?? 0) / 1e6;
}
