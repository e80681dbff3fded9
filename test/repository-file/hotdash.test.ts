/** HotDash's own files: what the stack proposes passes the rules that the files themselves bring. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { configuration, configure } from "../../config";
import { hotDash } from "../../config/hotdash";
import { fileNotes } from "../../constructs/repository-file/note";
import { repositoryFiles } from "../../constructs/repository-file/repository-files";
import { type Bench, mirror, openBench } from "./support/repository";

const config = configuration();
const files = repositoryFiles(config);

test("every workflow of the specification, every script it calls, and what flyctl and GitHub read are in the one list", () => {
  const paths = files.map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  expect(paths.filter((path) => path.startsWith(".github/workflows/"))).toHaveLength(22);
  expect(paths).toEqual(
    expect.arrayContaining([
      ".github/CODEOWNERS",
      ".github/pull_request_template.md",
      ".gitleaks.toml",
      "fly.toml",
      "fly.production.toml",
      "fly.preview.toml",
      "repo-config/branch_protection.md",
      "scripts/ops/rollback.sh",
      "scripts/policy/check-docs.mjs",
      "scripts/verify_secrets.sh",
      "supabase/rls_tests.sql",
    ]),
  );
  const called = files
    .filter(({ path }) => path.startsWith(".github/workflows/"))
    .flatMap(({ text }) => [...text.matchAll(/\b(?:bash|node) (scripts\/[\w./-]+)/g)].map(([, script = ""]) => script));
  expect(called.length).toBeGreaterThan(20);
  expect(called.filter((script) => !paths.includes(script))).toEqual([]);
});

test("the plan's notes name each workflow that waits for a command, and the window that GitHub does not know", () => {
  const notes = fileNotes(config, files);
  expect(notes).toContainEqual(expect.stringMatching(/^\.github\/workflows\/chaos\.yml waits for infra chaos/));
  expect(notes).toContainEqual(expect.stringContaining("from 09:00 to 17:00 (America/Los_Angeles)"));
  expect(notes).not.toContainEqual(expect.stringContaining("lint is reported"));
  const reported = configure(hotDash, { "checks.lint": "reported" });
  expect(fileNotes(reported, files)).toContainEqual(expect.stringContaining("lint is reported and not required"));
});

(mirror ? describe : describe.skip)("HotDash's files in a repository (needs TF_PROVIDER_MIRROR)", () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
    bench.declare(files);
  });
  afterAll(() => bench.close());

  /** What the rules of pull requests, which are among the files, say against a description. */
  function dangerSays(body: string, changed: readonly string[]): string[] {
    const folder = join(bench.directory, "cdktf.out/files/repository");
    const template = readFileSync(join(folder, ".github/pull_request_template.md"), "utf8");
    const input = { body, files: changed, template, infrastructurePaths: config.delivery.infrastructurePaths };
    const rules = pathToFileURL(join(folder, "scripts/policy/pull-request.mjs"));
    const program = `const { bodyProblems } = await import("${rules}"); console.log(JSON.stringify(bodyProblems(JSON.parse(process.argv[1]))))`;
    const args = ["--input-type=module", "-e", program, JSON.stringify(input)];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
  }

  test("are proposed in one pull request that passes Danger, and once merged the plan is empty", async () => {
    expect(await bench.infra("apply", "--yes")).toMatchObject({ code: 2 });
    const [{ number, body }] = (await bench.ask("GET", "/pulls")).body;
    const { body: changed } = await bench.ask("GET", `/pulls/${number}/files?per_page=100`);
    const paths = changed.map(({ filename }: { filename: string }) => filename);
    expect(paths).toHaveLength(files.length);
    expect(dangerSays(body, paths)).toEqual([]);
    expect(dangerSays(body, [...paths, "app/root.tsx"])).toEqual([expect.stringContaining("app/root.tsx")]);

    expect(await bench.ask("PUT", `/pulls/${number}/merge`, { merge_method: "squash" })).toMatchObject({ status: 200 });
    // The organization, the branch's tree, and five folders.
    expect(await bench.plan()).toMatchObject({ code: 0, calls: 7 });
  });
});
