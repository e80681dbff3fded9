import type { World } from "../world";
import { simpleUser } from "./account";
import { at, type GithubContext, pageUrl, repositoryUrl } from "./context";
import { changes, type FileChange, treeId } from "./git";
import { nodeId } from "./node-id";
import type { CommitRow, SignatureRow } from "./row";
import { findUser } from "./state";

const signature = ({ name, email, at: time }: SignatureRow) => ({ name, email, date: at(time) });

/** Whether a commit is signed, as both kinds of commit show it. */
const verification = ({ verified }: CommitRow) => ({
  verified,
  reason: verified ? "valid" : "unsigned",
  signature: null,
  payload: null,
  verified_at: null,
});

/** A commit as the git API shows it. */
export function gitCommit(c: GithubContext, commit: CommitRow) {
  const repository = c.get("repository");
  const { sha, message, author, committer, parents } = commit;
  const tree = treeId(commit);
  const url = (kind: string, id: string) => repositoryUrl(c, repository, `/git/${kind}/${id}`);
  return {
    sha,
    node_id: nodeId("Commit", sha),
    url: url("commits", sha),
    html_url: pageUrl(repository, `/commit/${sha}`),
    author: signature(author),
    committer: signature(committer),
    message,
    tree: { sha: tree, url: url("trees", tree) },
    parents: parents.map((id) => ({
      sha: id,
      url: url("commits", id),
      html_url: pageUrl(repository, `/commit/${id}`),
    })),
    verification: verification(commit),
  };
}

/** A commit as lists of commits show it. */
export function commitView(world: World, c: GithubContext, commit: CommitRow) {
  const repository = c.get("repository");
  const { github } = world.store.state;
  const { sha, message, author, committer, parents, login } = commit;
  const url = (id: string) => repositoryUrl(c, repository, `/commits/${id}`);
  const tree = treeId(commit);
  const user = findUser(github, login) || login.endsWith("[bot]") ? simpleUser(github, c, login) : null;
  return {
    sha,
    node_id: nodeId("Commit", sha),
    commit: {
      author: signature(author),
      committer: signature(committer),
      message,
      tree: { sha: tree, url: repositoryUrl(c, repository, `/git/trees/${tree}`) },
      url: repositoryUrl(c, repository, `/git/commits/${sha}`),
      comment_count: 0,
      verification: verification(commit),
    },
    url: url(sha),
    html_url: pageUrl(repository, `/commit/${sha}`),
    comments_url: `${url(sha)}/comments`,
    author: user,
    committer: user,
    parents: parents.map((id) => ({ sha: id, url: url(id), html_url: pageUrl(repository, `/commit/${id}`) })),
  };
}

/** A commit with what it changed. */
export function commitWithFiles(world: World, c: GithubContext, commit: CommitRow) {
  const files = changes(c.get("repository"), commit).map((file) => changeView(c, file, commit.sha));
  const sum = (key: "additions" | "deletions" | "changes") => files.reduce((total, file) => total + file[key], 0);
  const stats = { additions: sum("additions"), deletions: sum("deletions"), total: sum("changes") };
  return { ...commitView(world, c, commit), stats, files };
}

/** Lines of a changed file: each file counts as one line. */
export const lineCounts = ({ status }: FileChange) => ({
  additions: status === "removed" ? 0 : 1,
  deletions: status === "added" ? 0 : 1,
  changes: status === "modified" ? 2 : 1,
});

/** What happened to one file. @param tip the commit that has it */
export function changeView(c: GithubContext, change: FileChange, tip: string) {
  const { filename, status, sha } = change;
  const repository = c.get("repository");
  return {
    sha,
    filename,
    status,
    ...lineCounts(change),
    blob_url: pageUrl(repository, `/blob/${tip}/${filename}`),
    raw_url: pageUrl(repository, `/raw/${tip}/${filename}`),
    contents_url: repositoryUrl(c, repository, `/contents/${filename}?ref=${tip}`),
  };
}
