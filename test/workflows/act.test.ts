import { type Run, runWorkflow, type Scenario } from "./support/act";
import { sample } from "./support/sample";
import { describeWith } from "./support/tool";

const given: Scenario = {
  files: sample,
  file: "deploy.yml",
  event: "workflow_dispatch",
  inputs: { version: "v1.2.3" },
  secrets: { FLY_API_TOKEN: "fly-token-canary" },
  tree: { "scripts/say.sh": '#!/bin/bash\necho "All is well"\n' },
  stubs: { flyctl: { on: "releases", says: '[{"image":"image:41"}]' } },
  sites: { "hot-dash.fly.dev": { "/health": [502, 200] } },
};
const asked = "curl -fsS https://hot-dash.fly.dev/health";
const deployed = ["flyctl releases --app hot-dash --json", "flyctl deploy --app hot-dash --image-label v1.2.3"];

describeWith(["act"], "running a workflow", () => {
  const plays: readonly [string, Partial<Scenario>, Partial<Run>][] = [
    [
      "records what a run does, and waits for nothing",
      {},
      {
        jobs: { deploy: "success", undo: "skipped" },
        commands: [...deployed, asked, "sleep 10", asked, "gh release create v1.2.3 --generate-notes"],
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
        commands: expect.arrayContaining(["flyctl deploy --app hot-dash --image image:41"]),
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
    files: { ...sample, "deploy.yml": sample["deploy.yml"]?.replace(from, to) ?? "" },
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
    ["a file that act cannot read", changed("jobs:", "jobz:"), "act cannot run deploy.yml"],
  ];
  test.each(refusals)("refuses %s", async (_name, change, words) => {
    await expect(runWorkflow({ ...given, ...change })).rejects.toThrow(words);
  });
});
