import type { CheckRunRow, RepositoryRow, RuleRow, StatusRow } from "./row";

/** A check that has to pass; `app` undefined: whoever reports it. */
export interface RequiredCheck {
  readonly context: string;
  readonly app?: number | undefined;
}

/** The checks that a rule `required_status_checks` names. */
export function requiredChecks({ parameters = {} }: RuleRow): RequiredCheck[] {
  const list: unknown = parameters.required_status_checks;
  if (!Array.isArray(list)) return [];
  return list.map((one: { context: string; integration_id?: number }) => ({
    context: one.context,
    app: one.integration_id,
  }));
}

/** The checks of a rule that have not passed at a commit. */
export function missingChecks(repository: RepositoryRow, sha: string, rule: RuleRow): RequiredCheck[] {
  return requiredChecks(rule).filter((check) => !hasPassed(repository, sha, check));
}

/** Whether a check has passed at a commit: its newest run of that app, or its newest status when no app is named. */
export function hasPassed(repository: RepositoryRow, sha: string, { context, app }: RequiredCheck): boolean {
  const run = latestRuns(repository, sha).find(
    (one) => one.name === context && (app === undefined || one.appId === app),
  );
  if (run) return ["success", "neutral", "skipped"].includes(run.conclusion ?? "");
  if (app !== undefined) return false;
  return latestStatuses(repository, sha).find((one) => same(one.context, context))?.state === "success";
}

/** The newest run of each name and app at a commit. */
export function latestRuns({ checkRuns }: RepositoryRow, sha: string): CheckRunRow[] {
  const newest = new Map<string, CheckRunRow>();
  for (const run of checkRuns.values()) if (run.headSha === sha) newest.set(`${run.appId} ${run.name}`, run);
  return [...newest.values()];
}

/** The newest status of each context at a commit. */
export function latestStatuses({ statuses }: RepositoryRow, sha: string): StatusRow[] {
  const newest = new Map<string, StatusRow>();
  for (const status of statuses) if (status.sha === sha) newest.set(status.context.toLowerCase(), status);
  return [...newest.values()];
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
