/** What happens day by day: issues, pull requests, checks, deployments, releases, runs. */
import type { GithubHarness } from "../../../sandbox/github/harness";

type Ask = GithubHarness["ask"];

/** Token of an app: check runs are made by apps only. */
const app = "ghs_sandbox_actions";

/** Labels, issues, comments. */
export async function issues(ask: Ask): Promise<void> {
  await ask("GET", "/labels");
  await ask("POST", "/labels", { name: "drift", color: "d73a4a" });
  await ask("POST", "/labels", { name: "drift", color: "d73a4a" });
  await ask("GET", "/labels/drift");
  await ask("PATCH", "/labels/drift", { description: "Not as declared" });
  await ask("GET", "/labels/nothing");
  const { body: issue } = await ask("POST", "/issues", {
    title: "Drift",
    labels: ["drift"],
    assignees: ["hotdash-dev"],
  });
  await ask("POST", "/issues", { title: "Long", body: "x".repeat(65_537) });
  await ask("GET", "/issues");
  await ask("GET", `/issues/${issue.number}`);
  await ask("GET", "/issues/999");
  await ask("POST", `/issues/${issue.number}/labels`, { labels: ["bug"] });
  await ask("DELETE", `/issues/${issue.number}/labels/bug`);
  await ask("DELETE", `/issues/${issue.number}/labels/nothing`);
  await ask("GET", `/issues/${issue.number}/events`);
  const { body: comment } = await ask("POST", `/issues/${issue.number}/comments`, { body: "Still there" });
  await ask("GET", `/issues/${issue.number}/comments`);
  await ask("GET", "/issues/comments");
  await ask("GET", `/issues/comments/${comment.id}`);
  await ask("PATCH", `/issues/comments/${comment.id}`, { body: "Gone" });
  await ask("DELETE", `/issues/comments/${comment.id}`);
  await ask("GET", `/issues/comments/${comment.id}`);
  await ask("PATCH", `/issues/${issue.number}`, { state: "closed", state_reason: "not_planned" });
  await ask("DELETE", "/labels/drift");
}

async function branch(ask: Ask, name: string): Promise<string> {
  const { object } = (await ask("GET", "/git/ref/heads/main")).body;
  await ask("POST", "/git/refs", { ref: `refs/heads/${name}`, sha: object.sha });
  const content = Buffer.from(name).toString("base64");
  return (await ask("PUT", `/contents/${name}.txt`, { message: name, content, branch: name })).body.commit.sha;
}

/** Pull requests with reviews and conversations. */
export async function pulls(ask: Ask): Promise<void> {
  const commit_id = await branch(ask, "change");
  const body = { title: "Change", head: "change", base: "main", body: "why" };
  const { number } = (await ask("POST", "/pulls", body)).body;
  const own = `/pulls/${number}`;
  await ask("POST", "/pulls", body);
  await ask("GET", "/pulls");
  await ask("GET", own);
  await ask("GET", "/pulls/999");
  await ask("PATCH", own, { title: "A change" });
  await ask("GET", `${own}/files`);
  await ask("GET", `${own}/commits`);
  await ask("POST", `${own}/reviews`, { event: "APPROVE" });
  await ask("POST", `${own}/reviews`, { event: "APPROVE", body: "fine" }, "ghp_sandbox_dev");
  await ask("GET", `${own}/reviews`);
  const line = { body: "Why?", path: "change.txt", commit_id, line: 1 };
  const { body: comment } = await ask("POST", `${own}/comments`, line);
  await ask("POST", `${own}/comments`, { ...line, path: "nothing.txt" });
  await ask("POST", `${own}/comments/${comment.id}/replies`, { body: "Because" });
  await ask("GET", `${own}/comments`);
  await ask("PUT", `${own}/merge`, { sha: "0".repeat(40) });
  await ask("PUT", `${own}/merge`, { merge_method: "squash" });
  await ask("PUT", `${own}/merge`);
  await ask("GET", own);
  await ask("GET", "/issues?state=all");
}

/** Check runs and statuses. */
export async function checks(ask: Ask): Promise<void> {
  const sha = await branch(ask, "checked");
  const output = { title: "One problem", summary: "It is red" };
  const { body: run } = await ask("POST", "/check-runs", { name: "lint", head_sha: sha, output }, app);
  await ask("POST", "/check-runs", { name: "lint", head_sha: sha });
  await ask("GET", `/check-runs/${run.id}`);
  await ask("PATCH", `/check-runs/${run.id}`, { conclusion: "success" }, app);
  await ask("GET", `/commits/${sha}/check-runs`);
  await ask("POST", `/statuses/${sha}`, { state: "pending", context: "deploy", description: "waits" });
  await ask("GET", `/commits/${sha}/statuses`);
  await ask("GET", `/commits/${sha}/status`);
}

