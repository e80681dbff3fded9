import { application, applicationChecks } from "./application";
import type { Environment } from "./schema";

/** `hot-dash`: a pool of two to ten machines that never sleep, deployed by release tags. */
export const production: Environment = {
  app: "hot-dash",
  url: "https://hot-dash.fly.dev",
  githubEnvironment: "production",
  flyToml: "fly.production.toml",
  regions: ["ord"],
  image: application.image,
  groups: {
    app: {
      cpuKind: "shared",
      cpus: 2,
      memoryMb: 2048,
      machines: { min: 2, max: 10 },
      metrics: application.metrics,
      restart: application.restart,
      services: [
        {
          internalPort: application.internalPort,
          forceHttps: true,
          autostop: "off",
          autostart: true,
          concurrency: { type: "connections", softLimit: 200, hardLimit: 250 },
          checks: applicationChecks("30s"),
        },
      ],
    },
  },
  killTimeout: "30s",
  secrets: application.secrets,
  rotationDays: 90,
  deploy: {
    strategy: "rolling",
    maxUnavailable: "30%",
    waitTimeout: "5m",
    releaseCommand: application.releaseCommand,
  },
  beyondFly: {
    failuresBeforeRestart: 3,
    scaling: { cpuPercent: 70, memoryPercent: 80 },
    emailNotices: true,
    automaticRollback: true,
  },
};
