import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { blobSha, type RepositoryFile } from "./repository-file";
import { RepositoryFileStack, type RepositoryFileStackProps } from "./repository-file-stack";

const place = { owner: "acme", repository: "shop", branch: "trunk" };

function stackOf(files: readonly RepositoryFile[], more: Partial<RepositoryFileStackProps> = {}) {
  const outdir = mkdtempSync(join(tmpdir(), "repository-file-"));
  try {
    const app = new App({ outdir });
    const stack = new RepositoryFileStack(app, "files", { ...place, files, ...more });
    app.synth();
    const json = JSON.parse(readFileSync(join(outdir, "stacks/files/cdk.tf.json"), "utf8"));
    return { json, stack };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const script = { path: "bin/a.sh", text: "#!/bin/sh\n", executable: true };

test("proposed files are no resources: what is declared is said in infra.json, and the texts stand beside it", () => {
  const { json, stack } = stackOf([script, { path: "a.toml", text: "a" }], { ignored: ["theirs.yml"] });
  expect(Object.keys(json.resource)).toEqual(["terraform_data"]);
  expect(stack.declaration()).toMatchObject({
    repository: {
      owner: "acme",
      name: "shop",
      branch: "trunk",
      write: "propose",
      files: [
        { path: "a.toml", sha: blobSha("a"), executable: false },
        { path: "bin/a.sh", sha: blobSha("#!/bin/sh\n"), executable: true },
      ],
      ignored: [".github/workflows/theirs.yml"],
    },
  });
  expect([...stack.files().keys()]).toEqual(["repository/bin/a.sh", "repository/a.toml"]);
});

test("each top folder is read once, however many files it holds", () => {
  const { json } = stackOf([script, { path: "bin/b.sh", text: "" }, { path: "bin/deep/c.sh", text: "" }]);
  expect(Object.keys(json.data.github_rest_api)).toEqual(["tree", "tree_bin"]);
});

test("files that are committed directly name the branch and start no workflow", () => {
  const { json } = stackOf([script], { write: "direct" });
  expect(Object.values(json.resource.github_repository_file)).toMatchObject([
    {
      repository: "shop",
      branch: "trunk",
      file: "bin/a.sh",
      commit_message: "Write bin/a.sh [skip ci]",
      overwrite_on_create: true,
    },
  ]);
});

test("two files of one path are refused", () => {
  expect(() => stackOf([script, { ...script, text: "other" }])).toThrow(/bin\/a\.sh.*written by two[\s\S]*/);
});
