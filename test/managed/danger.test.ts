import { join } from "node:path";
import { configuration } from "../../config";
import { blobSha } from "../../constructs/repository-file/repository-file";
import { repositoryFiles } from "../../constructs/repository-file/repository-files";
import { workflowFiles } from "../../constructs/workflows";
import { pullText } from "../../ops/propose/text";
import { type ManagedRepository, managedRepository } from "./support/managed-repository";
import { pullRequestBody } from "./support/pull-request";
import { type PullRequestHost, pullRequestHost, type WorkflowRun } from "./support/pull-request-host";

const config = configuration();
const danger = join(require.resolve("danger/package.json"), "../distribution/commands/danger-ci.js");
const rollback = "Deploy v1.2.3 again.";
const good = pullRequestBody({ issue: 12, allowedPaths: ["infrastructure", "app/**"], summary: "A change.", rollback });
const ci = ".github/workflows/ci.yml";
const changedCi = { [ci]: "name: ci\non: [push, pull_request]\njobs: {}\n" };
const run = (conclusion: string | null, id = 5): WorkflowRun => ({
  id,
  path: ci,
  status: conclusion ? "completed" : "in_progress",
  conclusion,
});

/** What `infra apply workflows` says of a pull request that brings every file. */
function ownBody(): string {
  const files = repositoryFiles(config);
  const { owner, name, defaultBranch: branch } = config.repository;
  const textOf = (wanted: string) => files.find(({ path }) => path === wanted)?.text ?? "";
  const listed = files.map(({ path, text, executable }) => ({
    path,
    sha: blobSha(text),
    executable: executable === true,
  }));
  const declared = { owner, name, branch, write: config.delivery.write, files: listed, ignored: [], textOf };
  const changes = files.map(({ path }) => ({ path, kind: "missing", live: undefined }) as const);
  return pullText(declared, "workflows", changes, 3).body;
}

/** A pull request, and what Danger has to say of it; nothing: it passes. */
interface Case {
  readonly name: string;
  readonly body?: string;
  /** Files that it writes; `null` deletes one. */
  readonly files?: Readonly<Record<string, string | null>>;
  readonly changedFiles?: number;
  readonly runs?: readonly WorkflowRun[];
  readonly ownRun?: string;
  readonly fails?: readonly string[];
  readonly notes?: readonly string[];
}

const passed = { code: 0, status: "success" };
const failed = { code: 1, status: "failure" };

