import { createGithubHarness, type GithubHarness } from "./harness";

/** The tree and the commit at the head of main. */
async function head({ ask }: GithubHarness) {
  const { object } = (await ask("GET", "/git/ref/heads/main")).body;
  return (await ask("GET", `/git/commits/${object.sha}`)).body;
}

describe("git's objects", () => {
  it("become one commit of several files, which a pull request brings to main", async () => {
    const harness = createGithubHarness();
    const { ask } = harness;
    const base = await head(harness);
    const blob = (await ask("POST", "/git/blobs", { content: "#!/bin/sh\n", encoding: "utf-8" })).body;
    expect(blob.sha).toBe("1a2485251c33a70432394c93fb89330ef214bfc9");
    const tree = [
      { path: "scripts/ops/a.sh", mode: "100755", type: "blob", sha: blob.sha },
      { path: ".github/workflows/ci.yml", mode: "100644", type: "blob", content: "name: ci\n" },
      { path: "README.md", mode: "100644", type: "blob", sha: null },
    ];
    const made = await ask("POST", "/git/trees", { base_tree: base.tree.sha, tree });
    expect(made.status).toBe(201);
    const body = { message: "Write files", tree: made.body.sha, parents: [base.sha] };
    const commit = (await ask("POST", "/git/commits", body)).body;
    expect(commit.tree.sha).toBe(made.body.sha);
    await ask("POST", "/git/refs", { ref: "refs/heads/infra/workflows", sha: commit.sha });
    const pull = (await ask("POST", "/pulls", { title: "Files", head: "infra/workflows", base: "main" })).body;
    expect((await ask("PUT", `/pulls/${pull.number}/merge`, {})).status).toBe(200);

    const { body: whole } = await ask("GET", "/git/trees/main?recursive=1");
    expect(whole.tree.map(({ path, mode }: { path: string; mode: string }) => `${mode} ${path}`)).toEqual([
      "040000 .github",
      "040000 .github/workflows",
      "100644 .github/workflows/ci.yml",
      "040000 scripts",
      "040000 scripts/ops",
      "100755 scripts/ops/a.sh",
    ]);
    const scripts = whole.tree.find(({ path }: { path: string }) => path === "scripts").sha;
    const { body: folder } = await ask("GET", `/git/trees/${scripts}?recursive=1`);
    expect(folder.tree.map(({ path }: { path: string }) => path)).toEqual(["ops", "ops/a.sh"]);
    expect((await ask("GET", "/actions/workflows")).body.total_count).toBe(1);
  });

  it("keep the mode of a file whose content changes", async () => {
    const harness = createGithubHarness();
    const { ask } = harness;
    const { tree, sha } = await head(harness);
    const entry = { path: "run.sh", mode: "100755", type: "blob", content: "one" };
    const made = (await ask("POST", "/git/trees", { base_tree: tree.sha, tree: [entry] })).body;
    const commit = (await ask("POST", "/git/commits", { message: "m", tree: made.sha, parents: [sha] })).body;
    await ask("PATCH", "/git/refs/heads/main", { sha: commit.sha });
    const { body: file } = await ask("GET", "/contents/run.sh");
    await ask("PUT", "/contents/run.sh", { message: "two", content: "dHdv", sha: file.sha });
    const { body: after } = await ask("GET", "/git/trees/main");
    expect(after.tree.find(({ path }: { path: string }) => path === "run.sh").mode).toBe("100755");
  });

  const base = "base_tree";
  const entry = { path: "a", mode: "100644", type: "blob", content: "a" };
  it.each([
    ["a base that is no tree", { [base]: "0".repeat(40), tree: [entry] }, "base_tree is not a valid tree oid"],
    ["no entry", { tree: [] }, "Invalid tree info"],
    ["a blob that is not there", { tree: [{ ...entry, content: undefined, sha: "1".repeat(40) }] }, "not a valid blob"],
    ["neither content nor blob", { tree: [{ ...entry, content: undefined }] }, "either tree.sha or tree.content"],
    ["a mode that git has not", { tree: [{ ...entry, mode: "100600" }] }, "valid tree.mode"],
    ["the deletion of what is not there", { tree: [{ ...entry, content: undefined, sha: null }] }, "BadObjectState"],
    ["a path that leads out", { tree: [{ ...entry, path: "../a" }] }, "malformed path"],
  ])("refuse %s", async (_what, body, words) => {
    const { ask } = createGithubHarness();
    const answer = await ask("POST", "/git/trees", body);
    expect(answer).toMatchObject({ status: 422, body: { message: expect.stringContaining(words) } });
  });

  it("refuse a commit of a tree or after a parent that is not there", async () => {
    const harness = createGithubHarness();
    const { tree } = await head(harness);
    const commit = (body: object) => harness.ask("POST", "/git/commits", { message: "m", ...body });
    expect((await commit({ tree: "0".repeat(40) })).body.message).toBe("Tree SHA does not exist");
    expect((await commit({ tree: tree.sha, parents: ["0".repeat(40)] })).body.message).toContain("Parent SHA");
  });

  it("hide workflow files from a token that does not cover them", async () => {
    const { ask } = createGithubHarness();
    const workflow = { tree: [{ ...entry, path: ".github/workflows/a.yml" }] };
    expect((await ask("POST", "/git/trees", workflow, "ghp_sandbox_noworkflow")).status).toBe(404);
    expect((await ask("POST", "/git/trees", { tree: [entry] }, "ghp_sandbox_noworkflow")).status).toBe(201);
    expect((await ask("POST", "/git/trees", workflow)).status).toBe(201);
  });
});
