import { configure } from "../../../config";
import { hotDash } from "../../../config/hotdash";
import type { Configuration } from "../../../config/schema";
import { context, hashFiles, secret, text, when } from "../../../constructs/workflows/model/expression";
import { call, job, write } from "../../../constructs/workflows/model/job";
import { renderWorkflow } from "../../../constructs/workflows/model/render";
import { run } from "../../../constructs/workflows/model/script";
import { step, use } from "../../../constructs/workflows/model/step";
import { groupUnlessCalled, inputsOf, workflow } from "../../../constructs/workflows/model/workflow";
import { validated } from "../../../constructs/workflows/part/validate";

/** Three small workflows that hold one of everything, so that tests of the tools do not move with HotDash's own files. */

const checkout = use("Check out", "actions/checkout", { "persist-credentials": false });
const setUpNode = use("Set up Node", "actions/setup-node", {
  "node-version": "20.20.2",
  "package-manager-cache": false,
});

const build = job({
  id: "build",
  permissions: { contents: "read", "pull-requests": write("tells the size of the build") },
  timeoutMinutes: 10,
  services: { db: { image: `postgres@sha256:${"1".repeat(64)}`, ports: ["5432:5432"] } },
  matrix: { shard: ["1", "2"] },
  steps: [
    checkout,
    setUpNode,
    use("Restore npm's downloads", "actions/cache", {
      path: "~/.npm",
      key: text`npm-${hashFiles("package-lock.json")}`,
    }),
    { name: "Build", run: run`npm ci && npm run build` },
  ],
});

const complete = job({
  id: "complete",
  name: "ci-complete",
  needs: [build],
  if: when`always()`,
  permissions: {},
  timeoutMinutes: 1,
  steps: [{ name: "Judge", env: { BUILD: build.result }, run: run`[ "$BUILD" = success ]` }],
});

const check = workflow({
  file: "check.yml",
  name: "Check",
  purpose: "Checks a change.",
  on: { pullRequest: {}, schedule: "7 3 * * *", manual: {} },
  concurrency: { group: text`check-${context("github.ref")}`, cancelInProgress: true },
  jobs: [build, complete],
});

const { inputs, read } = inputsOf({ version: { type: "string", description: "Version", required: true } });
const version = validated("version", { version: { value: read.version, pattern: "version" } });
const before = step("before", {
  name: "Note the image before",
  env: { FLY_API_TOKEN: secret("FLY_API_TOKEN") },
  run: run`
    image="$(flyctl releases --app ${"hot-dash"} --json | jq -r '.[0].image')"
    echo "image=$image" >> "$GITHUB_OUTPUT"
  `,
  outputs: ["image"],
});
const deploy = job({
  id: "deploy",
  name: "Deploy",
  environment: { name: "production" },
  permissions: {
    contents: write("makes the release"),
    attestations: write("attests the log"),
    "id-token": write("signs the attestation"),
  },
  timeoutMinutes: 20,
  outputs: { image: before.output("image") },
  steps: [
    checkout,
    setUpNode,
    use("Set up flyctl", "superfly/flyctl-actions/setup-flyctl", { version: "0.3.195" }),
    version,
    before,
    {
      name: "Deploy",
      env: { FLY_API_TOKEN: secret("FLY_API_TOKEN"), VERSION: version.output("version") },
      run: run`flyctl deploy --app ${"hot-dash"} --image-label "$VERSION" | tee deploy.log`,
    },
    {
      name: "Ask for health",
      run: run`
        for _ in 1 2 3; do
          if curl -fsS https://hot-dash.fly.dev/health; then exit 0; fi
          sleep 10
        done
        exit 1
      `,
    },
    use("Keep the log", "actions/upload-artifact", { name: "logs", path: "deploy.log\nscripts", "retention-days": 90 }),
    use("Attest the log", "actions/attest-build-provenance", { "subject-path": "deploy.log" }),
    { name: "Sum up", run: run`scripts/say.sh >> "$GITHUB_STEP_SUMMARY"` },
    {
      name: "Publish",
      env: { GH_TOKEN: context("github.token"), VERSION: version.output("version") },
      run: run`gh release create "$VERSION" --generate-notes`,
    },
  ],
});
const undoing = call({
  id: "undo",
  name: "Undo",
  calls: "undo.yml",
  permissions: {},
  if: when`failure() && ${context("github.event_name")} == ${"workflow_dispatch"}`,
  with: { image: deploy.output("image"), called: true },
  secrets: { FLY_API_TOKEN: secret("FLY_API_TOKEN") },
});

const release = workflow({
  file: "deploy.yml",
  name: "Deploy it",
  purpose: "Deploys a version.",
  on: { push: { branches: ["main"] }, manual: { inputs } },
  concurrency: { group: "production", cancelInProgress: false },
  jobs: [deploy, undoing],
});

const backwards = inputsOf({
  image: { type: "string", description: "Image" },
  called: { type: "boolean", description: "Set by a workflow that calls this one", default: false },
});
const undo = workflow({
  file: "undo.yml",
  name: "Undo it",
  purpose: "Deploys the image before.",
  on: { call: { inputs: backwards.inputs, secrets: { FLY_API_TOKEN: { description: "Token", required: true } } } },
  concurrency: groupUnlessCalled("production"),
  jobs: [
    job({
      id: "back",
      environment: { name: "production" },
      permissions: {},
      timeoutMinutes: 5,
      steps: [
        {
          name: "Deploy the image before",
          env: { IMAGE: backwards.read.image, FLY_API_TOKEN: secret("FLY_API_TOKEN") },
          run: run`flyctl deploy --app ${"hot-dash"} --image "$IMAGE"`,
        },
      ],
    }),
  ],
});

/** Text of the sample's files by name. */
export const sample: Readonly<Record<string, string>> = Object.fromEntries(
  [check, release, undo].map((one) => [one.file, renderWorkflow(one, "ubuntu-24.04")]),
);

/** HotDash's configuration, in which the sample's jobs are the required checks. */
export function sampleConfiguration(): Configuration {
  const config = configure(hotDash);
  const protection = { ...config.repository.protection, requiredChecks: ["build", "ci-complete"] };
  return { ...config, repository: { ...config.repository, protection } };
}