const cases: readonly Case[] = [
  { name: "passes a pull request that says all" },
  {
    name: "passes the stack's own pull request: every generated file is in the usual set of an infrastructure change",
    body: ownBody(),
    files: Object.fromEntries(repositoryFiles(config).map(({ path, text }) => [path, text])),
    runs: workflowFiles(config).map(({ path }, id) => ({ id, path, status: "completed", conclusion: "success" })),
  },
  {
    name: "fails the template that nobody filled in",
    body: "template",
    fails: [
      "Name the issue that this closes",
      "List under `Allowed paths`",
      "“Tests cover the change and pass” is not ticked",
      "Say under `Rollback plan`",
    ],
  },
  {
    name: "reads no comment as an answer",
    body: `<!-- ${good} -->`,
    fails: ["Name the issue", "List under `Allowed paths`", "lacks “Tests cover", "Say under `Rollback plan`"],
  },
  {
    name: "wants every item of the definition of done, ticked, and a real rollback plan",
    body: good
      .replace(/- \[x\] Tests.*\n/, "")
      .replace("[x] No secret", "[ ] No secret")
      .replace(rollback, "TBD"),
    fails: ["lacks “Tests cover", "“No secret is in code, logs, plans or configuration” is not", "Say under `Rollback"],
  },
  {
    name: "takes allowed paths in one line, and refuses a pattern that allows everything",
    body: good.replace(/## Allowed paths[\s\S]*?(?=##)/, "**Allowed paths:** `app/*`, **\n\n"),
    fails: ["`**` allows everything"],
  },
  {
    name: "names each file outside the allowed paths, deleted ones too",
    files: { "app/a.ts": "a", "lib/b.ts": "b", Dockerfile: null },
    fails: ["`lib/b.ts` is outside", "`Dockerfile` is outside"],
  },
  { name: "fails when GitHub does not list every file", changedFiles: 3001, fails: ["lists 1 of 3001 changed files"] },
  {
    name: "passes a changed workflow whose newest run is green",
    files: changedCi,
    runs: [run("success"), run("failure", 4)],
  },
  {
    name: "fails a changed workflow whose newest run at the head commit failed",
    files: changedCi,
    runs: [run("failure"), run("success", 4)],
    fails: ["its run 5 at the head commit ended in failure"],
  },
  { name: "fails a changed workflow that has not run", files: changedCi, fails: ["has not run at the head commit"] },
  {
    name: "fails a changed workflow whose run is not over",
    files: changedCi,
    runs: [run(null)],
    fails: ["run 5 is not over"],
  },
  { name: "does not wait for the run that it is in", files: changedCi, runs: [run(null)], ownRun: "5" },
  {
    name: "says what covers a workflow that pull requests do not start, and fails one that does not parse",
    files: {
      ".github/workflows/a.yml": "on: { push: { tags: [v1] } }\n",
      ".github/workflows/b.yml": "on: { pull_request: { types: [closed] } }\n",
      ".github/workflows/c.yml": "on: [push\n",
    },
    notes: ["`.github/workflows/a.yml` does not run", "`.github/workflows/b.yml` does not run"],
    fails: [".github/workflows/c.yml is not YAML"],
  },
  {
    name: "fails an allow-list entry of gitleaks without reason and owner",
    body: good.replace("app/**", ".gitleaksignore"),
    files: { ".gitleaksignore": "a:b:c:1\n" },
    fails: ["a:b:c:1 is ignored without a reason and an owner"],
  },
];

describe("danger ci", () => {
  let repository: ManagedRepository;
  let host: PullRequestHost;
  let base: string;
  beforeAll(async () => {
    host = await pullRequestHost();
    repository = managedRepository();
    repository.policy((policy) => ({ pullRequest: { ...policy.pullRequest, waitSeconds: 0 } }));
    repository.write("Dockerfile", "FROM scratch\n");
    base = repository.commit("Prepare");
  });
  afterAll(async () => {
    repository.remove();
    await host.close();
  });

  it.each(cases)("$name", async ({ body = good, files = { "app/a.ts": "a" }, runs = [], ...one }) => {
    repository.git("checkout", "-q", "-B", "change", base);
    for (const [path, text] of Object.entries(files)) {
      if (text === null) repository.git("rm", "-q", path);
      else repository.write(path, text);
    }
    const head = repository.commit("Change");
    const changed = Object.entries(files).map(
      ([filename, text]) => ({ filename, status: text === null ? "removed" : "added" }) as const,
    );
    const said = body === "template" ? repository.read(".github/pull_request_template.md") : body;
    host.show({ body: said, head, base, files: changed, changedFiles: one.changedFiles, runs });
    const { code } = await repository.run(
      "node",
      [danger, "--dangerfile", "scripts/policy/dangerfile.mjs", "--failOnErrors"],
      {
        DANGER_FAKE_CI: "YEP",
        DANGER_TEST_REPO: "hotdash/hotdash",
        DANGER_TEST_PR: "7",
        DANGER_GITHUB_API_TOKEN: "none",
        DANGER_GITHUB_API_BASE_URL: host.url,
        GITHUB_RUN_ID: one.ownRun ?? "1",
      },
    );
    const told = host.said();
    for (const words of [...(one.fails ?? []), ...(one.notes ?? [])]) expect(told).toContain(words);
    // What it said is compared with itself: a failure then shows it.
    expect({ code, status: host.status(), told }).toEqual({ ...(one.fails ? failed : passed), told });
  });
});
