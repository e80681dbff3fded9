import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { gitCommit } from "./commit-view";
import { commitOf } from "./content";
import { type GithubContext, type GithubEnv, readJson, record, repositoryUrl } from "./context";
import { missing, unprocessable } from "./error";
import { directory, readBlob, resolve, treeId, writeBlob, writeCommit } from "./git";
import type { RepositoryRow, TreeRow } from "./row";
import { signatureFields, signed } from "./signature";
import { requireWorkflowScope } from "./workflow-file";

const blobBody = z.object({ content: z.string(), encoding: z.enum(["utf-8", "base64"]).default("utf-8") });
const treeBody = z.object({
  base_tree: z.string().optional(),
  tree: z.array(
    z.object({
      path: z.string().min(1),
      mode: z.string().optional(),
      type: z.enum(["blob", "tree", "commit"]).optional(),
      sha: z.string().nullish(),
      content: z.string().optional(),
    }),
  ),
});
const commitBody = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).default([]),
  ...signatureFields,
});

/** Git's objects one by one: what a commit of several files is made of. Refs are in `branch.ts`. */
export function gitDataRoutes(world: World) {
  return new Hono<GithubEnv>()
    .get("/commits/:ref", (c) => c.json(gitCommit(c, commitOf(c))))
    .post("/commits", async (c) => {
      const repository = c.get("repository");
      const { message, tree, parents, ...people } = await readJson(c, commitBody);
      const found = findTree(repository, tree);
      if (!found) throw unprocessable("Tree SHA does not exist");
      if (parents.some((sha) => !repository.commits.has(sha))) {
        throw unprocessable("Parent SHA does not exist or is not a commit object");
      }
      const { files, executables = new Set() } = found;
      const commit = writeCommit(repository, { message, parents, files, executables, ...signed(world, c, people) });
      record(world, c, "git.commit", commit.sha);
      return c.json(gitCommit(c, commit), 201);
    })
    .get("/trees/:tree{.+}", (c) => {
      const repository = c.get("repository");
      const wanted = c.req.param("tree");
      const found = findTree(repository, wanted) ?? repository.commits.get(resolve(repository, wanted) ?? "");
      if (!found) throw missing();
      return c.json(treeView(c, found, c.req.query("recursive") !== undefined));
    })
    .post("/trees", async (c) => {
      const tree = writeTree(c, await readJson(c, treeBody));
      world.store.touch();
      return c.json(treeView(c, tree, false), 201);
    })
    .get("/blobs/:sha", (c) => {
      const sha = c.req.param("sha");
      const content = readBlob(c.get("repository"), sha);
      if (!content) throw missing();
      const body = { encoding: "base64", content: content.toString("base64"), size: content.length };
      return c.json({ sha, node_id: sha, url: repositoryUrl(c, c.get("repository"), `/git/blobs/${sha}`), ...body });
    })
    .post("/blobs", async (c) => {
      const { content, encoding } = await readJson(c, blobBody);
      const repository = c.get("repository");
      const sha = writeBlob(repository, Buffer.from(content, encoding === "base64" ? "base64" : "utf8"));
      world.store.touch();
      return c.json({ sha, url: repositoryUrl(c, repository, `/git/blobs/${sha}`) }, 201);
    });
}

/** The tree of that id: of a commit, of a folder in one, or made by itself. */
function findTree(repository: RepositoryRow, sha: string): TreeRow | undefined {
  const made = repository.trees?.get(sha);
  if (made) return made;
  for (const commit of [...repository.commits.values()].reverse()) {
    if (treeId(commit) === sha) return commit;
    const folder = folders(commit).find((path) => treeId(commit, path) === sha);
    if (folder !== undefined) return below(commit, `${folder}/`);
  }
  return undefined;
}

const folders = ({ files }: TreeRow): string[] => [
  ...new Set([...files.keys()].flatMap((path) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index)))),
];

function below({ files, executables }: TreeRow, prefix: string): TreeRow {
  const inside = (path: string) => path.startsWith(prefix);
  return {
    files: new Map([...files].flatMap(([path, sha]) => (inside(path) ? [[path.slice(prefix.length), sha]] : []))),
    executables: new Set([...(executables ?? [])].filter(inside).map((path) => path.slice(prefix.length))),
  };
}

function treeView(c: GithubContext, tree: TreeRow, isDeep: boolean) {
  const repository = c.get("repository");
  const sha = treeId(tree);
  const entry = (path: string, mode: string, type: "blob" | "tree", id: string) => {
    const url = repositoryUrl(c, repository, `/git/${type}s/${id}`);
    const size = type === "blob" ? { size: readBlob(repository, id)?.length ?? 0 } : {};
    return { path, mode, type, sha: id, ...size, url };
  };
  const one = (folder: string) =>
    directory(tree, folder).map(({ name, mode, type, sha: id }) =>
      entry(folder === "" ? name : `${folder}/${name}`, mode, type, id),
    );
  const all = isDeep ? ["", ...folders(tree)].flatMap(one) : one("");
  const sorted = all.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { sha, url: repositoryUrl(c, repository, `/git/trees/${sha}`), tree: sorted, truncated: false };
}

/** Keeps a tree that is `base_tree` with these entries; no commit has it yet. */
function writeTree(c: GithubContext, { base_tree, tree: entries }: z.output<typeof treeBody>): TreeRow {
  const repository = c.get("repository");
  const base: TreeRow | undefined = base_tree === undefined ? { files: new Map() } : findTree(repository, base_tree);
  if (!base) throw unprocessable("base_tree is not a valid tree oid");
  if (entries.length === 0) throw unprocessable("Invalid tree info");
  const [files, executables] = [new Map(base.files), new Set(base.executables)];
  for (const { path, mode, type = "blob", sha, content } of entries) {
    if (/^\/|\/$|(^|\/)\.{0,2}(\/|$)/.test(path)) throw unprocessable("tree.path contains a malformed path component");
    if ((sha === undefined) === (content === undefined)) {
      throw unprocessable("Must supply either tree.sha or tree.content. Request will be rejected if both are present.");
    }
    if (mode !== "100644" && mode !== "100755") throw unprocessable("Must supply a valid tree.mode");
    requireWorkflowScope(c, path);
    if (sha === null) {
      if (!files.delete(path)) throw unprocessable("GitRPC::BadObjectState");
    } else {
      const blob = sha ?? writeBlob(repository, Buffer.from(content ?? ""));
      if (type !== "blob" || !repository.blobs.has(blob)) throw unprocessable(`tree.sha ${blob} is not a valid blob`);
      files.set(path, blob);
    }
    if (sha !== null && mode === "100755") executables.add(path);
    else executables.delete(path);
  }
  const made = { files, executables };
  repository.trees ??= new Map();
  repository.trees.set(treeId(made), made);
  return made;
}
