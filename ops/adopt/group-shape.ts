/** A process group as an import reads it, in the words of a `FlyApp`, with everything left out that goes without saying. */
import type { CheckShape, GroupShape, MountShape, PortShape, ServiceShape } from "../../config/app-shape";
import { leastInPrimaryRegion, spreadMachines } from "../../config/spread";
import { leastMemoryMb } from "../../provider/facts/guest";
import type { ProcessGroup } from "../../provider/resources/process-group/attributes";
import { same } from "../../report/difference";

type Service = NonNullable<ProcessGroup["services"]>[number];
type Port = NonNullable<Service["ports"]>[number];
type Check = NonNullable<Service["checks"]>[number];

/**
 * What of a group a {@link GroupShape} can say. What it cannot is not in it: whoever asks compares the two plans.
 *
 * @param regions of the app, the primary one first
 * @param env what is left once the app's own is taken away
 */
export function groupShape(
  group: ProcessGroup,
  { regions, env }: { readonly regions: readonly string[]; readonly env: Readonly<Record<string, string>> },
): GroupShape {
  const { guest = {}, init, services = [], checks = {}, mount, metrics } = group;
  const machines = machinesOf(group.machines, regions);
  const cpuKind = oneOf(["shared", "performance"], guest.cpu_kind);
  const least = leastMemoryMb(guest.cpu_kind ?? "shared", guest.cpus ?? 1);
  const command = init?.cmd ?? [];
  return {
    cpuKind: unless("shared", cpuKind),
    cpus: unless(1, guest.cpus),
    memoryMb: unless(least, guest.memory_mb),
    machines,
    command: command.length > 0 ? command : undefined,
    env: orNone(env),
    services: services.length > 0 ? services.map((one) => serviceShape(one, machines, regions.length)) : undefined,
    checks: orNone(Object.fromEntries(Object.entries(checks).map(([name, one]) => [name, checkShape(one, undefined)]))),
    mount: mount && mountShape(mount),
    metrics: metrics && { port: metrics.port, path: metrics.path ?? "/metrics" },
    restart: restartShape(group.restart),
  };
}

/** undefined: one for each region, or numbers that are not spread evenly. */
function machinesOf(found: ProcessGroup["machines"], regions: readonly string[]): GroupShape["machines"] {
  const all = Object.values(found);
  const sum = (of: (one: (typeof all)[number]) => number | undefined) =>
    all.reduce((total, one) => total + (of(one) ?? 0), 0);
  const total: GroupShape["machines"] = all.every(({ count }) => count !== undefined)
    ? sum(({ count }) => count)
    : { min: sum(({ min }) => min), max: sum(({ max }) => max) };
  const there = (map: object) => Object.fromEntries(Object.entries(map).filter(([, one]) => one.count !== 0));
  if (!same(there(spreadMachines(total, regions)), there(found))) return undefined;
  return total === regions.length ? undefined : total;
}

function serviceShape(service: Service, machines: GroupShape["machines"], regionCount: number): ServiceShape {
  const { protocol, internal_port: internalPort, autostart, min_machines_running: minRunning = 0 } = service;
  const autostop = oneOf(["off", "stop", "suspend"], service.autostop);
  const least = autostop === "off" ? leastInPrimaryRegion(machines ?? regionCount, regionCount) : 0;
  const { checks = [], concurrency: { type, soft_limit: softLimit = 20, hard_limit: hardLimit = 0 } = {} } = service;
  return {
    internalPort,
    protocol: unless("tcp", oneOf(["tcp", "udp"], protocol)),
    ...portsShape(service.ports ?? []),
    autostop: unless("off", autostop),
    autostart: unless(true, autostart),
    minRunning: unless(least, minRunning),
    concurrency:
      softLimit === 20 && hardLimit === 0 && type !== "requests"
        ? undefined
        : { type: unless("connections", oneOf(["connections", "requests"], type)), softLimit, hardLimit },
    checks: checks.length > 0 && isInFlyOrder(checks) ? checks.map((one) => checkShape(one, internalPort)) : undefined,
  };
}

