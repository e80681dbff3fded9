import { RepositoryEnvironment } from "@cdktf/provider-github/lib/repository-environment";
import { RepositoryEnvironmentDeploymentPolicy } from "@cdktf/provider-github/lib/repository-environment-deployment-policy";
import type { Construct } from "constructs";
import type { GovernedEnvironment } from "../../config/governance-shape";
import { type Accounts, reviewerName } from "./account";
import { type Comparison, type Expression, literal, template } from "./expression";
import type { RepositoryPlace } from "./repository";

/** What an environment is made in. */
export interface EnvironmentPlace extends RepositoryPlace {
  readonly accounts: Accounts;
}

/** A GitHub environment with its reviewers, and the branches and tags whose jobs may use it. The environment is the first of the list. */
export function environmentOf(
  scope: Construct,
  name: string,
  environment: GovernedEnvironment,
  { repository, accounts, dependsOn }: EnvironmentPlace,
): [RepositoryEnvironment, ...RepositoryEnvironmentDeploymentPolicy[]] {
  const { wait_timer, can_admins_bypass, prevent_self_review, branches, tags } = environment;
  const isOpen = branches.length + tags.length === 0;
  const id = `environment_${name}`;
  const made = new RepositoryEnvironment(scope, id, {
    repository,
    environment: name,
    ...(!isOpen && { deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true } }),
    dependsOn,
  });
  made.overrideLogicalId(id);
  // Plans without reviewers refuse these three, whatever their value; the drift gate says so.
  made.addOverride("wait_timer", template(`${accounts.hasReviewers} ? ${wait_timer} : 0`));
  made.addOverride("can_admins_bypass", template(`${accounts.hasReviewers} ? ${can_admins_bypass} : true`));
  made.addOverride("prevent_self_review", template(`${accounts.hasReviewers} ? ${prevent_self_review} : false`));
  addReviewers(made, environment, accounts);
  const policies = [
    ...branches.map((pattern) => ({ kind: "branch", pattern, props: { branchPattern: pattern } })),
    ...tags.map((pattern) => ({ kind: "tag", pattern, props: { tagPattern: pattern } })),
  ].map(({ kind, pattern, props }) => {
    const policyId = `${id}_${kind}_${pattern.replace(/[^A-Za-z0-9]+/g, "_")}`;
    const policy = new RepositoryEnvironmentDeploymentPolicy(scope, policyId, {
      repository,
      environment: made.environment,
      ...props,
      dependsOn: [made],
    });
    policy.overrideLogicalId(policyId);
    return policy;
  });
  return [made, ...policies];
}

/** A block that is there only where the GitHub plan has reviewers. */
function addReviewers(made: RepositoryEnvironment, { reviewers }: GovernedEnvironment, accounts: Accounts): void {
  if (reviewers.length === 0) return;
  const ids = (type: "User" | "Team") => {
    const all = reviewers.filter((one) => one.type === type);
    return all.length === 0 ? {} : { [`${type.toLowerCase()}s`]: all.map((one) => template(accounts.idOf(one))) };
  };
  made.addOverride("dynamic.reviewers", {
    for_each: template(`${accounts.hasReviewers} ? [1] : []`),
    content: { ...ids("User"), ...ids("Team") },
  });
}

/**
 * How a live environment, as `GET …/environments/{name}` answers, is to compare in what the provider cannot see: where the rule for reviewers is
 * gone, it keeps what it remembers.
 */
export function reviewerComparisons(
  live: Expression,
  { reviewers, prevent_self_review }: GovernedEnvironment,
  { hasReviewers }: Accounts,
): Comparison[] {
  const rule = `[for one in ${live}.protection_rules : one if one.type == "required_reviewers"][0]`;
  const names = literal(reviewers.map(reviewerName));
  return [
    {
      path: "reviewers",
      live: `[for one in ${rule}.reviewers : try(one.reviewer.login, "team/\${one.reviewer.slug}")]`,
      expected: { list: `${hasReviewers} ? ${names} : []` },
    },
    {
      path: "prevent_self_review",
      live: `try(${rule}.prevent_self_review, false) == (${hasReviewers} ? ${prevent_self_review} : false) ? ${prevent_self_review} : ${!prevent_self_review}`,
      expected: prevent_self_review,
    },
  ];
}
