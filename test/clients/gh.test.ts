import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGithubBench, findGh, type GithubBench } from "./github";

const suite = findGh() ? describe : describe.skip;
const own = "/repos/hotdash/hotdash";

suite("the real gh (needs GH)", () => {
  let bench: GithubBench;
  beforeAll(async () => {
    bench = await createGithubBench({ clock: "manual" });
    const content = Buffer.from("name: CI\non: workflow_dispatch\n").toString("base64");
    await bench.rest("PUT", `${own}/contents/.github/workflows/ci.yml`, { message: "Add a workflow", content });
    const { body } = await bench.rest("GET", `${own}/git/ref/heads/main`);
    const { sha } = (body as { object: { sha: string } }).object;
    await bench.rest("POST", `${own}/git/refs`, { ref: "refs/heads/dev", sha });
    await bench.rest("PUT", `${own}/contents/a.txt`, { message: "Add a file", content: "aGk=", branch: "dev" });
  });
  afterAll(() => bench.close());

  const says = async (words: string, ...args: string[]) => {
    const { code, output } = await bench.gh(...args);
    expect(output).toContain(words);
    expect(code).toBe(0);
  };

  it("logs in", () => says("Logged in to github.localhost", "auth", "status", "--hostname", "github.localhost"));

  it("reads the rules of main, and no classic protection beside them", async () => {
    const rules = [{ type: "deletion" }];
    const conditions = { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } };
    await bench.rest("POST", `${own}/rulesets`, { name: "main", enforcement: "active", conditions, rules });
    await says('"type":"deletion"', "api", "repos/hotdash/hotdash/rules/branches/main");
    await says("main\thotdash/hotdash (repo)\tactive\t1", "ruleset", "list");
    await says("deletion", "ruleset", "check", "main");
    const classic = await bench.gh("api", "repos/hotdash/hotdash/branches/main/protection");
    expect(classic).toMatchObject({ code: 1, output: expect.stringContaining("Branch not protected (HTTP 404)") });
  });

  it("seals a secret and lists names only", async () => {
    await says("", "secret", "set", "TOKEN", "--body", "quite secret");
    await says("TOKEN\t2026-01-01T00:00:00Z", "secret", "list");
    expect(JSON.stringify(bench.sandbox.control.journal())).not.toContain("quite secret");
    await says("", "variable", "set", "REGION", "--body", "ord");
    await says("REGION\tord", "variable", "list");
  });

  it("opens, comments on and closes issues", async () => {
    await says("/issues/", "issue", "create", "--title", "Drift", "--body", "found", "--label", "bug");
    await says("#issuecomment-", "issue", "comment", "1", "--body", "still there");
    await says("1\tOPEN\tDrift\tbug", "issue", "list");
    await says("comments:\t1", "issue", "view", "1");
    await says("Closed issue", "issue", "close", "1");
  });

  it("opens a pull request and reads its checks", async () => {
    await says("/pull/", "pr", "create", "--head", "dev", "--base", "main", "--title", "Change", "--body", "why");
    await says("Change\tdev\tOPEN", "pr", "list");
    const { body } = await bench.rest("GET", `${own}/git/ref/heads/dev`);
    const { sha } = (body as { object: { sha: string } }).object;
    const run = { name: "lint", head_sha: sha, conclusion: "success" };
    const { status } = await bench.rest("POST", `${own}/check-runs`, run, "ghs_sandbox_actions");
    expect(status).toBe(201);
    const { body: pulls } = await bench.rest("GET", `${own}/pulls`);
    const [{ number } = { number: 0 }] = pulls as { number: number }[];
    await says("state:\tOPEN", "pr", "view", String(number));
    await says("lint\tpass", "pr", "checks", String(number));
    await says("#issuecomment-", "pr", "comment", String(number), "--body", "a plan");
  });

  it("lists and starts workflows", async () => {
    await says("CI\tactive", "workflow", "list");
    await says("", "workflow", "run", "ci.yml");
    await says("workflow_dispatch", "run", "list");
  });

  it("makes a release with its tag", async () => {
    await says("/releases/tag/v1.0.0", "release", "create", "v1.0.0", "--notes", "first");
    await says("Latest", "release", "list");
    await says("refs/tags/v1.0.0", "api", "repos/hotdash/hotdash/git/ref/tags/v1.0.0");
  });

  it("makes a release with a file, and brings the same bytes back", async () => {
    const folder = mkdtempSync(join(tmpdir(), "infra-gh-"));
    try {
      const file = join(folder, "shop-1.1.0.tar.gz");
      writeFileSync(file, Buffer.from([0, 159, 146, 150, 255, 10]));
      await says("/releases/tag/v1.1.0", "release", "create", "v1.1.0", file, "--notes", "second");
      await says("shop-1.1.0.tar.gz", "release", "view", "v1.1.0", "--json", "assets");
      await says("", "release", "download", "v1.1.0", "--dir", join(folder, "back"), "--pattern", "*.tar.gz");
      expect(readFileSync(join(folder, "back", "shop-1.1.0.tar.gz"))).toEqual(readFileSync(file));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("looks at the repository and its labels", async () => {
    await says("hotdash/hotdash", "repo", "view", "hotdash/hotdash");
    await says("bug\tSomething isn't working", "label", "list");
  });
});
