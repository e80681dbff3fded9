import type { Configuration, Environment } from "../../config/schema";
import { context, foreign, type Trusted, text, when } from "./model/expression";
import { call, type Job, type JobHandle, job, read } from "./model/job";
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
  startedMachines,
  verifySecrets,
} from "./part/fly";
import { type Gate, gates, windowStep } from "./part/gate";
import { limitNotice, notify } from "./part/notify";
import { secretsForCall } from "./part/rollback";
import { bareNode, flyctl } from "./part/tool";
import { productionRollbackFile } from "./rollback-production";
import { smokeAfter } from "./workflow-smoke";

/** Text that an approver types where GitHub cannot wait for one. */
const confirmation = ({ app }: Environment) => `deploy ${app}`;

/** Deploys a released version to production: gates, one approval, the deployment, its proof, and the way back. */
export function deployProduction(config: Configuration): Workflow {
  const { delivery } = config;
  const { production } = config.environments;
  const { inputs, read: given } = productionInputs(config, production);
  const gate = gates(config, given.version);
  const ready = readiness(config, gate);
  const deployed = deploy(config, production, { gate, ready, given });
  const rollback = call({
    id: "rollback",
    calls: productionRollbackFile,
    if: when`always() && ${deployed.output("begun")} == ${"true"} && ${deployed.output("previous")} != ${""} && ${deployed.result} != ${"success"}`,
    permissions: { actions: read("looks for the record of a version"), contents: "read" },
    with: { called: true, image: deployed.output("previous") },
    secrets: secretsForCall(delivery),
  });
  return workflow({
    file: "deploy-production.yml",
    name: "Deploy to Production",
    purpose: `Deploys a released version to ${production.app}: gates, one approval, the deployment, its proof, and the way back.`,
    on: { manual: { inputs } },
    concurrency: { group: "production", cancelInProgress: false },
    jobs: [
      ...gate.jobs,
      ready,
      deployed,
      rollback,
      record(config, production, { gate, deployed, rollback }),
      smokeAfter(deployed),
    ],
  });
}

function productionInputs(config: Configuration, production: Environment) {
  return inputsOf({
    version: { type: "string", description: "Released version, such as v1.2.3", required: true },
    first: {
      type: "boolean",
      description: "First deployment of the app: there is no image to go back to",
      default: false,
    },
    no_cache: {
      type: "boolean",
      description: "Build without the builder's cache, where an image is built",
      default: false,
    },
    confirm: {
      type: "string",
      description: asksForConfirmation(config, production)
        ? `An approver types "${confirmation(production)}"`
        : "Not needed: GitHub waits for an approver",
      default: "",
    },
  });
}

type Given = ReturnType<typeof productionInputs>["read"];

const environmentOf = ({ repository }: Configuration, { githubEnvironment: name }: Environment) =>
  repository.environments[name ?? "production"];

const asksForConfirmation = (config: Configuration, production: Environment): boolean =>
  environmentOf(config, production)?.approval === "confirmation";

/** What a reader needs before an approval, as one artifact: migration evidence, secret verification, logs of the staging deployment. */
function readiness({ delivery }: Configuration, { jobs, version, commit, stagingRun }: Gate): Job {
  return job({
    id: "readiness",
    needs: jobs,
    permissions: { actions: read("fetches what the staging deployment kept"), contents: "read" },
    timeoutMinutes: 10,
    steps: [
      checkout({ ref: commit }),
      {
        name: "Gather the evidence",
        env: {
          GH_TOKEN: context("github.token"),
          COMMIT: commit,
          STAGING_RUN: stagingRun ?? "",
          MIGRATIONS: delivery.database.migrations,
        },
        run: run`bash scripts/ops/readiness.sh readiness`,
      },
      keep(text`readiness-${version}`, "readiness", delivery.retention.auditDays),
    ],
  });
}

function approval(config: Configuration, production: Environment, given: Given) {
  const environment = production.githubEnvironment ?? "production";
  const logins = (environmentOf(config, production)?.approvers ?? []).filter((name) => !name.startsWith("team/"));
  const asked = asksForConfirmation(config, production)
    ? ["--expects", confirmation(production), "--approvers", logins.join(",") || "none"]
    : [];
  return step("approval", {
    name: "Check the approval",
    env: { GH_TOKEN: context("github.token"), CONFIRM: given.confirm, ACTOR: foreign("github.triggering_actor") },
    run: run`node scripts/ops/check-approval.mjs --environment ${environment} ${asked} --evidence approval.json`,
    outputs: ["approver"],
  });
}

