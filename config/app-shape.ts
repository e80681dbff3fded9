/**
 * The shape of a Fly app as a user writes it: the environments of config/ are such data, and `FlyApp` takes the same as props.
 * Rules across values are in rule.ts; each problem they report has an id that docs/errors.md explains.
 */

/**
 * Where the image of the machines comes from. `initial`: managed outside; the release pipeline deploys and this image is used only while the
 * app has neither a release nor a machine. `pinned`: this program deploys exactly this tag or digest.
 */
export type ImageShape = { readonly initial: string } | { readonly pinned: string };

/**
 * The release pipeline deploys images, with `flyctl deploy` and the file of `flyToml`; `initial` serves until its first release. Everything
 * else about the machines is still ours.
 *
 * What is to run is the image of the app's newest complete release. A machine on another one is drift, also after a deployment that failed
 * half-way, and an apply takes it back. A complete release that `flyctl secrets set` recorded with the image of a failed one does not
 * count (docs/decisions/0009-release-that-counts.md).
 */
export const managedOutside = ({ initial }: { readonly initial: string }): ImageShape => ({ initial });

/** Machines run exactly this image, such as "registry.example.com/shop:v7" or "…@sha256:…"; another one is drift. */
export const pinned = (reference: string): ImageShape => ({ pinned: reference });

/**
 * Where a secret's value is read when it is written: exactly one of the three, or none for the default. Names only: a value never stands in
 * configuration, plan or state.
 * @throws problem `fly/secret-source`, `fly/secret-value`, `fly/secret-env-name`
 */
export interface SecretSource {
  /**
   * Names of environment variables; the first one that is set wins.
   * @default one name, `<STACK>_<NAME>`, such as STAGING_DATABASE_URL
   */
  readonly env?: readonly string[];
  /** Path of a file that holds the value and nothing else, relative to the folder in which Terraform runs (a stack directory). */
  readonly file?: string;
  /** Program and arguments that print the value; run without a shell. */
  readonly command?: readonly string[];
}

