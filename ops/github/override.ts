/** Opens, lists and closes overrides: a person joins the break-glass team for a while (docs/decisions/0011). */
import type { Github, RepositoryClient } from "../../api/github";
import type { Governance } from "../../config/governance-shape";
import { Failure } from "../failure";
import { bypassText } from "./break-glass";
import {
  isExpired,
  issueOf,
  type Override,
  openOverrides,
  overrideLabel,
  type RecordedOverride,
} from "./override-record";

export interface OpenOptions {
  readonly rule: string;
  readonly reason: string;
  readonly minutes: number;
  /** Login of who may step over the rule; undefined: the token's own person. */
  readonly login: string | undefined;
  /** Unix ms. */
  readonly now: number;
}

/** A recorded override with what has become of it. */
export interface ListedOverride extends RecordedOverride {
  readonly expired: boolean;
}

/** Most minutes that an override may last. */
const longestMinutes = 24 * 60;

/** Names of the rules that can be lifted: GitHub's own, and each required check. */
function ruleNames({ rulesets, branch_rule }: Governance): readonly string[] {
  const types = rulesets.flatMap(({ rules }) => rules.map(({ type }) => type));
  const checks = rulesets.flatMap(({ rules }) =>
    rules.flatMap((rule) =>
      rule.type === "required_status_checks"
        ? rule.parameters.required_status_checks.map(({ context }) => context)
        : [],
    ),
  );
  const classic = branch_rule
    ? ["pull_request", "required_status_checks", ...branch_rule.required_status_checks.contexts]
    : [];
  return [...new Set([...types, ...checks, ...classic])];
}

/**
 * Records the override and then lifts the rule, so that none is lifted without a record.
 *
 * @throws Failure for a rule that does not exist, without a reason, for a time out of bounds; GithubError
 */
export async function openOverride(
  github: Github,
  wanted: Governance,
  { rule, reason, minutes, login, now }: OpenOptions,
): Promise<RecordedOverride> {
  const names = ruleNames(wanted);
  if (!names.includes(rule)) {
    throw new Failure(
      `There is no rule "${rule}". There are: ${names.join(", ")}. Nothing was changed. [github/override-rule]`,
    );
  }
  if (reason.trim() === "") {
    throw new Failure("An override needs a reason: --reason 'why'. Nothing was changed. [github/override-reason]");
  }
  if (minutes < 1 || minutes > longestMinutes) {
    throw new Failure(
      `An override lasts from 1 to ${longestMinutes} minutes, and ${minutes} were asked for. Nothing was changed. [github/override-time]`,
    );
  }
  const who = login ?? (await github.viewer()).login;
  if (who === undefined) {
    throw new Failure(
      "The token is an App's, so it does not say who is to step over the rule: --as <login>. Nothing was changed. [github/override-who]",
    );
  }
  const one: Override = {
    rule,
    login: who,
    reason: reason.replace(/\s+/g, " ").trim(),
    from: new Date(now).toISOString(),
    until: new Date(now + minutes * 60_000).toISOString(),
  };
  const repository = github.repository(wanted.owner, wanted.name);
  const { number, html_url } = await repository.createIssue({ ...issueOf(one), labels: [overrideLabel] });
  try {
    await lift(github, wanted, repository, who);
  } catch (error) {
    await repository.comment(number, "The rule could not be lifted, so nothing is open.");
    await repository.closeIssue(number);
    throw error;
  }
  return { ...one, issue: number, url: html_url, isOpen: true };
}

/** Overrides that are open, oldest first. */
export async function listOverrides(
  github: Github,
  { owner, name }: Governance,
  now: number,
): Promise<readonly ListedOverride[]> {
  const all = await openOverrides(github.repository(owner, name));
  return all.map((one) => ({ ...one, expired: isExpired(one, now) }));
}

export interface ClosedOverride extends RecordedOverride {
  /** Pushes that passed the rules meanwhile, in words. */
  readonly bypasses: readonly string[];
}

/** Puts the rules back for those whose overrides are `closing`, and then records that. */
export async function closeOverrides(
  github: Github,
  wanted: Governance,
  closing: readonly RecordedOverride[],
): Promise<readonly ClosedOverride[]> {
  const repository = github.repository(wanted.owner, wanted.name);
  const staying = (await openOverrides(repository)).filter(({ issue }) => !closing.some((one) => one.issue === issue));
  const closed: ClosedOverride[] = [];
  for (const one of closing) {
    if (!staying.some(({ login }) => wanted.mechanism === "classic" || login === one.login)) {
      await putBack(github, wanted, repository, one.login);
    }
    const suites = await repository.bypasses("month");
    const bypasses = suites
      .filter(({ actor_name, pushed_at }) => actor_name === one.login && (pushed_at ?? "") >= one.from.slice(0, 19))
      .map(bypassText);
    const said =
      bypasses.length === 0 ? "Nothing was pushed past the rules." : bypasses.map((line) => `- ${line}`).join("\n");
    await repository.comment(one.issue, `Closed: the rule binds again.\n\n${said}`);
    await repository.closeIssue(one.issue);
    closed.push({ ...one, bypasses });
  }
  return closed;
}

/** Rulesets let the break-glass team pass, and note each push of it. Classic protection knows only administrators. */
async function lift(github: Github, wanted: Governance, repository: RepositoryClient, login: string): Promise<void> {
  if (wanted.mechanism === "classic") await repository.setEnforceAdmins(wanted.settings.default_branch, false);
  else await github.addTeamMember(wanted.owner, wanted.break_glass_team, login);
}

async function putBack(github: Github, wanted: Governance, repository: RepositoryClient, login: string): Promise<void> {
  if (wanted.mechanism === "classic") await repository.setEnforceAdmins(wanted.settings.default_branch, true);
  else await github.removeTeamMember(wanted.owner, wanted.break_glass_team, login);
}
