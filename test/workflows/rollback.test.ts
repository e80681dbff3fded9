import { parse } from "yaml";
import { type Run, runWorkflow, type Scenario } from "./support/act";
import { type FlyBehaviour, flyStub, quietNotices, releaseStub } from "./support/fly-stub";
import { generated, managed } from "./support/generated";
import { describeWith } from "./support/tool";

type Job = { if?: string; environment?: { name: string }; steps: { name: string; with?: Record<string, unknown> }[] };
type File = { concurrency: { group: string }; jobs: Record<string, Job> };
const files = generated();
const written = (file: string): File => parse(files[file] ?? "");

describe.each(["staging", "production"])("rollback-%s.yml", (environment) => {
  const file = `rollback-${environment}.yml`;
  const { jobs, concurrency } = written(file);

  test("shares the group of its deployments when started by hand, and has its own when called", () => {
    expect(concurrency.group).toContain(`|| '${environment}'`);
    expect(parse(files[`deploy-${environment}.yml`] ?? "").concurrency.group).toBe(environment);
  });

  test("watches for five minutes, measures the time and keeps its record for 90 days", () => {
    expect(files[file]).toContain("--watch 300 ");
    expect(files[file]).toContain("--limit 300 ");
    const kept = Object.values(jobs).map(({ steps }) => steps.find(({ with: given }) => given?.["retention-days"]));
    for (const one of kept) expect(one?.with).toMatchObject({ path: "artifacts/rollbacks", "retention-days": 90 });
  });
});

test("a rollback of production by hand needs an approval, and one that a failed deployment calls needs none", () => {
  const { jobs } = written("rollback-production.yml");
  expect(Object.entries(jobs).map(([id, job]) => [id, job.if, job.environment?.name])).toEqual([
    ["rollback", "${{ !inputs.called }}", "production"],
    ["automatic", "${{ inputs.called }}", undefined],
  ]);
});

const image = (app: string, tag: string) => `registry.fly.io/${app}:${tag}`;
const fly = (app: string): FlyBehaviour => ({
  image: image(app, "b"),
  releases: [
    [9, image(app, "b")],
    [8, image(app, "a")],
    [7, image(app, "z")],
  ],
  machines: 2,
});
const given: Omit<Scenario, "file"> = {
  files,
  event: "workflow_dispatch",
  secrets: { FLY_API_TOKEN: "canary-of-fly-token" },
  tree: { ...managed(), ...quietNotices },
  sites: {
    "hot-dash.fly.dev": { "/": [200], "/health": [200] },
    "hotdash-staging.fly.dev": { "/": [200], "/health": [200] },
  },
};
const production: Scenario = {
  ...given,
  file: "rollback-production.yml",
  inputs: { confirm: "rollback hot-dash" },
  stubs: { flyctl: flyStub(fly("hot-dash")) },
};
const staging: Scenario = {
  ...given,
  file: "rollback-staging.yml",
  stubs: { flyctl: flyStub(fly("hotdash-staging")) },
};
const puts = (app: string, tag: string) =>
  expect.arrayContaining([
    expect.stringMatching(new RegExp(`^flyctl deploy --image ${image(app, tag)} .*--skip-release-command$`)),
  ]);
const kept = {
  on: "run download",
  does: `cd "$OLDPWD"; mkdir -p record; echo '{"version":"v1.0.0","outcome":"deployed","image":"${image("hot-dash", "v1")}"}' > record/record.json`,
};
const artifacts = {
  on: "artifacts?name=production-record-v1.0.0",
  says: JSON.stringify({ artifacts: [{ name: "production-record-v1.0.0", expired: false, workflow_run: { id: 5 } }] }),
};

describeWith(["act"], "a rollback by hand", () => {
  const plays: readonly [string, Scenario, Partial<Run>][] = [
    [
      "puts the image before in service, watches it and leaves a report and a record",
      staging,
      {
        jobs: { rollback: "success" },
        commands: puts("hotdash-staging", "a"),
        log: expect.stringContaining("notice: --kind rollback"),
        artifacts: {
          "staging-rollback-4242-1/record.json": expect.stringMatching(
            /"back_after_seconds": "\d+"[\s\S]*"limit_seconds": "300"[\s\S]*"objective_seconds": "120"[\s\S]*"outcome": "success"/,
          ),
          "staging-rollback-4242-1/health.json": expect.stringContaining('"outcome": "good"'),
          "staging-rollback-4242-1/deploy.log": "",
        },
      },
    ],
    [
      "goes to a release by its number",
      { ...staging, inputs: { release: "7" } },
      { jobs: { rollback: "success" }, commands: puts("hotdash-staging", "z") },
    ],
    [
      "goes to a version of production by the record of its deployment",
      {
        ...production,
        inputs: { confirm: "rollback hot-dash", version: "v1.0.0" },
        stubs: { ...production.stubs, gh: [artifacts, kept] },
      },
      { jobs: expect.objectContaining({ rollback: "success" }), commands: puts("hot-dash", "v1") },
    ],
    [
      "builds a version from its released files, proven by their checksum, where no record is kept",
      {
        ...production,
        inputs: { confirm: "rollback hot-dash", version: "v1.0.0" },
        stubs: { ...production.stubs, gh: [{ on: "artifacts?name", says: '{"artifacts":[]}' }, ...releaseStub()] },
      },
      {
        jobs: expect.objectContaining({ rollback: "success" }),
        commands: expect.arrayContaining([
          expect.stringMatching(/^flyctl deploy \S+\/released --image-label rollback-v1.0.0 --app hot-dash /),
        ]),
      },
    ],
    [
      "does nothing without the typed confirmation",
      { ...production, inputs: { confirm: "yes" } },
      {
        jobs: { rollback: "failure", automatic: "skipped" },
        commands: [],
        log: expect.stringContaining("has to be exactly: rollback hot-dash"),
      },
    ],
    [
      "does nothing for what is no version",
      { ...production, inputs: { confirm: "rollback hot-dash", version: "v1.0" } },
      {
        jobs: expect.objectContaining({ rollback: "failure" }),
        commands: [],
        log: expect.stringContaining("Invalid version"),
      },
    ],
  ];
  test.each(plays)("%s", async (_name, scenario, expected) => {
    expect(await runWorkflow(scenario)).toMatchObject(expected);
  });
});
