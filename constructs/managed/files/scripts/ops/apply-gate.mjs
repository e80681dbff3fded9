#!/usr/bin/env node
import { writeFileSync } from "node:fs";
import { start, Trouble } from "../policy/policy.mjs";
import { annotate, execute, give, json, masked, options, refuse, summarize } from "./fly.mjs";
import { table } from "./table.mjs";

const usage = `Usage: node scripts/ops/apply-gate.mjs --stacks NAME,... [--production NAME] [--report FILE]

Plans the stacks and says of each whether it is to be applied: an output of its name, true or false. Nobody is at a terminal to agree, so that
the pull request speaks, of which the pushed commit is the merge:
  a plan that destroys or replaces an object needs its label approved-destroy; else the run fails and nothing is applied
  a change of production needs its label approved-production; else production is left as it is, with a warning
  labels count where infra review let the newest commit of the pull request pass: it judges who gave them, and when
A run by hand needs no label; to destroy, it needs MAY_DESTROY=true.
  --production  the stack that is production's
  --report      keeps the plans as JSON
Env vars: MAY_DESTROY; what infra plan reads with; GH_TOKEN (pull-requests: read, statuses: read), and what GitHub Actions sets
Exit codes: 0 decided, 1 refused or a stack could not be read, 2 it was called wrongly.`;

await start(usage, (args) => {
  const given = options(args, { stacks: "required", production: "optional", report: "optional" });
  const names = given.stacks.split(",");
  const plans = planned(names, given.report);
  const unread = plans.filter(({ outcome }) => outcome === "error");
  if (unread.length > 0) {
    const why = unread.flatMap(({ stack, troubles }) => troubles.map(({ detail }) => `${stack}: ${detail}`));
    return refuse(
      "Nothing is applied",
      `${unread.map(({ stack }) => stack).join(", ")} could not be read. ${why.join(" ")}`,
    );
  }
  const byHand = process.env.GITHUB_EVENT_NAME === "workflow_dispatch";
  const labels = byHand ? [] : labelsOfMerge();
  const destroyed = plans.flatMap(({ stack, actions }) =>
    Object.entries(actions).flatMap(([address, action]) =>
      /delete|replace/.test(action) ? [`${stack} ${address}`] : [],
    ),
  );
  const mayDestroy = byHand ? process.env.MAY_DESTROY === "true" : labels.includes("approved-destroy");
  if (destroyed.length > 0 && !mayDestroy) {
    const remedy = byHand ? "tick that it may" : "label the pull request approved-destroy, or run this by hand";
    return refuse("Nothing is applied", `This would destroy ${destroyed.join(", ")}. If that is meant: ${remedy}.`);
  }
  const decided = plans.map(({ stack, outcome, findings }) => {
    const waits = stack === given.production && !byHand && !labels.includes("approved-production");
    return { stack, findings: findings.length, differs: outcome === "differs", waits };
  });
  for (const { stack } of decided.filter(({ differs, waits }) => differs && waits)) {
    annotate(
      "warning",
      `${stack} is left as it is`,
      "The pull request has no label approved-production: run this by hand.",
    );
  }
  const lines = table(
    ["Stack", "Findings", "Applied"],
    decided.map(({ stack, findings, differs, waits }) => [
      stack,
      findings,
      differs ? (waits ? "waits" : "yes") : "nothing to do",
    ]),
  );
  console.log(lines);
  summarize(lines);
  give(Object.fromEntries(decided.map(({ stack, differs, waits }) => [stack, differs && !waits])));
  return 0;
});

/** Reports of `infra plan`, one for each stack. */
function planned(names, report) {
  const { stdout, stderr } = execute("npm", ["exec", "--no", "--", "infra", "plan", "--json", ...names]);
  if (report) writeFileSync(report, masked(stdout));
  try {
    return JSON.parse(stdout).stacks;
  } catch {
    throw new Trouble(`infra plan made no report: ${masked(stderr || stdout).trim()}`);
  }
}

/** Labels of the pull request that brought the pushed commit, where they count; none where somebody pushed it directly. */
function labelsOfMerge() {
  const { GITHUB_REPOSITORY: repository, GITHUB_SHA: commit } = process.env;
  const pulls = json("gh", ["api", `repos/${repository}/commits/${commit}/pulls`], []);
  return pulls
    .filter(({ merged_at }) => merged_at)
    .flatMap(({ number, labels, head, html_url: url }) => {
      const approving = labels.map(({ name }) => name).filter((name) => name.startsWith("approved-"));
      if (approving.length === 0 || passedReview(`repos/${repository}/commits/${head.sha}`, url)) return approving;
      annotate("warning", `Labels of #${number} do not count`, "infra review did not let its newest commit pass.");
      return [];
    });
}

/** Whether the newest status of the review is a success, written by the workflow: anybody who may write can write one of that name. */
function passedReview(commit, url) {
  const own = json("gh", ["api", `${commit}/statuses?per_page=100`], []).find(
    ({ context, creator, target_url: of }) =>
      context === "infra/review" && creator?.login === "github-actions[bot]" && of === url,
  );
  return own?.state === "success";
}
