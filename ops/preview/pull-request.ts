/** What became of the pull requests that previews were made for. */
import { z } from "zod";
import { Failure } from "../failure";
import { openReader, type Shell } from "../github/connect";
import type { PullRequestState } from "./orphan";

const pull = z.object({ state: z.enum(["open", "closed"]) });

/**
 * Asks GitHub about each pull request of a repository.
 *
 * @param repository "owner/name"
 * @throws Failure without a token, or when the repository is none
 */
export function pullRequestStates(repository: string, shell: Shell): PullRequestState {
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new Failure(`"${repository}" is no repository; write owner/name. [infra/repository]`);
  }
  const github = openReader(shell);
  return async (number) => {
    const found = await github.get(`repos/${repository}/pulls/${number}`);
    return found === undefined ? undefined : pull.parse(found).state;
  };
}
