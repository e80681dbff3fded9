import type { Configuration, Environment } from "../../config/schema";
import { context, text, when } from "./model/expression";
import { call, type JobHandle, job, type Permissions } from "./model/job";
import { run } from "./model/script";
import { step } from "./model/step";
import { inputsOf, type Workflow, workflow } from "./model/workflow";
import { keep } from "./part/artifact";
import { checkout } from "./part/checkout";
import {
  flyToken,
  githubEnvironment,
  hasSingleMachines,
  healthyPaths,
  importSecrets,
  runtimeSecrets,
  startedMachines,
  verifySecrets,
} from "./part/fly";
import { stagingProof } from "./part/gate";
import { limitNotice, notify } from "./part/notify";
import { secretsForCall } from "./part/rollback";
import { handed } from "./part/secret";
import { bareNode, flyctl } from "./part/tool";
import { validated } from "./part/validate";
import { stagingRollbackFile } from "./rollback-staging";
import { smokeAfter } from "./workflow-smoke";

const readOnly: Permissions = { contents: "read" };
const { inputs, read } = inputsOf({
  no_cache: { type: "boolean", description: "Build without the builder's cache", default: false },
});

/** Deploys each push to staging's branches; undefined where there is no staging. */
export function deployStaging(config: Configuration): Workflow | undefined {
  const { delivery } = config;
  const { staging } = config.environments;
  if (!staging) return undefined;
  const preDeploy = prepare(config, staging);
  const image = build(config, staging, preDeploy);
  const deployed = deploy(config, staging, image);
  const healthy = healthCheck(config, staging, deployed);
  const wentWrong = when`${deployed.result} != ${"success"} || ${healthy.result} != ${"success"}`;
  const rollback = call({
    id: "rollback-on-failure",
    calls: stagingRollbackFile,
    if: when`always() && ${deployed.output("begun")} == ${"true"} && ${preDeploy.output("previous")} != ${""} && ${wentWrong}`,
    permissions: readOnly,
    with: { called: true, image: preDeploy.output("previous") },
    secrets: secretsForCall(delivery),
  });
  const outcome = step("outcome", {
    name: "Tell the outcome",
    env: { HEALTH: healthy.result, ROLLBACK: rollback.result },
    run: run`
      outcome=failed
      if [[ "$HEALTH" == success ]]; then outcome=deployed; fi
      if [[ "$HEALTH" != success && "$ROLLBACK" == success ]]; then outcome="rolled back"; fi
      echo "outcome=$outcome" >> "$GITHUB_OUTPUT"
    `,
    outputs: ["outcome"],
  });
  const summary = job({
    id: "summary",
    // What deploy-production.yml asks for as proof.
    name: stagingProof,
    if: when`always()`,
    permissions: readOnly,
    timeoutMinutes: 5,
    steps: [
      checkout(),
      bareNode(delivery),
      outcome,
      {
        name: "Record the deployment",
        env: {
          RECORD_APP: staging.app,
          RECORD_ENVIRONMENT: "staging",
          RECORD_IMAGE: image.output("image"),
          RECORD_PREVIOUS: preDeploy.output("previous"),
          RECORD_TRIES: deployed.output("tries"),
          RECORD_OUTCOME: outcome.output("outcome"),
        },
        run: run`node scripts/ops/record.mjs --kind deployment --file staging-record/record.json`,
      },
      keep("staging-record", "staging-record", delivery.retention.auditDays),
      notify(delivery, {
        kind: "deployment",
        summary: `The deployment to ${staging.app} failed`,
        if: when`${outcome.output("outcome")} != ${"deployed"}`,
        details: { outcome: outcome.output("outcome"), commit: context("github.sha") },
      }),
      limitNotice(delivery, deployed.output("kind")),
      {
        name: "End as the deployment did",
        env: { OUTCOME: outcome.output("outcome") },
        run: run`
          if [[ "$OUTCOME" != deployed ]]; then
            echo "::error title=Not deployed::${staging.app}: $OUTCOME"
            exit 1
          fi
        `,
      },
    ],
  });
  return workflow({
    file: delivery.staging.workflowFile,
    source: "deploy-staging",
    name: "Deploy to Staging",
    purpose: `Deploys to ${staging.app}, proves that it is healthy and stays so, and goes back to the image before when it is not.`,
    on: { push: { branches: delivery.staging.branches }, manual: { inputs } },
    concurrency: { group: "staging", cancelInProgress: false },
    jobs: [preDeploy, image, deployed, healthy, rollback, summary, smokeAfter(healthy)],
  });
}

