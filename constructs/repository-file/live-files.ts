import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";
import { type RepositoryFiles, workflowFolder } from "../../config/repository-file-shape";
import { type Expression, literal, template } from "../github/expression";
import { readLive } from "../github/live-read";

/**
 * Reads which files the branch holds and returns what is wrong with them as an expression: a map of path to text; empty: nothing.
 *
 * The tree of the branch is one call, and each top folder that holds declared files one more: ids of contents and modes, no content. The
 * calls depend on nothing that an apply changes, so that every plan makes them.
 *
 * @param compared "all": every declared file. "undeclared": nothing but workflow files that nobody declared, where resources watch the others
 */
export function findings(scope: Construct, wanted: RepositoryFiles, compared: "all" | "undeclared"): Expression {
  const { files, ignored } = wanted;
  readFiles(scope, wanted, compared === "all" ? files.map(({ path }) => path) : [workflowFolder]);
  const known = literal([...files.map(({ path }) => path), ...ignored]);
  const undeclared = `{for path in keys(local.live) : path => ${literal(nobody)} if startswith(path, ${literal(workflowFolder)}) && !contains(${known}, path)}`;
  if (compared === "undeclared") return undeclared;
  const ids = files.map(({ path, sha, executable }) => [path, `${executable ? 100755 : 100644} ${sha}`] as const);
  return `merge({for path, id in ${literal(Object.fromEntries(ids))} : path => ${difference} if try(local.live[path], "") != id}, ${undeclared})`;
}

const nobody = "nobody declared it; delete it, or list its name under delivery.ignored";

/** What is wrong with a file, in words; `path` and `id` are the declared ones, `local.live` holds the live ids. */
const difference = [
  '!contains(keys(local.live), path) ? "is missing"',
  'substr(local.live[path], 7, -1) != substr(id, 7, -1) ? "differs from what is declared"',
  'format("has mode %s, declared %s", substr(local.live[path], 0, 6), substr(id, 0, 6))',
].join(" : ");

/** Makes `local.live`: path to "<mode> <blob>" of the files at the root, and of all files below the top folders of `paths`. */
function readFiles(scope: Construct, { owner, name, branch }: RepositoryFiles, paths: readonly string[]): void {
  const trees = `repos/${owner}/${name}/git/trees`;
  const { body: root } = readLive(scope, "tree", `${trees}/${branch}`, {
    refusal: `The branch ${branch} of ${owner}/${name} could not be read: there is none, or the token may not read contents. See what the token lacks: npx infra doctor [github/no-branch]`,
  });
  const folders = [...new Set(paths.flatMap((path) => (path.includes("/") ? [path.slice(0, path.indexOf("/"))] : [])))];
  const below = folders.sort().map((folder) => {
    // A folder that is not there has the id that no tree has: the answer is 404, and its files are none.
    const sha = template(`try([for one in ${root}.tree : one.sha if one.path == ${literal(folder)}][0], "${noTree}")`);
    return blobs(
      readLive(scope, `tree_${folder.replace(/\W/g, "_")}`, `${trees}/${sha}?recursive=1`).body,
      `${folder}/`,
    );
  });
  const live = new TerraformLocal(scope, "live", template(`merge(${[blobs(root, ""), ...below].join(", ")})`));
  live.overrideLogicalId("live");
}

const noTree = "0".repeat(40);

const blobs = (tree: Expression, prefix: string): Expression =>
  `{for one in try(${tree}.tree, []) : "${prefix}\${one.path}" => "\${one.mode} \${one.sha}" if one.type == "blob"}`;
