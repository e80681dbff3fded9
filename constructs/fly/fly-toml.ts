import { stringify } from "smol-toml";
import type { AppShape, CheckShape, DeployShape, GroupShape, ServiceShape } from "../../config/app-shape";
import { guestOf, serviceOf } from "./default";

type Table = Record<string, unknown>;

/**
 * The text of the file that `flyctl deploy` reads, from the same shape as the stack: after a deployment with it, the plan is empty,
 * whatever the strategy (tried 2026-11 with rolling, canary, bluegreen and immediate).
 *
 * Every section names its process group, since flyctl gives a section without one to the default group only. What flyctl and the provider
 * do to each other's machines:
 * - A deployment replaces a machine's image, env, services, checks, metrics, mounts, stop and restart settings, command and size by the
 *   file's, and merges metadata: our marks stay on it, on bluegreen's new machines too.
 * - The file does not say how many machines there are. flyctl keeps those that there are; of an app that has none it makes two for each
 *   group, unless it is told `--ha=false`. A plan shows the second one where one is declared.
 * - Addresses and volumes are made by whoever comes first; secrets are no part of the file.
 *
 * @param app plain values: a Terraform expression has no place in a file
 * @see https://fly.io/docs/reference/configuration/ (read 2026-08)
 */
export function renderFlyToml(app: AppShape): string {
  const groups = Object.entries(app.groups);
  const sections = <T>(of: (name: string, group: GroupShape) => readonly T[]) =>
    groups.flatMap(([name, group]) => of(name, group));
  const document = clean({
    app: app.app,
    primary_region: app.regions[0],
    kill_signal: app.killSignal,
    kill_timeout: app.killTimeout,
    build: "pinned" in app.image ? { image: app.image.pinned } : undefined,
    deploy: deploy(app.deploy ?? {}),
    env: app.env,
    processes: processes(app),
    checks: checks(groups),
    services: sections((name, group) => services(name, group, app.regions.length)),
    mounts: sections(mounts),
    metrics: sections((name, { metrics }) => (metrics ? [{ ...metrics, processes: [name] }] : [])),
    restart: sections(restart),
    vm: sections((name, group) => [vm(name, group)]),
  });
  return `# Written from the configuration by synth; change it there.\n${stringify(document)}`;
}

function deploy({ strategy, maxUnavailable, waitTimeout, releaseCommand }: DeployShape): Table {
  return {
    strategy,
    max_unavailable: maxUnavailable === undefined ? undefined : shareOf(maxUnavailable),
    wait_timeout: waitTimeout,
    release_command: releaseCommand,
  };
}

/** flyctl takes numbers below 1 as shares and others as counts, so that all of them is a share just below 1. */
function shareOf(text: string): number {
  const number = Number.parseInt(text, 10);
  return text.endsWith("%") ? Math.min(number / 100, 0.99) : number;
}

/** A single group `app` without a command is what flyctl assumes. */
function processes({ groups }: AppShape): Table | undefined {
  const commands = Object.entries(groups).map(([name, { command = [] }]) => [name, command.map(quoted).join(" ")]);
  return commands.length === 1 && commands[0]?.[0] === "app" && commands[0][1] === ""
    ? undefined
    : Object.fromEntries(commands);
}

/** A word as a shell would read it back. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function services(name: string, group: GroupShape, regionCount: number): Table[] {
  return (group.services ?? []).map((service) => {
    const { checks, concurrency, ports, ...rest } = serviceOf(service, group, regionCount);
    return {
      protocol: rest.protocol,
      internal_port: rest.internalPort,
      processes: [name],
      auto_stop_machines: rest.autostop,
      auto_start_machines: rest.autostart,
      min_machines_running: rest.minRunning,
      ports: ports.map(({ port, handlers, forceHttps }) => ({ port, handlers, force_https: forceHttps || undefined })),
      concurrency: concurrency && concurrencyTable(concurrency),
      tcp_checks: checks.filter(({ type }) => type === "tcp").map(check),
      http_checks: checks.filter(({ type }) => type === "http").map(check),
    };
  });
}

function concurrencyTable({ type = "connections", softLimit, hardLimit }: NonNullable<ServiceShape["concurrency"]>) {
  return { type, soft_limit: softLimit, hard_limit: hardLimit };
}

function check({ interval, timeout, gracePeriod, port, path, method, protocol, headers }: CheckShape): Table {
  return { interval, timeout, grace_period: gracePeriod, port, method, path, protocol, headers };
}

/** One table for each name, whichever groups have it: they have the same under that name, or the rules have refused it. */
function checks(groups: readonly (readonly [string, GroupShape])[]): Table {
  const processes = new Map<string, string[]>();
  const tables = groups.flatMap(([name, { checks = {} }]) =>
    Object.entries(checks).map(([label, one]): [string, Table] => {
      const named = [...(processes.get(label) ?? []), name];
      processes.set(label, named);
      return [label, { type: one.type, ...check(one), processes: named }];
    }),
  );
  return Object.fromEntries(tables);
}

function mounts(name: string, { mount }: GroupShape): Table[] {
  if (!mount) return [];
  const { name: source, path: destination, sizeGb, snapshotRetention } = mount;
  return [
    {
      source,
      destination,
      initial_size: sizeGb === undefined ? undefined : `${sizeGb}gb`,
      snapshot_retention: snapshotRetention,
      processes: [name],
    },
  ];
}

function restart(name: string, { restart: wanted }: GroupShape): Table[] {
  if (!wanted) return [];
  const policy = wanted.policy === "no" ? "never" : wanted.policy;
  return [{ policy, retries: wanted.maxRetries, processes: [name] }];
}

function vm(name: string, group: GroupShape): Table {
  const { cpuKind, cpus, memoryMb } = guestOf(group);
  return { cpu_kind: cpuKind, cpus, memory: `${memoryMb}mb`, processes: [name] };
}

/** Without what is absent or empty: TOML has no null, and an empty table says nothing. */
function clean(value: Table): Table {
  const entries = Object.entries(value).map(([key, one]): [string, unknown] => [key, cleaned(one)]);
  return Object.fromEntries(entries.filter(([, one]) => one !== undefined));
}

function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? value.map(cleaned) : undefined;
  if (typeof value !== "object" || value === null) return value;
  const table = clean(value as Table);
  return Object.keys(table).length > 0 ? table : undefined;
}
