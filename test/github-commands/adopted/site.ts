import type { App } from "cdktf";
import { GithubStack, GovernedRepository, type State } from "../../../index";

/** Stack `site`: the repository `hotdash/hotdash` as it was found on GitHub. `state`: where its Terraform state is kept. */
export function siteStack(app: App, state?: State): void {
  const stack = new GithubStack(app, "site", { owner: "hotdash", state });
  new GovernedRepository(stack, "repository", {
    repository: {
      owner: "hotdash",
      name: "hotdash",
      description: "A shop",
      visibility: "private",
      defaultBranch: "main",
      topics: [],
      features: { issues: true, wiki: false, projects: false, discussions: false },
      merge: {
        squash: true,
        rebase: true,
        mergeCommit: false,
        autoMerge: true,
        updateBranch: true,
        deleteBranch: true,
      },
      security: { pushProtection: true, secretScanning: true, vulnerabilityAlerts: true, dependencyUpdates: true },
      actions: {
        allowed: ["hashicorp/setup-terraform@*", "superfly/flyctl-actions/*@*"],
        defaultToken: "read",
        approvePullRequests: false,
        shaPinning: true,
      },
      protection: {
        mechanism: "ruleset",
        approvals: 2,
        codeOwnerReview: true,
        dismissStaleReviews: true,
        lastPushApproval: false,
        conversationsResolved: true,
        linearHistory: true,
        upToDate: true,
        requiredChecks: ["lint", "build"],
        reportingApp: 15368,
        breakGlassTeam: "break-glass",
        writingApps: [],
        tags: ["v*"],
      },
      environments: {
        production: {
          approvers: [],
          approval: "reviewers",
          branches: ["main"],
          tags: ["v*"],
          waitMinutes: 0,
          adminsBypass: false,
          preventSelfReview: false,
          secrets: ["FLY_API_TOKEN"],
        },
      },
      secrets: ["FLY_API_TOKEN"],
      variables: {},
      labels: [{ name: "bug", color: "d73a4a", description: "Something does not work" }],
      codeOwners: [
        { pattern: "*", owners: ["@hotdash/maintainers"] },
        { pattern: "/.github/", owners: ["@hotdash/maintainers"] },
        { pattern: "/scripts/", owners: ["@hotdash/maintainers"] },
      ],
      ignore: [],
    },
  });

  // These exist: the first apply takes them over and makes none of them. Afterwards these lines may go.
  stack.addOverride("import", [
    { to: "github_branch_default.default_branch", id: "hotdash" },
    { to: "github_repository_dependabot_security_updates.security_updates", id: "hotdash" },
    { to: "github_issue_labels.labels", id: "hotdash" },
    { to: "github_actions_repository_permissions.actions", id: "hotdash" },
    { to: "github_workflow_repository_permissions.actions_token", id: "hotdash" },
    { to: "github_repository_ruleset.ruleset_merge_policy", id: "hotdash:30" },
    { to: "github_repository_ruleset.ruleset_history", id: "hotdash:32" },
    { to: "github_repository_ruleset.ruleset_tags", id: "hotdash:34" },
    { to: "github_repository_environment.environment_production", id: "hotdash:production" },
    {
      to: "github_repository_environment_deployment_policy.environment_production_branch_main",
      id: "hotdash:production:28",
    },
    {
      to: "github_repository_environment_deployment_policy.environment_production_tag_v_",
      id: "hotdash:production:29",
    },
  ]);

  // The GitHub provider imports these without what they belong to, and would make each anew for that: these lines stay.
  const policies = ["environment_production_branch_main", "environment_production_tag_v_"];
  for (const policy of policies) {
    const path = `resource.github_repository_environment_deployment_policy.${policy}.lifecycle.ignore_changes`;
    stack.addOverride(path, ["environment", "repository"]);
  }
}
