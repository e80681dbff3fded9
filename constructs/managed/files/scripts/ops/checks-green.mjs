#!/usr/bin/env node
import { start } from "../policy/policy.mjs";
import { json, options, refuse } from "./fly.mjs";

const usage = `Usage: node scripts/ops/checks-green.mjs --commit SHA --app ID --names lint,build

Says whether the checks of these names have succeeded on a commit, as the GitHub App of that id reported them; what others report under the
same name does not count.
Env vars: GH_TOKEN, GITHUB_REPOSITORY.
Exit codes: 0 all have, 1 not all, 2 it cannot judge.`;

await start(usage, (args) => {
  const { commit, app, names } = options(args, { commit: "required", app: "required", names: "required" });
  const path = `repos/${process.env.GITHUB_REPOSITORY}/commits/${commit}/check-runs?filter=latest&app_id=${app}&per_page=100`;
  const runs = json("gh", ["api", "--paginate", "--slurp", path], []).flatMap(({ check_runs }) => check_runs);
  const own = runs.filter((run) => String(run.app?.id) === app);
  const states = names.split(",").map((name) => [name, stateOf(own.filter((run) => run.name === name))]);
  for (const [name, state] of states) console.log(`${name}: ${state}`);
  const bad = states.filter(([, state]) => state !== "success");
  if (bad.length === 0) return 0;
  return refuse(
    "CI is not green",
    `${commit.slice(0, 12)}: ${bad.map(([name, state]) => `${name} ${state}`).join(", ")}`,
  );
});

/** The worst of the latest runs of one name. */
function stateOf(runs) {
  if (runs.length === 0) return "has not run";
  const bad = runs.find(({ conclusion }) => conclusion !== "success");
  return bad ? (bad.conclusion ?? bad.status) : "success";
}
