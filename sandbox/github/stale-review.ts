import { type Push, protectionOf } from "./protection-push";
import { filesOf } from "./pull-row";
import type { IssueRow, RepositoryRow } from "./row";
import { appliesTo } from "./ruleset-match";

/** Dismisses the approvals of pull requests whose difference a push to their branch has changed, where the rules of the base say so. */
export function dismissStale(repository: RepositoryRow, { ref, before, after }: Push): void {
  if (before === undefined || after === undefined) return;
  for (const row of repository.issues.values()) {
    const isOpen = row.state === "open" && ref === `refs/heads/${row.pull?.head}`;
    if (!isOpen || !isAsked(repository, row)) continue;
    const difference = (sha: string) => JSON.stringify(filesOf(repository, row, sha));
    if (difference(before) === difference(after)) continue;
    for (const review of row.pull?.reviews ?? []) if (review.state === "APPROVED") review.state = "DISMISSED";
  }
}

function isAsked(repository: RepositoryRow, { pull }: IssueRow): boolean {
  const base = pull?.base ?? "";
  const byRuleset = [...repository.rulesets.values()]
    .filter((ruleset) => ruleset.enforcement === "active" && appliesTo(repository, ruleset, `refs/heads/${base}`))
    .some(({ rules }) => rules.some(({ parameters }) => parameters?.dismiss_stale_reviews_on_push === true));
  return byRuleset || protectionOf(repository, base)?.reviews?.dismissStale === true;
}
