import { context, secret, when } from "../../constructs/workflows/model/expression";
import { call, job } from "../../constructs/workflows/model/job";
import { renderWorkflow } from "../../constructs/workflows/model/render";
import { run } from "../../constructs/workflows/model/script";
import { step, use } from "../../constructs/workflows/model/step";
import { inputsOf, workflow } from "../../constructs/workflows/model/workflow";
import { type Run, runWorkflow, type Scenario } from "./support/act";
import { describeWith } from "./support/tool";

const { inputs, read } = inputsOf({ version: { type: "string", description: "Version", required: true } });
const checkout = use("Check out", "actions/checkout", { "persist-credentials": false });

const before = step("before", {
  name: "Note the image before",
  run: run`echo "image=$(flyctl releases --app ${"hot-dash"} --json | jq -r '.[0].image')" >> "$GITHUB_OUTPUT"`,
  outputs: ["image"],
});
const deploy = job({
  id: "deploy",
  name: "Deploy",
  permissions: { contents: "read" },
  timeoutMinutes: 20,
  outputs: { image: before.output("image") },
  steps: [
    checkout,
    before,
    {
      name: "Deploy",
      env: { FLY_API_TOKEN: secret("FLY_API_TOKEN"), VERSION: read.version },
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
    { name: "Sum up", run: run`scripts/say.sh >> "$GITHUB_STEP_SUMMARY"` },
  ],
});
const undo = call({
  id: "undo",
  name: "Undo",
  calls: "undo.yml",
  permissions: {},
  if: when`failure() && ${context("github.event_name")} == ${"workflow_dispatch"}`,
  with: { image: deploy.output("image") },
  secrets: { FLY_API_TOKEN: secret("FLY_API_TOKEN") },
});
const backwards = inputsOf({ image: { type: "string", description: "Image" } });

const concurrency = { group: "sample", cancelInProgress: false };
const files = Object.fromEntries(
  [
    workflow({
      file: "sample.yml",
      name: "Sample",
      purpose: "Deploys.",
      on: { manual: { inputs }, push: { branches: ["main"] } },
      concurrency,
      jobs: [deploy, undo],
    }),
    workflow({
      file: "undo.yml",
      name: "Undo",
      purpose: "Goes back.",
      on: {
        call: { inputs: backwards.inputs, secrets: { FLY_API_TOKEN: { description: "Token", required: true } } },
      },
      concurrency,
      jobs: [
        job({
          id: "back",
          permissions: {},
          timeoutMinutes: 5,
          steps: [
            {
              name: "Deploy the image before",
              env: { IMAGE: backwards.read.image, FLY_API_TOKEN: secret("FLY_API_TOKEN") },
              run: run`flyctl deploy --image "$IMAGE"`,
            },
          ],
        }),
      ],
    }),
  ].map((one) => [one.file, renderWorkflow(one, "ubuntu-24.04")]),
);

const given: Scenario = {
  files,
  file: "sample.yml",
  event: "workflow_dispatch",
  inputs: { version: "v1.2.3" },
  secrets: { FLY_API_TOKEN: "fly-token-canary" },
  tree: { "scripts/say.sh": '#!/bin/bash\necho "All is well"\n' },
  stubs: { flyctl: { on: "releases", says: '[{"image":"image:41"}]' } },
  sites: { "hot-dash.fly.dev": { "/health": [502, 200] } },
};
const deployed = ["flyctl releases --app hot-dash --json", "flyctl deploy --app hot-dash --image-label v1.2.3"];

describeWith(["act"], "running a workflow", () => {
  const plays: readonly [string, Partial<Scenario>, Partial<Run>][] = [
    [
      "records what a run does, and waits for nothing",
      {},
      {
        jobs: { deploy: "success", undo: "skipped" },
        commands: [...deployed, expect.stringContaining("curl"), "sleep 10", expect.stringContaining("curl")],
        requests: ["GET hot-dash.fly.dev/health", "GET hot-dash.fly.dev/health"],
        outputs: expect.objectContaining({ "deploy.before.image": "image:41" }),
        artifacts: { "logs/deploy.log": "", "logs/scripts/say.sh": expect.stringContaining("All is well") },
        summary: "All is well\n",
      },
    ],
    [
      "runs the workflow that is called when the first fails",
      { sites: {} },
      {
        jobs: { deploy: "failure", undo: "success", "undo/back": "success" },
        commands: expect.arrayContaining(["flyctl deploy --image image:41"]),
      },
    ],
    [
      "lets a command fail as often as it is told to",
      { stubs: { flyctl: [{ on: "deploy --app", times: 1, code: 7, complains: "no capacity" }] } },
      {
        jobs: { deploy: "failure", undo: "success", "undo/back": "success" },
        log: expect.stringContaining("no capacity"),
      },
    ],
    [
      "lets an action fail, and plays another event",
      { event: "push", actions: { "actions/checkout": { fails: true } } },
      { jobs: { deploy: "failure", undo: "skipped" }, commands: [] },
    ],
  ];
  test.each(plays)("%s", async (_name, change, expected) => {
    expect(await runWorkflow({ ...given, ...change })).toMatchObject(expected);
  });

  const changed = (from: string, to: string) => ({
    files: { ...files, "sample.yml": files["sample.yml"]?.replace(from, to) ?? "" },
  });
  const refusals: readonly [string, Partial<Scenario>, string][] = [
    [
      "a secret in an argument",
      changed('--image-label "$VERSION"', '--token "$FLY_API_TOKEN"'),
      "the arguments of flyctl",
    ],
    ["a secret in the log", { stubs: { flyctl: { on: "deploy", says: "fly-token-canary" } } }, "the log"],
    [
      "an action against its policy",
      changed("persist-credentials: false", "persist-credentials: true"),
      "persist-credentials",
    ],
    ["a file that act cannot read", changed("jobs:", "jobz:"), "act cannot run sample.yml"],
  ];
  test.each(refusals)("refuses %s", async (_name, change, words) => {
    await expect(runWorkflow({ ...given, ...change })).rejects.toThrow(words);
  });
});
