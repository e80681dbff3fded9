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
import { bareNode, node } from "./part/tool";

/**
 * Dumps production's database, proves the dump complete, and keeps it encrypted: whoever may read the repository can fetch its artifacts. Production's
 * own environment would wait for an approval every night, so that `infrastructure` holds an address of the database for this alone.
 *
 * The sweep looks after the backups, and this workflow after the sweeps, so that none of them ends unnoticed.
 */
export function backup({ delivery }: Configuration): Workflow {
  const listen = step("listen", {
    name: "Listen for the drift sweep",
    env: { GH_TOKEN: context("github.token") },
    run: run`node scripts/ops/sweep-silence.mjs`,
    outputs: ["silent"],
  });
  return workflow({
    file: "backup.yml",
    name: "Backup",
    purpose: "Dumps the database, verifies the dump and keeps it, encrypted.",
    on: { schedule: delivery.backup.frequency === "daily" ? "23 9 * * *" : "23 9 * * 0", manual: {} },
    concurrency: { group: "backup", cancelInProgress: false },
    jobs: [
      job({
        id: "backup",
        environment: { name: "infrastructure" },
        permissions: { contents: "read" },
        timeoutMinutes: 30,
        steps: [
          checkout(),
          ...node(delivery),
          {
            name: "Dump and verify",
            env: { DATABASE_URL: secret("BACKUP_DATABASE_URL") },
            run: run`PATH="$PWD/node_modules/.bin:$PATH" bash scripts/backup/backup-database.sh backups`,
          },
          {
            name: "Seal",
            env: handed(["BACKUP_PASSPHRASE"]),
            run: run`bash scripts/backup/seal.sh seal backups/database-*.tar.gz`,
          },
          // The name by which scripts/ops/backup-artifact.mjs finds it again.
          keep("database-backup", "backups/*.gpg\nbackups/*.sha256", delivery.retention.backupDays),
          notify(delivery, { kind: "backup", summary: "The database could not be backed up", if: when`failure()` }),
        ],
      }),
      job({
        id: "sweeps",
        permissions: { contents: "read", actions: read("asks when the last drift sweep was") },
        timeoutMinutes: 5,
        steps: [
          checkout(),
          bareNode(delivery),
          listen,
          notify(delivery, {
            kind: "drift",
            summary: "The drift sweep is silent",
            if: when`${listen.output("silent")} != ${""}`,
            details: { silent: listen.output("silent") },
          }),
        ],
      }),
    ],
  });
}
