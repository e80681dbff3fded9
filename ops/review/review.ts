/** Plans what a pull request declares with what the base branch trusts: its provider, its `infra`, its allow-list. */
import type { Review, ReviewedReport } from "../../report/review";
import { withGovernance } from "../github/before-apply";
import { type PlannedStack, planStacks, type Running } from "../plan";
import type { Stack } from "../project";
import { type Reviewed, reviewedOf } from "../reviewed/record";
import { allowedBy } from "./allowed";
import { type Approvable, approvalsOf, neededBy } from "./approval";
import { costOf } from "./cost";
import { readProposal } from "./proposal";
import { type Refusal, refusalsOf } from "./refusal";
import { changeOf, placeRefusals, readBase, stage } from "./stage";

export interface Reviewing {
  /** What the base branch's own program synthesized just now. */
  readonly base: readonly Stack[];
  /** Folder with what the pull request's program synthesized. */
  readonly declared: string;
  /** Head of the pull request. */
  readonly commit: string | undefined;
  /** undefined: nobody's labels are looked for. */
  readonly pull: Approvable | undefined;
  /** Name of the stack that is production's. */
  readonly production: string;
}

export interface Made {
  readonly review: Review;
  /** For `infra apply --reviewed`. */
  readonly record: Reviewed;
}

/**
 * Judges the proposal first. With a single refusal nothing is planned: Terraform never sees any of it. Else the stacks that it changes are planned,
 * and those alone.
 *
 * @throws Failure when the folder holds nothing, Interrupted
 */
export async function reviewProposal(options: Reviewing, running: Running): Promise<Made> {
  const { base: stacks, declared, commit } = options;
  const base = readBase(stacks);
  const { proposal, refusals: ofFiles } = readProposal(declared);
  const allowed = allowedBy(base.json);
  const refusals = few([
    ...ofFiles,
    ...placeRefusals(base, proposal),
    ...[...proposal.stacks].flatMap(([name, json]) => refusalsOf(name, json, allowed)),
  ]);
  const nothing = { ...(commit !== undefined && { commit }), stacks: [], untouched: [], dropped: [], approvals: [] };
  if (refusals.length > 0)
    return { review: { ...nothing, refusals }, record: { version: 1, commit: commit ?? null, stacks: {} } };
  const { touched, untouched, dropped } = changeOf(base, proposal);
  const staged = stage(base, proposal, touched, running.env);
  try {
    const plans = await withGovernance(await planStacks(staged.stacks, running, { lock: false }), running);
    try {
      const record = await reviewedOf(plans, running, commit === undefined ? {} : { commit });
      const reports = plans.map((one) => reported(one, record));
      const approvals = await approvalsOf(neededBy(reports, options.production), options.pull);
      return { review: { ...nothing, stacks: reports, untouched, dropped, approvals, refusals: [] }, record };
    } finally {
      await Promise.all(plans.map(({ planned }) => planned?.discard()));
    }
  } finally {
    staged.remove();
  }
}

/** What a person reads of them: a proposal of a million mistakes is told in a hundred. */
function few(refusals: readonly Refusal[]): readonly Refusal[] {
  const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
  const told = refusals.slice(0, MOST).map(({ where, text }) => ({ where: cut(where), text: cut(text) }));
  const left = refusals.length - told.length;
  return left > 0 ? [...told, { where: "the proposal", text: `and ${left} more` }] : told;
}

const MOST = 100;
const LONGEST = 600;

function reported({ stack, report, planned }: PlannedStack, { stacks }: Reviewed): ReviewedReport {
  const reviewed = stacks[stack.name];
  const plan = planned?.plan;
  const cost = plan && costOf(plan);
  return {
    ...report,
    apps: plan?.resource_changes.flatMap(({ type, change }) => (type === "fly_app" ? appIn(change) : [])) ?? [],
    ...(cost && { cost }),
    ...(reviewed?.state && { state: reviewed.state }),
    ...(reviewed && { digest: reviewed.digest }),
  };
}

function appIn({ before, after }: { readonly before?: unknown; readonly after?: unknown }): readonly string[] {
  const named = [after, before].find((side) => typeof side === "object" && side !== null && "name" in side);
  return named && typeof named === "object" && "name" in named && typeof named.name === "string" ? [named.name] : [];
}
