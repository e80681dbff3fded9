/** Brings the declared files of a stack into their repository by one commit and one pull request. */
import {
  type GitClient,
  GithubError,
  type Issue,
  type Pull,
  type RepositoryClient,
  type TreeFile,
} from "../../api/github";
import { driftLabel } from "../drift/issue";
import { Failure } from "../failure";
import type { DeclaredFiles } from "./declared-file";
import { type FileDifference, fileDifferences, isGenerated } from "./difference";
import { commitMessage, issueText, marker, proposalBranch, pullText } from "./text";

/** What a proposal came to. */
export interface Proposal {
  /** Address of the pull request that has to be merged; undefined: there is nothing to propose. */
  readonly url: string | undefined;
  /** What the pull request changes. */
  readonly changes: readonly FileDifference[];
  /** Paths that nobody declared and somebody else wrote: left as they are. */
  readonly left: readonly string[];
}

export interface ProposeOptions {
  readonly repository: RepositoryClient;
  readonly declared: DeclaredFiles;
  /** Name of the stack, for what people are told to type. */
  readonly stack: string;
  /** Told each thing that is done, after it is: "branch infra/workflows", "written". */
  onDone(object: string, action: string): void;
}

/**
 * Compares and proposes. A run that ends on the way leaves nothing on the branch that is protected, and the next one goes on from there.
 *
 * @throws Failure, GithubError
 */
export async function propose(options: ProposeOptions): Promise<Proposal> {
  const { repository, declared } = options;
  const { git } = repository;
  await requireWritable(repository);
  const base = await git.head(declared.branch);
  if (!base) {
    throw new Failure(
      `${repository.owner}/${repository.name} has no branch ${declared.branch}: nothing can be proposed for it. Push a first commit to it, or correct repository.defaultBranch. [github/no-branch]`,
    );
  }
  const [live, pulls, current] = await Promise.all([
    git.files(base.tree.sha),
    git.openPulls(proposalBranch, declared.branch),
    git.head(proposalBranch),
  ]);
  const { changes, left } = await sorted(git, fileDifferences(declared, live));
  if (changes.length === 0) {
    await withdraw(options, pulls, current !== undefined);
    return { url: undefined, changes, left };
  }
  const wanted = after(live, declared, changes);
  const isWritten = current?.parents[0]?.sha === base.sha && same(await git.files(current.tree.sha), wanted);
  if (!isWritten) {
    const sha = await writing(changes, () => git.commit(base, commitMessage(changes), treeChanges(declared, changes)));
    await moving(declared, () => git.setBranch(proposalBranch, sha, current !== undefined));
    options.onDone(`branch ${proposalBranch}`, current ? "rewritten" : "made");
  }
  const issue = await openIssue(options);
  const url = await openPull(options, pulls, pullText(declared, options.stack, changes, issue.number));
  return { url, changes, left };
}

/** @throws Failure where the repository takes no changes or is another one */
async function requireWritable(repository: RepositoryClient): Promise<void> {
  const { owner, name } = repository;
  const { full_name, archived } = await repository.get();
  if (full_name.toLowerCase() !== `${owner}/${name}`.toLowerCase()) {
    throw new Failure(
      `GitHub answers for ${owner}/${name} with ${full_name}: it was renamed or moved. Correct repository.owner and repository.name in the configuration. [github/moved]`,
    );
  }
  if (archived) {
    throw new Failure(
      `${owner}/${name} is archived and takes no change. Unarchive it (gh repo unarchive ${owner}/${name}), and run this again. [github/archived]`,
    );
  }
}

/** What a proposal changes, and what it leaves. Of undeclared files those go that an earlier version of us wrote. */
async function sorted(git: GitClient, differences: readonly FileDifference[]) {
  const judged = await Promise.all(
    differences.map(async (one) => {
      const isOurs = one.kind !== "undeclared" || !one.live || isGenerated(await git.blob(one.live.sha));
      return { one, isOurs };
    }),
  );
  return {
    changes: judged.flatMap(({ one, isOurs }) => (isOurs ? [one] : [])),
    left: judged.flatMap(({ one, isOurs }) => (isOurs ? [] : [one.path])),
  };
}

const treeChanges = (declared: DeclaredFiles, changes: readonly FileDifference[]) =>
  changes.map(({ path, kind }) => {
    if (kind === "undeclared") return { path, text: null };
    const executable = declared.files.some((file) => file.path === path && file.executable);
    return { path, text: declared.textOf(path), executable };
  });

