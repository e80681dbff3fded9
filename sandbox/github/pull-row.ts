import type { GithubContext } from "./context";
import { missing } from "./error";
import { difference, type FileChange, history } from "./git";
import { getIssue } from "./issue";
import type { IssueRow, RepositoryRow } from "./row";

/** An issue that is a pull request. */
export type PullRow = IssueRow & { pull: NonNullable<IssueRow["pull"]> };

/** The pull request of the path. @throws 404 */
export function getPull(c: GithubContext): PullRow {
  const row = getIssue(c);
  const { pull } = row;
  if (!pull) throw missing();
  return Object.assign(row, { pull });
}

/** The commit at the head of a pull request: what its branch has now, else what it had at the end. */
export function headSha(repository: RepositoryRow, { pull }: IssueRow): string | undefined {
  return pull?.headSha ?? repository.refs.get(`refs/heads/${pull?.head}`);
}

/** Commits of a pull request that its base lacks, oldest first. */
export function commitsOf(repository: RepositoryRow, row: IssueRow, head = headSha(repository, row)) {
  const old = baseHistory(repository, row);
  return (head ? history(repository, head) : []).filter(({ sha }) => !old.has(sha)).reverse();
}

/** Files of a pull request that differ from where it last met its base. @param head default: its head now */
export function filesOf(repository: RepositoryRow, row: IssueRow, head = headSha(repository, row)): FileChange[] {
  const old = baseHistory(repository, row);
  const before = (head ? history(repository, head) : []).find(({ sha }) => old.has(sha));
  return difference(before, repository.commits.get(head ?? ""));
}

function baseHistory(repository: RepositoryRow, { pull }: IssueRow): Set<string> {
  const base = repository.refs.get(`refs/heads/${pull?.base}`);
  return new Set(base ? history(repository, base).map(({ sha }) => sha) : []);
}
