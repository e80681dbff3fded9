#!/usr/bin/env node
import { start } from "../policy/policy.mjs";
import { artifact, newestBackup } from "./backup-artifact.mjs";
import { execute, give, options, refuse } from "./fly.mjs";

const usage = `Usage: node scripts/ops/fetch-backup.mjs --folder FOLDER

Fetches the newest backup of the database that backup.yml keeps into FOLDER, sealed as it is; scripts/backup/seal.sh opens it.
Output: made, when it was made.
Env vars: GH_TOKEN (actions: read), GITHUB_REPOSITORY
Exit codes: 0 fetched, 1 there is none, 2 it cannot judge.`;

await start(usage, (args) => {
  const { folder } = options(args, { folder: "required" });
  const found = newestBackup();
  if (!found) return refuse("No backup", "backup.yml keeps none: run it, and look why it did not");
  give({ made: found.made });
  const { code, stderr } = execute("gh", ["run", "download", String(found.run), "--name", artifact, "--dir", folder]);
  return code === 0 ? 0 : refuse("No backup", `the one of run ${found.run} cannot be fetched: ${stderr.trim()}`);
});
