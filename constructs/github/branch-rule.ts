import { BranchProtection } from "@cdktf/provider-github/lib/branch-protection";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { BranchRule } from "../../config/governance-shape";
import { type Comparison, comparisons, type Expression } from "./expression";

/** What the older mechanism cannot do, for people who choose it. */
export const classicNotes = [
  "Classic branch protection cannot pin a check to the App that reports it: whoever may push can report a status of the same name. Rulesets can (protection.mechanism).",
  "Classic branch protection lets the break-glass team skip the reviews of a pull request and nothing else: no check, no force push.",
] as const;

/** What the rule is made in. */
export interface BranchRulePlace {
  /** Login of the organization: teams are named with it. */
  readonly owner: string;
  /** Node id of the repository; with its name an import would replace the rule. */
  readonly repositoryId: string;
  readonly breakGlassTeam: string;
  readonly dependsOn?: ITerraformDependable[];
}

/** The classic rule of the default branch. It is made before older rulesets go, so that a change of the mechanism leaves no interval without one. */
export function branchRuleOf(scope: Construct, rule: BranchRule, place: BranchRulePlace): BranchProtection {
  const { owner, repositoryId, breakGlassTeam, dependsOn } = place;
  const { required_status_checks: checks, required_pull_request_reviews: reviews } = rule;
  const made = new BranchProtection(scope, "branch_rule", {
    repositoryId,
    pattern: rule.pattern,
    enforceAdmins: rule.enforce_admins,
    requiredLinearHistory: rule.required_linear_history,
    requireConversationResolution: rule.required_conversation_resolution,
    allowsForcePushes: rule.allow_force_pushes,
    allowsDeletions: rule.allow_deletions,
    requiredStatusChecks: [{ strict: checks.strict, contexts: checks.contexts }],
    requiredPullRequestReviews: [
      {
        dismissStaleReviews: reviews.dismiss_stale_reviews,
        requireCodeOwnerReviews: reviews.require_code_owner_reviews,
        requireLastPushApproval: reviews.require_last_push_approval,
        requiredApprovingReviewCount: reviews.required_approving_review_count,
        pullRequestBypassers: [`${owner}/${breakGlassTeam}`],
      },
    ],
    lifecycle: { createBeforeDestroy: true },
    ...(dependsOn && { dependsOn }),
  });
  made.overrideLogicalId("branch_rule");
  return made;
}

/** How the live rule, as the REST API shows it, is to compare with the declared one. */
export function branchRuleComparisons(live: Expression, rule: BranchRule): Comparison[] {
  const { pattern: _pattern, required_status_checks, required_pull_request_reviews, ...switches } = rule;
  const { bypass_pull_request_allowances: bypass, ...reviews } = required_pull_request_reviews;
  return [
    ...Object.entries(switches).map(([path, expected]) => ({ path, live: `${live}.${path}.enabled`, expected })),
    ...comparisons(live, { required_status_checks, required_pull_request_reviews: reviews }),
    {
      path: "bypass_pull_request_allowances.teams",
      live: `${live}.required_pull_request_reviews.bypass_pull_request_allowances.teams[*].slug`,
      expected: bypass.teams,
    },
    {
      path: "bypass_pull_request_allowances.users",
      live: `${live}.required_pull_request_reviews.bypass_pull_request_allowances.users[*].login`,
      expected: [],
    },
  ];
}
