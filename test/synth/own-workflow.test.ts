/** Another organisation writes a workflow of its own with what the package exports, and keeps it by a stack. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { RepositoryFileStack, synthesize, workflow } from "../../index";

const { context, job, renderWorkflow, run, use } = workflow;

const build = job({
  id: "build",
  permissions: { contents: "read" },
  timeoutMinutes: 5,
  steps: [
    use("Check out", "actions/checkout", { "persist-credentials": false }),
    { name: "Say it", env: { COMMIT: context("github.sha") }, run: run`echo "building $COMMIT of ${"a shop's"} page"` },
  ],
});
const own = workflow.workflow({
  file: "build.yml",
  name: "Build",
  purpose: "Builds the shop.",
  on: { pullRequest: {} },
  concurrency: { group: "build", cancelInProgress: true },
  jobs: [build],
});

test("its file is declared, hashed and left for who proposes it", () => {
  const outdir = mkdtempSync(join(tmpdir(), "own-workflow-"));
  const app = new App({ outdir });
  const path = ".github/workflows/build.yml";
  const text = renderWorkflow(own, "ubuntu-24.04");
  new RepositoryFileStack(app, "files", { owner: "acme", repository: "shop", branch: "main", files: [{ path, text }] });
  synthesize(app, {});
  const { stacks } = JSON.parse(readFileSync(join(outdir, "files", "infra.json"), "utf8"));
  expect(stacks.files.repository.files).toEqual([
    { path, sha: expect.stringMatching(/^[0-9a-f]{40}$/), executable: false },
  ]);
  const kept = readFileSync(join(outdir, "files", "repository", path), "utf8");
  rmSync(outdir, { recursive: true });
  expect(kept).toBe(text);
  expect(kept).toMatch(/uses: actions\/checkout@[0-9a-f]{40} # v\d/);
  expect(kept).toContain(`echo "building $COMMIT of 'a shop'\\''s' page"`);
});
