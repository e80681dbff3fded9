/** Everything that the sandbox's GitHub serves, asked for once: made, read, changed, refused where it should be, removed. */
import type { GithubHarness } from "../../sandbox/github/harness";
import { checkRule, pullRule } from "../../sandbox/github/harness";

type Ask = GithubHarness["ask"];

/** The whole tour, in the order in which the rooms need each other. */
export async function tour(ask: Ask): Promise<void> {
  for (const room of [accounts, repositories, gitData, files, rules, protection, environments, settings])
    await room(ask);
  for (const room of [access, teams, issues, pulls, checks, deployments, releases, runs, end]) await room(ask);
}

/** Token of an app: check runs are made by apps only. */
const app = "ghs_sandbox_actions";

/** What the app shows to be let in: the sandbox knows no key of it, and its clock begins with 2026. */
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const appToken = `${encode({ alg: "RS256" })}.${encode({ iss: 900_001, exp: Date.UTC(2026, 0, 1) / 1000 + 300 })}.c2ln`;

async function accounts(ask: Ask): Promise<void> {
  await ask("GET", "//user");
  await ask("GET", "//user", undefined, "wrong");
  const { body } = await ask("GET", "//users/hotdash-dev");
  await ask("GET", `//user/${body.id}`);
  await ask("GET", "//users/nobody");
  await ask("GET", "//users/hotdash-dev/keys");
  await ask("GET", "//users/hotdash-dev/gpg_keys");
  await ask("GET", "//orgs/hotdash");
  await ask("GET", "//orgs/nobody");
  await ask("GET", "//orgs/hotdash/members");
  await ask("GET", "//apps/hotdash-infra");
  await ask("GET", "//apps/nothing");
  await ask("GET", "//");
  await ask("POST", "//app/installations/900002/access_tokens", {}, appToken);
  await ask("POST", "//app/installations/900002/access_tokens", {}, "wrong");
}

async function repositories(ask: Ask): Promise<void> {
  await ask("GET", "");
  await ask("GET", "//repos/hotdash/nothing");
  await ask("PATCH", "", { has_wiki: false, security_and_analysis: { secret_scanning: { status: "enabled" } } });
  await ask("PATCH", "", { allow_merge_commit: false, allow_squash_merge: false, allow_rebase_merge: false });
  await ask("PATCH", "", { has_wiki: false }, "ghp_sandbox_dev");
  await ask("POST", "//orgs/hotdash/repos", { name: "second", auto_init: true });
  await ask("POST", "//orgs/hotdash/repos", { name: "second" });
  await ask("GET", "//orgs/hotdash/repos");
  await ask("GET", "//search/repositories?q=org:hotdash");
  await ask("PUT", "/topics", { names: ["delivery"] });
  await ask("PUT", "/topics", { names: ["No topic"] });
  await ask("GET", "/topics");
  await ask("GET", "/vulnerability-alerts");
  await ask("PUT", "/vulnerability-alerts");
  await ask("GET", "/vulnerability-alerts");
  await ask("PUT", "/automated-security-fixes");
  await ask("GET", "/automated-security-fixes");
  await ask("DELETE", "/automated-security-fixes");
  await ask("DELETE", "/vulnerability-alerts");
}

async function gitData(ask: Ask): Promise<void> {
  const { body: ref } = await ask("GET", "/git/ref/heads/main");
  await ask("GET", "/git/ref/heads/nothing");
  await ask("GET", "/git/matching-refs/heads/m");
  const { body: commit } = await ask("GET", `/git/commits/${ref.object.sha}`);
  const { body: tree } = await ask("GET", `/git/trees/${commit.tree.sha}?recursive=1`);
  await ask("GET", "/git/trees/nothing");
  await ask("GET", `/git/blobs/${tree.tree[0].sha}`);
  await ask("GET", `/git/blobs/${"0".repeat(40)}`);
  const { body: blob } = await ask("POST", "/git/blobs", { content: "hello" });
  const entry = { path: "docs/hello.txt", mode: "100644", type: "blob", sha: blob.sha };
  const { body: made } = await ask("POST", "/git/trees", { base_tree: commit.tree.sha, tree: [entry] });
  await ask("POST", "/git/trees", { tree: [] });
  const written = { message: "Say hello", tree: made.sha, parents: [ref.object.sha] };
  const { body: next } = await ask("POST", "/git/commits", written);
  await ask("POST", "/git/commits", { ...written, tree: "nothing" });
  await ask("POST", "/git/refs", { ref: "refs/heads/git", sha: ref.object.sha });
  await ask("POST", "/git/refs", { ref: "refs/heads/git", sha: ref.object.sha });
  await ask("PATCH", "/git/refs/heads/git", { sha: next.sha });
  await ask("PATCH", "/git/refs/heads/git", { sha: ref.object.sha });
  await ask("GET", "/compare/main...git");
  await ask("GET", "/compare/main...nothing");
  await ask("POST", "/branches/git/rename", { new_name: "named" });
  await ask("GET", "/branches/named");
  await ask("GET", "/branches/nothing");
  await ask("GET", "/branches");
  await ask("DELETE", "/git/refs/heads/named");
  await ask("DELETE", "/git/refs/heads/named");
}

