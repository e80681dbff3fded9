#!/usr/bin/env node
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { start } from "../policy/policy.mjs";
import { execute, give, json, options, refuse } from "./fly.mjs";

const usage = `Usage: node scripts/ops/staging-proof.mjs --workflow FILE --job NAME --commit SHA --folder FOLDER

Says whether a commit has been deployed to staging and was healthy there: the job of that name of a run of the staging
workflow on that commit ended well, which it does only after the health check. Fetches what that run kept into FOLDER.
Env vars: GH_TOKEN, GITHUB_REPOSITORY.
Outputs: image, where the run's record is still kept; run.
Exit codes: 0 it has, 1 not, 2 it cannot judge.`;

await start(usage, (args) => {
  const required = { workflow: "required", job: "required", commit: "required", folder: "required" };
  const { workflow, job, commit, folder } = options(args, required);
  const path = `repos/${process.env.GITHUB_REPOSITORY}/actions`;
  const query = `${path}/workflows/${workflow}/runs?head_sha=${commit}&per_page=100`;
  const runs = json("gh", ["api", query], { workflow_runs: [] }).workflow_runs.filter((run) => run.head_sha === commit);
  const good = runs.find(({ id }) =>
    json("gh", ["api", `${path}/runs/${id}/jobs?per_page=100`], { jobs: [] }).jobs.some(
      ({ name, conclusion }) => name === job && conclusion === "success",
    ),
  );
  if (!good) {
    const others = runs.map(({ conclusion, status }) => conclusion ?? status).join(", ");
    return refuse(
      "Not proven on staging",
      `${commit.slice(0, 12)} has no good run of ${workflow}${others && `, only: ${others}`}`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  const kept = execute("gh", ["run", "download", String(good.id), "--dir", folder]).code === 0;
  const record = kept ? recordIn(folder) : undefined;
  if (!record)
    console.log(
      `::warning::run ${good.id} is proof, and what it kept is gone: the image is built from the released files`,
    );
  give({ run: good.id, image: record?.commit === commit ? record.image : "" });
  return 0;
});

function recordIn(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, "staging-record", "record.json"), "utf8"));
  } catch {
    return undefined;
  }
}
