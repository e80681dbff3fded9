import { DataGithubOrganization } from "@cdktf/provider-github/lib/data-github-organization";
import type { Construct } from "constructs";
import type { Governance, GovernedEnvironment } from "../../config/governance-shape";
import type { Expression } from "./expression";
import { type LiveReadOptions, readLive } from "./live-read";

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

/** How accounts are looked up. */
export interface AccountOptions {
  /** Only a GitHub on this machine is accepted. */
  readonly isForSandbox: boolean;
}

/** Looks up every account that a repository's governance names. A name that GitHub does not know ends the plan. */
export function lookUpAccounts(scope: Construct, governance: Governance, { isForSandbox }: AccountOptions): Accounts {
  const { owner, settings, environments, break_glass_team: slug } = governance;
  const team = (name: string, conditions: Conditions = []) => readTeam(scope, owner, name, conditions);
  const breakGlass = team(slug, isForSandbox ? [onlySandbox] : []);
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

type Conditions = NonNullable<LiveReadOptions["conditions"]>;

/** GitHub's answers name its address. */
const onlySandbox = {
  holds: `self.code != 200 || can(regex("^http://(127[.]0[.]0[.]1|localhost)[:/]", jsondecode(self.body).url))`,
  message:
    "The state is a file on this machine, and GitHub is the real one: a second engineer would work against an outdated copy. Configure a backend (state in config/overrides.ts: pg, s3, hcp), set state.allowLocal to true, or use the sandbox. [github/local-state]",
};

function readTeam(scope: Construct, owner: string, slug: string, conditions: Conditions): Expression {
  const refusal = `The organization ${owner} has no team "${slug}", or the token may not see it. Make it: gh api orgs/${owner}/teams -f name=${slug} -f privacy=closed [github/no-team]`;
  return readLive(scope, `team_${slug}`, `orgs/${owner}/teams/${slug}`, { refusal, conditions }).body;
}

function readUser(scope: Construct, login: string): Expression {
  const refusal = `"${login}" is an approver of a GitHub environment and GitHub knows no such user. Correct the login, or write "team/<slug>" for a team. [github/no-user]`;
  return readLive(scope, `user_${login}`, `users/${login}`, { refusal }).body;
}
