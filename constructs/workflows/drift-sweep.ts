import type { Configuration } from "../../config/schema";
import { context, secret, when } from "./model/expression";
import { job, read, write } from "./model/job";
import { run } from "./model/script";
import { step } from "./model/step";
import { type Workflow, workflow } from "./model/workflow";
import { appToken } from "./part/app-token";
import { keep } from "./part/artifact";
import { checkout } from "./part/checkout";
import { cronAfter } from "./part/local-time";
import { notify } from "./part/notify";
import { stateCredentials } from "./part/state";
import { bareNode, gitleaks, node, terraform } from "./part/tool";

/**
 * The sweep compares everything live with what is declared. GitHub's cron knows no summer time: runs begin for both offsets, and the first job
 * lets the right one go on. What it reads with only reads: FLY_API_TOKEN of the repository, and the App's token with reading permissions; the
 * job's own keeps one issue for each stack that differs.
 */
export function driftSweep({ delivery, state }: Configuration): Workflow {
  const decide = step("decide", {
    name: "Decide whether a sweep is due",
    env: { GH_TOKEN: context("github.token") },
    run: run`node scripts/ops/sweep-due.mjs`,
    outputs: ["due"],
  });
  const due = job({
    id: "due",
    permissions: { contents: "read", actions: read("asks whether a run swept already") },
    timeoutMinutes: 5,
    outputs: { due: decide.output("due") },
    steps: [checkout(), bareNode(delivery), decide],
  });
  const app = appToken("read");
  const sweep = step("sweep", {
    name: "Sweep",
    env: {
      FLY_API_TOKEN: secret("FLY_API_TOKEN"),
      GITHUB_TOKEN: context("github.token"),
      INFRA_READ_TOKEN: app.output("token"),
      ...stateCredentials(state),
    },
    run: run`bash scripts/ops/daily-drift-sweep.sh`,
    outputs: ["failed"],
  });
  return workflow({
    file: "drift-sweep.yml",
    name: "Drift Sweep",
    purpose: "Compares everything live with what is declared, and changes nothing.",
    on: { schedule: cronAfter(delivery.drift.times, delivery.drift.timeZone, 4), manual: {} },
    concurrency: { group: "drift-sweep", cancelInProgress: false },
    jobs: [
      due,
      job({
        id: "sweep",
        if: when`${due.output("due")} == ${"true"}`,
        environment: { name: "infrastructure" },
        permissions: { contents: "read", issues: write("keeps one issue for each stack that differs") },
        timeoutMinutes: 20,
        steps: [
          checkout({ history: true }),
          ...node(delivery),
          terraform(delivery),
          ...gitleaks(delivery),
          app,
          sweep,
          // By this scripts/ops/sweep-silence.mjs knows that there was a sweep.
          keep("heartbeat", "reports/status/heartbeat.json", delivery.retention.auditDays, { optional: true }),
          keep("gaps", "reports/status/gaps.md", delivery.retention.auditDays),
          keep("gaps-page", "reports/status/gaps.html", delivery.retention.auditDays, { optional: true }),
          notify(delivery, {
            kind: "drift",
            summary: "The drift sweep found gaps, or could not be made",
            if: when`failure()`,
            details: { failed: sweep.output("failed") },
          }),
        ],
      }),
    ],
  });
}