async function files(ask: Ask): Promise<void> {
  const content = Buffer.from("one").toString("base64");
  const { body } = await ask("PUT", "/contents/docs/one.txt", { message: "Add one", content });
  const { sha } = body.content;
  await ask("PUT", "/contents/docs/one.txt", { message: "Change one", content: "dHdv", sha });
  await ask("PUT", "/contents/docs/one.txt", { message: "Change one", content: "dHdv", sha });
  await ask("PUT", "/contents/docs/one.txt", { message: "Change one", content: "dHdv" });
  await ask("GET", "/contents/docs/nothing.txt");
  const { body: one } = await ask("GET", "/contents/docs/one.txt");
  await ask("GET", "/contents/docs");
  await ask("GET", "/contents");
  await ask("GET", "/readme");
  await ask("GET", "/commits");
  await ask("GET", "/commits?sha=nothing");
  await ask("GET", "/commits/main");
  await ask("GET", "/commits/nothing");
  await ask("DELETE", "/contents/docs/one.txt", { message: "Remove one", sha: one.sha });
  await ask("DELETE", "/contents/docs/one.txt", { message: "Remove one", sha: one.sha });
}

async function rules(ask: Ask): Promise<void> {
  const conditions = { ref_name: { include: ["refs/heads/release/*"], exclude: [] } };
  const bypass_actors = [
    { actor_id: 5, actor_type: "RepositoryRole", bypass_mode: "pull_request" },
    { actor_type: "OrganizationAdmin" },
  ];
  const plain = [
    "creation",
    "deletion",
    "non_fast_forward",
    "required_linear_history",
    "required_signatures",
    "update",
  ];
  const list = [...plain.map((type) => ({ type })), pullRule, checkRule("lint")];
  const body = { name: "release", enforcement: "active", target: "branch", bypass_actors, conditions, rules: list };
  const { body: made } = await ask("POST", "/rulesets", body);
  await ask("POST", "/rulesets", body);
  await ask("POST", "/rulesets", body, "ghp_sandbox_dev");
  await ask("POST", "/rulesets", { name: "files", enforcement: "disabled", target: "push", rules: pushRules });
  await ask("GET", "/rulesets");
  await ask("GET", `/rulesets/${made.id}`);
  await ask("GET", `/rulesets/${made.id}`, undefined, "ghp_sandbox_dev");
  await ask("GET", "/rulesets/1");
  await ask("PUT", `/rulesets/${made.id}`, { enforcement: "evaluate" });
  await ask("PUT", `/rulesets/${made.id}`, { enforcement: "active" });
  await ask("GET", `/rulesets/${made.id}/history`);
  await ask("GET", "/rules/branches/release%2F1");
  await ask("GET", "/rulesets/rule-suites");
  await ask("DELETE", `/rulesets/${made.id}`);
  await ask("DELETE", `/rulesets/${made.id}`);
}

const pushRules = [
  { type: "file_path_restriction", parameters: { restricted_file_paths: ["secret/**"] } },
  { type: "max_file_path_length", parameters: { max_file_path_length: 200 } },
  { type: "file_extension_restriction", parameters: { restricted_file_extensions: ["*.exe"] } },
  { type: "max_file_size", parameters: { max_file_size: 10 } },
];

async function protection(ask: Ask): Promise<void> {
  const own = "/branches/main/protection";
  const actors = { users: ["hotdash-dev"], teams: ["maintainers"], apps: ["github-actions"] };
  const reviews = { dismissal_restrictions: actors, bypass_pull_request_allowances: actors };
  const body = {
    required_status_checks: { strict: true, checks: [{ context: "lint", app_id: 15368 }, { context: "any" }] },
    enforce_admins: true,
    required_pull_request_reviews: { ...reviews, required_approving_review_count: 2 },
    restrictions: actors,
  };
  await ask("GET", own);
  await ask("PUT", own, body);
  await ask("PUT", own, { required_status_checks: 1 });
  await ask("PUT", "/branches/nothing/protection", body);
  await ask("GET", own);
  await ask("GET", "/branches/main");
  await ask("GET", "/branches");
  for (const part of ["enforce_admins", "required_signatures"]) {
    await ask("POST", `${own}/${part}`);
    await ask("GET", `${own}/${part}`);
    await ask("DELETE", `${own}/${part}`);
  }
  await ask("DELETE", `${own}/required_pull_request_reviews`);
  await ask("DELETE", own);
  await ask("DELETE", own);
}

