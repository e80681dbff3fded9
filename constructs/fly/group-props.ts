import type { AppShape, CheckShape, GroupShape, PortShape, ServiceShape } from "../../config/app-shape";
import { spreadMachines } from "../../config/spread";
import { guestOf, machinesOf, serviceOf } from "./default";

/** Props of `fly_process_group` for one group of an app, without what refers to other resources. */
export function groupProps(app: AppShape, group: GroupShape) {
  const { regions, deploy = {}, killSignal, killTimeout } = app;
  const env = { ...app.env, ...group.env };
  const { command, services = [], checks = {}, mount, metrics, restart } = group;
  return {
    ...("pinned" in app.image ? { image: app.image.pinned } : { initialImage: app.image.initial }),
    guest: guestOf(group),
    machines: spreadMachines(machinesOf(group, regions.length), regions),
    primaryRegion: regions[0],
    services: services.map((service) => serviceProps(service, group, regions.length)),
    ...(Object.keys(env).length > 0 && { env }),
    ...(command && { init: { cmd: command } }),
    ...(Object.keys(checks).length > 0 && { checks: checksProps(checks) }),
    ...(mount && { mount }),
    ...(metrics && { metrics }),
    ...(restart && { restart }),
    ...((killSignal || killTimeout) && { stop: { signal: killSignal, timeout: killTimeout } }),
    strategy: strategyOf(deploy.strategy, group),
    maxUnavailable: deploy.maxUnavailable,
    waitTimeout: deploy.waitTimeout,
  };
}

/** Without a check, nothing tells when traffic can switch: such a group of a blue-green app changes by rolling. */
function strategyOf(strategy: string | undefined, { checks = {}, services = [] }: GroupShape): string | undefined {
  const checked = Object.keys(checks).length > 0 || services.some((one) => (one.checks ?? []).length > 0);
  return strategy === "bluegreen" && !checked ? "rolling" : strategy;
}

function serviceProps(service: ServiceShape, group: GroupShape, regionCount: number) {
  const { concurrency, ...whole } = serviceOf(service, group, regionCount);
  return {
    protocol: whole.protocol,
    internalPort: whole.internalPort,
    autostop: whole.autostop,
    autostart: whole.autostart,
    minMachinesRunning: whole.minRunning,
    ports: whole.ports.map(portProps),
    ...(concurrency && { concurrency }),
    checks: whole.checks.map(checkProps),
  };
}

/** `false` is what an absent one means: left out, so that the plan is as short as the machine's config. */
function portProps({ port, handlers, forceHttps }: PortShape) {
  return { port, ...(handlers && { handlers }), ...(forceHttps && { forceHttps }) };
}

function checkProps({ headers, ...check }: CheckShape) {
  const list = Object.entries(headers ?? {}).map(([name, value]) => ({ name, values: [value] }));
  return { ...check, ...(list.length > 0 && { headers: list }) };
}

function checksProps(checks: Readonly<Record<string, CheckShape>>) {
  // A check without a port has been refused before.
  return Object.fromEntries(
    Object.entries(checks).map(([name, check]) => [name, { ...checkProps(check), port: check.port ?? 0 }]),
  );
}
