import type { App } from "cdktf";
import { type Configuration, notes } from "../config";
import { operationOf } from "../config/operation-shape";
import { FlyApp } from "../constructs/fly/fly-app";
import { FlyStack } from "../constructs/fly/fly-stack";

/** Stack `staging`: what `main` holds. None where production has taken over staging's app. */
export function staging(app: App, config: Configuration): void {
  const { organization, state, environments, delivery } = config;
  if (!environments.staging) return;
  const stack = new FlyStack(app, "staging", {
    organization: organization.slug,
    state,
    vault: config.secrets.vaultPath,
    operation: operationOf(delivery),
    notes: notes(config, "staging"),
  });
  new FlyApp(stack, "hotdash", environments.staging);
}
