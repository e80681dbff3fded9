/** The pull requests that previews are made for. */
import type { Github, GithubReader, RepositoryClient } from "../../api/github";
import { Failure } from "../failure";
import { sameRepository } from "./mark";

/** What one list of GitHub's says. */
export interface OpenPullRequests {
  /** "owner/name". */
  readonly repository: string;
  /** Who opened each open pull request, by its number; "unknown": their account is gone. */
  readonly authors: ReadonlyMap<number, string>;
}

/** Where pull requests are: "owner/name" in two parts. @throws Failure when it is no repository */
export function repositoryOf(text: string): readonly [owner: string, name: string] {
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(text) ?? [];
  if (owner !== undefined && name !== undefined) return [owner, name];
  throw new Failure(`"${text}" is no repository; write owner/name. Nothing was changed. [infra/repository]`);
}

/** Asks GitHub for every open pull request, in one list. */
export async function openPullRequests(github: GithubReader, repository: string): Promise<OpenPullRequests> {
  const open = await github.repository(...repositoryOf(repository)).openPulls();
  return { repository, authors: new Map(open.map(({ number, user }) => [number, user?.login ?? "unknown"])) };
}

/** A pull request that may have a preview. */
export interface PreviewedPull {
  readonly number: number;
  /** "owner/name". */
  readonly repository: string;
  readonly author: string;
  /** Head commit. */
  readonly commit: string;
  readonly github: Github;
  readonly client: RepositoryClient;
}

/**
 * The pull request, if it may have a preview: it is open, and its code is of the repository itself. GitHub hands no secrets to a fork's, and
 * neither do we: a preview runs its code with them.
 *
 * @throws Failure when it may not
 */
export async function previewable(github: Github, repository: string, number: number): Promise<PreviewedPull> {
  const client = github.repository(...repositoryOf(repository));
  const pull = await client.pull(number);
  if (pull?.state !== "open") {
    throw new Failure(
      `Pull request ${number} of ${repository} ${pull ? "is closed" : "does not exist"}, so its preview would be an orphan. Nothing was made. Open ones: gh pr list -R ${repository} [infra/preview-pull-request]`,
    );
  }
  const source = pull.head.repo?.full_name;
  if (source === undefined || !sameRepository(source, repository)) {
    throw new Failure(
      `Pull request ${number} comes from ${source ?? "a fork that is gone"}: a preview would hand its code the secrets of ${repository}. Nothing was made. Review it, push it to a branch of ${repository} and open a pull request from there. [infra/preview-fork]`,
    );
  }
  return { number, repository, author: pull.user?.login ?? "unknown", commit: pull.head.sha, github, client };
}
