/** Declared and live objects in one form, so that they can be compared value by value: lists whose order says nothing become maps by name. */
import type { GithubEnvironment, Ruleset as LiveRuleset, Protection, Rule } from "../../api/github";
import type { BranchRule, GovernedEnvironment, Ruleset } from "../../config/governance-shape";
import { Hidden } from "./observation";

type Plain = Readonly<Record<string, unknown>>;

/** A declared ruleset. */
export function declaredRuleset({ target, enforcement, conditions, rules, bypass_actors }: Ruleset): Plain {
  return {
    target,
    enforcement,
    conditions: conditions.ref_name,
    rules: rulesByType(rules),
    bypass_actors: Object.fromEntries(
      bypass_actors.map((actor) => [
        actor.actor_type === "Team" ? `team/${actor.slug}` : `app/${actor.actor_id}`,
        actor.bypass_mode,
      ]),
    ),
  };
}

/**
 * A live ruleset, as far as it can be compared with the declared one. `teams`: slug by id, of those that are known.
 *
 * @throws Hidden where GitHub does not say who may bypass it
 */
export function liveRuleset(ruleset: LiveRuleset, like: Ruleset, teams: ReadonlyMap<number, string>): Plain {
  const { name, target = "branch", enforcement, conditions, rules, bypass_actors } = ruleset;
  if (!bypass_actors) throw new Hidden(`who may bypass the ruleset "${name}"`, "administration=write");
  const { include = [], exclude = [] } = conditions?.ref_name ?? {};
  return {
    target,
    enforcement,
    conditions: { include, exclude },
    rules: rulesByType(rules, like.rules),
    bypass_actors: Object.fromEntries(
      bypass_actors.map(({ actor_type, actor_id, bypass_mode }) => [
        actorName(actor_type, actor_id, teams),
        bypass_mode,
      ]),
    ),
  };
}

function actorName(type: string, id: number | null | undefined, teams: ReadonlyMap<number, string>): string {
  if (type === "Team") return `team/${teams.get(id ?? 0) ?? id}`;
  if (type === "Integration") return `app/${id}`;
  if (type === "RepositoryRole") return `role/${ROLES[id ?? 0] ?? id}`;
  return id === null || id === undefined ? type : `${type}/${id}`;
}

const ROLES: Readonly<Record<number, string>> = { 2: "maintain", 4: "write", 5: "admin" };

/**
 * Rules by type. One without parameters is `true`; checks are a map from their name to the App that has to report them.
 *
 * @param declared what is compared with, when these are live: what GitHub adds to it by itself, and what changes nothing, is left out
 */
export function rulesByType(rules: readonly Rule[], declared?: readonly Rule[]): Plain {
  return Object.fromEntries(
    rules.map(({ type, parameters = {} }) => {
      const like = declared && (declared.find((one) => one.type === type)?.parameters ?? {});
      return [type, parametersOf(parameters, like)];
    }),
  );
}

function parametersOf({ required_status_checks: checks, ...parameters }: Plain, like: Plain | undefined): unknown {
  const rest = Object.entries(parameters).filter(
    ([name, value]) => like === undefined || name in like || !isDefault(name, value),
  );
  const named = Array.isArray(checks) ? { checks: Object.fromEntries(checks.map(checkEntry)) } : {};
  const all = { ...Object.fromEntries(rest), ...named };
  return Object.keys(all).length === 0 ? true : all;
}

const checkEntry = ({ context, integration_id }: { readonly context: string; readonly integration_id?: number }) => [
  context,
  integration_id === undefined ? "any app" : `app ${integration_id}`,
];

/** A parameter at which nothing is asked for. */
function isDefault(name: string, value: unknown): boolean {
  if (value === false || value === null || value === 0) return true;
  if (name === "allowed_merge_methods") {
    return Array.isArray(value) && ["merge", "squash", "rebase"].every((method) => value.includes(method));
  }
  return Array.isArray(value) && value.length === 0;
}

