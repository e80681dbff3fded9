import type { Configuration } from "../../config/schema";
import { context, secret, when } from "./model/expression";
import { job, read, write } from "./model/job";
import { run } from "./model/script";
import { step } from "./model/step";
import { type Workflow, workflow } from "./model/workflow";
import { keep } from "./part/artifact";
import { checkout } from "./part/checkout";
import { notify } from "./part/notify";
import { flyctl, node } from "./part/tool";

/** Minutes of GitHub Actions and the use of Fly, once a week, against the budgets where the configuration sets them. */
export function costMonitoring({ delivery }: Configuration): Workflow {
  const count = step("count", {
    name: "Count",
    env: { GH_TOKEN: context("github.token"), FLY_API_TOKEN: secret("FLY_API_TOKEN") },
    run: run`node scripts/ops/cost-report.mjs --report cost.json`,
    outputs: ["over"],
  });
  return workflow({
    file: "cost-monitoring.yml",
    name: "Cost Monitoring",
    purpose: "Counts what GitHub Actions and Fly cost, and compares it with the budgets.",
    on: { schedule: "41 14 * * 1", manual: {} },
    concurrency: { group: "cost-monitoring", cancelInProgress: false },
    jobs: [
      job({
        id: "cost",
        permissions: {
          contents: "read",
          actions: read("counts runs and the minutes of their jobs"),
          issues: write("opens an issue when a budget is exceeded"),
        },
        timeoutMinutes: 15,
        steps: [
          checkout(),
          ...node(delivery),
          flyctl(delivery),
          count,
          keep("cost", "cost.json", delivery.retention.statisticsDays),
          notify(delivery, {
            kind: "budget",
            summary: "A budget is exceeded",
            if: when`failure() && ${count.output("over")} != ${""}`,
            details: { over: count.output("over") },
          }),
        ],
      }),
    ],
  });
}