/** A FlyApp puts its TCP checks first, as flyctl does; in another order they have no words. */
function isInFlyOrder(checks: readonly Check[]): boolean {
  const firstOther = checks.findIndex(({ type }) => type !== "tcp");
  return firstOther < 0 || checks.slice(firstOther).every(({ type }) => type !== "tcp");
}

/** The two ports of the web go without saying, with or without the redirect. A range of ports has no words, nor has what stands behind one. */
function portsShape(live: readonly Port[]): Pick<ServiceShape, "ports" | "forceHttps"> {
  const range = live.findIndex(({ port = 0 }) => port === 0);
  const ports = live.slice(0, range < 0 ? undefined : range).map(portShape);
  const web = (forceHttps?: true): readonly PortShape[] => [
    { port: 80, handlers: ["http"], forceHttps },
    { port: 443, handlers: ["http", "tls"], forceHttps: undefined },
  ];
  // Their order means nothing; flyctl has another one than people.
  const sorted = ports.map((one) => ({ ...one, handlers: one.handlers && [...one.handlers].sort() }));
  if (same(sorted, web(true))) return {};
  return same(sorted, web()) ? { forceHttps: false } : { ports };
}

function portShape({ port = 0, handlers = [], force_https }: Port): PortShape {
  const known = ["http", "tls", "tcp", "proxy_proto", "pg_tls", "edge_http"] as const;
  const named = handlers.flatMap((one) => oneOf(known, one) ?? []);
  return { port, handlers: named.length > 0 ? named : undefined, forceHttps: force_https || undefined };
}

function checkShape(check: Check, servicePort: number | undefined): CheckShape {
  const { interval = "15s", timeout = "10s", grace_period, port, path, method, protocol, headers = [] } = check;
  const isHttp = check.type === "http";
  return {
    type: isHttp ? "http" : "tcp",
    interval: shortest(interval),
    timeout: shortest(timeout),
    gracePeriod: grace_period === undefined || grace_period === "10s" ? undefined : shortest(grace_period),
    port: port === 0 || port === servicePort ? undefined : port,
    path: isHttp ? unless("/", path) : undefined,
    method: isHttp ? unless("GET", method) : undefined,
    protocol: isHttp ? unless("http", oneOf(["http", "https"], protocol)) : undefined,
    headers: headersShape(headers),
  };
}

/** Only headers of one value each, and of one name once, have words. */
function headersShape(headers: NonNullable<Check["headers"]>): CheckShape["headers"] {
  const pairs = headers.map(({ name, values }) => [name, ...values] as const);
  const names = new Set(headers.map(({ name }) => name.toLowerCase()));
  const isPlain = names.size === headers.length && pairs.every(({ length }) => length === 2);
  return isPlain ? orNone(Object.fromEntries(pairs)) : undefined;
}

function mountShape(mount: NonNullable<ProcessGroup["mount"]>): MountShape {
  const { name, path, size_gb, snapshot_retention } = mount;
  return { name, path, sizeGb: unless(1, size_gb), snapshotRetention: unless(5, snapshot_retention) };
}

function restartShape({ policy = "on-failure", max_retries = 0 }: ProcessGroup["restart"] = {}): GroupShape["restart"] {
  const known = oneOf(["no", "always", "on-failure"], policy);
  if (!known || (known === "on-failure" && max_retries === 10)) return undefined;
  return { policy: known, maxRetries: unless(0, max_retries) };
}

/** Go writes "1m0s" where a person writes "1m". */
export const shortest = (duration: string): string => duration.replace(/(\d[hm])0[ms](0s)?$/, "$1");

function unless<T>(standard: T | undefined, value: T | undefined): T | undefined {
  return value === standard ? undefined : value;
}

function oneOf<const T extends string>(allowed: readonly T[], value: string | undefined): T | undefined {
  return allowed.find((one) => one === value);
}

function orNone<T extends object>(value: T): T | undefined {
  return Object.keys(value).length > 0 ? value : undefined;
}
