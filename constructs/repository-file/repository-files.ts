import { type Configuration, ConfigurationError } from "../../config";
import type { Environment } from "../../config/schema";
import { renderFlyToml } from "../fly/fly-toml";
import { branchProtectionPath, renderBranchProtection } from "../github/branch-protection-page";
import { codeOwnersPath, renderCodeOwners } from "../github/code-owner";
import { governance } from "../github/governance";
import { managedFiles } from "../managed/managed-file";
import { workflowFiles } from "../workflows";
import { workflowProblems } from "../workflows/rule";
import type { RepositoryFile } from "./repository-file";

/**
 * Every file of the managed repository that is ours: the one list.
 *
 * @throws ConfigurationError with everything that is wrong with the workflows
 */
export function repositoryFiles(config: Configuration): readonly RepositoryFile[] {
  const { repository, delivery } = config;
  const workflows = workflowFiles(config);
  const problems = workflowProblems(workflows, config);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return [
    ...workflows.map(({ path, text }) => ({ path, text })),
    ...managedFiles(config),
    ...flyTomls(config),
    { path: codeOwnersPath, text: renderCodeOwners(repository) },
    {
      path: branchProtectionPath,
      text: renderBranchProtection(governance(repository, { write: delivery.write })),
    },
  ];
}

/** What `flyctl deploy` reads, of each environment that workflows deploy. That of previews is told each one's app on the command line. */
function flyTomls({ environments }: Configuration): RepositoryFile[] {
  return Object.values(environments).flatMap((environment: Environment | undefined) =>
    environment?.githubEnvironment === undefined || environment.flyToml === undefined
      ? []
      : [{ path: environment.flyToml.replace(/-?\{number\}/, ""), text: renderFlyToml(environment) }],
  );
}
