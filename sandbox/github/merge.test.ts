import { createGithubHarness, type GithubHarness, pullRule } from "./harness";

type Parameters = Partial<Record<keyof typeof pullRule.parameters, boolean | number>>;

let h: GithubHarness;
const dev = "ghp_sandbox_dev";
const rule = (parameters: Parameters) => ({ ...pullRule, parameters: { ...pullRule.parameters, ...parameters } });

/** A pull request that changes one file under these owners and this rule. @returns its path */
async function propose(parameters: Parameters, { owners = "", file = "app/a.txt" } = {}): Promise<string> {
  const content = Buffer.from(owners).toString("base64");
  if (owners) await h.ask("PUT", "/contents/.github/CODEOWNERS", { message: "Own", content });
  await h.protect([rule({ required_approving_review_count: 0, ...parameters })]);
  await h.commit("feature", file);
  return `/pulls/${(await h.ask("POST", "/pulls", { title: "t", head: "feature", base: "main" })).body.number}`;
}

/** What GitHub says to a merge: the problems, or nothing when it is merged. */
async function merge(pull: string): Promise<string[]> {
  const { status, body } = await h.ask("PUT", `${pull}/merge`, {});
  expect([200, 405]).toContain(status);
  return status === 200 ? [] : body.message.split("\n\n").slice(1, -1);
}

const approve = (pull: string, token = dev) => h.ask("POST", `${pull}/reviews`, { event: "APPROVE" }, token);

beforeEach(() => {
  h = createGithubHarness();
});

describe("code owners", () => {
  const waits = (...names: string[]) => [`Waiting on code owner review from ${names.join(" and/or ")}.`];

  it.each([
    ["whoever owns everything", "* @hotdash-dev", "app/a.txt", waits("hotdash-dev")],
    ["a team by its name", "* @hotdash/maintainers", "app/a.txt", waits("hotdash/maintainers")],
    ["a person by an address", "* hotdash-dev@users.noreply.github.com", "app/a.txt", waits("hotdash-dev")],
    ["any of several", "* @hotdash-dev @hotdash/maintainers", "a", waits("hotdash-dev", "hotdash/maintainers")],
    ["the last line that fits", "* @hotdash-owner\n/app/ @hotdash-dev", "app/a.txt", waits("hotdash-dev")],
    ["nobody where the last line names nobody", "* @hotdash-dev\n/app/", "app/a.txt", []],
    ["nobody for an owner who may not write", "* @outsider", "app/a.txt", []],
    ["nobody for a team without access", "* @hotdash/nobody", "app/a.txt", []],
    ["nobody for a commented line", "# * @hotdash-dev", "app/a.txt", []],
    ["nobody for a syntax that GitHub does not take over", "!app/ @hotdash-dev\n[a-z]* @hotdash-dev", "app/a.txt", []],
    ["a name at any depth", "*.txt @hotdash-dev", "app/deep/a.txt", waits("hotdash-dev")],
    ["what is below a folder", "deep/ @hotdash-dev", "app/deep/more/a.txt", waits("hotdash-dev")],
    ["nobody below a folder that is not at the root", "/deep/ @hotdash-dev", "app/deep/a.txt", []],
    ["what is directly in a folder", "app/* @hotdash-dev", "app/a.txt", waits("hotdash-dev")],
    ["nobody deeper than a star reaches", "app/* @hotdash-dev", "app/deep/a.txt", []],
  ])("are %s", async (_, owners, file, problems) => {
    const pull = await propose({ require_code_owner_review: true }, { owners, file });
    expect(await merge(pull)).toEqual(problems);
    expect((await h.ask("GET", pull)).body.mergeable_state).toBe(problems.length > 0 ? "blocked" : "clean");
  });

  it("let a merge pass once one of them approves", async () => {
    const owners = "* @hotdash-dev @hotdash/maintainers";
    const pull = await propose({ require_code_owner_review: true }, { owners });
    await approve(pull);
    expect(await merge(pull)).toEqual([]);
  });

  it("are asked beside the approvals, and by the file of the base only", async () => {
    const pull = await propose(
      { require_code_owner_review: true, required_approving_review_count: 1 },
      { owners: "/app/ @hotdash/maintainers" },
    );
    const file = "/contents/.github/CODEOWNERS";
    const { sha } = (await h.ask("GET", file)).body;
    await h.ask("PUT", file, { message: "Disown", content: "", sha, branch: "feature" });
    expect((await h.ask("GET", `${pull}/files`)).body).toHaveLength(2);
    await approve(pull);
    expect(await merge(pull)).toEqual(["Waiting on code owner review from hotdash/maintainers."]);
  });

  it("are not asked where the rule does not say so", async () => {
    expect(await merge(await propose({}, { owners: "* @hotdash-dev" }))).toEqual([]);
  });
});

