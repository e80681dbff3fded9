#!/usr/bin/env node
import { start } from "../policy/policy.mjs";
import { newestBackup } from "./backup-artifact.mjs";
import { give, options, refuse } from "./fly.mjs";

const usage = `Usage: node scripts/ops/newest-backup.mjs

Finds the newest backup of the database among the artifacts of backup.yml: output "run", the run that keeps it, and "made".
Env vars: GH_TOKEN (actions: read), GITHUB_REPOSITORY
Exit codes: 0 found, 1 there is none, 2 it cannot judge.`;

await start(usage, (args) => {
  options(args, {});
  const found = newestBackup();
  if (!found) return refuse("No backup", "backup.yml keeps none: run it, and look why it did not");
  give({ run: found.run, made: found.made });
  return 0;
});
