import type { App } from "cdktf";
import { type Configuration, notes } from "../config";
import { operationOf } from "../config/operation-shape";
import { FlyApp } from "../constructs/fly/fly-app";
import { FlyStack } from "../constructs/fly/fly-stack";

/** Stack `production`: the application that customers use. */
export function production(app: App, config: Configuration): void {
  const { organization, state, environments, delivery } = config;
  const stack = new FlyStack(app, "production", {
    organization: organization.slug,
    state,
    vault: config.secrets.vaultPath,
    operation: operationOf(delivery),
    guard: {
      app: environments.production.app,
      window: delivery.production.window,
      ...(environments.staging && { after: "staging" }),
    },
    notes: notes(config, "production"),
  });
  new FlyApp(stack, "hotdash", environments.production);
}
