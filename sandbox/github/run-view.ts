import { createHash } from "node:crypto";
import type { World } from "../world";
import { simpleUser } from "./account";
import { at, type GithubContext, pageUrl, repositoryUrl } from "./context";
import { treeId } from "./git";
import { nodeId } from "./node-id";
import { minimalRepository } from "./repository-view";
import type { CacheRow, RunRow, SignatureRow, WorkflowRow } from "./row";
import { workflowName } from "./workflow-file";

/** A workflow as the REST API shows it. */
export function workflowView(c: GithubContext, { id, path, state, createdAt }: WorkflowRow) {
  const repository = c.get("repository");
  return {
    id,
    node_id: nodeId("Workflow", id),
    name: workflowName(repository, path),
    path,
    state,
    created_at: at(createdAt),
    updated_at: at(createdAt),
    url: repositoryUrl(c, repository, `/actions/workflows/${id}`),
    html_url: pageUrl(repository, `/blob/${repository.settings.default_branch}/${path}`),
    badge_url: pageUrl(repository, `/workflows/${id}/badge.svg`),
  };
}

/** A workflow run as the REST API shows it. */
export function runView(world: World, c: GithubContext, run: RunRow) {
  const repository = c.get("repository");
  const { github } = world.store.state;
  const url = repositoryUrl(c, repository, `/actions/runs/${run.id}`);
  const workflow = repository.workflows.get(run.workflow)?.id ?? 0;
  const commit = repository.commits.get(run.sha);
  const name = workflowName(repository, run.workflow);
  const user = simpleUser(github, c, run.login);
  return {
    id: run.id,
    node_id: nodeId("WorkflowRun", run.id),
    name,
    display_title: name,
    path: run.workflow,
    run_number: run.number,
    run_attempt: 1,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: workflow,
    check_suite_id: run.id,
    check_suite_node_id: nodeId("CheckRun", run.id),
    head_branch: run.branch,
    head_sha: run.sha,
    head_commit: commit
      ? {
          id: commit.sha,
          tree_id: treeId(commit),
          message: commit.message,
          timestamp: at(commit.author.at),
          author: person(commit.author),
          committer: person(commit.committer),
        }
      : null,
    url,
    html_url: pageUrl(repository, `/actions/runs/${run.id}`),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: repositoryUrl(c, repository, `/check-suites/${run.id}`),
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    workflow_url: repositoryUrl(c, repository, `/actions/workflows/${workflow}`),
    pull_requests: [],
    actor: user,
    triggering_actor: user,
    created_at: at(run.createdAt),
    updated_at: at(run.updatedAt),
    run_started_at: at(run.createdAt),
    repository: minimalRepository(world, c, repository),
    head_repository: minimalRepository(world, c, repository),
  };
}

const person = ({ name, email }: SignatureRow) => ({ name, email });

/** A job of a run as the REST API shows it. */
export function jobView(c: GithubContext, run: RunRow, job: RunRow["jobs"][number]) {
  const repository = c.get("repository");
  return {
    id: job.id,
    run_id: run.id,
    run_url: repositoryUrl(c, repository, `/actions/runs/${run.id}`),
    head_sha: run.sha,
    name: job.name,
    node_id: nodeId("CheckRun", job.id),
    head_branch: run.branch,
    workflow_name: workflowName(repository, run.workflow),
    check_run_url: repositoryUrl(c, repository, `/check-runs/${job.id}`),
    labels: [],
    runner_id: null,
    runner_name: null,
    runner_group_id: null,
    runner_group_name: null,
    created_at: at(job.startedAt),
    status: job.status,
    conclusion: job.conclusion,
    started_at: at(job.startedAt),
    completed_at: job.completedAt === undefined ? null : at(job.completedAt),
    steps: (job.steps ?? []).map(({ name, conclusion, startedAt, completedAt }, index) => ({
      name,
      status: "completed" as const,
      conclusion,
      number: index + 1,
      started_at: at(startedAt),
      completed_at: at(completedAt),
    })),
    html_url: pageUrl(repository, `/actions/runs/${run.id}/job/${job.id}`),
    url: repositoryUrl(c, repository, `/actions/jobs/${job.id}`),
  };
}

/** A cache of Actions as the REST API shows it. */
export const cacheView = ({ id, ref, key, sizeBytes, createdAt, lastAccessedAt }: CacheRow) => ({
  id,
  ref,
  key,
  version: createHash("sha256").update(key).digest("hex"),
  last_accessed_at: at(lastAccessedAt),
  created_at: at(createdAt),
  size_in_bytes: sizeBytes,
});
