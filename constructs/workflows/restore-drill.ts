import type { Configuration } from "../../config/schema";
import { context, secret, when } from "./model/expression";
import { job, read } from "./model/job";
import { run } from "./model/script";
import { step } from "./model/step";
import { type Workflow, workflow } from "./model/workflow";
import { keep } from "./part/artifact";
import { checkout } from "./part/checkout";
import { notify } from "./part/notify";
import { handed } from "./part/secret";
import { bareNode } from "./part/tool";

/**
 * Proves four times a year that a backup can be restored: the newest one replaces staging's database, and the tests of row-level security run on it.
 * The script refuses the database that the backup was made of, which is production's. Undefined where there is no staging.
 */
export function restoreDrill({ delivery, environments }: Configuration): Workflow | undefined {
  if (!environments.staging) return undefined;
  const newest = step("newest", {
    name: "Fetch the newest backup",
    env: { GH_TOKEN: context("github.token") },
    run: run`node scripts/ops/fetch-backup.mjs --folder backups`,
    outputs: ["made"],
  });
  return workflow({
    file: "restore-drill.yml",
    name: "Restore Drill",
    purpose: "Restores the newest backup into staging, and tests it there.",
    on: { schedule: "19 15 5 1,4,7,10 *", manual: {} },
    concurrency: { group: "restore-drill", cancelInProgress: false },
    jobs: [
      job({
        id: "restore",
        environment: { name: "infrastructure" },
        permissions: { contents: "read", actions: read("fetches the newest backup") },
        timeoutMinutes: 20,
        steps: [
          checkout(),
          bareNode(delivery),
          newest,
          {
            name: "Open",
            env: handed(["BACKUP_PASSPHRASE"]),
            run: run`bash scripts/backup/seal.sh open backups/database-*.tar.gz.gpg`,
          },
          {
            name: "Restore into staging and test it",
            env: { DATABASE_URL: secret("STAGING_DATABASE_URL"), RESTORE_LOG: "artifacts/restores/log.jsonl" },
            run: run`bash scripts/backup/restore-database.sh backups/database-*.tar.gz staging --replace`,
          },
          keep("restore-log", "artifacts/restores/log.jsonl", delivery.retention.auditDays, { optional: true }),
          notify(delivery, {
            kind: "backup",
            summary: "The newest backup could not be restored into staging",
            if: when`failure()`,
            details: { "backup-made": newest.output("made") },
          }),
        ],
      }),
    ],
  });
}
