import type { Configuration } from "../../config/schema";
import { context, secret, variable } from "./model/expression";
import { call, type Job, job, read } from "./model/job";
import { run } from "./model/script";
import { groupUnlessCalled, inputsOf, type Workflow, workflow } from "./model/workflow";
import { keep } from "./part/artifact";
import { checkout } from "./part/checkout";
import { handed } from "./part/secret";
import { bareNode, flyctl } from "./part/tool";

const file = "workflow-smoke.yml";
const names = ["FLY_API_TOKEN", "SUPABASE_URL", "SUPABASE_SERVICE_KEY", "PUBLER_API_KEY", "PUBLER_WORKSPACE_ID"];
const { inputs } = inputsOf({ called: { type: "boolean", description: "Another workflow calls", default: false } });

/** Tries what the workflows depend on, each by one call that changes nothing. */
export function workflowSmoke({ delivery }: Configuration): Workflow {
  return workflow({
    file,
    name: "Workflow Smoke",
    purpose: "Tries the workflows and what they depend on: the apps, GitHub, Supabase, Publer, the support desk.",
    on: {
      manual: {},
      call: {
        inputs,
        secrets: Object.fromEntries(
          names.map((name) => [name, { description: "A call that changes nothing is made with it", required: false }]),
        ),
      },
    },
    concurrency: groupUnlessCalled("workflow-smoke"),
    jobs: [
      job({
        id: "smoke",
        permissions: { contents: "read", actions: read("lists the workflows") },
        timeoutMinutes: 5,
        steps: [
          checkout(),
          bareNode(delivery),
          flyctl(delivery),
          {
            name: "Try each",
            env: {
              ...handed(names),
              GH_TOKEN: context("github.token"),
              PUBLER_API_URL: variable("PUBLER_API_URL"),
            },
            run: run`node scripts/ops/smoke.mjs --report smoke.json`,
          },
          keep("smoke", "smoke.json", delivery.retention.statisticsDays),
        ],
      }),
    ],
  });
}

/** The job that a deployment ends with: `needs` are the jobs that come before. */
export const smokeAfter = (...needs: readonly Job[]): Job =>
  call({
    id: "smoke",
    calls: file,
    needs,
    permissions: { contents: "read", actions: read("lists the workflows") },
    with: { called: true },
    secrets: Object.fromEntries(names.map((name) => [name, secret(name)])),
  });
