/** The repository itself, its git objects and its files. */
import type { GithubHarness } from "../../../sandbox/github/harness";

type Ask = GithubHarness["ask"];

/** Repositories and their settings. */
export async function repositories(ask: Ask): Promise<void> {
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

/** Git objects and branches. */
export async function gitData(ask: Ask): Promise<void> {
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

/** Files and commits. */
export async function files(ask: Ask): Promise<void> {
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
