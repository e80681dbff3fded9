#!/usr/bin/env node
import { policy, start } from "../policy/policy.mjs";
import { newestBackup } from "./backup-artifact.mjs";
import { options } from "./fly.mjs";

const usage = `Usage: node scripts/ops/backup-age.mjs

Says whether the newest backup that backup.yml keeps is there, not empty, and no older than ${policy.backup.maxAgeHours} hours.
Env vars: GH_TOKEN (actions: read), GITHUB_REPOSITORY
Exit codes: 0 it is, 1 it is not, 2 it cannot tell.`;

await start(usage, (args) => {
  options(args, {});
  const gaps = backupGaps();
  for (const gap of gaps) console.error(gap);
  return gaps.length > 0 ? 1 : 0;
});

function backupGaps() {
  const newest = newestBackup();
  if (!newest) return ["backup.yml keeps no backup"];
  const hours = (Date.now() - new Date(newest.made).getTime()) / 3_600_000;
  return [
    ...(hours > policy.backup.maxAgeHours ? [`the newest backup is ${Math.floor(hours)} hours old`] : []),
    ...(newest.bytes > 0 ? [] : ["the newest backup is empty"]),
  ];
}
