import { createHash } from "node:crypto";
import type { CommitRow, RepositoryRow, SignatureRow } from "./row";

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
  readonly sha: string;
}

/** The entries of one directory, in git's order. @param folder without slashes at its ends; empty: the root */
export function directory(files: ReadonlyMap<string, string>, folder: string): TreeEntry[] {
  const prefix = folder === "" ? "" : `${folder}/`;
  const entries = new Map<string, TreeEntry>();
  for (const [path, sha] of files) {
    if (!path.startsWith(prefix)) continue;
    const [name = "", ...rest] = path.slice(prefix.length).split("/");
    if (rest.length === 0) entries.set(name, { name, type: "blob", sha });
    else if (!entries.has(name)) entries.set(name, { name, type: "tree", sha: treeId(files, `${prefix}${name}`) });
  }
  const key = ({ name, type }: TreeEntry) => (type === "tree" ? `${name}/` : name);
  return [...entries.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The id of a directory, as git computes it. */
export function treeId(files: ReadonlyMap<string, string>, folder = ""): string {
  const parts = directory(files, folder).flatMap(({ name, type, sha }) => [
    Buffer.from(`${type === "tree" ? "40000" : "100644"} ${name}\0`),
    Buffer.from(sha, "hex"),
  ]);
  return objectId("tree", Buffer.concat(parts));
}

/** What a commit is made of. */
export interface NewCommit {
  readonly message: string;
  readonly parents: readonly string[];
  readonly files: ReadonlyMap<string, string>;
  readonly author: SignatureRow;
  readonly committer?: SignatureRow;
  readonly login: string;
  readonly verified?: boolean;
}

/** Keeps a commit; no ref points at it yet. */
export function writeCommit(repository: RepositoryRow, wanted: NewCommit): CommitRow {
  const { message, parents, files, author, committer = author, login, verified = false } = wanted;
  const person = ({ name, email, at }: SignatureRow) => `${name} <${email}> ${Math.floor(at / 1000)} +0000`;
  const text = [
    `tree ${treeId(files)}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${person(author)}`,
    `committer ${person(committer)}`,
    "",
    message,
  ].join("\n");
  const sha = objectId("commit", Buffer.from(text));
  const commit = { sha, message, parents: [...parents], author, committer, login, verified, files: new Map(files) };
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
export function changes(repository: RepositoryRow, { files, parents }: CommitRow): FileChange[] {
  return difference(repository.commits.get(parents[0] ?? "")?.files ?? new Map(), files);
}

/** The files in which two trees differ, by name. */
export function difference(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): FileChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((filename): FileChange[] => {
    const [old, now] = [before.get(filename), after.get(filename)];
    if (old === now) return [];
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
