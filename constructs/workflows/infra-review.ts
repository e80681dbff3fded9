import type { Configuration } from "../../config/schema";
import { infra } from "./command";
import { context, secret } from "./model/expression";
import { type Job, job, write } from "./model/job";
import { run } from "./model/script";
import { type Workflow, workflow } from "./model/workflow";
import { fetch, keep } from "./part/artifact";
import { checkout } from "./part/checkout";
import { flyToken } from "./part/fly";
import { newestOfPullRequest } from "./part/group";
import { ownCode } from "./part/own-code";
import { stateCredentials } from "./part/state";
import { node, terraform } from "./part/tool";

/** What the program made of the configuration: data, and no program that a later job would run. */
const declared = "cdktf.out/stacks/*/cdk.tf.json\ncdktf.out/files/infra.json";

/**
 * Shows what a pull request would change. Its own code runs without any secret and leaves data behind; the plan is made of those by the code of the base
 * branch, with tokens that read. A label that is given or taken away is an approval that comes or goes: the review is made again.
 */
export function infraReview(config: Configuration): Workflow {
  const synth = synthesizing(config);
  return workflow({
    file: "infra-review.yml",
    name: "Infrastructure Review",
    purpose: "Checks the infrastructure that a pull request declares, and shows what would change.",
    on: { pullRequest: { types: ["opened", "synchronize", "reopened", "labeled", "unlabeled"] } },
    concurrency: newestOfPullRequest("infra-review"),
    jobs: [synth, reviewing(config, synth)],
  });
}

function synthesizing({ delivery }: Configuration): Job {
  return job({
    id: "synth",
    permissions: { contents: "read" },
    timeoutMinutes: 10,
    steps: [
      checkout(),
      ...node(delivery),
      terraform(delivery),
      { name: "Check what is declared", run: infra("check") },
      keep("declared", declared, delivery.retention.previewDays),
    ],
  });
}

/**
 * Skipped for forks, which get no secrets. The job's own token comments; Terraform reads with one that only reads, settings of the repository among it. It restores no cache: the job before it, whose code is not judged yet, can write one. */
function reviewing({ delivery, state }: Configuration, synth: Job): Job {
  return job({
    id: "review",
    needs: [synth],
    if: ownCode,
    permissions: {
      contents: "read",
      "pull-requests": write("keeps one comment with the plan"),
      statuses: write("reports the verdict at the commit"),
    },
    timeoutMinutes: 15,
    steps: [
      checkout({ ref: context("github.event.pull_request.base.sha") }),
      ...node(delivery, { cache: false }),
      terraform(delivery),
      fetch("declared", "proposed"),
      {
        name: "Plan and comment",
        env: {
          ...flyToken,
          GITHUB_TOKEN: context("github.token"),
          INFRA_READ_TOKEN: secret("INFRA_READ_TOKEN"),
          NUMBER: context("github.event.pull_request.number"),
          HEAD: context("github.event.pull_request.head.sha"),
          ...stateCredentials(state),
        },
        run: run`
          found=0
          ${infra("review", "--declared", "proposed", "--comment", "--out", "reviewed.json")} --pull-request "$NUMBER" --commit "$HEAD" || found=$?
          if [ "$found" = 2 ]; then
            echo "::notice title=Reviewed::something changes, and nothing stands against it"
            exit 0
          fi
          exit "$found"
        `,
      },
      keep("reviewed", "reviewed.json", delivery.retention.auditDays, { optional: true }),
    ],
  });
}
