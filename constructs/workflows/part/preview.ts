import { context, type Text, type Trusted, text } from "../model/expression";
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

/** Writes the one comment about the preview, or updates it in place; the job needs `pull-requests: write`. */
export const writeComment = (
  status: "deployed" | "failed" | "removed",
  { ADDRESS = "", COMMIT = "" }: { readonly ADDRESS?: Text | ""; readonly COMMIT?: Trusted | "" } = {},
): RunStep<never> => ({
  name: `Comment: ${status}`,
  env: { GH_TOKEN: context("github.token"), NUMBER: context("github.event.pull_request.number"), ADDRESS, COMMIT },
  run: run`
    node scripts/ops/preview-comment.mjs --number "$NUMBER" --status ${status} --url "$ADDRESS" --commit "$COMMIT"
  `,
});
