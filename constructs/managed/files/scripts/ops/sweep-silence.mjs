#!/usr/bin/env node
import { policy, start } from "../policy/policy.mjs";
import { give, json, options } from "./fly.mjs";

const { maxSilenceHours: most } = policy.drift;

const usage = `Usage: node scripts/ops/sweep-silence.mjs [--now INSTANT]

Says whether the drift sweep is silent: whether no run of drift-sweep.yml of the last ${most} hours kept its record, the artifact "heartbeat".
A sweep that does not run, or that fails before it has read anything, finds no drift and tells nobody. Output "silent": in words, empty if it is not.
  --now  another instant than this one, such as 2026-07-01T16:04:00Z
Env vars: GH_TOKEN (actions: read), and what GitHub Actions sets
Exit codes: 0 decided, 2 it cannot judge.`;

await start(usage, (args) => {
  const { now = new Date().toISOString() } = options(args, { now: "optional" });
  const since = new Date(new Date(now).getTime() - most * 3_600_000).toISOString();
  const newest = newestHeartbeat(since);
  console.log(newest ? `swept at ${newest}` : `no sweep since ${since}`);
  give({ silent: newest ? "" : `no sweep has kept its record since ${since}: see the runs of drift-sweep.yml` });
  return 0;
});

/** When the newest run began that kept a record; by the workflow and not by the artifact's name, which any pull request could use. */
function newestHeartbeat(since) {
  const path = `repos/${process.env.GITHUB_REPOSITORY}/actions`;
  const query = `${path}/workflows/drift-sweep.yml/runs?created=${encodeURIComponent(`>=${since}`)}&per_page=100`;
  const { workflow_runs: runs } = json("gh", ["api", query], { workflow_runs: [] });
  const kept = ({ id }) =>
    json("gh", ["api", `${path}/runs/${id}/artifacts?name=heartbeat`], { artifacts: [] }).artifacts.length > 0;
  return runs.filter(({ event }) => event !== "pull_request").find(kept)?.created_at;
}
