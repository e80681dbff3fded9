import type { App } from "cdktf";
import { FlyApp, FlyStack, pinned, type State } from "../../../index";

/** Stack `odd`: the app `odd` as it was found on Fly. `state`: where its Terraform state is kept. */
export function oddStack(app: App, state?: State): void {
  const stack = new FlyStack(app, "odd", { organization: "hotdash", state });
  const live = new FlyApp(stack, "app", {
    app: "odd",
    regions: ["iad", "lhr"],
    image: pinned("registry.fly.io/odd:v1"),
    groups: {
      web: {
        cpus: 2,
        services: [
          {
            internalPort: 8080,
            autostop: "suspend",
            minRunning: 1,
            concurrency: { type: "requests", softLimit: 10, hardLimit: 20 },
          },
        ],
        mount: { name: "data", path: "/data", sizeGb: 3 },
      },
      jobs: { command: ["node", "jobs.js"] },
    },
    env: { LOG: "info" },
    secrets: { API_KEY: {} },
    addresses: ["v4", "v6"],
    certificates: ["shop.example.org"],
  });

  // What FlyApp has no word for, as it was found.
  live.app.addOverride("network", "apart");
  live.groups.web?.addOverride("guest.max_memory_mb", 2048);
  live.groups.web?.addOverride("services.0.ports.1.http_options", {
    h2_backend: true,
    response: { headers: { "x-a.b": "c" } },
  });
  live.groups.web?.addOverride("services.0.checks", [
    { type: "http", timeout: "2s", grace_period: "5s", path: "/up" },
    { type: "tcp", port: 8080, timeout: "2s", grace_period: "5s" },
  ]);
  live.groups.web?.addOverride("mount.extend_threshold_percent", 80);
  live.groups.web?.addOverride("mount.add_size_gb", 2);
  live.groups.web?.addOverride("files", [{ guest_path: "/etc/key", secret_name: "API_KEY" }]);
  live.groups.jobs?.addOverride("machines.iad.count", 3);
  live.groups.jobs?.addOverride("machines.lhr", undefined);
  live.groups.jobs?.addOverride("init.swap_size_mb", 512);
  live.groups.jobs?.addOverride("metadata", { "team.name": "blue" });
  live.groups.jobs?.addOverride("stop.signal", "SIGTERM");
  live.groups.jobs?.addOverride("stop.timeout", "1m0s");
  live.groups.jobs?.addOverride("schedule", "daily");
  live.groups.jobs?.addOverride("statics", [{ guest_path: "/app/public", url_prefix: "/public" }]);
  live.groups.jobs?.addOverride("image", "registry.fly.io/odd-jobs:v1");

  // These exist: the first apply takes them over and makes none of them. Afterwards these lines may go.
  live.app.importFrom("odd");
  live.secrets?.importFrom("odd");
  live.addresses.v4?.importFrom("odd/149.248.0.75");
  live.addresses.v6?.importFrom("odd/2a09:8280:1::4d72:47");
  live.groups.web?.importFrom("odd/web");
  live.groups.jobs?.importFrom("odd/jobs");
  live.certificates["shop.example.org"]?.importFrom("odd/shop.example.org");
  live.inventory.importFrom("odd");
}
