/** flyctl, Terraform and one configuration: after a deployment with the rendered file, nothing is left to change. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { configure } from "../../config";
import { hotDash } from "../../config/hotdash";
import { production } from "../../stacks/production";
import { staging } from "../../stacks/staging";
import { synthesize } from "../../synth/synthesize";
import { findFlyctl } from "../clients/flyctl";
import { has, openStage, type Stage } from "./support/stage";

const flyctl = findFlyctl() ?? "";

(flyctl && has("terraform") ? describe : describe.skip)(
  "flyctl deploy with a rendered file (needs flyctl, terraform)",
  () => {
    let stage: Stage;
    const secrets: Record<string, string> = {};
    beforeAll(async () => {
      stage = await openStage();
      const config = configure(hotDash, {
        processes: ["app", "worker"],
        "processes.worker.command": ["npm", "run", "jobs"],
      });
      const app = new App({ outdir: join(stage.folder, "cdktf.out") });
      production(app, config);
      staging(app, config);
      synthesize(app, {});
      for (const { secrets: all = {} } of [config.environments.production, config.environments.staging ?? {}]) {
        for (const { env = [] } of Object.values(all)) secrets[env[0] ?? ""] = `made-up-${env[0]}`;
      }
    });
    afterAll(() => stage.close());

    test.each([
      ["production", "hot-dash", "fly.production.toml", 3],
      ["staging", "hotdash-staging", "fly.toml", 2],
    ])("leaves %s as declared", async (stack, app, file, machines) => {
      const terraform = (...args: string[]) =>
        stage.run("terraform", [...args, "-no-color"], {
          cwd: join(stage.folder, "cdktf.out", "stacks", stack),
          env: secrets,
        });
      expect(await terraform("init")).toMatchObject({ code: 0 });
      expect(await terraform("apply", "-auto-approve")).toMatchObject({ code: 0 });
      const { code, text } = await deploy(app, file);
      expect({ code, text }).toEqual({ code: 0, text: expect.stringContaining("release_command") });
      const images = live(app).map(({ config }) => config.image);
      expect(images).toEqual(Array.from({ length: machines }, () => `registry.fly.io/${app}:v2`));
      expect(await terraform("plan", "-detailed-exitcode")).toMatchObject({ code: 0 });
    });

    function deploy(app: string, file: string) {
      const config = join(stage.folder, "flyctl");
      mkdirSync(config, { recursive: true });
      const { FLY_API_BASE_URL: url = "" } = stage.env;
      return stage.run(
        flyctl,
        [
          "deploy",
          ...["--config", join(stage.folder, "cdktf.out", "files", file)],
          ...["--image", `registry.fly.io/${app}:v2`],
          ...["--dns-checks=false", "--smoke-checks=false", "--ha=false"],
        ],
        {
          env: {
            FLY_CONFIG_DIR: config,
            FLY_METRICS_BASE_URL: url,
            FLY_SYNTHETICS_BASE_URL: url,
            FLY_SEND_METRICS: "0",
            FLY_SYNTHETICS_AGENT: "0",
            FLY_NO_UPDATE_CHECK: "1",
            FLY_NO_INCIDENTS_CHECK: "1",
            NO_COLOR: "1",
          },
        },
      );
    }

    function live(app: string) {
      const machines = [...(stage.sandbox.control.state().apps.get(app)?.machines.values() ?? [])];
      return machines.filter(({ state }) => state !== "destroyed");
    }
  },
);
