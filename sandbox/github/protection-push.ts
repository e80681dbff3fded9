import type { World } from "../world";
import type { Asker } from "./asker";
import { history, isForced } from "./git";
import { hasPassed } from "./required-check";
import type { ActorNames, ProtectionRow, RepositoryRow } from "./row";
import { matchesPattern } from "./ruleset-match";
import { findTeam, inTeam, roleOf } from "./state";

/** A change of one ref. */
export interface Push {
  readonly ref: string;
  /** Absent: the ref is made. */
  readonly before?: string | undefined;
  /** Absent: the ref is deleted. */
  readonly after?: string | undefined;
  /** The change comes from a pull request that may be merged. */
  readonly merge?: boolean;
}

/** The classic rule that is in force for a branch: its own name first, else the oldest pattern that fits. */
export function protectionOf({ protections }: RepositoryRow, branch: string): ProtectionRow | undefined {
  return protections.get(branch) ?? [...protections.values()].find(({ pattern }) => matchesPattern(pattern, branch));
}

/** What classic protection holds against a change of a ref, in GitHub's words. */
export function protectionProblems(world: World, repository: RepositoryRow, asker: Asker, change: Push): string[] {
  const { ref, before, after, merge } = change;
  if (!ref.startsWith("refs/heads/")) return [];
  const rule = protectionOf(repository, ref.slice("refs/heads/".length));
  if (!rule) return [];
  const isAdmin = roleOf(world.store.state.github, repository, asker.login) === "admin";
  if (isAdmin && !rule.enforceAdmins && !rule.lockBranch) return [];
  const named = (names: ActorNames) => isNamed(world, repository, names, asker);
  if (before === undefined) {
    const isOpen = !rule.restrictions || !rule.blockCreations || named(rule.restrictions);
    return isOpen ? [] : ["You are not authorized to create this branch."];
  }
  if (after === undefined) return rule.allowDeletions ? [] : ["Cannot delete this protected branch."];
  const problems: string[] = [];
  const add = (isBad: boolean, words: string) => isBad && problems.push(words);
  add(rule.lockBranch, "Cannot change this locked branch.");
  add(rule.restrictions !== undefined && !named(rule.restrictions), "You're not authorized to push to this branch.");
  const isLossy = isForced(repository, before, after) && !rule.allowForcePushes && !named(rule.forcePushBypass);
  add(isLossy, "Cannot force-push to this protected branch.");
  const tip = repository.commits.get(after);
  add(rule.linearHistory && (tip?.parents.length ?? 0) > 1, "This branch must not contain merge commits.");
  add(rule.signatures && tip?.verified === false, "Commits must have verified signatures.");
  if (merge) return problems;
  add(rule.reviews !== undefined && !named(rule.reviews.bypass), "Changes must be made through a pull request.");
  for (const { context, app_id } of rule.statusChecks?.checks ?? []) {
    const passed = hasPassed(repository, after, { context, app: app_id ?? undefined });
    add(!passed, `Required status check "${context}" is expected.`);
  }
  return problems;
}

/** Whether a list of actors holds this asker. */
export function isNamed(world: World, { owner }: RepositoryRow, names: ActorNames, { login, token }: Asker): boolean {
  const { github } = world.store.state;
  if (token.appId !== undefined) return names.apps.includes(github.apps.get(token.appId)?.slug ?? "");
  const teams = names.teams.map((slug) => findTeam(github, owner, slug));
  return names.users.includes(login) || teams.some((team) => team && inTeam(github, team.id, login));
}

/** Whether a branch has everything that its base has. */
export function isUpToDate(repository: RepositoryRow, base: string, head: string): boolean {
  return history(repository, head).some(({ sha }) => sha === base);
}
