import type { Configuration } from "../../config/schema";
import { context } from "./model/expression";
import { job, read, write } from "./model/job";
import { run } from "./model/script";
import { type Workflow, workflow } from "./model/workflow";
import { checkout } from "./part/checkout";
import { newestOfPullRequest } from "./part/group";
import { node } from "./part/tool";

/** The rules of a pull request: its issue, its allowed paths, its definition of done, and a green run of each workflow that it changes. */
export const danger = ({ delivery }: Configuration): Workflow =>
  workflow({
    file: "danger.yml",
    name: "Danger",
    purpose: "Holds a pull request against the rules of pull requests.",
    on: { pullRequest: { types: ["opened", "synchronize", "reopened", "edited", "ready_for_review"] } },
    concurrency: newestOfPullRequest("danger"),
    jobs: [
      job({
        id: "danger",
        name: "Danger",
        permissions: {
          actions: read("looks for the runs of changed workflows"),
          contents: "read",
          "pull-requests": write("comments on what is wrong"),
          statuses: write("reports the result at the commit"),
        },
        // Danger waits for the runs of changed workflows, at most two minutes less than CI may take.
        timeoutMinutes: Math.min(30, delivery.ci.maxMinutes),
        steps: [
          checkout({ ref: context("github.event.pull_request.head.sha") }),
          ...node(delivery),
          {
            name: "Judge the pull request",
            env: {
              DANGER_GITHUB_API_TOKEN: context("github.token"),
              HEAD_REPOSITORY: context("github.event.pull_request.head.repo.full_name"),
            },
            run: run`bash scripts/policy/danger.sh`,
          },
        ],
      }),
    ],
  });