describe("conversations", () => {
  const resolve = "mutation($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { isResolved } } }";
  const threads = `query($number: Int!) { repository(owner: "hotdash", name: "hotdash") {
    pullRequest(number: $number) { reviewThreads(first: 9) { nodes { id path line isResolved comments(first: 9) { totalCount } } } } } }`;
  const open = { body: "Why?", path: "app/a.txt", line: 1 };
  const unresolved = ["A conversation must be resolved before this pull request can be merged."];

  it("hold a merge back until they are resolved", async () => {
    const pull = await propose({ required_review_thread_resolution: true });
    const { id } = (await h.ask("POST", `${pull}/comments`, open, dev)).body;
    await h.ask("POST", `${pull}/comments/${id}/replies`, { body: "Because." });
    expect(await merge(pull)).toEqual(unresolved);
    const { data } = await h.query(threads, { number: Number(pull.split("/").at(-1)) });
    const thread = { path: "app/a.txt", line: 1, isResolved: false, comments: { totalCount: 2 } };
    const nodes = [{ id: expect.any(String), ...thread }];
    expect(data).toEqual({ repository: { pullRequest: { reviewThreads: { nodes } } } });
    const found = JSON.stringify(data).match(/PRRT_[\w-]+/)?.[0];
    expect((await h.query(resolve, { id: found })).data).toEqual({
      resolveReviewThread: { thread: { isResolved: true } },
    });
    expect(await merge(pull)).toEqual([]);
  });

  it("are opened by a review too, and hold nothing back where the rule does not say so", async () => {
    const pull = await propose({});
    await h.ask("POST", `${pull}/reviews`, { event: "COMMENT", comments: [open] }, dev);
    expect((await h.ask("GET", `${pull}/comments`)).body).toMatchObject([{ body: "Why?", line: 1 }]);
    expect(await merge(pull)).toEqual([]);
  });

  it.each([
    ["a file that is not changed", { path: "README.md" }, "path"],
    ["a commit of another branch", { commit_id: "0".repeat(40) }, "commit_id"],
    ["neither a line nor a whole file", { line: undefined }, "line"],
  ])("are not opened about %s", async (_, change, field) => {
    const pull = await propose({});
    const answer = await h.ask("POST", `${pull}/comments`, { ...open, ...change });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field, code: "invalid" }] } });
  });
});

describe("approvals", () => {
  it("are dismissed by a push that changes the difference, where the rule says so", async () => {
    const need = { required_approving_review_count: 1, dismiss_stale_reviews_on_push: true };
    const pull = await propose(need);
    await approve(pull);
    await h.commit("feature", "app/b.txt");
    expect((await h.ask("GET", `${pull}/reviews`)).body).toMatchObject([{ state: "DISMISSED" }]);
    expect(await merge(pull)).toEqual(["At least 1 approving review is required by reviewers with write access."]);
    await approve(pull);
    expect(await merge(pull)).toEqual([]);
  });

  it("outlive a push where the rule does not dismiss them, unless the last push needs one", async () => {
    const pull = await propose({ required_approving_review_count: 1 });
    await approve(pull);
    await h.commit("feature", "app/b.txt");
    expect((await h.ask("GET", pull)).body.mergeable_state).toBe("clean");
    const [{ id }] = (await h.ask("GET", "/rulesets")).body;
    const rules = [rule({ require_last_push_approval: true })];
    await h.ask("PUT", `/rulesets/${id}`, { rules });
    expect(await merge(pull)).toEqual(["New changes require approval from someone other than the last pusher."]);
    await approve(pull);
    expect(await merge(pull)).toEqual([]);
  });
});

it("holds a merge back by classic protection, in its own form", async () => {
  const content = Buffer.from("* @hotdash-dev").toString("base64");
  await h.ask("PUT", "/contents/CODEOWNERS", { message: "Own", content });
  await h.ask("PUT", "/branches/main/protection", {
    required_status_checks: null,
    required_pull_request_reviews: { required_approving_review_count: 0, require_code_owner_reviews: true },
    restrictions: null,
    enforce_admins: true,
    required_conversation_resolution: true,
  });
  await h.commit("feature", "a.txt");
  const { number } = (await h.ask("POST", "/pulls", { title: "t", head: "feature", base: "main" })).body;
  await h.ask("POST", `/pulls/${number}/comments`, { body: "Why?", path: "a.txt", subject_type: "file" });
  expect((await h.ask("PUT", `/pulls/${number}/merge`, {})).body.message).toBe(
    "Waiting on code owner review from hotdash-dev. A conversation must be resolved before this pull request can be merged.",
  );
});
