import { at } from "../context";
import { nodeId } from "../node-id";
import { protectionOf } from "../protection-push";
import { latestRuns, latestStatuses, requiredChecks } from "../required-check";
import type { CheckRunRow, IssueRow, RepositoryRow } from "../row";
import { appliesTo } from "../ruleset-match";
import { appNode } from "./account-node";
import { connection, type ListArguments, type Scene } from "./scene";

/** All checks and statuses of a commit; null when there are none. @param row the pull request that asks */
export function rollupNode(scene: Scene, repository: RepositoryRow, sha: string, row?: IssueRow) {
  const runs = latestRuns(repository, sha);
  const statuses = latestStatuses(repository, sha);
  if (runs.length + statuses.length === 0) return null;
  const required = requiredNames(repository, row);
  const isRequired = (name: string) => () => required.has(name);
  const contexts = [
    ...runs.map((run) => ({ ...runNode(scene, repository, run), isRequired: isRequired(run.name) })),
    ...statuses.map(({ id, context, state, description, targetUrl, at: time }) => ({
      __typename: "StatusContext",
      id: nodeId("StatusContext", id),
      context,
      description,
      state: state.toUpperCase(),
      targetUrl,
      createdAt: at(time),
      isRequired: isRequired(context),
    })),
  ];
  const results = [...runs.map(({ conclusion }) => conclusion ?? "pending"), ...statuses.map(({ state }) => state)];
  const isBad = results.some((result) => !["success", "neutral", "skipped", "pending"].includes(result));
  return {
    id: `${nodeId("Commit", sha)}_rollup`,
    state: isBad ? "FAILURE" : results.includes("pending") ? "PENDING" : "SUCCESS",
    contexts: (given: ListArguments) => ({
      ...connection(contexts, given, (context) => context),
      checkRunCount: runs.length,
      checkRunCountsByState: counts(runs.map(({ conclusion }) => (conclusion ?? "pending").toUpperCase())),
      statusContextCount: statuses.length,
      statusContextCountsByState: counts(statuses.map(({ state }) => state.toUpperCase())),
    }),
  };
}

const counts = (states: readonly string[]) =>
  [...new Set(states)].map((state) => ({ state, count: states.filter((one) => one === state).length }));

/** Checks that the base of a pull request requires; all of `main` when there is none. */
function requiredNames(repository: RepositoryRow, row?: IssueRow): Set<string> {
  const base = row?.pull?.base ?? repository.settings.default_branch;
  const rules = [...repository.rulesets.values()]
    .filter((ruleset) => ruleset.enforcement === "active" && appliesTo(repository, ruleset, `refs/heads/${base}`))
    .flatMap((ruleset) => ruleset.rules.filter(({ type }) => type === "required_status_checks"));
  const classic = protectionOf(repository, base)?.statusChecks?.checks ?? [];
  return new Set([...rules.flatMap(requiredChecks), ...classic].map(({ context }) => context));
}

function runNode({ world }: Scene, { owner, settings }: RepositoryRow, run: CheckRunRow) {
  const app = world.store.state.github.apps.get(run.appId);
  return {
    __typename: "CheckRun",
    id: nodeId("CheckRun", run.id),
    databaseId: run.id,
    name: run.name,
    status: run.status.toUpperCase(),
    conclusion: run.conclusion?.toUpperCase() ?? null,
    startedAt: at(run.startedAt),
    completedAt: run.completedAt === undefined ? null : at(run.completedAt),
    detailsUrl: run.detailsUrl || `https://github.com/${owner}/${settings.name}/runs/${run.id}`,
    title: run.output.title,
    summary: run.output.summary,
    checkSuite: { id: nodeId("CheckRun", run.id), app: app ? appNode(app) : null, workflowRun: null },
  };
}
