import type { Configuration } from "../../config/schema";
import { infra } from "./command";
import { variable, when } from "./model/expression";
import { job } from "./model/job";
import { run } from "./model/script";
import { inputsOf, type Workflow, workflow } from "./model/workflow";
import { keep } from "./part/artifact";
import { checkout } from "./part/checkout";
import { flyToken, githubEnvironment } from "./part/fly";
import { notify } from "./part/notify";
import { bareNode, flyctl } from "./part/tool";
import { validated } from "./part/validate";

const { inputs, read } = inputsOf({
  experiment: {
    type: "choice",
    description: "What is done to staging",
    options: ["stop-machine", "cut-dependency", "delay-dependency"],
    default: "stop-machine",
  },
  seconds: { type: "number", description: "Seconds in which it has to come back, at most 600", default: 120 },
});

/** Controlled failures, on staging alone; undefined where there is no staging. */
export function chaos({ delivery, environments: { production, staging } }: Configuration): Workflow | undefined {
  if (!staging) return undefined;
  const given = validated("given", {
    experiment: { value: read.experiment, pattern: "word" },
    seconds: { value: read.seconds, pattern: "seconds" },
  });
  const isStop = when`${given.output("experiment")} == ${"stop-machine"}`;
  return workflow({
    file: "chaos.yml",
    name: "Chaos",
    purpose: `Fails a part of ${staging.app} for a limited time and verifies that it recovers. Off unless variable CHAOS_ENABLED is "true".`,
    on: { manual: { inputs } },
    concurrency: { group: "staging", cancelInProgress: false },
    jobs: [
      job({
        id: "chaos",
        permissions: { contents: "read" },
        environment: githubEnvironment(staging, "staging"),
        timeoutMinutes: 15,
        steps: [
          {
            name: "Check that it is switched on",
            env: { ENABLED: variable("CHAOS_ENABLED") },
            run: run`
              if [[ "$ENABLED" != true ]]; then
                echo "::error title=Off::failure tests are off; set the variable CHAOS_ENABLED to true for the time of a test"
                exit 1
              fi
            `,
          },
          given,
          checkout(),
          bareNode(delivery),
          flyctl(delivery),
          {
            name: "Stop a machine and watch",
            if: isStop,
            env: { ...flyToken, SECONDS_ALLOWED: given.output("seconds") },
            run: run`
              node scripts/ops/chaos.mjs --app ${staging.app} --never ${production.app} --url ${staging.url} \\
                --seconds "$SECONDS_ALLOWED" --report chaos.json
            `,
          },
          { name: "Try it with infra", if: when`!${isStop}`, run: infra("chaos", "staging") },
          {
            name: "Record the experiment",
            if: when`!cancelled() && ${isStop}`,
            env: { RECORD_APP: staging.app, RECORD_EXPERIMENT: given.output("experiment") },
            run: run`node scripts/ops/record.mjs --kind chaos --file record.json`,
          },
          keep("chaos", ["chaos.json", "record.json"].join("\n"), delivery.retention.auditDays, { optional: true }),
          notify(delivery, {
            kind: "machine",
            summary: `${staging.app} did not recover`,
            if: when`failure() && ${isStop}`,
          }),
        ],
      }),
    ],
  });
}
