/** The pull request that is reviewed: its head, one status there, and one comment. Nothing else is written. */
import type { Github, PullSource, RepositoryClient } from "../../api/github";
import { type Review, verdictOf } from "../../report/review";
import { Failure } from "../failure";
import { keepComment } from "../github/living-comment";
import type { Approvable } from "./approval";

/** Name of the status. */
const statusContext = "infra/review";

const marker = "<!-- infra:review -->";

/** A pull request whose review has begun. */
export interface ReviewedPull {
  readonly commit: string;
  readonly approvable: Approvable;
  /** Reports the verdict at the commit, and keeps the comment current: unless the pull request has got a newer commit meanwhile. */
  publish(review: Review, text: string): Promise<void>;
  /** Says at the commit that the review could not be made. */
  abandon(): Promise<void>;
}

interface Place {
  readonly github: Github;
  readonly repository: RepositoryClient;
  readonly number: number;
  /** Head that was synthesized; undefined: taken to be the present one. */
  readonly commit: string | undefined;
  /** Whether anything is written. */
  readonly comment: boolean;
}

/**
 * Finds the pull request and, where it is commented, reports that its review goes on. The time of the first such report dates the commit: GitHub says of no
 * commit when it was pushed, and its author can write any time into it.
 *
 * @throws Failure when it is not there, is closed, or has another head than the one that was synthesized
 */
export async function beginReview({ github, repository, number, commit, comment }: Place): Promise<ReviewedPull> {
  const pull = await repository.pull(number);
  const name = `${repository.owner}/${repository.name}#${number}`;
  if (pull?.state !== "open") {
    const what = pull ? "is closed" : "does not exist, or this token may not see it";
    throw new Failure(`Pull request ${name} ${what}. Nothing was planned. [infra/review-pull]`);
  }
  const { sha } = pull.head;
  if (commit !== undefined && commit !== sha) {
    throw new Failure(
      `Pull request ${name} has got a newer commit, ${sha}; what was declared is of ${commit}. Nothing was planned: the run for the newer one tells. [infra/review-stale]`,
    );
  }
  const report = (state: "pending" | "success" | "failure" | "error", description: string) =>
    repository.setStatus(sha, { state, context: statusContext, description, target_url: pull.html_url });
  const login = comment ? (await report("pending", "reading what would change")).creator?.login : undefined;
  return {
    commit: sha,
    approvable: { repository, number, author: pull.user?.login, since: await firstReport(repository, pull, login) },
    async publish(review, text) {
      if (!comment) return;
      const { state, text: told } = verdictOf(review);
      await report(state, told);
      if ((await repository.pull(number))?.head.sha !== sha) return;
      await keepComment(github, repository, { number, marker, text, login });
    },
    async abandon() {
      if (comment) await report("error", "the review could not be made; its run says why");
    },
  };
}

/** Unix ms of the first report about this pull request at its head; by this account, where it is known. Infinity: there is none. */
async function firstReport(repository: RepositoryClient, pull: PullSource, login: string | undefined): Promise<number> {
  const all = await repository.statuses(pull.head.sha);
  const own = all.filter(
    ({ context, target_url, creator }) =>
      context === statusContext && target_url === pull.html_url && (login === undefined || creator?.login === login),
  );
  return Math.min(...own.map(({ created_at }) => Date.parse(created_at)));
}

/** Characters of the comment that are not the review's. */
export const markerLength = marker.length + 1;
