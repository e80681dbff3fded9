#!/usr/bin/env node
import { writeFileSync } from "node:fs";
import { start } from "../policy/policy.mjs";
import { give, json, options, refuse } from "./fly.mjs";

const usage = `Usage: node scripts/ops/check-approval.mjs --environment NAME [--expects TEXT] [--approvers LOGIN,LOGIN] [--evidence FILE]

Says whether somebody has approved this run, and keeps the evidence.
  (nothing)   GitHub has waited for a reviewer of the environment, and one approved. Where a plan of GitHub has no required reviewers the job
              would have started without: then this refuses
  --expects   instead of that, an approver typed this text into the input "confirm" (env CONFIRM) and started the run (env ACTOR)
Env vars: GH_TOKEN, GITHUB_REPOSITORY, GITHUB_RUN_ID.
Output: approver.
Exit codes: 0 approved, 1 not, 2 it cannot judge.`;

await start(usage, (args) => {
  const given = options(args, {
    environment: "required",
    expects: "optional",
    approvers: "optional",
    evidence: "optional",
  });
  const verdict = given.expects ? confirmation(given) : review(given);
  if (verdict.problem) return refuse("Not approved", verdict.problem);
  if (given.evidence) writeFileSync(given.evidence, `${JSON.stringify(verdict, null, 2)}\n`);
  give({ approver: verdict.approver });
  return 0;
});

function review({ environment }) {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  const found = json("gh", ["api", `repos/${repository}/actions/runs/${run}/approvals`], []).find(
    ({ state, environments }) => state === "approved" && environments.some(({ name }) => name === environment),
  );
  if (found) return { environment, approver: found.user.login, comment: found.comment, how: "review of the run" };
  return {
    problem: `nobody has approved this run for ${environment}. Let the environment have required reviewers (release.approvers); where the plan of GitHub has none, set approval to "confirmation"`,
  };
}

function confirmation({ environment, expects, approvers = "" }) {
  const { CONFIRM: typed = "", ACTOR: actor = "" } = process.env;
  if (!approvers.split(",").filter(Boolean).includes(actor)) {
    return {
      problem: `${actor || "nobody"} is no approver of ${environment}; approvers are ${approvers || "not named (release.approvers)"}`,
    };
  }
  if (typed !== expects) return { problem: `the input "confirm" has to be exactly "${expects}"` };
  return { environment, approver: actor, how: "typed confirmation" };
}
