import {
  RepositoryRuleset,
  type RepositoryRulesetBypassActors,
  type RepositoryRulesetRules,
} from "@cdktf/provider-github/lib/repository-ruleset";
import { type ITerraformDependable, Token } from "cdktf";
import type { Construct } from "constructs";
import type { Ruleset } from "../../config/governance-shape";
import type { Accounts } from "./account";
import { type Comparison, type Expression, format, literal, template } from "./expression";

/** Logical id of a ruleset: its name, as Terraform can spell it. */
export const rulesetId = (name: string): string => `ruleset_${name.replace(/[^A-Za-z0-9]+/g, "_")}`;

/** What a ruleset is made in. */
export interface RulesetPlace {
  /** Name of the repository; may be a token. */
  readonly repository: string;
  readonly accounts: Accounts;
  readonly dependsOn?: ITerraformDependable[];
}

/** One ruleset. It is made before an older protection goes, so that a change of the mechanism leaves no interval without one. */
export function rulesetOf(scope: Construct, ruleset: Ruleset, { repository, accounts, dependsOn }: RulesetPlace) {
  const { name, target, enforcement, conditions, rules, bypass_actors } = ruleset;
  const made = new RepositoryRuleset(scope, rulesetId(name), {
    repository,
    name,
    target,
    enforcement,
    conditions: { refName: conditions.ref_name },
    rules: Object.assign({}, ...rules.map(ruleProps)),
    bypassActors: bypass_actors.map((actor) => bypassProps(actor, accounts)),
    lifecycle: { createBeforeDestroy: true },
    ...(dependsOn && { dependsOn }),
  });
  made.overrideLogicalId(rulesetId(name));
  return made;
}

/** A rule in the provider's words. */
function ruleProps(rule: Ruleset["rules"][number]): RepositoryRulesetRules {
  switch (rule.type) {
    case "deletion":
      return { deletion: true };
    case "non_fast_forward":
      return { nonFastForward: true };
    case "required_linear_history":
      return { requiredLinearHistory: true };
    case "update":
      return { update: true, updateAllowsFetchAndMerge: rule.parameters.update_allows_fetch_and_merge };
    case "pull_request": {
      const { parameters } = rule;
      return {
        pullRequest: {
          dismissStaleReviewsOnPush: parameters.dismiss_stale_reviews_on_push,
          requireCodeOwnerReview: parameters.require_code_owner_review,
          requireLastPushApproval: parameters.require_last_push_approval,
          requiredApprovingReviewCount: parameters.required_approving_review_count,
          requiredReviewThreadResolution: parameters.required_review_thread_resolution,
        },
      };
    }
    case "required_status_checks": {
      const { parameters } = rule;
      return {
        requiredStatusChecks: {
          strictRequiredStatusChecksPolicy: parameters.strict_required_status_checks_policy,
          doNotEnforceOnCreate: parameters.do_not_enforce_on_create,
          requiredCheck: parameters.required_status_checks.map(({ context, integration_id }) => ({
            context,
            integrationId: integration_id,
          })),
        },
      };
    }
  }
}

function bypassProps(actor: Ruleset["bypass_actors"][number], { breakGlass }: Accounts): RepositoryRulesetBypassActors {
  const { actor_type: actorType, bypass_mode: bypassMode } = actor;
  const id = actor.actor_type === "Team" ? Token.asNumber(template(`${breakGlass}.id`)) : actor.actor_id;
  return { actorId: id, actorType, bypassMode };
}

/** How a live ruleset is to compare with the declared one, every field of it and what nobody declared. */
export function rulesetComparisons(live: Expression, ruleset: Ruleset, { breakGlass }: Accounts): Comparison[] {
  const { target, enforcement, conditions, rules, bypass_actors } = ruleset;
  const parametersOf = (type: string) =>
    `[for rule in ${live}.rules : rule.parameters if rule.type == ${literal(type)}][0]`;
  const actors = bypass_actors.map((actor) =>
    actor.actor_type === "Team"
      ? format("Team %s always", `${breakGlass}.id`)
      : literal(`Integration ${actor.actor_id} always`),
  );
  const found = `[for one in ${live}.bypass_actors : format("%s %s %s", one.actor_type, try(tostring(one.actor_id), ""), one.bypass_mode)]`;
  return [
    { path: "enforcement", live: `${live}.enforcement`, expected: enforcement },
    { path: "target", live: `${live}.target`, expected: target },
    { path: "conditions.include", live: `${live}.conditions.ref_name.include`, expected: conditions.ref_name.include },
    { path: "conditions.exclude", live: `${live}.conditions.ref_name.exclude`, expected: conditions.ref_name.exclude },
    { path: "rules", live: `${live}.rules[*].type`, expected: rules.map(({ type }) => type) },
    { path: "bypass_actors", live: found, expected: { list: `[${actors.join(", ")}]` } },
    ...rules.flatMap((rule) => ruleComparisons(rule, parametersOf(rule.type))),
  ];
}

function ruleComparisons(rule: Ruleset["rules"][number], live: Expression): Comparison[] {
  if (rule.type === "pull_request") {
    return [
      ...Object.entries(rule.parameters).map(([key, expected]) => ({
        path: `${rule.type}.${key}`,
        live: `${live}.${key}`,
        expected,
      })),
      // What GitHub fills in where nobody says anything.
      {
        path: `${rule.type}.allowed_merge_methods`,
        live: `try(${live}.allowed_merge_methods, ["merge", "rebase", "squash"])`,
        expected: ["merge", "rebase", "squash"],
      },
      {
        path: `${rule.type}.required_reviewers`,
        live: `[for one in ${live}.required_reviewers : jsonencode(one)]`,
        expected: [],
      },
    ];
  }
  if (rule.type === "required_status_checks") {
    const { required_status_checks: checks, ...plain } = rule.parameters;
    return [
      ...Object.entries(plain).map(([key, expected]) => ({
        path: `${rule.type}.${key}`,
        live: `${live}.${key}`,
        expected,
      })),
      {
        path: `${rule.type}.checks`,
        live: `[for one in ${live}.required_status_checks : format("%s of app %s", one.context, try(tostring(one.integration_id), "any"))]`,
        expected: checks.map(({ context, integration_id }) => `${context} of app ${integration_id}`),
      },
    ];
  }
  return [];
}
