import type { Configuration, Environment } from "../../config/schema";
import { context, text, when } from "./model/expression";
import { type Job, job, read } from "./model/job";
import { run } from "./model/script";
import { type Step, step } from "./model/step";
import { groupUnlessCalled, inputsOf, type Workflow, workflow } from "./model/workflow";
import { checkout } from "./part/checkout";
import { flyToken, githubEnvironment } from "./part/fly";
import { afterRollback, putBack, secretsOfCall, startClock } from "./part/rollback";
import { bareNode, flyctl } from "./part/tool";
import { validated } from "./part/validate";

/** Name of the file that `deploy-production.ts` calls. */
export const productionRollbackFile = "rollback-production.yml";

const called = inputsOf({
  called: { type: "boolean", description: "Another workflow calls", default: false },
  image: { type: "string", description: "Image to put in service", required: true },
});

/**
 * Puts an earlier image or version of production in service.
 *
 * By hand it takes a typed confirmation and the approval of the environment. A deployment that waits for its approval holds the group, and
 * so this back: the description of the input says to reject that one first.
 * When a failed deployment calls, nobody is asked: its job has no environment, for that would wait for an approval, and takes the token of
 * the repository.
 */
export function rollbackProduction(config: Configuration): Workflow {
  const { production } = config.environments;
  return workflow({
    file: productionRollbackFile,
    name: "Rollback Production",
    purpose: `Puts an earlier image of ${production.app} in service again, verifies it and writes the report; changes no data.`,
    on: {
      manual: { inputs: manual(production).inputs },
      call: { inputs: called.inputs, secrets: secretsOfCall(config.delivery) },
    },
    concurrency: groupUnlessCalled("production"),
    jobs: [byHand(config, production), automatic(config, production)],
  });
}

const confirmation = ({ app }: Environment) => `rollback ${app}`;

const manual = (production: Environment) =>
  inputsOf({
    version: { type: "string", description: "Version such as v1.0.0; empty: the image before", default: "" },
    confirm: {
      type: "string",
      description: `Type "${confirmation(production)}"; reject a deployment that waits for its approval first`,
      required: true,
    },
  });

function byHand(config: Configuration, production: Environment): Job {
  const { read: typed } = manual(production);
  const given = validated("given", { version: { value: typed.version, pattern: "releaseVersion", optional: true } });
  const kept = step("kept", {
    name: "Find the image of the version",
    if: when`${given.output("version")} != ${""}`,
    env: { GH_TOKEN: context("github.token"), VERSION: given.output("version") },
    run: run`node scripts/ops/version-image.mjs --version "$VERSION" --folder record`,
    outputs: ["image"],
  });
  const before = step("before", {
    name: "Find the image before",
    if: when`${given.output("version")} == ${""}`,
    env: flyToken,
    run: run`node scripts/ops/previous-image.mjs --app ${production.app} --back`,
    outputs: ["image"],
  });
  const released: Step = {
    name: "Fetch the released files",
    if: when`${given.output("version")} != ${""}`,
    env: { GH_TOKEN: context("github.token"), VERSION: given.output("version"), IMAGE: kept.output("image") },
    run: run`
      if ! bash scripts/ops/fetch-release.sh "$VERSION" released && [[ -z "$IMAGE" ]]; then
        exit 1
      fi
    `,
  };
  const clock = startClock();
  const deploy = putBack(config, production, {
    env: {
      IMAGE: text`${kept.output("image")}${before.output("image")}`,
      VERSION: given.output("version"),
    },
    what: run`--image "$IMAGE" --folder released --label "rollback-$VERSION"`,
  });
  return job({
    id: "rollback",
    if: when`!inputs.called`,
    permissions: { actions: read("looks for the record of a version"), contents: "read" },
    environment: githubEnvironment(production, "production"),
    timeoutMinutes: 20,
    steps: [
      clock,
      {
        name: "Check the confirmation",
        env: { CONFIRM: typed.confirm },
        run: run`
          if [[ "$CONFIRM" != ${confirmation(production)} ]]; then
            echo ${`::error title=Not confirmed::the input confirm has to be exactly: ${confirmation(production)}`}
            exit 1
          fi
        `,
      },
      given,
      ...prepare(config),
      kept,
      released,
      before,
      deploy,
      ...afterRollback(config, production, {
        environment: "production",
        clock,
        deploy,
        version: given.output("version"),
      }),
    ],
  });
}

function automatic(config: Configuration, production: Environment): Job {
  const given = validated("given", { image: { value: called.read.image, pattern: "image" } });
  const clock = startClock();
  const deploy = putBack(config, production, { env: { IMAGE: given.output("image") }, what: run`--image "$IMAGE"` });
  return job({
    id: "automatic",
    if: when`inputs.called`,
    permissions: { contents: "read" },
    timeoutMinutes: 20,
    steps: [
      clock,
      given,
      ...prepare(config),
      deploy,
      ...afterRollback(config, production, { environment: "production", clock, deploy, asksDatabase: false }),
    ],
  });
}

const prepare = ({ delivery }: Configuration): readonly Step[] => [checkout(), bareNode(delivery), flyctl(delivery)];
