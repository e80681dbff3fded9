import { type Run, runWorkflow, type Scenario } from "./support/act";
import { flyStub, quietNotices } from "./support/fly-stub";
import { generated, managed } from "./support/generated";
import { describeWith } from "./support/tool";

const given: Scenario = {
  files: generated(),
  file: "chaos.yml",
  event: "workflow_dispatch",
  secrets: { FLY_API_TOKEN: "canary-of-fly-token" },
  vars: { CHAOS_ENABLED: "true" },
  tree: { ...managed(), ...quietNotices },
  sites: { "hotdash-staging.fly.dev": { "/health": [200] } },
  stubs: { flyctl: flyStub({ image: "registry.fly.io/hotdash-staging:a" }) },
};

describeWith(["act"], "a run of chaos.yml", () => {
  const plays: readonly [string, Partial<Scenario>, Partial<Run>][] = [
    [
      "stops one machine of staging and sees it come back",
      {},
      {
        jobs: { chaos: "success" },
        commands: expect.arrayContaining(["flyctl machine stop 1485e1 --app hotdash-staging"]),
        artifacts: expect.objectContaining({ "chaos/chaos.json": expect.stringContaining('"backAfterSeconds": 0') }),
      },
    ],
    [
      "is off unless somebody switches it on",
      { vars: {} },
      { jobs: { chaos: "failure" }, commands: [], log: expect.stringContaining("CHAOS_ENABLED") },
    ],
    [
      "says so where it waits for a later command",
      { inputs: { experiment: "cut-dependency" } },
      {
        jobs: { chaos: "failure" },
        commands: [],
        log: expect.stringContaining('this version of infra has no command "chaos"'),
      },
    ],
  ];
  test.each(plays)("%s", async (_name, change, expected) => {
    expect(await runWorkflow({ ...given, ...change })).toMatchObject(expected);
  });
});
