import { context, foreign, type Text, type Trusted, text } from "../model/expression";
import type { Concurrency } from "../model/job";
import { run } from "../model/script";
import type { RunStep } from "../model/step";

/** One run at a time for a pull request's preview: a newer push, or the close, cancels the one before. */
export const previewGroup: Concurrency = {
  group: text`preview-${context("github.event.pull_request.number")}`,
  cancelInProgress: true,
};

/** A pattern with the number of the pull request in the place of {number}. */
export function atPreview(pattern: string): Text {
  const [before = "", after = ""] = pattern.split("{number}");
  return text`${before}${context("github.event.pull_request.number")}${after}`;
}

/** Login of whoever opened the pull request. */
export const pullRequestAuthor = foreign("github.event.pull_request.user.login");

/** What a comment tells of a preview that was deployed. */
interface Deployed {
  readonly ADDRESS: Text;
  readonly APP: Trusted;
  readonly COMMIT: Trusted;
  readonly IMAGE: Trusted;
  readonly EXPIRES: Trusted;
}

const job = { GH_TOKEN: context("github.token"), NUMBER: context("github.event.pull_request.number") };

/** Writes the one comment about the preview, or updates it in place; the job needs `pull-requests: write`. */
export const deployedComment = (deployed: Deployed): RunStep<never> => ({
  name: "Comment: deployed",
  env: { ...job, ...deployed, OWNER: pullRequestAuthor },
  run: run`
    node scripts/ops/preview-comment.mjs --number "$NUMBER" --status deployed --url "$ADDRESS" --app "$APP" \\
      --commit "$COMMIT" --image "$IMAGE" --owner "$OWNER" --expires "$EXPIRES" --health preview/health.json
  `,
});

/** The same for a preview that is not there. */
export const goneComment = (status: "failed" | "removed", COMMIT: Trusted | "" = ""): RunStep<never> => ({
  name: `Comment: ${status}`,
  env: { ...job, COMMIT },
  run: run`node scripts/ops/preview-comment.mjs --number "$NUMBER" --status ${status} --commit "$COMMIT"`,
});
