#!/usr/bin/env node
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { start } from "../policy/policy.mjs";
import { execute, give, json, options } from "./fly.mjs";

const usage = `Usage: node scripts/ops/version-image.mjs --version v1.0.0 --folder FOLDER

Finds the image that a version was deployed to production with: in the record that its deployment kept. Without a record the version is built
again from its released files.
Env vars: GH_TOKEN, GITHUB_REPOSITORY.
Output: image, empty where no record is kept.
Exit codes: 0 looked, 2 it cannot judge.`;

await start(usage, (args) => {
  const { version, folder } = options(args, { version: "required", folder: "required" });
  const name = `production-record-${version}`;
  const path = `repos/${process.env.GITHUB_REPOSITORY}/actions/artifacts?name=${name}&per_page=100`;
  const kept = json("gh", ["api", path], { artifacts: [] })
    .artifacts.filter((one) => one.name === name && !one.expired)
    .sort((one, other) => (one.created_at < other.created_at ? 1 : -1));
  const images = kept.map(({ workflow_run: run }) => imageOf(run?.id, name, folder, version));
  const image = images.find(Boolean) ?? "";
  if (!image) console.log(`No record of a deployment of ${version} is kept.`);
  give({ image });
  return 0;
});

function imageOf(run, name, folder, version) {
  rmSync(folder, { recursive: true, force: true });
  if (execute("gh", ["run", "download", String(run), "--name", name, "--dir", folder]).code !== 0) return undefined;
  try {
    const record = JSON.parse(readFileSync(join(folder, "record.json"), "utf8"));
    return record.version === version && record.outcome === "deployed" ? record.image : undefined;
  } catch {
    return undefined;
  }
}
