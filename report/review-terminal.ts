/** The review for a terminal. */
import { harmless } from "./harmless";
import { type Review, verdictOf } from "./review";
import { costText } from "./review-markdown";
import { stacksText, type Wording } from "./terminal";

/** The verdict, what was refused or what would change, and the labels that it takes. */
export function reviewText(review: Review, wording: Wording): string {
  const { paint } = wording;
  const { state, text } = verdictOf(review);
  const costs = review.stacks.filter(({ cost }) => cost).map((stack) => `  ${stack.stack}: ${costText(stack)}`);
  return [
    paint(state === "success" ? "green" : "red", `Review: ${text}`),
    ...review.refusals.map((one) => `  ${paint("bold", harmless(one.where))}: ${harmless(one.text)}`),
    ...(review.refusals.length > 0 ? ["", WHEN_REFUSED] : []),
    ...review.approvals.map(({ label, why, outcome, text: told }) =>
      harmless(`  Label ${label}, since ${why}: ${outcome}. ${told.replaceAll("`", "")}`),
    ),
    ...(costs.length > 0 ? ["", "US dollars a month, an estimate", ...costs] : []),
    ...listed("No longer declared, and not destroyed by an apply", review.dropped),
    ...(review.stacks.length > 0 ? ["", stacksText(review.stacks, wording)] : []),
    ...(review.refusals.length === 0 ? listed("Not planned, since nothing changes in them", review.untouched) : []),
  ].join("\n");
}

const listed = (title: string, names: readonly string[]): readonly string[] =>
  names.length > 0 ? ["", `${title}: ${harmless(names.join(", "))}`] : [];

const WHEN_REFUSED =
  "Nothing was planned, and nothing of it was run. Leave these out; what is meant comes to the base branch in a pull request of its own, whose plan somebody makes by hand who trusts it. [infra/review-refused]";
