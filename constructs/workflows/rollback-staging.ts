import type { Configuration, Environment } from "../../config/schema";
import { job } from "./model/job";
import { run } from "./model/script";
import { step } from "./model/step";
import { groupUnlessCalled, inputsOf, type Workflow, workflow } from "./model/workflow";
import { checkout } from "./part/checkout";
import { flyToken, githubEnvironment } from "./part/fly";
import { afterRollback, putBack, secretsOfCall, startClock } from "./part/rollback";
import { bareNode, flyctl } from "./part/tool";
import { validated } from "./part/validate";

/** Name of the file that `deploy-staging.ts` calls. */
export const stagingRollbackFile = "rollback-staging.yml";

const manual = inputsOf({
  release: { type: "string", description: "Number of a Fly release, such as 73; empty: the one before", default: "" },
});
const called = inputsOf({
  called: { type: "boolean", description: "Another workflow calls", default: false },
  image: { type: "string", description: "Image to put in service", required: true },
});

/** Puts an earlier image of staging in service; undefined where there is no staging. */
export function rollbackStaging(config: Configuration): Workflow | undefined {
  const { staging } = config.environments;
  if (!staging) return undefined;
  return workflow({
    file: stagingRollbackFile,
    name: "Rollback Staging",
    purpose: `Puts an earlier image of ${staging.app} in service again and watches it; changes no data.`,
    on: {
      manual: { inputs: manual.inputs },
      call: { inputs: called.inputs, secrets: secretsOfCall(config.delivery) },
    },
    concurrency: groupUnlessCalled("staging"),
    jobs: [rollback(config, staging)],
  });
}

function rollback(config: Configuration, staging: Environment) {
  const given = validated("given", {
    image: { value: called.read.image, pattern: "image", optional: true },
    release: { value: manual.read.release, pattern: "number", optional: true },
  });
  const target = step("target", {
    name: "Find the image",
    env: { ...flyToken, IMAGE: given.output("image"), RELEASE: given.output("release") },
    run: run`
      if [[ -n "$IMAGE" ]]; then
        echo "image=$IMAGE" >> "$GITHUB_OUTPUT"
      elif [[ -n "$RELEASE" ]]; then
        node scripts/ops/previous-image.mjs --app ${staging.app} --release "$RELEASE"
      else
        node scripts/ops/previous-image.mjs --app ${staging.app} --back
      fi
    `,
    outputs: ["image"],
  });
  const clock = startClock();
  const deploy = putBack(config, staging, { env: { IMAGE: target.output("image") }, what: run`--image "$IMAGE"` });
  return job({
    id: "rollback",
    permissions: { contents: "read" },
    environment: githubEnvironment(staging, "staging"),
    timeoutMinutes: 20,
    steps: [
      clock,
      checkout(),
      bareNode(config.delivery),
      flyctl(config.delivery),
      given,
      target,
      deploy,
      ...afterRollback(config, staging, { environment: "staging", clock, deploy }),
    ],
  });
}
