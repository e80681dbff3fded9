import type { Configuration } from "../../config/schema";
import { exists, infra } from "./command";
import { context } from "./model/expression";
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
 * branch, with tokens that read. The second job is there as soon as `infra review` is.
 *
 * @param canReview whether this version of `infra` has the command
 */
export function infraReview(config: Configuration, canReview = exists("review")): Workflow {
  const synth = synthesizing(config, canReview);
  return workflow({
    file: "infra-review.yml",
    name: "Infrastructure Review",
    purpose: "Checks the infrastructure that a pull request declares, and shows what would change.",
    on: { pullRequest: {} },
    concurrency: newestOfPullRequest("infra-review"),
    ...(!canReview && { awaits: ["review"] }),
    jobs: canReview ? [synth, reviewing(config, synth)] : [synth],
  });
}

function synthesizing({ delivery }: Configuration, canReview: boolean): Job {
  return job({
    id: "synth",
    permissions: { contents: "read" },
    timeoutMinutes: 10,
    steps: [
      checkout(),
      ...node(delivery),
      terraform(delivery),
      { name: "Check what is declared", run: infra("check") },
      ...(canReview ? [keep("declared", declared, delivery.retention.previewDays)] : []),
    ],
  });
}

/** Skipped for forks, which get no secrets. */
function reviewing({ delivery, state }: Configuration, synth: Job): Job {
  return job({
    id: "review",
    needs: [synth],
    if: ownCode,
    permissions: { contents: "read", "pull-requests": write("keeps one comment with the plan") },
    timeoutMinutes: 15,
    steps: [
      checkout({ ref: context("github.event.pull_request.base.sha") }),
      ...node(delivery),
      terraform(delivery),
      fetch("declared", "proposed"),
      {
        name: "Plan and comment",
        env: {
          ...flyToken,
          GITHUB_TOKEN: context("github.token"),
          PULL_REQUEST: context("github.event.pull_request.number"),
          ...stateCredentials(state),
        },
        run: run`${infra("review", "--declared", "proposed", "--comment")}`,
      },
    ],
  });
}
