import { z } from "zod";
import type { Caller } from "./caller";
import { unlessMissing } from "./error";
import { listed } from "./page";
import * as shape from "./shape";

/** A file of a tree. */
export interface TreeFile {
  /** "100644", "100755" (executable), "120000" (link). */
  readonly mode: string;
  /** Id of its content. */
  readonly sha: string;
}

/** Reads of a repository's branches, of what is in them, and of its pull requests. */
export interface GitReader {
  /** Commit at the head of a branch; undefined: there is no such branch. */
  head(branch: string): Promise<shape.Commit | undefined>;
  /** Every file of a commit or a tree, by path. */
  files(sha: string): Promise<ReadonlyMap<string, TreeFile>>;
  blob(sha: string): Promise<string>;
  /** Open pull requests from one branch of this repository to another. */
  openPulls(head: string, base: string): Promise<readonly shape.Pull[]>;
}

/** What a tree is to have at a path; null: nothing. */
type TreeChange = { readonly path: string } & (
  | { readonly text: string; readonly executable: boolean }
  | { readonly text: null }
);

/** What is said of a pull request. */
interface PullText {
  readonly title: string;
  readonly body: string;
}

/** Writes of the same. Objects of git are nowhere to be seen before a branch holds them. */
export interface GitClient extends GitReader {
  /** One commit after `parent` with these changes to its files. @returns the commit, which no branch holds yet */
  commit(parent: shape.Commit, message: string, changes: readonly TreeChange[]): Promise<string>;
  /** Makes a branch, or moves it wherever it was. */
  setBranch(branch: string, sha: string, exists: boolean): Promise<void>;
  deleteBranch(branch: string): Promise<void>;
  openPull(pull: PullText & { readonly head: string; readonly base: string }): Promise<shape.Pull>;
  changePull(number: number, change: Partial<PullText> & { readonly state?: "closed" }): Promise<void>;
}

/** @param root path of the repository */
export function gitReader(caller: Caller, owner: string, root: string): GitReader {
  const get = async <Schema extends z.ZodType>(path: string, answer: Schema) =>
    (await caller.send({ method: "GET", path: root + path, answer })).value;
  return {
    head: async (branch) => {
      const ref = await unlessMissing(get(`/git/ref/heads/${encoded(branch)}`, shape.gitRef));
      return ref && get(`/git/commits/${ref.object.sha}`, shape.commit);
    },
    files: async (sha) => {
      const { value } = await caller.send({
        method: "GET",
        path: `${root}/git/trees/${sha}`,
        query: { recursive: 1 },
        answer: shape.tree,
      });
      return new Map(
        value.tree.flatMap(({ path, type, mode, sha: id }) => (type === "blob" ? [[path, { mode, sha: id }]] : [])),
      );
    },
    blob: async (sha) => {
      const { content } = await get(`/git/blobs/${sha}`, shape.file);
      return Buffer.from(content, "base64").toString("utf8");
    },
    openPulls: (head, base) =>
      listed(caller, `${root}/pulls`, shape.pull, { state: "open", head: `${owner}:${head}`, base }),
  };
}

/** @param root path of the repository */
export function gitClient(caller: Caller, owner: string, root: string): GitClient {
  const send = async <Schema extends z.ZodType>(
    method: "POST" | "PATCH" | "DELETE",
    path: string,
    answer: Schema,
    body?: object,
  ) => (await caller.send({ method, path: root + path, body, answer })).value;
  return {
    ...gitReader(caller, owner, root),
    commit: async (parent, message, changes) => {
      const tree = changes.map((change) => ({
        path: change.path,
        type: "blob",
        mode: change.text !== null && change.executable ? "100755" : "100644",
        ...(change.text === null ? { sha: null } : { content: change.text }),
      }));
      const made = await send("POST", "/git/trees", shape.gitObject, { base_tree: parent.tree.sha, tree });
      const body = { message, tree: made.sha, parents: [parent.sha] };
      return (await send("POST", "/git/commits", shape.gitObject, body)).sha;
    },
    setBranch: async (branch, sha, exists) => {
      if (exists) await send("PATCH", `/git/refs/heads/${encoded(branch)}`, z.unknown(), { sha, force: true });
      else await send("POST", "/git/refs", z.unknown(), { ref: `refs/heads/${branch}`, sha });
    },
    deleteBranch: async (branch) => {
      await unlessMissing(send("DELETE", `/git/refs/heads/${encoded(branch)}`, z.unknown()));
    },
    openPull: (pull) => send("POST", "/pulls", shape.pull, pull),
    changePull: async (number, change) => {
      await send("PATCH", `/pulls/${number}`, z.unknown(), change);
    },
  };
}

/** A branch in a path: its slashes stay. */
const encoded = (branch: string): string => branch.split("/").map(encodeURIComponent).join("/");
