import type { App } from "cdktf";
import { type Configuration, undecided } from "../config";
import { classicNotes } from "../constructs/github/branch-rule";
import { GithubStack } from "../constructs/github/github-stack";
import { GovernedRepository } from "../constructs/github/governed-repository";

/** Stack `github`: the managed repository, its protection, its GitHub environments and the names of its secrets. */
export function github(app: App, config: Configuration): void {
  const { repository, delivery, state, environments } = config;
  const stack = new GithubStack(app, "github", {
    owner: repository.owner,
    state,
    vault: config.secrets.vaultPath,
    notes: repository.protection.mechanism === "classic" ? classicNotes : [],
    undecided: undecided(config),
  });
  new GovernedRepository(stack, "repository", {
    repository,
    write: delivery.write,
    rotationDays: environments.production.rotationDays ?? 90,
  });
}