async function environments(ask: Ask): Promise<void> {
  const own = "/environments/staging";
  const { id } = (await ask("GET", "//users/hotdash-dev")).body;
  const { id: team } = (await ask("GET", "//orgs/hotdash/teams/maintainers")).body;
  const reviewers = [
    { type: "User", id },
    { type: "Team", id: team },
  ];
  const deployment_branch_policy = { protected_branches: false, custom_branch_policies: true };
  await ask("GET", own);
  await ask("PUT", own, { wait_timer: 5, prevent_self_review: true, reviewers, deployment_branch_policy });
  await ask("PUT", own, { reviewers: [{ type: "User", id: 7 }] });
  await ask("GET", own);
  await ask("GET", "/environments");
  const policies = `${own}/deployment-branch-policies`;
  const { body: policy } = await ask("POST", policies, { name: "main" });
  await ask("POST", policies, { name: "v*", type: "tag" });
  await ask("GET", policies);
  await ask("GET", `${policies}/${policy.id}`);
  await ask("PUT", `${policies}/${policy.id}`, { name: "release/*" });
  await ask("DELETE", `${policies}/${policy.id}`);
  await secretsAndVariables(ask, own);
  await secretsAndVariables(ask, "/actions");
  await ask("DELETE", own);
}

async function secretsAndVariables(ask: Ask, holder: string): Promise<void> {
  const { key_id } = (await ask("GET", `${holder}/secrets/public-key`)).body;
  const sealed = { encrypted_value: Buffer.alloc(60).toString("base64"), key_id };
  await ask("PUT", `${holder}/secrets/TOKEN`, sealed);
  await ask("PUT", `${holder}/secrets/TOKEN`, sealed);
  await ask("GET", `${holder}/secrets`);
  await ask("GET", `${holder}/secrets/TOKEN`);
  await ask("DELETE", `${holder}/secrets/TOKEN`);
  await ask("POST", `${holder}/variables`, { name: "REGION", value: "ord" });
  await ask("GET", `${holder}/variables`);
  await ask("GET", `${holder}/variables/REGION`);
  await ask("PATCH", `${holder}/variables/REGION`, { value: "lhr" });
  await ask("DELETE", `${holder}/variables/REGION`);
}

async function settings(ask: Ask): Promise<void> {
  const own = "/actions/permissions";
  await ask("PUT", own, { enabled: true, allowed_actions: "selected", sha_pinning_required: true });
  await ask("GET", own);
  await ask("PUT", `${own}/selected-actions`, { github_owned_allowed: true, patterns_allowed: ["a/b@*"] });
  await ask("GET", `${own}/selected-actions`);
  await ask("PUT", `${own}/workflow`, { default_workflow_permissions: "read" });
  await ask("GET", `${own}/workflow`);
  const config = { url: "https://hooks.example/in", content_type: "json", secret: "not kept" };
  const { body: hook } = await ask("POST", "/hooks", { config, events: ["push"] });
  await ask("POST", "/hooks", {});
  await ask("GET", "/hooks");
  await ask("GET", `/hooks/${hook.id}`);
  await ask("PATCH", `/hooks/${hook.id}`, { active: false, config });
  await ask("DELETE", `/hooks/${hook.id}`);
  await ask("GET", `/hooks/${hook.id}`);
  const key = `ssh-ed25519 ${Buffer.alloc(51).toString("base64")}`;
  const { body: deployKey } = await ask("POST", "/keys", { title: "deploy", key });
  await ask("POST", "/keys", { title: "deploy", key: "none" });
  await ask("GET", "/keys");
  await ask("GET", `/keys/${deployKey.id}`);
  await ask("DELETE", `/keys/${deployKey.id}`);
  await ask("GET", `/keys/${deployKey.id}`);
  const template = "https://tickets.example/<num>";
  const { body: link } = await ask("POST", "/autolinks", { key_prefix: "TICKET-", url_template: template });
  await ask("POST", "/autolinks", { key_prefix: "TICKET-", url_template: template });
  await ask("GET", "/autolinks");
  await ask("GET", `/autolinks/${link.id}`);
  await ask("DELETE", `/autolinks/${link.id}`);
  await ask("GET", `/autolinks/${link.id}`);
}

