import { posix } from "node:path";
import type { Configuration } from "../../config/schema";
import { context, when } from "./model/expression";
import { type Job, job } from "./model/job";
import { run } from "./model/script";
import { type Workflow, workflow } from "./model/workflow";
import { keep } from "./part/artifact";
import { checkout } from "./part/checkout";
import { newestOfPullRequest } from "./part/group";
import { node } from "./part/tool";

const file = "migration-test.yml";
const base = context("github.event.pull_request.base.sha");

/**
 * New migrations only add: squawk reads them, then a PostgreSQL that is thrown away applies them to rows and undoes them.
 *
 * That server is the runner's own program, started by the script in a temporary folder: no container image to trust and to fetch, and the
 * same command works on every machine that has PostgreSQL.
 */
export function migrationTest({ delivery }: Configuration): Workflow {
  const { database, tools } = delivery;
  const validate = job({
    id: "validate",
    permissions: { contents: "read" },
    timeoutMinutes: 5,
    steps: [
      checkout({ history: true }),
      ...node(delivery),
      {
        name: "Judge the new migrations",
        env: { BASE: base },
        run: run`node scripts/ops/validate-migrations.mjs --base "$BASE" --folder ${database.migrations}`,
      },
    ],
  });
  const dryRun = job({
    id: "dry-run",
    permissions: { contents: "read" },
    timeoutMinutes: 10,
    steps: [
      checkout({ history: true }),
      {
        name: "Apply the new migrations to rows, and undo them",
        env: { BASE: base },
        run: run`
          bash scripts/ops/migration-dry-run.sh --base "$BASE" --report migration-report \\
            --folder ${database.migrations} --fixtures ${database.fixtures} --postgres ${tools.postgres}
        `,
      },
      keep("migration-evidence", "migration-report", delivery.retention.auditDays),
    ],
  });
  return workflow({
    file,
    name: "Migration Test",
    purpose: "Tries the new migrations of a pull request before any database sees them.",
    on: {
      pullRequest: {
        paths: [
          `${database.migrations}/**`,
          database.fixtures,
          posix.join(posix.dirname(database.migrations), "*.sql"),
          ".squawk.toml",
          "scripts/ops/*migration*",
          `.github/workflows/${file}`,
        ],
      },
    },
    concurrency: newestOfPullRequest("migration-test"),
    jobs: [validate, dryRun, summary(validate, dryRun)],
  });
}

const summary = (validate: Job, dryRun: Job): Job =>
  job({
    id: "summary",
    if: when`always()`,
    permissions: {},
    timeoutMinutes: 1,
    steps: [
      {
        name: "Sum up",
        env: { VALIDATE: validate.result, DRY_RUN: dryRun.result },
        run: run`
          {
            echo "## Migrations"
            echo "validate: $VALIDATE, dry-run: $DRY_RUN"
            echo "The artifact migration-evidence holds the change of the schema and the rollback guide."
          } >> "$GITHUB_STEP_SUMMARY"
          [[ "$VALIDATE" == success && "$DRY_RUN" == success ]]
        `,
      },
    ],
  });
