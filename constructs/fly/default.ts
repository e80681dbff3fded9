import type { AppShape, CheckShape, GroupShape, PortShape, ServiceShape } from "../../config/app-shape";
import { leastInPrimaryRegion } from "../../config/spread";
import { leastMemoryMb } from "../../provider/facts/guest";

/** Number of machines of a group; one for each region when nothing is said. */
export function machinesOf({ machines }: GroupShape, regionCount: number): NonNullable<GroupShape["machines"]> {
  return machines ?? regionCount;
}

/** Size of a group's machines with Fly's defaults filled in. */
export function guestOf({ cpuKind = "shared", cpus = 1, memoryMb }: GroupShape) {
  return { cpuKind, cpus, memoryMb: memoryMb ?? leastMemoryMb(cpuKind, cpus) };
}

/** A service with every default filled in, as the plan and fly.toml both say it. */
export function serviceOf(service: ServiceShape, group: GroupShape, regionCount: number) {
  const { protocol = "tcp", autostop = "off", autostart = true, checks = [] } = service;
  const least = leastInPrimaryRegion(machinesOf(group, regionCount), regionCount);
  return {
    ...service,
    protocol,
    autostop,
    autostart,
    minRunning: service.minRunning ?? (autostop === "off" ? least : 0),
    ports: service.ports ?? webPorts(service.forceHttps ?? true),
    checks: inFlyOrder(checks).map((check) => atService(check, service)),
  };
}

/** The addresses of an app: a shared IPv4 and an IPv6 when anything is to be reached from outside. */
export function addressesOf({ addresses, groups }: AppShape): NonNullable<AppShape["addresses"]> {
  const isPublic = Object.values(groups).some(({ services = [] }) => services.length > 0);
  return addresses ?? (isPublic ? ["shared_v4", "v6"] : []);
}

const webPorts = (forceHttps: boolean): readonly PortShape[] => [
  { port: 80, handlers: ["http"], forceHttps },
  { port: 443, handlers: ["tls", "http"] },
];

/** The service's own port goes without saying: `flyctl deploy` leaves it out, and said it would be a change after each deploy. */
function atService({ port, ...check }: CheckShape, { internalPort }: ServiceShape): CheckShape {
  return port === undefined || port === internalPort ? check : { ...check, port };
}

/** `flyctl deploy` writes a service's TCP checks before its HTTP checks; another order would be a change after each deploy. */
function inFlyOrder(checks: readonly CheckShape[]): readonly CheckShape[] {
  return [...checks.filter(({ type }) => type === "tcp"), ...checks.filter(({ type }) => type === "http")];
}