/** One job, since each job of the environment would ask for an approval of its own. */
function deploy(
  config: Configuration,
  production: Environment,
  { gate, ready, given }: { readonly gate: Gate; readonly ready: Job; readonly given: Given },
) {
  const { delivery } = config;
  const { version, commit, stagingImage } = gate;
  const approved = approval(config, production, given);
  const previous = step("previous", {
    name: "Find the image to go back to",
    env: { ...flyToken, FIRST: given.first },
    run: run`
      first=()
      if [[ "$FIRST" == true ]]; then first=(--first); fi
      node scripts/ops/previous-image.mjs --app ${production.app} "\${first[@]}"
    `,
    outputs: ["image"],
  });
  const deployment = step("deployment", {
    name: "Deploy",
    env: {
      ...flyToken,
      IMAGE: stagingImage ?? "",
      LABEL: text`${version}-${context("github.run_id")}`,
      NO_CACHE: given.no_cache,
    },
    run: run`
      node scripts/ops/deploy.mjs --app ${production.app} --config ${production.flyToml ?? "fly.production.toml"} \\
        --image "$IMAGE" --folder released --label "$LABEL" --no-cache "$NO_CACHE" \\
        --tries ${delivery.production.tries} ${hasSingleMachines(production) ? ["--one-machine"] : []} --log deploy.log
    `,
    outputs: ["begun", "started_at", "image", "tries", "kind"],
  });
  return job({
    id: "deploy",
    needs: [ready],
    permissions: { actions: read("asks who approved this run"), contents: "read" },
    environment: githubEnvironment(production, "production"),
    timeoutMinutes: 20,
    outputs: {
      begun: deployment.output("begun"),
      previous: previous.output("image"),
      image: deployment.output("image"),
      tries: deployment.output("tries"),
      kind: deployment.output("kind"),
      approver: approved.output("approver"),
    },
    steps: [
      checkout({ ref: commit }),
      bareNode(delivery),
      flyctl(delivery),
      approved,
      windowStep(delivery, "Check the window again: an approval can take its time"),
      verifySecrets(config, production.githubEnvironment ?? "production"),
      previous,
      {
        name: "Fetch the released files",
        env: { GH_TOKEN: context("github.token"), VERSION: version },
        run: run`bash scripts/ops/fetch-release.sh "$VERSION" released`,
      },
      ...importSecrets(config, production.app, production.githubEnvironment ?? "production"),
      deployment,
      {
        name: "Verify",
        env: { ...flyToken, IMAGE: deployment.output("image"), SINCE: deployment.output("started_at") },
        run: run`
          node scripts/ops/verify-deployment.mjs --app ${production.app} --url ${production.url} \\
            --paths ${healthyPaths(config, production)} --image "$IMAGE" --since "$SINCE" \\
            --started ${startedMachines(production)} --report health.json
        `,
      },
      keep(
        text`production-deploy-${version}`,
        ["approval.json", "secret-check.txt", "deploy.log", "health.json"].join("\n"),
        delivery.retention.auditDays,
        { optional: true },
      ),
    ],
  });
}

function record(
  { delivery }: Configuration,
  production: Environment,
  {
    gate,
    deployed,
    rollback,
  }: {
    readonly gate: Gate;
    readonly deployed: JobHandle<"previous" | "image" | "tries" | "begun" | "kind" | "approver">;
    readonly rollback: Job;
  },
): Job {
  const outcome = step("outcome", {
    name: "Tell the outcome",
    env: { DEPLOYED: deployed.result, BEGUN: deployed.output("begun"), ROLLBACK: rollback.result },
    run: run`
      outcome=failed
      if [[ "$DEPLOYED" == success ]]; then outcome=deployed
      elif [[ "$BEGUN" != true ]]; then outcome=refused
      elif [[ "$ROLLBACK" == success ]]; then outcome="rolled back"
      fi
      echo "outcome=$outcome" >> "$GITHUB_OUTPUT"
    `,
    outputs: ["outcome"],
  });
  const details: Readonly<Record<string, Trusted>> = {
    outcome: outcome.output("outcome"),
    version: gate.version,
    commit: gate.commit,
  };
  return job({
    id: "record",
    if: when`always() && ${gate.accepted} == ${"success"}`,
    permissions: { contents: "read" },
    timeoutMinutes: 5,
    steps: [
      checkout(),
      bareNode(delivery),
      outcome,
      {
        name: "Record the deployment",
        env: {
          RECORD_APP: production.app,
          RECORD_ENVIRONMENT: "production",
          RECORD_VERSION: gate.version,
          RECORD_COMMIT: gate.commit,
          RECORD_IMAGE: deployed.output("image"),
          RECORD_PREVIOUS: deployed.output("previous"),
          RECORD_TRIES: deployed.output("tries"),
          RECORD_APPROVER: deployed.output("approver"),
          RECORD_OUTCOME: outcome.output("outcome"),
        },
        run: run`node scripts/ops/record.mjs --kind deployment --file production-record/record.json`,
      },
      keep(text`production-record-${gate.version}`, "production-record", delivery.retention.auditDays),
      notify(delivery, {
        kind: "deployed",
        summary: `A version was deployed to ${production.app}`,
        if: when`${outcome.output("outcome")} == ${"deployed"}`,
        details,
      }),
      notify(delivery, {
        kind: "deployment",
        summary: `A version was not deployed to ${production.app}`,
        if: when`${outcome.output("outcome")} != ${"deployed"}`,
        details,
      }),
      limitNotice(delivery, deployed.output("kind")),
      {
        name: "End as the deployment did",
        env: { OUTCOME: outcome.output("outcome") },
        run: run`
          if [[ "$OUTCOME" != deployed ]]; then
            echo "::error title=Not deployed::${production.app}: $OUTCOME"
            exit 1
          fi
        `,
      },
    ],
  });
}