async function access(ask: Ask): Promise<void> {
  await ask("GET", "/collaborators");
  await ask("GET", "/collaborators/hotdash-dev/permission");
  await ask("GET", "/collaborators/nobody/permission");
  await ask("PUT", "/collaborators/hotdash-dev", { permission: "maintain" });
  const { body: invitation } = await ask("PUT", "/collaborators/outsider", { permission: "push" });
  await ask("GET", "/invitations");
  await ask("PATCH", `/invitations/${invitation.id}`, { permissions: "admin" });
  await ask("DELETE", `/invitations/${invitation.id}`);
  await ask("DELETE", "/collaborators/hotdash-dev");
  await ask("GET", "/teams");
}

async function teams(ask: Ask): Promise<void> {
  const { body: parent } = await ask("POST", "//orgs/hotdash/teams", { name: "Everyone", privacy: "closed" });
  await ask("POST", "//orgs/hotdash/teams", { name: "Couriers", privacy: "closed", parent_team_id: parent.id });
  await ask("POST", "//orgs/hotdash/teams", { name: "Couriers" });
  const own = "//orgs/hotdash/teams/couriers";
  await ask("GET", "//orgs/hotdash/teams");
  await ask("GET", own);
  await ask("GET", "//orgs/hotdash/teams/nothing");
  await ask("PATCH", own, { description: "Who brings it" });
  await ask("PUT", `${own}/memberships/hotdash-dev`, { role: "maintainer" });
  await ask("GET", `${own}/memberships/hotdash-dev`);
  await ask("GET", `${own}/members`);
  await ask("DELETE", `${own}/memberships/hotdash-dev`);
  await ask("GET", `${own}/memberships/hotdash-dev`);
  await ask("PUT", `${own}/repos/hotdash/hotdash`, { permission: "push" });
  await ask("GET", `${own}/repos/hotdash/hotdash`);
  await ask("GET", `${own}/repos/hotdash/hotdash`, undefined, undefined, "application/vnd.github.v3.repository+json");
  await ask("GET", `${own}/repos`);
  await ask("DELETE", `${own}/repos/hotdash/hotdash`);
  await ask("GET", `${own}/repos/hotdash/hotdash`);
  await ask("DELETE", own);
  await ask("GET", "//orgs/hotdash/audit-log");
}

async function issues(ask: Ask): Promise<void> {
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

async function pulls(ask: Ask): Promise<void> {
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

async function checks(ask: Ask): Promise<void> {
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

async function deployments(ask: Ask): Promise<void> {
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

async function releases(ask: Ask): Promise<void> {
  const { id } = (await ask("POST", "/releases", { tag_name: "v1", name: "First", body: "notes", draft: true })).body;
  await ask("PATCH", `/releases/${id}`, { draft: false });
  await ask("POST", "/releases", { tag_name: "v1" });
  await ask("GET", "/releases");
  await ask("GET", "/releases/latest");
  await ask("GET", "/releases/tags/v1");
  await ask("GET", "/releases/tags/nothing");
  await ask("GET", `/releases/${id}`);
  await ask("GET", `/releases/${id}/assets`);
  await ask("DELETE", `/releases/${id}`);
  await ask("GET", `/releases/${id}`);
}

async function runs(ask: Ask): Promise<void> {
  const content = Buffer.from("name: CI\non: workflow_dispatch\n").toString("base64");
  await ask("PUT", "/contents/.github/workflows/ci.yml", { message: "Add a workflow", content });
  const own = "/actions/workflows/ci.yml";
  await ask("GET", "/actions/workflows");
  await ask("GET", own);
  await ask("PUT", `${own}/disable`);
  await ask("PUT", `${own}/enable`);
  await ask("POST", `${own}/dispatches`, { ref: "main" });
  await ask("GET", `${own}/runs`);
  const { body } = await ask("GET", "/actions/runs");
  const run = `/actions/runs/${body.workflow_runs[0].id}`;
  await ask("GET", run);
  await ask("GET", `${run}/jobs`);
  await ask("GET", `${run}/artifacts`);
  await ask("GET", `${run}/approvals`);
  await ask("GET", `${run}/pending_deployments`);
  await ask("POST", `${run}/pending_deployments`, { environment_ids: [], state: "approved", comment: "fine" });
  await ask("POST", `${run}/cancel`);
}

async function end(ask: Ask): Promise<void> {
  await ask("DELETE", "", undefined, "ghp_sandbox_dev");
  await ask("DELETE", "//repos/hotdash/second");
}
