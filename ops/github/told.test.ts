import type { Finding } from "../../report/model";
import type { Observation } from "./observation";
import { isTold } from "./told";

const objects = new Map([
  ["github_repository.repository", "repository"],
  ["github_repository_ruleset.history", "ruleset/history"],
  ["github_repository_environment.staging", "environment/staging"],
  ["github_repository_environment_deployment_policy.staging_main", "environment/staging"],
  ["github_actions_repository_permissions.actions", "actions/permissions"],
  ["github_issue_labels.labels", "label"],
]);

/** What an audit sees, what the plan finds, and whether that is the same. */
const table: readonly (readonly [object: string, field: string, address: string, path: string, told: boolean])[] = [
  ["repository", "has_wiki", "github_repository.repository", "has_wiki", true],
  ["repository", "has_wiki", "github_repository.repository", "has_issues", false],
  ["ruleset/history", "rules.deletion", "github_repository_ruleset.history", "rules[0].deletion", true],
  ["ruleset/history", "", "github_repository_ruleset.history", "", true],
  ["ruleset/history", "enforcement", "github_repository_ruleset.history", "", true],
  ["ruleset/stray", "", "github_repository_ruleset.history", "", false],
  ["ruleset/history", 'bypass_actors["team/x"]', "github_repository_ruleset.history", "bypass_actors[1]", true],
  ["environment/staging", "reviewers[0]", "github_repository_environment.staging", "wait_timer", false],
  [
    "environment/staging",
    "branches[1]",
    "github_repository_environment_deployment_policy.staging_main",
    "branch_pattern",
    true,
  ],
  [
    "actions/selected",
    "verified_allowed",
    "github_actions_repository_permissions.actions",
    "allowed_actions_config[0].verified_allowed",
    true,
  ],
  [
    "actions/permissions",
    "sha_pinning_required",
    "github_actions_repository_permissions.actions",
    "allowed_actions",
    false,
  ],
  ["label/stray", "", "github_issue_labels.labels", "label[3]", true],
];

test.each(table)("%s %s beside %s %s: told %s", (object, field, address, path, told) => {
  const observation: Observation = { kind: "field", object, field, text: "" };
  const finding: Finding = { kind: "field", address, path, text: "" };
  expect(isTold(observation, [finding], objects)).toBe(told);
  expect(isTold(observation, [{ ...finding, kind: "follows" }], objects)).toBe(false);
});
