import * as z from "zod";
import type { AppShape, CheckShape, GroupShape, SecretSource, ServiceShape } from "./app-shape";
import { delivery } from "./delivery-shape";
import { repository } from "./repository-shape";
import { strict } from "./strict";

const text = z.string().min(1);
const count = z.number().int().min(0);
const port = z.number().int().min(1).max(65_535);

const image = z.union([strict({ initial: text }), strict({ pinned: text })]);

const secretSource: z.ZodType<SecretSource> = strict({
  env: z.array(z.string()).min(1).optional(),
  file: text.optional(),
  command: z.array(text).min(1).optional(),
});

const check: z.ZodType<CheckShape> = strict({
  type: z.enum(["tcp", "http"]),
  interval: z.string(),
  timeout: z.string(),
  gracePeriod: z.string().optional(),
  port: port.optional(),
  path: z.string().startsWith("/").optional(),
  method: z.string().optional(),
  protocol: z.enum(["http", "https"]).optional(),
  headers: z.record(z.string(), z.string()).optional(),
});

const service: z.ZodType<ServiceShape> = strict({
  internalPort: port,
  protocol: z.enum(["tcp", "udp"]).optional(),
  ports: z
    .array(
      strict({
        port,
        handlers: z.array(z.enum(["http", "tls", "tcp", "proxy_proto", "pg_tls", "edge_http"])).optional(),
        forceHttps: z.boolean().optional(),
      }),
    )
    .optional(),
  forceHttps: z.boolean().optional(),
  autostop: z.enum(["off", "stop", "suspend"]).optional(),
  autostart: z.boolean().optional(),
  minRunning: count.optional(),
  concurrency: strict({
    type: z.enum(["connections", "requests"]).optional(),
    softLimit: z.number().int().min(1),
    hardLimit: z.number().int().min(1),
  }).optional(),
  checks: z.array(check).optional(),
});

const group: z.ZodType<GroupShape> = strict({
  cpuKind: z.enum(["shared", "performance"]).optional(),
  cpus: z.number().int().optional(),
  memoryMb: z.number().int().optional(),
  machines: z.union([count, strict({ min: count, max: count })]).optional(),
  command: z.array(text).min(1).optional(),
  env: z.record(z.string(), z.string()).optional(),
  services: z.array(service).optional(),
  checks: z.record(z.string(), check).optional(),
  mount: strict({
    name: z.string(),
    path: z.string().startsWith("/"),
    sizeGb: z.number().int().min(1).max(500).optional(),
    snapshotRetention: z.number().int().min(1).max(60).optional(),
  }).optional(),
  metrics: strict({ port, path: z.string().startsWith("/") }).optional(),
  restart: strict({
    policy: z.enum(["no", "always", "on-failure"]),
    maxRetries: z.number().int().min(1).optional(),
  }).optional(),
});

const policy = z.enum(["refuse", "remove", "ignore"]).optional();