/** A health check. */
export interface CheckShape {
  readonly type: "tcp" | "http";
  /** Time between two checks, such as "15s"; at most "1m": Fly checks no more seldom. */
  readonly interval: string;
  /** Time after which one check has failed, such as "2s". Shorter than the interval. */
  readonly timeout: string;
  /**
   * Time after the start of a machine in which failures do not count.
   * @default Fly's own
   */
  readonly gracePeriod?: string;
  /**
   * Port that is asked.
   * @default the service's internal port; a check of a group must name one
   */
  readonly port?: number;
  /** HTTP only. A redirect is a failure. @default "/" */
  readonly path?: string;
  /** HTTP only. @default "GET" */
  readonly method?: string;
  /** HTTP only: what the machine speaks on that port. @default "http" */
  readonly protocol?: "http" | "https";
  /** HTTP only: headers of the request, name to value. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Load at which Fly's proxy looks for another machine (soft) and stops sending more to this one (hard). */
export interface ConcurrencyShape {
  /** What is counted. @default "connections" */
  readonly type?: "connections" | "requests";
  readonly softLimit: number;
  /** At least the soft limit. @throws problem `fly/concurrency` */
  readonly hardLimit: number;
}

/** A public port of a service. */
export interface PortShape {
  readonly port: number;
  /** What Fly's edge does with a connection; none: it is passed through. */
  readonly handlers?: readonly ("http" | "tls" | "tcp" | "proxy_proto" | "pg_tls" | "edge_http")[];
  /** Answer plain HTTP with a redirect. Only where "http" is a handler and "tls" is not. */
  readonly forceHttps?: boolean;
}

/** What Fly's proxy sends to a process group. */
export interface ServiceShape {
  /** Port on which the process listens, on every interface. */
  readonly internalPort: number;
  /** @default "tcp" */
  readonly protocol?: "tcp" | "udp";
  /** @default 80 with handler http, and 443 with tls and http */
  readonly ports?: readonly PortShape[];
  /** Redirect plain HTTP on the default port 80; with own `ports`, say it there. @default true */
  readonly forceHttps?: boolean;
  /** What the proxy does with a machine that has nothing to do. @default "off" */
  readonly autostop?: "off" | "stop" | "suspend";
  /** Whether the proxy starts a stopped machine when requests come. @default true */
  readonly autostart?: boolean;
  /**
   * Machines that autostop leaves running; Fly counts them in the primary region only.
   * @default 0 with autostop; without it, all machines that the primary region has at least
   */
  readonly minRunning?: number;
  /** @default Fly's: 20 connections soft, no hard limit */
  readonly concurrency?: ConcurrencyShape;
  /** A machine that fails one gets no traffic. No check ever restarts a machine. */
  readonly checks?: readonly CheckShape[];
}

/** One volume for each machine of the group, made and kept with it. */
export interface MountShape {
  /** 1 to 30 lower-case letters, digits and underscores. */
  readonly name: string;
  /** Absolute path inside the machine. */
  readonly path: string;
  /** GB. It can be raised later, never lowered. @default 1 */
  readonly sizeGb?: number;
  /** Days, 1 to 60. @default 5 */
  readonly snapshotRetention?: number;
}

/** All machines of one kind in an app. */
export interface GroupShape {
  /** @default "shared" */
  readonly cpuKind?: "shared" | "performance";
  /** Shared: 1, 2, 4, 6 or 8. Performance: also 10 to 128. @default 1 @throws problem `fly/guest-cpus` */
  readonly cpus?: number;
  /**
   * Memory of each machine, in MB as Fly counts them. Shared CPUs take 256 to 2048 each in steps of 256, performance CPUs 2048 to 8192
   * each in steps of 1024. A change updates each machine in place: a running one reboots, none is replaced.
   * @default 256 per shared CPU, 2048 per performance CPU: the least that Fly accepts
   * @throws problem `fly/guest-memory`
   * @see https://fly.io/docs/machines/guides-examples/machine-sizing/ (read 2026-08)
   */
  readonly memoryMb?: number;
  /**
   * How many machines, in all regions together: exactly so many, or between `min` and `max` (fewer are added, more are removed, newest first;
   * between them nothing happens). They are spread evenly, the first regions get the rest.
   * @default 1 for each region
   * @throws problem `fly/machine-count`
   */
  readonly machines?: number | { readonly min: number; readonly max: number };
  /** Arguments for the image's entry point. @default the image's own */
  readonly command?: readonly string[];
  /** Env vars of this group, besides the app's. Not for secrets. */
  readonly env?: Readonly<Record<string, string>>;
  /** @default none: the group is reachable on the private network only */
  readonly services?: readonly ServiceShape[];
  /** Checks that do not route traffic, by name; roll-outs wait for them. Each names its port. */
  readonly checks?: Readonly<Record<string, CheckShape>>;
  /** @default none: machines keep nothing over a restart */
  readonly mount?: MountShape;
  /** Where Fly scrapes Prometheus metrics, every 15 s. @default nowhere */
  readonly metrics?: { readonly port: number; readonly path: string };
  /** What happens when the process exits. @default on-failure, 10 retries: Fly's own */
  readonly restart?: { readonly policy: "no" | "always" | "on-failure"; readonly maxRetries?: number };
}

/** How a change reaches the machines. */
export interface DeployShape {
  /**
   * `rolling`: some at a time, the first alone. `canary`: an extra machine first, gone afterwards. `bluegreen`: a whole new set, then the traffic
   * switches; needs a check and no volumes, and groups without a check change by rolling. `immediate`: all at once, without waiting.
   * @default "rolling"
   * @throws problem `fly/strategy-mount`, `fly/strategy-checks`
   */
  readonly strategy?: "rolling" | "canary" | "bluegreen" | "immediate";
  /** Largest share of a group ("30%") or number of machines ("1") out of service at a time. @default "33%" */
  readonly maxUnavailable?: string;
  /** Time that each machine has to become healthy. @default "5m0s" */
  readonly waitTimeout?: string;
  /** Run by `flyctl deploy` before machines change. Never a migration. @throws problem `fly/release-command` */
  readonly releaseCommand?: string;
}

/** What to do with an object of the app that nobody declared, by kind. `refuse`: apply does the rest, then fails and names it. */
export type UndeclaredPolicy = "refuse" | "remove" | "ignore";

/** Something undeclared that is let be for a while. */
export interface IgnoredObject {
  /** Kind and name as the plan prints it, such as "secret/OLD_KEY" or "address/1.2.3.4". */
  readonly object: string;
  readonly reason: string;
  /** Last day, such as "2026-12-31"; afterwards it is reported again. */
  readonly until: string;
}

/** A Fly app with everything that belongs to it. */
export interface AppShape {
  /** Name of the Fly app: lower-case letters, digits and hyphens. One namespace for all of Fly; it becomes `<app>.fly.dev`. */
  readonly app: string;
  /**
   * Regions by code, such as "ord". The first is the primary one.
   * @throws problem `fly/region`
   */
  readonly regions: readonly string[];
  readonly image: ImageShape;
  /** Process groups by name. With one group, `app` is the name that flyctl expects. */
  readonly groups: Readonly<Record<string, GroupShape>>;
  /** Env vars of every group. Not for secrets. @throws problem `fly/secret-value`, `fly/env-and-secret` */
  readonly env?: Readonly<Record<string, string>>;
  /** Secrets by name. @default none */
  readonly secrets?: Readonly<Record<string, SecretSource>>;
  /** Days after which a secret is to be written anew; over it the plan warns and `infra drift` fails. @default 90 */
  readonly rotationDays?: number;
  /** @default a shared IPv4 and an IPv6 address when a group has a service, else none */
  readonly addresses?: readonly ("shared_v4" | "v4" | "v6" | "private_v6")[];
  /** Hostnames for which Fly is to serve HTTPS, besides `<app>.fly.dev`. @default none */
  readonly certificates?: readonly string[];
  /** Signal that asks a process to stop. @default "SIGINT" */
  readonly killSignal?: "SIGHUP" | "SIGINT" | "SIGQUIT" | "SIGKILL" | "SIGUSR1" | "SIGUSR2" | "SIGTERM";
  /** Time between that signal and the end, at most "5m". @default "5s" */
  readonly killTimeout?: string;
  readonly deploy?: DeployShape;
  /** A permanent app cannot be destroyed by a plan before this is changed and applied. @default "permanent" */
  readonly lifetime?: "permanent" | "temporary";
  /**
   * Name of the file for `flyctl deploy --config`, rendered from this very configuration into `files/` beside the stack directories. Every
   * app that flyctl deploys needs one: without, flyctl takes a config from the last release or makes one up from the machines, and
   * of several groups it then keeps one (tried 2026-11).
   * @default none is rendered
   * @throws problem `fly/toml-env`, `fly/toml-check`: what the file cannot say
   */
  readonly flyToml?: string;
  /** @default "refuse" for each kind */
  readonly undeclared?: Readonly<
    Partial<Record<"address" | "certificate" | "group" | "machine" | "secret" | "volume", UndeclaredPolicy>>
  >;
  readonly ignore?: readonly IgnoredObject[];
  /** Patterns of secret names that may be live without being declared, such as "CHATWOOT_*"; only a trailing star. @default none */
  readonly secretGroups?: readonly string[];
}
