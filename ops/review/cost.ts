import type { PlanJson, ResourceChange } from "../../report/plan-json";
import type { ReviewedReport } from "../../report/review";
import { estimate, type Priced } from "../cost/estimate";

/** What a plan's Fly resources are expected to cost before and after, in US dollars a month; undefined: nothing of it costs. */
export function costOf({ resource_changes: changes }: PlanJson): ReviewedReport["cost"] {
  const side = (of: (change: ResourceChange["change"]) => unknown): readonly Priced[] =>
    changes
      .filter(({ mode }) => mode === "managed")
      .flatMap(({ type, change }) => (of(change) ? [{ type, values: of(change) }] : []));
  const [before, after] = [estimate(side(({ before: was }) => was)), estimate(side(({ after: is }) => is))];
  if (before.items.length === 0 && after.items.length === 0) return undefined;
  return { before: before.expected, after: after.expected };
}