const app = {
  app: z.string(),
  regions: z.array(z.string()),
  image,
  groups: z.record(z.string(), group),
  env: z.record(z.string(), z.string()).optional(),
  secrets: z.record(z.string(), secretSource).optional(),
  rotationDays: z.number().int().min(1).max(180).optional(),
  addresses: z.array(z.enum(["shared_v4", "v4", "v6", "private_v6"])).optional(),
  certificates: z.array(text).optional(),
  killSignal: z.enum(["SIGHUP", "SIGINT", "SIGQUIT", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGTERM"]).optional(),
  killTimeout: z.string().optional(),
  deploy: strict({
    strategy: z.enum(["rolling", "canary", "bluegreen", "immediate"]).optional(),
    maxUnavailable: z.string().optional(),
    waitTimeout: z.string().optional(),
    releaseCommand: text.optional(),
  }).optional(),
  lifetime: z.enum(["permanent", "temporary"]).optional(),
  flyToml: text.optional(),
  undeclared: strict({
    address: policy,
    certificate: policy,
    group: policy,
    machine: policy,
    secret: policy,
    volume: policy,
  }).optional(),
  ignore: z.array(strict({ object: text, reason: text, until: z.iso.date() })).optional(),
  secretGroups: z.array(text).optional(),
} satisfies { readonly [K in keyof AppShape]-?: z.ZodType<AppShape[K]> };

/** What HotDash wants of an environment and Fly cannot hold; `infra plan` prints each as a note, never as a difference. */
const beyondFly = strict({
  /** Failed checks in a row after which a machine is to be restarted. Fly restarts none on a failed check. */
  failuresBeforeRestart: z.number().int().min(1).optional(),
  /** Time without requests after which machines are to sleep. Fly looks every few minutes and has no setting. */
  idleBeforeStop: z.string().optional(),
  /** Load in percent over which machines are to be added. Fly's proxy scales on concurrency alone. */
  scaling: strict({
    cpuPercent: z.number().min(1).max(100),
    memoryPercent: z.number().min(1).max(100),
  }).optional(),
  /** Fly's own e-mail notices are to be on. There is no API for them. */
  emailNotices: z.boolean().optional(),
  /** Response time in milliseconds that is accepted of the health path. */
  maxResponseMs: z.number().int().min(1).optional(),
  /** What the health path's answer is to contain besides status 200. Fly's checks look at the status alone. */
  healthBody: z.array(text).optional(),
  /** A failed deployment is to be rolled back without help. Ours is; `flyctl deploy` leaves it as it is. */
  automaticRollback: z.boolean().optional(),
  /** Mailbox that the support desk fetches over IMAP; kept in the support desk's own settings. */
  mailbox: z.email().optional(),
});

/** One deploy target. */
export const environment = strict({
  ...app,
  /** Address that users know. */
  url: z.url(),
  /** Name of the GitHub environment whose jobs deploy it; none: it is not deployed by workflows. */
  githubEnvironment: text.optional(),
  beyondFly: beyondFly.optional(),
});

/** One deploy target: a Fly app and what is wanted around it. */
export type Environment = z.infer<typeof environment>;

/** Where Terraform keeps the state of the stacks. */
export const state = z.discriminatedUnion("backend", [
  strict({
    backend: z.literal("local"),
    /** Keep state in a file of this checkout even for the real Fly. A second engineer then works against an outdated copy. */
    allowLocal: z.boolean(),
  }),
  strict({
    backend: z.literal("pg"),
    /** One schema per stack: `<prefix>_<stack>`. The address comes from the environment variable PG_CONN_STR. */
    schemaPrefix: z.string().regex(/^[a-z][a-z0-9_]*$/),
  }),
  strict({
    backend: z.literal("s3"),
    bucket: text,
    region: text,
    /** One key per stack: `<prefix>/<stack>.tfstate`, locked by a file beside it. */
    keyPrefix: text,
    /** For stores that speak S3 and are not Amazon's. */
    endpoint: z.url().optional(),
  }),
  strict({
    backend: z.literal("hcp"),
    organization: text,
    /** One workspace per stack: `<prefix>-<stack>`, in local execution mode: HCP's own runners have no Node. */
    workspacePrefix: text,
  }),
]);

/** Where Terraform keeps the state of the stacks. Never a credential. */
export type State = z.infer<typeof state>;

const organization = strict({
  /** Slug of the Fly organization. */
  slug: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  name: text,
});

/** The whole configuration, before rules across values. */
export const configuration = strict({
  organization,
  state,
  /** Regions that HotDash may use at all. */
  allowedRegions: z.array(z.string()).min(1),
  secrets: strict({
    /** Application secrets by group; a live name that fits an unfilled group is no drift. A group ends in `*` or is one name. */
    groups: z.record(z.string(), z.array(z.string())),
    /** Names that all groups have together once each is filled. */
    expectedCount: count,
    /** Where values may lie as files, besides the environment; never committed, may be absent. */
    vaultPath: text,
    /** Secrets that may also be read from a variable of their bare name, outside production. */
    bare: z.array(z.string()),
    /** "fly": this program keeps them as Fly secrets. "github": workflows hand them over, and none is declared here. */
    runtimeStore: z.enum(["fly", "github"]),
  }),
  repository,
  delivery,
  environments: strict({
    production: environment,
    /** Absent: production's app is the former staging app. */
    staging: environment.optional(),
    chatwoot: environment,
    /** One per pull request; `{number}` in app, url and flyToml stands for the number. */
    preview: environment,
  }),
});

/** The whole configuration. */
export type Configuration = z.infer<typeof configuration>;
