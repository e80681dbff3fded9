/** What a review made, for tests of its faces: nothing, but for what a test says. */
import type { Review, ReviewedReport } from "../../report/review";

export const reported = (more: Partial<ReviewedReport> = {}): ReviewedReport => ({
  stack: "staging",
  outcome: "differs",
  resources: 1,
  findings: [],
  actions: {},
  troubles: [],
  notes: [],
  apps: [],
  ...more,
});

export const review = (more: Partial<Review> = {}): Review => ({
  stacks: [],
  untouched: [],
  dropped: [],
  approvals: [],
  refusals: [],
  ...more,
});
