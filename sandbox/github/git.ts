import { createHash } from "node:crypto";
import type { CommitRow, RepositoryRow, SignatureRow, TreeRow } from "./row";

/** The id that git gives to an object. */
function objectId(type: "blob" | "tree" | "commit", content: Buffer): string {
  return createHash("sha1").update(`${type} ${content.length}\0`).update(content).digest("hex");
}

/** Keeps a file's content. @returns its id */
export function writeBlob(repository: RepositoryRow, content: Buffer): string {
  const sha = objectId("blob", content);
  repository.blobs.set(sha, content.toString("base64"));
  return sha;
}

/** The content of a blob; undefined when there is none of that id. */
export function readBlob(repository: RepositoryRow, sha: string): Buffer | undefined {
  const base64 = repository.blobs.get(sha);
  return base64 === undefined ? undefined : Buffer.from(base64, "base64");
}

/** An entry of a directory. */
export interface TreeEntry {
  readonly name: string;
  readonly type: "blob" | "tree";
  readonly mode: "100644" | "100755" | "040000";
  readonly sha: string;
}

/** The mode of a file, as git writes it. */
const modeOf = ({ executables }: TreeRow, path: string): "100644" | "100755" =>
  executables?.has(path) ? "100755" : "100644";

/** The entries of one directory, in git's order. @param folder without slashes at its ends; empty: the root */
export function directory(tree: TreeRow, folder: string): TreeEntry[] {
  const prefix = folder === "" ? "" : `${folder}/`;
  const entries = new Map<string, TreeEntry>();
  for (const [path, sha] of tree.files) {
    if (!path.startsWith(prefix)) continue;
    const [name = "", ...rest] = path.slice(prefix.length).split("/");
    if (rest.length === 0) entries.set(name, { name, type: "blob", mode: modeOf(tree, path), sha });
    else if (!entries.has(name)) {
      entries.set(name, { name, type: "tree", mode: "040000", sha: treeId(tree, `${prefix}${name}`) });
    }
  }
  const key = ({ name, type }: TreeEntry) => (type === "tree" ? `${name}/` : name);
  return [...entries.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The id of a directory, as git computes it. */
export function treeId(tree: TreeRow, folder = ""): string {
  const parts = directory(tree, folder).flatMap(({ name, mode, sha }) => [
    Buffer.from(`${mode.replace(/^0/, "")} ${name}\0`),
    Buffer.from(sha, "hex"),
  ]);
  return objectId("tree", Buffer.concat(parts));
}

/** What a commit is made of. */
export interface NewCommit {
  readonly message: string;
  readonly parents: readonly string[];
  readonly files: ReadonlyMap<string, string>;
  /** Default: those that the first parent has, as far as they are still there. */
  readonly executables?: ReadonlySet<string>;
  readonly author: SignatureRow;
  readonly committer?: SignatureRow;
  readonly login: string;
  readonly verified?: boolean;
}

/** Keeps a commit; no ref points at it yet. */
export function writeCommit(repository: RepositoryRow, wanted: NewCommit): CommitRow {
  const { message, parents, files, author, committer = author, login, verified = false } = wanted;
  const inherited = repository.commits.get(parents[0] ?? "")?.executables ?? new Set();
  const executables = new Set([...(wanted.executables ?? inherited)].filter((path) => files.has(path)));
  const person = ({ name, email, at }: SignatureRow) => `${name} <${email}> ${Math.floor(at / 1000)} +0000`;
  const text = [
    `tree ${treeId({ files, executables })}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${person(author)}`,
    `committer ${person(committer)}`,
    "",
    message,
  ].join("\n");
  const sha = objectId("commit", Buffer.from(text));
  const commit: CommitRow = {
    sha,
    message,
    parents: [...parents],
    author,
    committer,
    login,
    verified,
    files: new Map(files),
    ...(executables.size > 0 && { executables }),
  };
  repository.commits.set(sha, commit);
  return commit;
}

/** A commit and all before it, newest first. */
export function history(repository: RepositoryRow, sha: string): CommitRow[] {
  const seen = new Map<string, CommitRow>();
  const next = [sha];
  for (let at = next.shift(); at !== undefined; at = next.shift()) {
    const commit = repository.commits.get(at);
    if (!commit || seen.has(at)) continue;
    seen.set(at, commit);
    next.push(...commit.parents);
  }
  return [...seen.values()];
}

/** What a commit did to one file. */
export interface FileChange {
  readonly filename: string;
  readonly status: "added" | "modified" | "removed";
  readonly sha: string;
}

/** What a commit changed against its first parent. */
export function changes(repository: RepositoryRow, commit: CommitRow): FileChange[] {
  return difference(repository.commits.get(commit.parents[0] ?? ""), commit);
}

/** The files in which two trees differ, by name. */
export function difference(before: TreeRow = { files: new Map() }, after: TreeRow = before): FileChange[] {
  const names = [...new Set([...before.files.keys(), ...after.files.keys()])].sort();
  return names.flatMap((filename): FileChange[] => {
    const [old, now] = [before.files.get(filename), after.files.get(filename)];
    if (old === now && modeOf(before, filename) === modeOf(after, filename)) return [];
    if (now === undefined) return [{ filename, status: "removed", sha: old ?? "" }];
    return [{ filename, status: old === undefined ? "added" : "modified", sha: now }];
  });
}

/** The commit that a branch, a tag, a full ref or a SHA names. */
export function resolve(repository: RepositoryRow, name: string): string | undefined {
  const { refs, commits } = repository;
  const found =
    refs.get(name) ?? refs.get(`refs/${name}`) ?? refs.get(`refs/heads/${name}`) ?? refs.get(`refs/tags/${name}`);
  return found ?? (commits.has(name) ? name : undefined);
}

/** Whether commits that a ref had are lost when it moves. @param before absent: it is made; @param after absent: it is deleted */
export function isForced(repository: RepositoryRow, before: string | undefined, after: string | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  return !history(repository, after).some(({ sha }) => sha === before);
}
