import type { App } from "cdktf";
import { type Configuration, notes, previewNumber, previewOf } from "../config";
import { FlyApp } from "../constructs/fly/fly-app";
import { FlyStack } from "../constructs/fly/fly-stack";

/** Stack `preview-<number>`: one pull request, named by PREVIEW_NUMBER or the context `preview`. None without a number. */
export function preview(app: App, config: Configuration, env: NodeJS.ProcessEnv = process.env): void {
  const number = previewNumber(env.PREVIEW_NUMBER ?? app.node.tryGetContext("preview"));
  if (number === undefined) return;
  const { organization, state, environments } = config;
  const stack = new FlyStack(app, `preview-${number}`, {
    organization: organization.slug,
    state,
    vault: config.secrets.vaultPath,
    notes: notes(config, "preview"),
  });
  new FlyApp(stack, "hotdash", previewOf(environments.preview, number));
}