/** Deployments. */
export async function deployments(ask: Ask): Promise<void> {
  const body = {
    ref: "main",
    environment: "staging",
    auto_merge: false,
    required_contexts: [],
    payload: { plan: "1" },
  };
  const { id } = (await ask("POST", "/deployments", body)).body;
  await ask("POST", "/deployments", { ...body, ref: "nothing" });
  await ask("POST", "/deployments", { ...body, required_contexts: ["never"] });
  await ask("POST", "/deployments", { ...body, payload: "text", description: "again" });
  await ask("GET", "/deployments");
  await ask("GET", `/deployments/${id}`);
  await ask("DELETE", `/deployments/${id}`);
  const progress = { state: "success", log_url: "https://log.example/1", description: "done" };
  await ask("POST", `/deployments/${id}/statuses`, progress);
  await ask("GET", `/deployments/${id}/statuses`);
  await ask("POST", `/deployments/${id}/statuses`, { state: "inactive" });
  await ask("DELETE", `/deployments/${id}`);
  await ask("GET", `/deployments/${id}`);
}

/** Releases. */
export async function releases(ask: Ask): Promise<void> {
  const { id } = (await ask("POST", "/releases", { tag_name: "v1", name: "First", body: "notes", draft: true })).body;
  await ask("PATCH", `/releases/${id}`, { draft: false });
  await ask("POST", "/releases", { tag_name: "v1" });
  await ask("GET", "/releases");
  await ask("GET", "/releases/latest");
  await ask("GET", "/releases/tags/v1");
  await ask("GET", "/releases/tags/nothing");
  await ask("GET", `/releases/${id}`);
  const { body: asset } = await ask("POST", `/releases/${id}/assets?name=shop.tar.gz`, "archive");
  await ask("POST", `/releases/${id}/assets?name=shop.tar.gz`, "archive");
  await ask("GET", `/releases/${id}/assets`);
  await ask("GET", `/releases/assets/${asset.id}`);
  await ask("PATCH", `/releases/assets/${asset.id}`, { label: "The archive" });
  await ask("GET", "/releases/tags/v1");
  await ask("DELETE", `/releases/assets/${asset.id}`);
  await ask("GET", `/releases/assets/${asset.id}`);
  await ask("DELETE", `/releases/${id}`);
  await ask("GET", `/releases/${id}`);
}

/** Workflows and runs. */
export async function runs(ask: Ask): Promise<void> {
  const { id: reviewer } = (await ask("GET", "//users/hotdash-dev")).body;
  const { id } = (await ask("PUT", "/environments/production", { reviewers: [{ type: "User", id: reviewer }] })).body;
  const jobs = "jobs:\n  deploy:\n    environment: production\n    steps: []\n";
  const content = Buffer.from(`name: CI\non: workflow_dispatch\n${jobs}`).toString("base64");
  await ask("PUT", "/contents/.github/workflows/ci.yml", { message: "Add a workflow", content });
  const own = "/actions/workflows/ci.yml";
  await ask("GET", "/actions/workflows");
  await ask("GET", own);
  await ask("PUT", `${own}/disable`);
  await ask("PUT", `${own}/enable`);
  await ask("POST", `${own}/dispatches`, { ref: "main" });
  await ask("GET", `${own}/runs`);
  await ask("GET", `${own}/runs?created=2026-01-01`);
  await ask("GET", "/actions/caches");
  await ask("GET", "/secret-scanning/alerts?hide_secret=true");
  const { body } = await ask("GET", "/actions/runs");
  const run = `/actions/runs/${body.workflow_runs[0].id}`;
  await ask("GET", run);
  const job = `/actions/jobs/${(await ask("GET", `${run}/jobs`)).body.jobs[0].id}`;
  await ask("GET", job);
  await ask("GET", `${run}/artifacts`);
  await ask("GET", `${run}/pending_deployments`);
  const answer = { environment_ids: [id], state: "approved", comment: "fine" };
  await ask("POST", `${run}/pending_deployments`, { ...answer, environment_ids: [] });
  await ask("POST", `${run}/pending_deployments`, answer);
  await ask("POST", `${run}/pending_deployments`, answer, "ghp_sandbox_dev");
  await ask("GET", `${run}/approvals`);
  await ask("POST", `${run}/cancel`);
  await ask("GET", `${job}/logs`);
}
