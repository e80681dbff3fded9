import type { App } from "cdktf";
import { type Configuration, notes } from "../config";
import { FlyApp } from "../constructs/fly/fly-app";
import { FlyStack } from "../constructs/fly/fly-stack";

/** Stack `chatwoot`: the support desk. */
export function chatwoot(app: App, config: Configuration): void {
  const { organization, state, environments } = config;
  const stack = new FlyStack(app, "chatwoot", {
    organization: organization.slug,
    state,
    vault: config.secrets.vaultPath,
    notes: notes(config, "chatwoot"),
  });
  new FlyApp(stack, "chatwoot", environments.chatwoot);
}
