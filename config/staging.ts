import { application, applicationChecks } from "./application";
import type { Environment } from "./schema";

/** `hotdash-staging`: one machine, deployed by every push to main. */
export const staging: Environment = {
  app: "hotdash-staging",
  url: "https://hotdash-staging.fly.dev",
  githubEnvironment: "staging",
  flyToml: "fly.toml",
  regions: ["ord"],
  image: application.image,
  groups: {
    app: {
      cpuKind: "shared",
      cpus: 1,
      memoryMb: 1024,
      machines: 1,
      metrics: application.metrics,
      restart: application.restart,
      services: [
        {
          internalPort: application.internalPort,
          forceHttps: true,
          autostop: "stop",
          autostart: true,
          minRunning: 1,
          concurrency: { type: "connections", softLimit: 80, hardLimit: 100 },
          checks: applicationChecks("20s"),
        },
      ],
    },
  },
  killTimeout: "30s",
  secrets: application.secrets,
  rotationDays: 90,
  deploy: { strategy: "rolling", waitTimeout: "3m", releaseCommand: application.releaseCommand },
  beyondFly: { failuresBeforeRestart: 3, emailNotices: true, automaticRollback: true },
};