/** Looks before anything changes: secrets, and the image to go back to. */
function prepare(config: Configuration, staging: Environment) {
  const flags = validated("flags", { "no-cache": { value: read.no_cache, pattern: "flag", optional: true } });
  const previous = step("previous", {
    name: "Find the image to go back to",
    env: flyToken,
    run: run`node scripts/ops/previous-image.mjs --app ${staging.app} --first`,
    outputs: ["image"],
  });
  return job({
    id: "pre-deploy",
    permissions: readOnly,
    environment: githubEnvironment(staging, "staging"),
    timeoutMinutes: 5,
    outputs: { previous: previous.output("image"), "no-cache": flags.output("no-cache") },
    steps: [
      checkout(),
      bareNode(config.delivery),
      flyctl(config.delivery),
      flags,
      verifySecrets(config, "staging"),
      keep("staging-secrets", "secret-check.txt", config.delivery.retention.auditDays, { optional: true }),
      previous,
    ],
  });
}

function build(config: Configuration, staging: Environment, before: JobHandle<"previous" | "no-cache">) {
  const { delivery } = config;
  const [service] = staging.groups.app?.services ?? [];
  const path = service?.checks?.find(({ type }) => type === "http")?.path ?? "/";
  const names = runtimeSecrets(config, "staging");
  const image = step("image", {
    name: "Build the image",
    env: {
      ...flyToken,
      LABEL: text`build-${context("github.sha")}-${context("github.run_id")}-${context("github.run_attempt")}`,
      NO_CACHE: before.output("no-cache"),
    },
    run: run`
      node scripts/ops/build-image.mjs --app ${staging.app} --config ${staging.flyToml ?? "fly.toml"} \\
        --label "$LABEL" --no-cache "$NO_CACHE" --tries ${delivery.production.tries}
    `,
    outputs: ["image"],
  });
  return job({
    id: "build",
    // Not "build": that is a required check, of CI.
    name: "build-image",
    permissions: readOnly,
    environment: githubEnvironment(staging, "staging"),
    timeoutMinutes: 15,
    outputs: { image: image.output("image") },
    steps: [
      checkout(),
      bareNode(delivery),
      flyctl(delivery),
      image,
      {
        name: "Start the image once",
        env: { ...flyToken, ...handed(names), IMAGE: image.output("image") },
        run: run`bash scripts/ops/start-image.sh "$IMAGE" ${service?.internalPort ?? 3000} ${path} ${names}`,
      },
    ],
  });
}

function deploy(config: Configuration, staging: Environment, image: JobHandle<"image">) {
  const { delivery } = config;
  const deployment = step("deployment", {
    name: "Deploy",
    env: { ...flyToken, IMAGE: image.output("image") },
    run: run`
      node scripts/ops/deploy.mjs --app ${staging.app} --config ${staging.flyToml ?? "fly.toml"} --image "$IMAGE" \\
        --tries ${delivery.production.tries} ${hasSingleMachines(staging) ? ["--one-machine"] : []} --log deploy.log
    `,
    outputs: ["begun", "started_at", "tries", "kind"],
  });
  return job({
    id: "deploy",
    permissions: readOnly,
    environment: githubEnvironment(staging, "staging"),
    timeoutMinutes: 20,
    outputs: {
      begun: deployment.output("begun"),
      "started-at": deployment.output("started_at"),
      tries: deployment.output("tries"),
      kind: deployment.output("kind"),
      image: image.output("image"),
    },
    steps: [
      checkout(),
      bareNode(delivery),
      flyctl(delivery),
      ...importSecrets(config, staging.app, "staging"),
      deployment,
      keep("staging-deploy", "deploy.log", delivery.retention.auditDays, { optional: true }),
    ],
  });
}

/** Green only when machines stay started and none exits or restarts: a finished deployment is not enough. */
function healthCheck(
  config: Configuration,
  staging: Environment,
  deployed: JobHandle<"begun" | "started-at" | "tries" | "kind" | "image">,
) {
  const { delivery } = config;
  return job({
    id: "health-check",
    permissions: readOnly,
    environment: githubEnvironment(staging, "staging"),
    timeoutMinutes: 10,
    steps: [
      checkout(),
      bareNode(delivery),
      flyctl(delivery),
      {
        name: "Verify",
        env: { ...flyToken, IMAGE: deployed.output("image"), SINCE: deployed.output("started-at") },
        run: run`
          node scripts/ops/verify-deployment.mjs --app ${staging.app} --url ${staging.url} \\
            --paths ${healthyPaths(config, staging)} --image "$IMAGE" --since "$SINCE" \\
            --started ${startedMachines(staging)} --report health.json
        `,
      },
      keep("staging-health", "health.json", delivery.retention.auditDays, { optional: true }),
    ],
  });
}
