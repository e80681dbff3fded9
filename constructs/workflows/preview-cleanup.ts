import type { Configuration } from "../../config/schema";
import { context, text, when } from "./model/expression";
import { job, write } from "./model/job";
import { run } from "./model/script";
import { type Workflow, workflow } from "./model/workflow";
import { checkout } from "./part/checkout";
import { flyToken } from "./part/fly";
import { notify } from "./part/notify";
import { ownCode } from "./part/own-code";
import { goneComment, previewGroup } from "./part/preview";
import { bareNode, flyctl } from "./part/tool";

/** Removes a pull request's preview, app and all, when it is merged or closed. */
export function previewCleanup({ delivery, repository, environments: { preview } }: Configuration): Workflow {
  return workflow({
    file: "preview-cleanup.yml",
    name: "Preview Cleanup",
    purpose: "Removes the app of a pull request that is merged or closed.",
    on: { pullRequest: { types: ["closed"] } },
    concurrency: previewGroup,
    jobs: [
      job({
        id: "cleanup",
        if: ownCode,
        permissions: { contents: "read", "pull-requests": write("says on the pull request that the preview is gone") },
        environment: { name: preview.githubEnvironment ?? "preview" },
        timeoutMinutes: 10,
        steps: [
          // Of a pull request with conflicts there is no merge commit to check out.
          checkout({ ref: text`${repository.defaultBranch}` }),
          bareNode(delivery),
          flyctl(delivery),
          {
            name: "Destroy the app",
            env: { ...flyToken, NUMBER: context("github.event.pull_request.number") },
            run: run`node scripts/ops/preview-app.mjs --destroy --pattern ${preview.app} --number "$NUMBER"`,
          },
          goneComment("removed"),
          notify(delivery, {
            kind: "drift",
            summary: "The preview of a closed pull request is still there",
            if: when`failure()`,
          }),
        ],
      }),
    ],
  });
}
