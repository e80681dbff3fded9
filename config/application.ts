import { type CheckShape, type GroupShape, managedOutside } from "./app-shape";

/** What production, staging and previews have in common: they run the same application. */
export const application = {
  /** Staging's release 74: the image that a new app of HotDash starts with, until the pipeline deploys its first release. */
  image: managedOutside({ initial: "registry.fly.io/hotdash-staging:deployment-01K82NTP6MKVJP3RM2VP3WQDZH" }),
  /** Runtime secrets besides the groups of hotdash.ts; names only. */
  secrets: { PUBLER_API_KEY: {}, PUBLER_WORKSPACE_ID: {}, SLACK_WEBHOOK_URL: {} },
  metrics: { port: 9091, path: "/metrics" },
  restart: { policy: "on-failure", maxRetries: 10 },
  internalPort: 3000,
  /** Generates the database client. It never migrates: migrations run apart. */
  releaseCommand: "npx prisma generate",
} as const satisfies { metrics: GroupShape["metrics"]; restart: GroupShape["restart"] } & Record<string, unknown>;

/** A TCP check, and `GET /health`; failures do not count in the first `gracePeriod` after a start. */
export const applicationChecks = (gracePeriod: string): CheckShape[] => [
  { type: "tcp", interval: "15s", timeout: "2s", gracePeriod },
  { type: "http", interval: "30s", timeout: "5s", gracePeriod, path: "/health", method: "GET" },
];
