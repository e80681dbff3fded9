import type { Configuration } from "../../config/schema";
import { job } from "./model/job";
import { run } from "./model/script";
import { type Workflow, workflow } from "./model/workflow";
import { checkout } from "./part/checkout";
import { newestOfPullRequest } from "./part/group";
import { bareNode, node } from "./part/tool";

/** A person approves whatever an agent of the application does; the files that say so are judged. */
export function aiConfig({ delivery }: Configuration): Workflow {
  const needsParser = delivery.aiConfig.files.some((file) => /\.ya?ml$/.test(file));
  return workflow({
    file: "ai-config.yml",
    name: "AI Config Validation",
    purpose: "Judges the application's human-approval configuration.",
    on: { push: {}, pullRequest: {}, mergeGroup: true },
    concurrency: newestOfPullRequest("ai-config"),
    jobs: [
      job({
        id: "ai-config",
        name: "AI Config Validation",
        permissions: { contents: "read" },
        timeoutMinutes: Math.min(5, delivery.ci.maxMinutes),
        steps: [
          checkout(),
          ...(needsParser ? node(delivery) : [bareNode(delivery)]),
          { name: "Judge the configuration", run: run`node scripts/policy/check-ai-config.mjs` },
        ],
      }),
    ],
  });
}
