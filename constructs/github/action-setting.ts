import { ActionsRepositoryPermissions } from "@cdktf/provider-github/lib/actions-repository-permissions";
import { ActionsVariable } from "@cdktf/provider-github/lib/actions-variable";
import { WorkflowRepositoryPermissions } from "@cdktf/provider-github/lib/workflow-repository-permissions";
import type { Construct } from "constructs";
import type { Governance } from "../../config/governance-shape";
import type { RepositoryPlace } from "./repository";

/** Which actions workflows may use, what a job's token may do by default, and the variables. */
export function actionSettingsOf(scope: Construct, governance: Governance, place: RepositoryPlace) {
  const { permissions, selected, workflow } = governance.actions;
  const allowed = new ActionsRepositoryPermissions(scope, "actions", {
    ...place,
    enabled: permissions.enabled,
    allowedActions: permissions.allowed_actions,
    allowedActionsConfig: {
      githubOwnedAllowed: selected.github_owned_allowed,
      verifiedAllowed: selected.verified_allowed,
      patternsAllowed: selected.patterns_allowed,
    },
  });
  allowed.overrideLogicalId("actions");
  const token = new WorkflowRepositoryPermissions(scope, "actions_token", {
    ...place,
    defaultWorkflowPermissions: workflow.default_workflow_permissions,
    canApprovePullRequestReviews: workflow.can_approve_pull_request_reviews,
  });
  token.overrideLogicalId("actions_token");
  const variables = Object.entries(governance.variables).map(([name, value]) => {
    const variable = new ActionsVariable(scope, `variable_${name}`, { ...place, variableName: name, value });
    variable.overrideLogicalId(`variable_${name}`);
    return variable;
  });
  return [allowed, token, ...variables];
}
