import { type GroupShape, managedOutside } from "./app-shape";
import type { Environment } from "./schema";

const machine = { cpuKind: "shared", cpus: 1, memoryMb: 2048, machines: 1 } as const satisfies GroupShape;

/** `hotdash-chatwoot`: the support desk, one machine that answers and one that works through the queue. */
export const chatwoot: Environment = {
  app: "hotdash-chatwoot",
  url: "https://hotdash-chatwoot.fly.dev",
  // Without a file, flyctl makes one up from the machines, and a deployment then puts one group in the place of both (tried 2026-11).
  flyToml: "fly.chatwoot.toml",
  regions: ["ord"],
  image: managedOutside({ initial: "chatwoot/chatwoot:v4.7.0" }),
  groups: {
    web: {
      ...machine,
      command: ["bundle", "exec", "rails", "server", "-b", "0.0.0.0", "-p", "3000"],
      services: [
        {
          internalPort: 3000,
          forceHttps: true,
          autostop: "off",
          autostart: true,
          checks: [{ type: "http", interval: "30s", timeout: "5s", gracePeriod: "30s", path: "/api", method: "GET" }],
        },
      ],
    },
    worker: { ...machine, command: ["bundle", "exec", "sidekiq", "-C", "config/sidekiq.yml"] },
  },
  // Chatwoot reads its own Postgres, its queue service and its signing key from these.
  secrets: { DATABASE_URL: {}, REDIS_URL: {}, SECRET_KEY_BASE: {} },
  rotationDays: 90,
  deploy: { strategy: "rolling" },
  beyondFly: {
    failuresBeforeRestart: 3,
    emailNotices: true,
    maxResponseMs: 5000,
    healthBody: ['"queue_services":"ok"', '"data_services":"ok"'],
    mailbox: "customer.support@hotrodan.com",
  },
};
