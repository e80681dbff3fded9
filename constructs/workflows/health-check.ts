import type { Configuration } from "../../config/schema";
import { when } from "./model/expression";
import { job } from "./model/job";
import { run } from "./model/script";
import { step } from "./model/step";
import { type Workflow, workflow } from "./model/workflow";
import { keep } from "./part/artifact";
import { checkout } from "./part/checkout";
import { notify } from "./part/notify";
import { bareNode } from "./part/tool";

/**
 * Synthetic probes from outside Fly. A target is down when two probes running fail; both are made in one run, a minute apart, so that nothing
 * has to be remembered and a run that GitHub drops hides no outage.
 */
export function healthCheck({ delivery }: Configuration): Workflow {
  const probe = step("probe", {
    name: "Probe",
    run: run`node scripts/ops/probe.mjs --report probes.json`,
    outputs: ["down"],
  });
  return workflow({
    file: "health-check.yml",
    name: "Health Check",
    purpose: "Asks production, staging and the support desk for their health, from outside.",
    on: { schedule: "2-59/5 * * * *", manual: {} },
    concurrency: { group: "health-check", cancelInProgress: false },
    jobs: [
      job({
        id: "probe",
        permissions: { contents: "read" },
        timeoutMinutes: 5,
        steps: [
          checkout(),
          bareNode(delivery),
          probe,
          keep("probes", "probes.json", delivery.retention.statisticsDays),
          notify(delivery, {
            kind: "uptime",
            summary: "Two probes running failed",
            if: when`failure() && ${probe.output("down")} != ${""}`,
            details: { down: probe.output("down") },
          }),
        ],
      }),
    ],
  });
}
