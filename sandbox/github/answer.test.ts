import { createGithubHarness } from "./harness";

/** Members that GitHub's published document asks of an app, wherever it is shown. */
const appMembers = [
  "created_at",
  "description",
  "events",
  "external_url",
  "html_url",
  "id",
  "name",
  "node_id",
  "owner",
];

describe("an answer", () => {
  it("shows an app in full, by itself, at its check runs and in a protection", async () => {
    const { ask, commit } = createGithubHarness();
    const head_sha = await commit("dev", "a.txt");
    const actors = { users: [], teams: ["maintainers"], apps: ["github-actions"] };
    const reviews = { required_pull_request_reviews: { dismissal_restrictions: actors } };
    const none = { required_status_checks: null, enforce_admins: null, restrictions: null };
    const protection = (await ask("PUT", "/branches/main/protection", { ...none, ...reviews })).body;
    const { apps, teams } = protection.required_pull_request_reviews.dismissal_restrictions;
    const run = (await ask("POST", "/check-runs", { name: "lint", head_sha }, "ghs_sandbox_actions")).body;
    for (const app of [(await ask("GET", "//apps/github-actions")).body, run.app, apps[0]]) {
      expect(Object.keys(app)).toEqual(expect.arrayContaining(appMembers));
    }
    expect(teams[0].parent).toBeNull();
  });

  it("names the parent of a team in each list", async () => {
    const { ask } = createGithubHarness();
    const { id } = (await ask("GET", "//orgs/hotdash/teams/maintainers")).body;
    await ask("PATCH", "//orgs/hotdash/teams/break-glass", { parent_team_id: id });
    for (const path of ["/teams", "//orgs/hotdash/teams"]) {
      const { body } = await ask("GET", path);
      expect(body.find(({ slug }: { slug: string }) => slug === "break-glass").parent.slug).toBe("maintainers");
    }
  });

  it("shows a team's repository only to who asks for its media type, with what the team may do", async () => {
    const { ask } = createGithubHarness();
    const path = "//orgs/hotdash/teams/break-glass/repos/hotdash/hotdash";
    expect(await ask("GET", path)).toMatchObject({ status: 204, body: undefined });
    const { body } = await ask("GET", path, undefined, undefined, "application/vnd.github.v3.repository+json");
    expect(body).toMatchObject({
      role_name: "write",
      default_branch: "main",
      permissions: { push: true, admin: false },
    });
  });

  it("counts what one pull request changes, and leaves that out of a list", async () => {
    const { ask, commit } = createGithubHarness();
    const sha = await commit("dev", "a.txt");
    await ask("POST", "/pulls", { title: "Change", head: "dev", base: "main" });
    const one = (await ask("GET", "/pulls/1")).body;
    expect(one).toMatchObject({ commits: 1, changed_files: 1, additions: 1, deletions: 0, comments: 0 });
    expect(one._links.statuses.href).toContain(`/statuses/${sha}`);
    expect(one.base.repo.default_branch).toBe("main");
    const [listed] = (await ask("GET", "/pulls")).body;
    for (const name of ["commits", "mergeable", "merged", "comments"]) expect(listed).not.toHaveProperty(name);
    const [file] = (await ask("GET", "/pulls/1/files")).body;
    expect(file).toMatchObject({ filename: "a.txt", raw_url: expect.stringContaining(`/raw/${sha}/a.txt`) });
  });

  it("compares with the commit at which two branches parted", async () => {
    const { ask, commit } = createGithubHarness();
    const start = (await ask("GET", "/git/ref/heads/main")).body.object.sha;
    await commit("dev", "a.txt");
    await ask("PUT", "/contents/b.txt", { message: "Write b.txt", content: "Yg==" });
    const { body } = await ask("GET", "/compare/main...dev");
    expect(body).toMatchObject({ status: "diverged", ahead_by: 1, behind_by: 1, merge_base_commit: { sha: start } });
    expect(body.files.map(({ filename }: { filename: string }) => filename)).toEqual(["a.txt"]);
  });

  it("shows a branch in full after its new name", async () => {
    const { ask, commit } = createGithubHarness();
    const sha = await commit("dev", "a.txt");
    const { body } = await ask("POST", "/branches/dev/rename", { new_name: "named" });
    expect(body).toMatchObject({ name: "named", commit: { sha, parents: [{}] }, _links: {} });
  });

  it("names the repository of a combined status, and the commit that it is about", async () => {
    const { ask, commit } = createGithubHarness();
    const sha = await commit("dev", "a.txt");
    const { body } = await ask("GET", "/commits/dev/status");
    expect(body.repository.full_name).toBe("hotdash/hotdash");
    expect(body.commit_url).toMatch(new RegExp(`/commits/${sha}$`));
  });

  it("keeps for a repository by itself what lists and pull requests do not show", async () => {
    const { ask, commit } = createGithubHarness();
    await commit("dev", "a.txt");
    await ask("POST", "/pulls", { title: "Change", head: "dev", base: "main" });
    const own = (await ask("GET", "")).body;
    const [listed] = (await ask("GET", "//orgs/hotdash/repos")).body;
    const { repo } = (await ask("GET", "/pulls/1")).body.base;
    const shows = (body: object) => ["allow_squash_merge", "security_and_analysis"].map((name) => name in body);
    expect([own, repo, listed].map(shows)).toEqual([
      [true, true],
      [true, false],
      [false, false],
    ]);
  });

  it("tells no more than GitHub does of commits, statuses, files and who changed a ruleset", async () => {
    const { ask, commit, protect } = createGithubHarness();
    const id = await protect([{ type: "deletion" }]);
    const sha = await commit("dev", "a.txt");
    await ask("POST", `/statuses/${sha}`, { state: "success" });
    const content = Buffer.from("on: workflow_dispatch\n").toString("base64");
    const file = (await ask("PUT", "/contents/.github/workflows/ci.yml", { message: "m", content })).body;
    await ask("POST", "/actions/workflows/ci.yml/dispatches", { ref: "main" });
    const [run] = (await ask("GET", "/actions/runs")).body.workflow_runs;
    const [status] = (await ask("GET", "/commits/dev/status")).body.statuses;
    const [version] = (await ask("GET", `/rulesets/${id}/history`)).body;
    const owner = (await ask("GET", "//users/hotdash-owner")).body;
    expect(Object.keys(run.head_commit.author)).toEqual(["name", "email"]);
    expect(status).not.toHaveProperty("creator");
    expect(file.content).not.toHaveProperty("content");
    expect(version.actor).toEqual({ id: owner.id, type: "User" });
  });
});
