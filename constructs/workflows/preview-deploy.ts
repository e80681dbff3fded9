import type { Configuration } from "../../config/schema";
import { context, text, when } from "./model/expression";
import { type Job, job, write } from "./model/job";
import { run } from "./model/script";
import { step } from "./model/step";
import { type Workflow, workflow } from "./model/workflow";
import { keep } from "./part/artifact";
import { checkout } from "./part/checkout";
import { flyToken, healthyPaths, importing, verifySecrets } from "./part/fly";
import { ownCode } from "./part/own-code";
import { atPreview, deployedComment, goneComment, previewGroup, pullRequestAuthor } from "./part/preview";
import { bareNode, flyctl } from "./part/tool";

/** An app for each pull request, updated by each push to it. */
export function previewDeploy(config: Configuration): Workflow {
  return workflow({
    file: "preview-deploy.yml",
    name: "Preview",
    purpose: "Gives each pull request an app of its own, and says on the pull request where it is.",
    on: { pullRequest: { types: ["opened", "synchronize", "reopened"] } },
    concurrency: previewGroup,
    jobs: [deploy(config), noPreview],
  });
}

/** Dependabot's pull requests are of this repository, and get no secrets either. */
const hasSecrets = when`${ownCode} && ${pullRequestAuthor} != ${"dependabot[bot]"}`;

function deploy(config: Configuration): Job {
  const { delivery, organization } = config;
  const { preview } = config.environments;
  const scope = preview.githubEnvironment ?? "preview";
  const app = step("app", {
    name: "Make the app where it is not",
    env: { ...flyToken, NUMBER: context("github.event.pull_request.number") },
    run: run`
      node scripts/ops/preview-app.mjs --ensure --org ${organization.slug} --pattern ${preview.app} --number "$NUMBER"
    `,
    outputs: ["app"],
  });
  const image = step("image", {
    name: "Build the image",
    env: {
      ...flyToken,
      APP: app.output("app"),
      LABEL: text`build-${context("github.run_id")}-${context("github.run_attempt")}`,
    },
    run: run`
      node scripts/ops/build-image.mjs --app "$APP" --config ${previewToml} --label "$LABEL" --tries ${delivery.production.tries}
    `,
    outputs: ["image"],
  });
  const deployment = step("deployment", {
    name: "Deploy",
    env: { ...flyToken, APP: app.output("app"), IMAGE: image.output("image") },
    run: run`
      node scripts/ops/deploy.mjs --app "$APP" --config ${previewToml} --image "$IMAGE" \\
        --tries ${delivery.production.tries} --one-machine --log preview/deploy.log
    `,
    outputs: ["started_at"],
  });
  const mark = step("mark", {
    name: "Say whose it is, and until when",
    env: { ...flyToken, NUMBER: context("github.event.pull_request.number"), OWNER: pullRequestAuthor },
    run: run`node scripts/ops/preview-app.mjs --mark --pattern ${preview.app} --number "$NUMBER" --owner "$OWNER"`,
    outputs: ["expires"],
  });
  const COMMIT = context("github.event.pull_request.head.sha");
  return job({
    id: "preview",
    if: hasSecrets,
    permissions: { contents: "read", "pull-requests": write("says on the pull request where the preview is") },
    environment: { name: scope, url: atPreview(preview.url) },
    timeoutMinutes: 20,
    steps: [
      checkout(),
      bareNode(delivery),
      flyctl(delivery),
      verifySecrets(config, scope),
      app,
      importing(config, run`"$APP"`, scope, { APP: app.output("app") }),
      image,
      deployment,
      mark,
      {
        name: "Check its health",
        env: {
          ...flyToken,
          APP: app.output("app"),
          ADDRESS: atPreview(preview.url),
          IMAGE: image.output("image"),
          SINCE: deployment.output("started_at"),
        },
        run: run`
          node scripts/ops/verify-deployment.mjs --app "$APP" --url "$ADDRESS" --paths ${healthyPaths(config, preview)} \\
            --image "$IMAGE" --since "$SINCE" --started 0 --attempts ${delivery.preview.attempts} \\
            --every ${delivery.preview.pauseSeconds} --watch 0 --report preview/health.json
        `,
      },
      {
        ...deployedComment({
          ADDRESS: atPreview(preview.url),
          APP: app.output("app"),
          COMMIT,
          IMAGE: image.output("image"),
          EXPIRES: mark.output("expires"),
        }),
        if: when`success()`,
      },
      { ...goneComment("failed", COMMIT), if: when`failure()` },
      keep("preview", "preview", delivery.retention.previewDays, { optional: true }),
    ],
  });
}

const previewToml = "fly.preview.toml";

const noPreview: Job = job({
  id: "no-preview",
  if: when`!${hasSecrets}`,
  permissions: {},
  timeoutMinutes: 1,
  steps: [
    {
      name: "Say that there is none",
      run: run`
        echo "No preview: GitHub hands no secrets to pull requests from forks and of Dependabot." | tee -a "$GITHUB_STEP_SUMMARY"
      `,
    },
  ],
});
