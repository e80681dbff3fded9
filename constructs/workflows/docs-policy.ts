import type { Configuration } from "../../config/schema";
import { job } from "./model/job";
import { run } from "./model/script";
import { type Workflow, workflow } from "./model/workflow";
import { checkout } from "./part/checkout";
import { newestOfPullRequest } from "./part/group";
import { bareNode } from "./part/tool";

/** Markdown stands at allow-listed places only. */
export const docsPolicy = ({ delivery }: Configuration): Workflow =>
  workflow({
    file: "docs-policy.yml",
    name: "Docs Policy",
    purpose: "Names every Markdown file that stands where none may.",
    on: { push: {}, pullRequest: {}, mergeGroup: true },
    concurrency: newestOfPullRequest("docs-policy"),
    jobs: [
      job({
        id: "docs-policy",
        name: "Docs Policy",
        permissions: { contents: "read" },
        timeoutMinutes: Math.min(5, delivery.ci.maxMinutes),
        steps: [
          checkout(),
          bareNode(delivery),
          { name: "Check where Markdown stands", run: run`node scripts/policy/check-docs.mjs` },
        ],
      }),
    ],
  });
