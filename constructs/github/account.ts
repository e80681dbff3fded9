import { DataGithubOrganization } from "@cdktf/provider-github/lib/data-github-organization";
import type { Construct } from "constructs";
import type { Governance, GovernedEnvironment } from "../../config/governance-shape";
import type { Expression } from "./expression";
import { readLive } from "./live-read";

type Reviewer = GovernedEnvironment["reviewers"][number];

/** Who and what the configuration names and GitHub knows by number, looked up at plan. */
export interface Accounts {
  /** The break-glass team, as `GET /orgs/{org}/teams/{slug}` answers. */
  readonly breakGlass: Expression;
  /** Number of a reviewer. */
  readonly idOf: (reviewer: Reviewer) => Expression;
  /**
   * Whether GitHub lets environments of this repository have reviewers and wait timers: public repositories on every plan, others on
   * Enterprise. True where the plan is hidden from the token.
   */
  readonly hasReviewers: Expression;
}

/** Looks up every account that a repository's governance names. A name that GitHub does not know ends the plan. */
export function lookUpAccounts(scope: Construct, governance: Governance): Accounts {
  const { owner, settings, environments, break_glass_team: slug } = governance;
  const team = (name: string) => readTeam(scope, owner, name);
  const breakGlass = team(slug);
  const reviewers = Object.values(environments).flatMap(({ reviewers: all }) => all);
  const bodies = new Map<string, Expression>([[`team/${slug}`, breakGlass]]);
  for (const reviewer of reviewers) {
    const key = reviewerName(reviewer);
    if (bodies.has(key)) continue;
    bodies.set(key, reviewer.type === "Team" ? team(reviewer.slug) : readUser(scope, reviewer.login));
  }
  const organization = new DataGithubOrganization(scope, "organization", { name: owner, summaryOnly: true });
  organization.overrideLogicalId("organization");
  const plan = "data.github_organization.organization.plan";
  const isPublic = settings.visibility === "public";
  return {
    breakGlass,
    idOf: (reviewer) => `${bodies.get(reviewerName(reviewer))}.id`,
    hasReviewers: isPublic ? "true" : `contains(["enterprise", "business", "business_plus", ""], ${plan})`,
  };
}

/** A reviewer as the configuration spells it: a login, or "team/<slug>". */
export const reviewerName = (reviewer: Reviewer): string =>
  reviewer.type === "Team" ? `team/${reviewer.slug}` : reviewer.login;

function readTeam(scope: Construct, owner: string, slug: string): Expression {
  const refusal = `The organization ${owner} has no team "${slug}", or the token may not see it. Make it: gh api orgs/${owner}/teams -f name=${slug} -f privacy=closed [github/no-team]`;
  return readLive(scope, `team_${slug}`, `orgs/${owner}/teams/${slug}`, { refusal }).body;
}

function readUser(scope: Construct, login: string): Expression {
  const refusal = `"${login}" is an approver of a GitHub environment and GitHub knows no such user. Correct the login, or write "team/<slug>" for a team. [github/no-user]`;
  return readLive(scope, `user_${login}`, `users/${login}`, { refusal }).body;
}
