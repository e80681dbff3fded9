import { checkRule, createGithubHarness, pullRule } from "./harness";

const deployments = {
  type: "required_deployments",
  parameters: { required_deployment_environments: ["moon"] },
};
const file = { message: "straight", content: "aGk=" };

describe("rulesets", () => {
  it("refuse a push to main, and note a bypass", async () => {
    const { ask, protect } = createGithubHarness();
    const id = await protect([pullRule, { type: "deletion" }]);
    const refused = await ask("PUT", "/contents/a.txt", file);
    expect(refused.status).toBe(409);
    expect(refused.body.message).toContain("Changes must be made through a pull request.");
    const admin = { actor_id: 5, actor_type: "RepositoryRole", bypass_mode: "always" };
    await ask("PUT", `/rulesets/${id}`, { bypass_actors: [admin] });
    expect((await ask("PUT", "/contents/a.txt", file)).status).toBe(201);
    const suites = await ask("GET", "/rulesets/rule-suites?rule_suite_result=bypass");
    expect(suites.body).toMatchObject([{ actor_name: "hotdash-owner", ref: "refs/heads/main", result: "bypass" }]);
  });

  it("cannot be satisfied by a forged status when the check is pinned", async () => {
    const { ask, commit, protect } = createGithubHarness();
    const sha = await commit("dev", "a.txt");
    await protect([checkRule("lint")]);
    const { number } = (await ask("POST", "/pulls", { title: "t", head: "dev", base: "main" })).body;
    await ask("POST", `/statuses/${sha}`, { state: "success", context: "lint" });
    const blocked = await ask("PUT", `/pulls/${number}/merge`, {});
    expect(blocked).toMatchObject({ status: 405, body: { message: expect.stringContaining('"lint" is expected') } });
    const run = { name: "lint", head_sha: sha, conclusion: "success" };
    expect((await ask("POST", "/check-runs", run)).status).toBe(403);
    await ask("POST", "/check-runs", run, "ghs_sandbox_actions");
    expect((await ask("PUT", `/pulls/${number}/merge`, { merge_method: "squash" })).body.merged).toBe(true);
    expect((await ask("GET", "/contents/a.txt")).status).toBe(200);
  });

  it("want an approval of somebody else", async () => {
    const { ask, commit, protect } = createGithubHarness();
    await commit("dev", "a.txt");
    await protect([pullRule]);
    const { number } = (await ask("POST", "/pulls", { title: "t", head: "dev", base: "main" })).body;
    expect((await ask("PUT", `/pulls/${number}/merge`, {})).status).toBe(405);
    expect((await ask("POST", `/pulls/${number}/reviews`, { event: "APPROVE" })).status).toBe(422);
    await ask("POST", `/pulls/${number}/reviews`, { event: "APPROVE" }, "ghp_sandbox_dev");
    expect((await ask("PUT", `/pulls/${number}/merge`, {})).status).toBe(200);
  });

  it.each([
    ["an app that is not installed", { rules: [checkRule("lint", 7)] }, "integration 7 is not installed"],
    ["an unknown team", { bypass_actors: [{ actor_id: 7, actor_type: "Team" }] }, "Team 7 must be part of"],
    ["an unknown environment", { rules: [deployments] }, "environments do not exist: moon"],
    ["a name that is taken", { name: "main" }, "Name must be unique"],
  ])("refuse %s", async (_, body, words) => {
    const { ask, protect } = createGithubHarness();
    await protect([]);
    const answer = await ask("POST", "/rulesets", { name: "second", enforcement: "active", ...body });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ message: "Validation Failed", errors: [expect.stringContaining(words)] });
  });

  it("hide who may pass from those that cannot write them", async () => {
    const { ask, protect } = createGithubHarness();
    const id = await protect([{ type: "deletion" }]);
    expect((await ask("GET", `/rulesets/${id}`)).body).toHaveProperty("bypass_actors");
    expect((await ask("GET", `/rulesets/${id}`, undefined, "ghp_sandbox_dev")).body).not.toHaveProperty(
      "bypass_actors",
    );
    expect((await ask("GET", "/rules/branches/main")).body).toMatchObject([{ type: "deletion", ruleset_id: id }]);
  });
});

describe("classic protection", () => {
  it("is one row for REST and GraphQL", async () => {
    const { ask, query } = createGithubHarness();
    const { node_id } = (await ask("GET", "")).body;
    const create = `mutation($input: CreateBranchProtectionRuleInput!) {
      createBranchProtectionRule(input: $input) { branchProtectionRule { id } } }`;
    const input = { repositoryId: node_id, pattern: "main", isAdminEnforced: true, requiresApprovingReviews: true };
    expect((await query(create, { input })).errors).toBeUndefined();
    const seen = await ask("GET", "/branches/main/protection");
    expect(seen.body).toMatchObject({ enforce_admins: { enabled: true } });
    expect((await query(create, { input })).errors).toMatchObject([{ message: "Name already protected: main" }]);
    expect((await ask("PUT", "/contents/a.txt", file)).body.message).toBe(
      "Could not update file: Changes must be made through a pull request.",
    );
    await ask("DELETE", "/branches/main/protection");
    expect((await ask("GET", "/branches/main/protection")).body.message).toBe("Branch not protected");
  });

  it("binds administrators, or not, by a switch of its own", async () => {
    const { ask } = createGithubHarness();
    const reviews = { required_approving_review_count: 1 };
    const protection = { required_status_checks: null, required_pull_request_reviews: reviews, restrictions: null };
    await ask("PUT", "/branches/main/protection", { ...protection, enforce_admins: true });
    expect((await ask("PUT", "/contents/a.txt", file)).status).toBe(409);
    expect((await ask("DELETE", "/branches/main/protection/enforce_admins")).status).toBe(204);
    expect((await ask("PUT", "/contents/a.txt", file)).status).toBe(201);
    expect((await ask("POST", "/branches/main/protection/enforce_admins")).body.enabled).toBe(true);
    expect((await ask("PUT", "/contents/b.txt", file)).status).toBe(409);
  });

  it("answers an unknown global id with an error of type NOT_FOUND", async () => {
    const { query } = createGithubHarness();
    const { errors } = await query('{ node(id: "nobody") { id } }');
    expect(errors).toMatchObject([
      { type: "NOT_FOUND", message: "Could not resolve to a node with the global id of 'nobody'" },
    ]);
  });
});
