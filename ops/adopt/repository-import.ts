/** Which of the resources of a `GovernedRepository` exist already, and under which id Terraform imports each. */
import type { RepositoryShape } from "../../config/repository-shape";
import type { LiveRepository } from "./live-repository";

/** An import block. The repository itself has one already. */
export interface RepositoryImport {
  /** Terraform address. */
  readonly to: string;
  readonly id: string;
}

/** Names as the constructs give them (`constructs/github`), ids as the GitHub provider at 6.9.0 takes them. */
export function repositoryImports(shape: RepositoryShape, live: LiveRepository): readonly RepositoryImport[] {
  const { name, protection } = shape;
  const isClassic = protection.mechanism === "classic";
  const rulesetNames = isClassic ? ["tags"] : ["merge policy", "history", "tags"];
  return [
    { to: "github_branch_default.default_branch", id: name },
    { to: "github_repository_dependabot_security_updates.security_updates", id: name },
    { to: "github_issue_labels.labels", id: name },
    { to: "github_actions_repository_permissions.actions", id: name },
    { to: "github_workflow_repository_permissions.actions_token", id: name },
    ...Object.keys(shape.variables).map((one) => ({
      to: `github_actions_variable.variable_${one}`,
      id: `${name}:${one}`,
    })),
    ...(isClassic ? [{ to: "github_branch_protection.branch_rule", id: `${name}:${shape.defaultBranch}` }] : []),
    ...live.rulesets
      .filter((one) => rulesetNames.includes(one.name))
      .map((one) => ({ to: `github_repository_ruleset.ruleset_${word(one.name)}`, id: `${name}:${one.id}` })),
    ...live.environments
      .filter(({ environment }) => environment.name in shape.environments)
      .flatMap((one) => environmentImports(name, one)),
  ];
}

function environmentImports(repository: string, { environment, policies }: LiveRepository["environments"][number]) {
  const address = `environment_${environment.name}`;
  const id = `${repository}:${environment.name}`;
  return [
    { to: `github_repository_environment.${address}`, id },
    ...policies.map((one) => ({
      to: `github_repository_environment_deployment_policy.${address}_${one.type}_${word(one.name)}`,
      id: `${id}:${one.id}`,
    })),
  ];
}

/** As a construct spells a name in an address. */
const word = (name: string): string => name.replace(/[^A-Za-z0-9]+/g, "_");
