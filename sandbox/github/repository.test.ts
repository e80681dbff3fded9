import sodium from "libsodium-wrappers";
import { serialize } from "../store";
import { createGithubHarness } from "./harness";

describe("a repository", () => {
  it("is kept apart from who may not see it, and from who may not change it", async () => {
    const { ask } = createGithubHarness();
    expect((await ask("GET", "", undefined, "wrong")).body).toMatchObject({
      message: "Bad credentials",
      status: "401",
    });
    expect((await ask("GET", "", undefined, "ghp_sandbox_noscope")).status).toBe(404);
    const byDev = await ask("PATCH", "", { has_wiki: false }, "ghp_sandbox_dev");
    expect(byDev).toMatchObject({ status: 403, body: { message: "Must have admin rights to Repository." } });
    const byReader = await ask("PATCH", "", { has_wiki: false }, "github_pat_sandbox_read");
    expect(byReader.body.message).toBe("Resource not accessible by personal access token");
    expect(byReader.headers.get("x-accepted-github-permissions")).toBe("administration=write");
    const byApp = await ask("PATCH", "", { has_wiki: false }, "ghs_sandbox_actions");
    expect(byApp.body.message).toBe("Resource not accessible by integration");
  });

  it("keeps one way to merge, and an existing default branch", async () => {
    const { ask } = createGithubHarness();
    const none = { allow_merge_commit: false, allow_squash_merge: false, allow_rebase_merge: false };
    expect((await ask("PATCH", "", none)).body.errors[0].message).toContain("no_merge_method");
    expect((await ask("PATCH", "", { default_branch: "moon" })).status).toBe(422);
    expect((await ask("GET", "")).body).toMatchObject({ allow_merge_commit: true, default_branch: "main" });
  });

  it("is found under its former name", async () => {
    const { ask } = createGithubHarness();
    await ask("PATCH", "", { name: "renamed" });
    expect((await ask("GET", "")).body.full_name).toBe("hotdash/renamed");
  });

  it("takes no change while it is archived", async () => {
    const { ask } = createGithubHarness();
    await ask("PATCH", "", { archived: true });
    const answer = await ask("POST", "/labels", { name: "x" });
    expect(answer.body.message).toBe("Repository was archived so is read-only.");
    await ask("PATCH", "", { archived: false });
    expect((await ask("POST", "/labels", { name: "x" })).status).toBe(201);
  });

  it("says who did what in the audit log", async () => {
    const { ask } = createGithubHarness();
    await ask("PATCH", "", { has_wiki: false }, "ghs_sandbox_infra");
    const { body } = await ask("GET", "//orgs/hotdash/audit-log");
    expect(body[0]).toMatchObject({ action: "repo.update", actor: "hotdash-infra[bot]", repo: "hotdash/hotdash" });
    const phrase = async (words: string) =>
      (await ask("GET", `//orgs/hotdash/audit-log?phrase=${encodeURIComponent(words)}`)).body;
    expect(await phrase("repo:hotdash/hotdash action:repo")).toHaveLength(1);
    expect(await phrase("repo:hotdash/other")).toEqual([]);
    expect((await phrase("actor:ann")).message).toContain("not actor:ann");
  });

  it("sends an ETag and 304 where told to", async () => {
    const { ask, sandbox } = createGithubHarness({ etag: true });
    const etag = (await ask("GET", "")).headers.get("etag") ?? "";
    const again = await sandbox.fetch(
      new Request("http://127.0.0.1/api/v3/repos/hotdash/hotdash", {
        headers: { authorization: "token ghp_sandbox_admin", "if-none-match": etag },
      }),
    );
    expect(again.status).toBe(304);
  });

  it("answers a secondary limit in GitHub's words when a fault says so", async () => {
    const { ask, sandbox } = createGithubHarness();
    sandbox.control.setFaults([{ match: { method: "PATCH" }, effect: { secondary_limit_s: 7 } }]);
    const answer = await ask("PATCH", "", {});
    expect(answer.status).toBe(403);
    expect(answer.headers.get("retry-after")).toBe("7");
    expect(answer.body.documentation_url).toContain("secondary-rate-limits");
  });

  it("names a call that it does not know", async () => {
    const { ask } = createGithubHarness();
    expect((await ask("GET", "/moon")).body.message).toContain("not_emulated: GET /api/v3/repos/hotdash/hotdash/moon");
  });
});

describe("secrets and environments", () => {
  it("take a sealed value and show names and times", async () => {
    const { ask, sandbox } = createGithubHarness();
    const { key_id, key } = (await ask("GET", "/actions/secrets/public-key")).body;
    await sodium.ready;
    const seal = (forKey: Buffer) =>
      sodium.to_base64(sodium.crypto_box_seal("canary", forKey), sodium.base64_variants.ORIGINAL);
    const encrypted_value = seal(Buffer.from(key, "base64"));
    expect((await ask("PUT", "/actions/secrets/token", { encrypted_value, key_id })).status).toBe(201);
    expect((await ask("PUT", "/actions/secrets/TOKEN", { encrypted_value, key_id })).status).toBe(204);
    expect((await ask("PUT", "/actions/secrets/TOKEN", { encrypted_value, key_id: "0" })).status).toBe(422);
    const other = { encrypted_value: seal(Buffer.alloc(32, 9)), key_id };
    expect((await ask("PUT", "/actions/secrets/TOKEN", other)).status).toBe(422);
    const { body } = await ask("GET", "/actions/secrets");
    expect(body.secrets).toEqual([
      { name: "TOKEN", created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:01Z" },
    ]);
    const kept = JSON.stringify(sandbox.control.journal()) + serialize(sandbox.control.state());
    expect(kept).not.toContain(encrypted_value);
    expect(kept).not.toContain("canary");
  });

  it("leave out a rule that is not set, and know their reviewers", async () => {
    const { ask } = createGithubHarness();
    const { id } = (await ask("GET", "//users/hotdash-dev")).body;
    const reviewers = [{ type: "User", id }];
    const policy = { protected_branches: false, custom_branch_policies: true };
    const made = await ask("PUT", "/environments/production", { reviewers, deployment_branch_policy: policy });
    expect(made.body.protection_rules.map(({ type }: { type: string }) => type)).toEqual([
      "required_reviewers",
      "branch_policy",
    ]);
    const tag = await ask("POST", "/environments/production/deployment-branch-policies", { name: "v*", type: "tag" });
    expect(tag.body).toMatchObject({ name: "v*", type: "tag" });
    expect((await ask("PUT", "/environments/production", { reviewers: [{ type: "User", id: 7 }] })).status).toBe(422);
  });

  it("ask a workflow scope of who writes workflow files", async () => {
    const { ask } = createGithubHarness();
    const body = { message: "m", content: "aGk=" };
    const path = "/contents/.github/workflows/ci.yml";
    expect((await ask("PUT", path, body, "github_pat_sandbox_read")).status).toBe(403);
    expect((await ask("PUT", path, body)).status).toBe(201);
    expect((await ask("GET", "/actions/workflows")).body.total_count).toBe(1);
  });
});
