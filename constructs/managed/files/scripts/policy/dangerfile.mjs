// Danger's check of a pull request: npx --no-install danger ci --dangerfile scripts/policy/dangerfile.mjs --failOnErrors
// Its job needs `actions: read`, `pull-requests: write` and `statuses: write`, and a checkout of the head commit.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { policy } from "./policy.mjs";
import { bodyProblems } from "./pull-request.mjs";
import { workflowProblems } from "./workflow-run.mjs";

const { danger, fail, message } = globalThis;

/** Danger awaits it. */
export default async function judge() {
  const changed = await changedFiles();
  const kept = changed.filter(({ status }) => status !== "removed").map(({ filename }) => filename);
  const body = bodyProblems({
    body: danger.github.pr.body,
    files: changed.flatMap(({ filename, previous_filename }) => [filename, previous_filename ?? []].flat()),
    template: readFileSync(".github/pull_request_template.md", "utf8"),
    infrastructurePaths: policy.pullRequest.infrastructurePaths,
  });
  const workflows = await workflowProblems({
    files: kept.filter(isWorkflow).map((path) => ({ path, text: readFileSync(path, "utf8") })),
    latestRuns,
    ownRun: process.env.GITHUB_RUN_ID,
    waitSeconds: policy.pullRequest.waitSeconds,
  });
  for (const problem of [...body, ...workflows.problems, ...allowListProblems()]) fail(problem);
  for (const note of workflows.notes) message(note);
}

const isWorkflow = (path) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path);

/** Asked of GitHub here: where Danger's own question for the files fails, it goes on with none, and everything passes. */
async function changedFiles() {
  const { owner, repo, pull_number } = danger.github.thisPR;
  const request = { owner, repo, pull_number, per_page: 100 };
  const files = await danger.github.api.paginate("GET /repos/{owner}/{repo}/pulls/{pull_number}/files", request);
  const { changed_files: count } = danger.github.pr;
  if (files.length !== count)
    fail(`GitHub lists ${files.length} of ${count} changed files: split this into smaller pull requests.`);
  return files;
}

/** The newest run of each workflow file at the head commit. */
async function latestRuns() {
  const { owner, repo } = danger.github.thisPR;
  const runs = await danger.github.api.paginate("GET /repos/{owner}/{repo}/actions/runs", {
    owner,
    repo,
    head_sha: danger.github.pr.head.sha,
    per_page: 100,
  });
  // GitHub lists the newest first; a later entry of a Map takes the place of an earlier one.
  return new Map(runs.reverse().map((run) => [run.path.split("@")[0], run]));
}

function allowListProblems() {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/policy/check-gitleaks.mjs"], { encoding: "utf8" });
  return status === 0 ? [] : [`The allow lists of gitleaks:\n${stderr.trim()}`];
}
