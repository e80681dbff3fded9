import { application } from "./application";
import type { Environment } from "./schema";

/** One app per pull request, asleep while nobody looks; `{number}` stands for the pull request's number. */
export const preview: Environment = {
  app: "hotdash-pr-{number}",
  url: "https://hotdash-pr-{number}.fly.dev",
  githubEnvironment: "preview",
  flyToml: "fly.preview-{number}.toml",
  lifetime: "temporary",
  regions: ["ord"],
  image: application.image,
  groups: {
    app: {
      cpuKind: "shared",
      cpus: 1,
      memoryMb: 512,
      machines: 1,
      metrics: application.metrics,
      restart: application.restart,
      services: [
        {
          internalPort: application.internalPort,
          forceHttps: true,
          autostop: "stop",
          autostart: true,
          minRunning: 0,
          concurrency: { type: "connections", softLimit: 80, hardLimit: 100 },
          checks: [
            { type: "http", interval: "30s", timeout: "5s", gracePeriod: "20s", path: "/health", method: "GET" },
          ],
        },
      ],
    },
  },
  killTimeout: "30s",
  secrets: application.secrets,
  rotationDays: 90,
  deploy: { strategy: "rolling", waitTimeout: "3m", releaseCommand: application.releaseCommand },
  beyondFly: { failuresBeforeRestart: 3, idleBeforeStop: "5m" },
};