/** The files of the branch once the changes are made. */
function after(live: ReadonlyMap<string, TreeFile>, declared: DeclaredFiles, changes: readonly FileDifference[]) {
  const files = new Map(live);
  for (const { path, kind } of changes) {
    const file = declared.files.find((one) => one.path === path);
    if (kind === "undeclared" || !file) files.delete(path);
    else files.set(path, { sha: file.sha, mode: file.executable ? "100755" : "100644" });
  }
  return files;
}

const same = (one: ReadonlyMap<string, TreeFile>, other: ReadonlyMap<string, TreeFile>): boolean =>
  one.size === other.size &&
  [...one].every(([path, { sha, mode }]) => other.get(path)?.sha === sha && other.get(path)?.mode === mode);

/** GitHub answers like "not found" to a token that may write, but no workflow files. */
async function writing<T>(changes: readonly FileDifference[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isRefused = error instanceof GithubError && (error.kind === "not-found" || error.kind === "forbidden");
    if (!isRefused || !changes.some(({ path }) => path.startsWith(".github/workflows/"))) throw error;
    throw new Failure(
      `This token may not write workflow files: GitHub answered ${error.status} to the commit. A classic token needs the scopes repo and workflow; a fine-grained token or an App the permissions contents=write and workflows=write. Nothing was written. [github/workflow-scope]`,
      { cause: error },
    );
  }
}

/** The branch of proposals is nobody else's, so rules that hold for it are a mistake. */
async function moving(declared: DeclaredFiles, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof GithubError) || error.kind !== "protected") throw error;
    throw new Failure(
      `A rule of ${declared.owner}/${declared.name} protects the branch ${proposalBranch}, from which files are proposed: ${error.githubMessage}. Let the rule leave out infra/*, and run this again. No branch and no pull request was changed. [github/proposal-branch]`,
      { cause: error },
    );
  }
}

async function openIssue({ repository, declared, onDone }: ProposeOptions): Promise<Issue> {
  const known = await findIssue(repository);
  if (known) return known;
  const issue = await repository
    .createIssue({ ...issueText(declared), labels: [driftLabel] })
    .catch((error) => refuseWithoutIssues(repository, error));
  onDone(`issue #${issue.number}`, "opened");
  return issue;
}

function refuseWithoutIssues({ owner, name }: RepositoryClient, error: unknown): never {
  if (!(error instanceof GithubError) || error.status !== 410) throw error;
  throw new Failure(
    `Issues are switched off in ${owner}/${name}, and a pull request there has to close one. Set repository.features.issues to true, apply the stack of the repository, and run this again. No pull request was opened. [github/issues-off]`,
    { cause: error },
  );
}

async function findIssue(repository: RepositoryClient): Promise<Issue | undefined> {
  const open = await repository.issues({ state: "open", labels: driftLabel });
  return open.find(({ body }) => body?.startsWith(marker));
}

/** @returns the address of the pull request */
async function openPull(
  { repository, declared, onDone }: ProposeOptions,
  [open]: readonly Pull[],
  text: ReturnType<typeof pullText>,
): Promise<string> {
  if (!open) {
    const made = await repository.git.openPull({ ...text, head: proposalBranch, base: declared.branch });
    onDone(`pull request #${made.number}`, "opened");
    return made.html_url;
  }
  if (open.title !== text.title || open.body?.trimEnd() !== text.body.trimEnd()) {
    await repository.git.changePull(open.number, text);
    onDone(`pull request #${open.number}`, "rewritten");
  }
  return open.html_url;
}

/** Takes a proposal back that has nothing left to change: its pull request, its branch, its issue. */
async function withdraw(
  { repository, onDone }: ProposeOptions,
  pulls: readonly Pull[],
  hasBranch: boolean,
): Promise<void> {
  const ours = pulls.filter(({ body }) => body?.startsWith(marker));
  for (const { number } of ours) {
    await repository.comment(number, "The files are as declared: there is nothing left to change.");
    await repository.git.changePull(number, { state: "closed" });
    onDone(`pull request #${number}`, "closed");
  }
  if (hasBranch) {
    await repository.git.deleteBranch(proposalBranch);
    onDone(`branch ${proposalBranch}`, "deleted");
  }
  const issue = await findIssue(repository);
  if (issue) {
    await repository.closeIssue(issue.number);
    onDone(`issue #${issue.number}`, "closed");
  }
}
