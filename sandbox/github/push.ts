import type { World } from "../world";
import type { Asker } from "./asker";
import type { GithubContext } from "./context";
import { GithubError } from "./error";
import { history, isForced, resolve } from "./git";
import { type Push, protectionProblems } from "./protection-push";
import { missingChecks } from "./required-check";
import type { CommitRow, RepositoryRow, RuleRow, RuleSuiteRow } from "./row";
import { appliesTo, canBypass, matchesPattern } from "./ruleset-match";
import { dismissStale } from "./stale-review";

/**
 * Moves a ref, if rulesets and classic protection let this asker do it.
 *
 * @param status of the refusal: 409 for files, 422 for refs
 * @throws GithubError in GitHub's words, naming every rule that is violated
 */
export function push(world: World, c: GithubContext, change: Push, status: 409 | 422 = 422): void {
  const repository = c.get("repository");
  const asker = c.get("asker");
  const { ref, before = zero, after = zero } = change;
  const suite = (result: RuleSuiteRow["result"]) => {
    const id = world.ids.number();
    repository.ruleSuites.push({ id, login: asker.login, ref, before, after, at: world.clock.now(), result });
  };
  const { problems, isBypass, isTouched } = violations(world, repository, asker, change);
  if (problems.length > 0) {
    suite("fail");
    world.store.touch();
    throw new GithubError(status, `Repository rule violations found\n\n${problems.join("\n\n")}\n\n`);
  }
  const classic = protectionProblems(world, repository, asker, change);
  if (classic.length > 0) {
    const verb = status === 409 ? "Could not update file: " : "";
    throw new GithubError(status, `${verb}${classic.join(" ")}`);
  }
  if (isTouched) suite(isBypass ? "bypass" : "pass");
  if (change.after === undefined) repository.refs.delete(ref);
  else repository.refs.set(ref, change.after);
  dismissStale(repository, change);
  repository.pushedAt = world.clock.now();
}

const zero = "0".repeat(40);

/** What the active rulesets hold against a change of a ref. */
function violations(world: World, repository: RepositoryRow, asker: Asker, change: Push) {
  const problems = new Set<string>();
  let isBypass = false;
  let isTouched = false;
  for (const ruleset of repository.rulesets.values()) {
    if (ruleset.enforcement !== "active" || !appliesTo(repository, ruleset, change.ref)) continue;
    isTouched = true;
    const found = ruleset.rules.flatMap((rule) => violation(repository, rule, change));
    const mode = canBypass(world.store.state.github, repository, ruleset, asker);
    const mayPass = mode === "always" || mode === "exempt" || (mode === "pull_request" && change.merge);
    if (found.length > 0 && mayPass) isBypass ||= mode !== "exempt";
    else for (const problem of found) problems.add(problem);
  }
  return { problems: [...problems], isBypass, isTouched };
}

function violation(repository: RepositoryRow, rule: RuleRow, change: Push): string[] {
  const { ref, before, after, merge } = change;
  const { parameters = {} } = rule;
  const isBranch = ref.startsWith("refs/heads/");
  const kind = isBranch ? "branch" : "tag";
  const added = newCommits(repository, change);
  switch (rule.type) {
    case "creation":
      return before === undefined ? ["Cannot create ref due to creations being restricted."] : [];
    case "update":
      return before !== undefined && after !== undefined ? ["Cannot update this protected ref."] : [];
    case "deletion":
      return after === undefined ? [`Cannot delete this ${kind}`] : [];
    case "non_fast_forward":
      return isForced(repository, before, after) ? [`Cannot force-push to this ${kind}`] : [];
    case "required_linear_history":
      return added.some(({ parents }) => parents.length > 1) ? [`This branch must not contain merge commits.`] : [];
    case "required_signatures":
      return added.some(({ verified }) => !verified) ? ["Commits must have verified signatures."] : [];
    case "pull_request":
      return merge || after === undefined || before === undefined
        ? []
        : ["Changes must be made through a pull request."];
    case "required_status_checks": {
      if (merge || after === undefined || (before === undefined && parameters.do_not_enforce_on_create)) return [];
      return missingChecks(repository, after, rule).map(
        ({ context }) => `Required status check "${context}" is expected.`,
      );
    }
    case "commit_message_pattern":
      return added.some(({ message }) => !fits(rule, message))
        ? ["Commit message does not match the required pattern."]
        : [];
    case "branch_name_pattern":
    case "tag_name_pattern":
      return after === undefined || fits(rule, ref.replace(/^refs\/(heads|tags)\//, ""))
        ? []
        : [`${isBranch ? "Branch" : "Tag"} name does not match the required pattern.`];
    case "file_path_restriction": {
      const paths: unknown = parameters.restricted_file_paths;
      const patterns = Array.isArray(paths) ? paths.map(String) : [];
      const files = after ? [...(repository.commits.get(after)?.files.keys() ?? [])] : [];
      const bad = files.find((file) => patterns.some((pattern) => matchesPattern(pattern, file)));
      return bad ? [`File path '${bad}' is restricted.`] : [];
    }
    default:
      return [];
  }
}

function fits({ parameters = {} }: RuleRow, text: string): boolean {
  const pattern = String(parameters.pattern);
  const matches = {
    starts_with: () => text.startsWith(pattern),
    ends_with: () => text.endsWith(pattern),
    contains: () => text.includes(pattern),
    regex: () => new RegExp(pattern).test(text),
  }[String(parameters.operator)];
  return (matches?.() ?? true) !== (parameters.negate === true);
}

/** Commits that a ref did not have before. */
function newCommits(repository: RepositoryRow, { before, after }: Push): CommitRow[] {
  if (after === undefined) return [];
  const old = new Set(before === undefined ? [] : history(repository, before).map(({ sha }) => sha));
  if (before === undefined) {
    const main = resolve(repository, repository.settings.default_branch);
    for (const { sha } of main ? history(repository, main) : []) old.add(sha);
  }
  return history(repository, after).filter(({ sha }) => !old.has(sha));
}