/** A declared branch protection rule. */
export function declaredBranchRule({ pattern: _pattern, ...rule }: BranchRule): Plain {
  const { required_status_checks: checks, required_pull_request_reviews: reviews } = rule;
  return {
    ...rule,
    required_status_checks: { ...checks, contexts: [...checks.contexts].sort() },
    required_pull_request_reviews: {
      ...reviews,
      bypass_pull_request_allowances: [...reviews.bypass_pull_request_allowances.teams].sort(),
    },
  };
}

/** A live branch protection rule. */
export function liveBranchRule(rule: Protection): Plain {
  const { required_status_checks: checks, required_pull_request_reviews: reviews } = rule;
  const isOn = (value: { readonly enabled: boolean } | null | undefined) => value?.enabled ?? false;
  return {
    enforce_admins: isOn(rule.enforce_admins),
    required_linear_history: isOn(rule.required_linear_history),
    required_conversation_resolution: isOn(rule.required_conversation_resolution),
    allow_force_pushes: isOn(rule.allow_force_pushes),
    allow_deletions: isOn(rule.allow_deletions),
    ...(checks && {
      required_status_checks: { strict: checks.strict ?? false, contexts: [...checks.contexts].sort() },
    }),
    ...(reviews && {
      required_pull_request_reviews: {
        dismiss_stale_reviews: reviews.dismiss_stale_reviews ?? false,
        require_code_owner_reviews: reviews.require_code_owner_reviews ?? false,
        require_last_push_approval: reviews.require_last_push_approval ?? false,
        required_approving_review_count: reviews.required_approving_review_count ?? 0,
        bypass_pull_request_allowances: (reviews.bypass_pull_request_allowances?.teams ?? [])
          .map(({ slug }) => slug)
          .sort(),
      },
    }),
  };
}

/** A declared GitHub environment. */
export function declaredEnvironment(environment: GovernedEnvironment): Plain {
  const { wait_timer, can_admins_bypass, prevent_self_review, reviewers, branches, tags } = environment;
  const isOpen = branches.length + tags.length === 0;
  return {
    wait_timer,
    can_admins_bypass,
    prevent_self_review,
    reviewers: reviewers.map((one) => (one.type === "User" ? one.login : `team/${one.slug}`)).sort(),
    deployment_branch_policy: isOpen ? "every branch" : "branches and tags by name",
    branches: [...branches].sort(),
    tags: [...tags].sort(),
  };
}

/** A live GitHub environment with the names of its branch policies. */
export function liveEnvironment(
  { can_admins_bypass = true, protection_rules, deployment_branch_policy: policy }: GithubEnvironment,
  policies: readonly { readonly name: string; readonly type: string }[],
): Plain {
  const rule = (type: string) => protection_rules.find((one) => one.type === type);
  const reviewers = rule("required_reviewers");
  const namesOf = (type: string) => policies.flatMap((one) => (one.type === type ? [one.name] : [])).sort();
  const others = protection_rules.filter(({ type }) => !KNOWN_RULES.includes(type)).map(({ type }) => type);
  return {
    wait_timer: rule("wait_timer")?.wait_timer ?? 0,
    can_admins_bypass,
    prevent_self_review: reviewers?.prevent_self_review ?? false,
    reviewers: (reviewers?.reviewers ?? []).map(({ reviewer }) => reviewer?.login ?? `team/${reviewer?.slug}`).sort(),
    deployment_branch_policy: policyWord(policy),
    branches: namesOf("branch"),
    tags: namesOf("tag"),
    ...(others.length > 0 && { other_protection_rules: others }),
  };
}

const KNOWN_RULES = ["wait_timer", "required_reviewers", "branch_policy"];

function policyWord(policy: GithubEnvironment["deployment_branch_policy"]): string {
  if (!policy) return "every branch";
  return policy.custom_branch_policies ? "branches and tags by name" : "protected branches";
}
