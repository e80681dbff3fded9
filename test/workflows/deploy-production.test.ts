import { parse } from "yaml";
import { configure } from "../../config";
import { hotDash } from "../../config/hotdash";
import type { Overrides } from "../../config/override";
import type { Configuration } from "../../config/schema";
import { runtimeSecrets } from "../../constructs/workflows/part/fly";
import { type Run, runWorkflow, type Scenario } from "./support/act";
import type { Answer } from "./support/command-stub";
import { type FlyBehaviour, flyStub, quietNotices, releaseStub } from "./support/fly-stub";
import { generated, hotDashWith, managed } from "./support/generated";
import { describeWith } from "./support/tool";

type Step = { name: string; run?: string; with?: Record<string, unknown> };
type Job = { needs?: string[]; if?: string; environment?: { name: string }; steps?: Step[] };
type File = { on: Record<string, unknown>; concurrency: { group: string }; jobs: Record<string, Job> };
const written = (overrides: Overrides = {}): File =>
  parse(generated(hotDashWith(overrides))["deploy-production.yml"] ?? "");

/** A window that is always open, or never. */
function withWindow(isOpen: boolean, approval: "reviewers" | "confirmation" = "reviewers"): Configuration {
  const { delivery, repository } = hotDash;
  const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
  const window = { ...delivery.production.window, days: [...days], from: "00:00", to: isOpen ? "23:59" : "00:00" };
  const production = { ...repository.environments.production, approval, approvers: ["justin"] };
  return configure({
    ...hotDash,
    delivery: { ...delivery, production: { ...delivery.production, window } },
    repository: { ...repository, environments: { ...repository.environments, production } },
  });
}

describe("deploy-production.yml", () => {
  const { jobs, on } = written();
  const gates = ["gate-version", "gate-checks", "gate-window", "gate-release", "gate-staging"];

  test("passes five gates, asks for one approval, deploys, and records whatever happened", () => {
    expect(Object.keys(jobs)).toEqual([...gates, "readiness", "deploy", "rollback", "record", "smoke"]);
    for (const id of gates.slice(1)) expect(jobs[id]?.needs).toEqual(["gate-version"]);
    expect(jobs.readiness?.needs).toEqual(expect.arrayContaining(gates));
    expect(
      Object.values(jobs)
        .filter(({ environment }) => environment)
        .map(({ environment }) => environment?.name),
    ).toEqual(["production"]);
    expect(Object.keys(on)).toEqual(["workflow_dispatch"]);
  });

  test("is started by a release alone where a tag may trigger it", () => {
    const starts = (overrides: Overrides) =>
      generated(hotDashWith(overrides))["release.yml"]?.includes("deploy-production.yml");
    const asks = (overrides: Overrides) =>
      written(overrides).jobs["gate-version"]?.steps?.some(({ name }) => /person/.test(name));
    const manual = { "deploy.production.trigger": "manual" } as const;
    expect([starts({}), asks({}), starts(manual), asks(manual)]).toEqual([true, false, false, true]);
  });

  test("asks for every check that runs on the default branch, and for ci-complete whatever is required", () => {
    const names = (overrides: Overrides) =>
      /--names (.*)$/m.exec(JSON.stringify(written(overrides).jobs["gate-checks"]?.steps?.at(-1)?.run))?.[1];
    expect(names({})).toMatch(/^'lint,security,build,.*ci-complete,Gitleaks,Docs Policy,AI Config Validation'/);
    expect(names({ "checks.required": ["Danger", "Gitleaks"] })).toMatch(/^Gitleaks,ci-complete/);
  });

  test("follows production.app", () => {
    expect(JSON.stringify(written({ "production.app": "shop" }).jobs.deploy)).toContain("--app shop");
  });

  test("a rollback may take rollback.max_minutes", () => {
    const limit = (overrides: Overrides) =>
      ["rollback-staging.yml", "rollback-production.yml"].map(
        (file) => /--limit (\d+)/.exec(generated(hotDashWith(overrides))[file] ?? "")?.[1],
      );
    expect([limit({}), limit({ "rollback.max_minutes": 2 })]).toEqual([
      ["300", "300"],
      ["120", "120"],
    ]);
  });
});

const old = "registry.fly.io/hot-dash:deployment-12";
const staged = "registry.fly.io/hotdash-staging:build-1";
const config = withWindow(true);
const secrets = {
  FLY_API_TOKEN: "canary-of-fly-token",
  ...Object.fromEntries(runtimeSecrets(config, "production").map((name) => [name, `canary-of-${name}`])),
};
const checks = [
  "lint",
  "security",
  "build",
  "test-unit",
  "test-e2e",
  "test-a11y",
  "test-lighthouse",
  "ci-complete",
].concat(["Gitleaks", "Docs Policy", "AI Config Validation"]);
const says = (on: string, answer: unknown): Answer => ({ on, says: JSON.stringify(answer) });
const review = { state: "approved", environments: [{ name: "production" }], user: { login: "justin" } };

/** GitHub with everything in its place; answers that come first replace one. */
const github = (...first: readonly Answer[]): readonly Answer[] => [
  ...first,
  says("check-runs", [{ check_runs: checks.map((name) => ({ name, conclusion: "success", app: { id: 15_368 } })) }]),
  says("/jobs?", { jobs: [{ name: "staging-summary", conclusion: "success" }] }),
  {
    on: "runs?head_sha=",
    does: 'all="$*"; sha="${all#*head_sha=}"; echo "{\\"workflow_runs\\":[{\\"id\\":41,\\"head_sha\\":\\"${sha%%&*}\\",\\"conclusion\\":\\"success\\"}]}"',
  },
  {
    on: "run download",
    does: `cd "$OLDPWD"; mkdir -p "\${*: -1}/staging-record"; echo "{\\"commit\\":\\"$(git rev-parse HEAD)\\",\\"image\\":\\"${staged}\\"}" > "\${*: -1}/staging-record/record.json"`,
  },
  says("/approvals", [review]),
  ...releaseStub(),
  { on: "run list", says: "[]" },
];
const two: FlyBehaviour = { image: old, releases: [[12, old]], machines: 2 };
const given: Scenario = {
  files: generated(config),
  file: "deploy-production.yml",
  event: "workflow_dispatch",
  inputs: { version: "v1.2.3" },
  tags: ["v1.2.3"],
  secrets,
  tree: { ...managed(config), ...quietNotices },
  sites: { "hot-dash.fly.dev": { "/": [200], "/health": [200] } },
  stubs: { flyctl: flyStub(two), gh: github() },
};
const outcome = (text: string) => ({
  "production-record-v1.2.3/record.json": expect.stringContaining(`"outcome": "${text}"`),
});
const nothingDeployed = expect.not.arrayContaining([expect.stringContaining("flyctl deploy")]);

describeWith(["act"], "a run of deploy-production.yml", () => {
  const plays: readonly [string, Partial<Scenario>, Partial<Run>][] = [
    [
      "deploys the image that staging ran, verifies it, records it and tells the recipients",
      {},
      {
        jobs: expect.objectContaining({
          ...Object.fromEntries(
            ["version", "checks", "window", "release", "staging"].map((gate) => [`gate-${gate}`, "success"]),
          ),
          readiness: "success",
          deploy: "success",
          rollback: "skipped",
          record: "success",
          smoke: "success",
        }),
        commands: expect.arrayContaining([
          expect.stringMatching(
            /^flyctl deploy --image registry.fly.io\/hotdash-staging:build-1 --app hot-dash --config \S+fly.production.toml --yes$/,
          ),
        ]),
        log: expect.stringContaining("notice: --kind deployed"),
        summary: expect.stringContaining("| approver | justin |"),
        artifacts: expect.objectContaining({
          ...outcome("deployed"),
          "readiness-v1.2.3/staging/staging-record/record.json": expect.any(String),
          "readiness-v1.2.3/migrations/files.txt": expect.any(String),
          "production-deploy-v1.2.3/approval.json": expect.stringContaining('"approver": "justin"'),
          "production-deploy-v1.2.3/secret-check.txt": expect.stringContaining("all 9 secrets of production are there"),
        }),
      },
    ],
    [
      "goes back by itself when the process crashes, without another approval",
      { stubs: { flyctl: flyStub({ ...two, crashes: true }), gh: github() } },
      {
        jobs: expect.objectContaining({
          deploy: "failure",
          "rollback/automatic": "success",
          record: "failure",
        }),
        commands: expect.arrayContaining([
          expect.stringMatching(
            /^flyctl deploy --image registry.fly.io\/hot-dash:deployment-12 .*--skip-release-command$/,
          ),
        ]),
        log: expect.stringMatching(/notice: --kind rollback[\s\S]*notice: --kind deployment/),
        artifacts: expect.objectContaining(outcome("rolled back")),
      },
    ],
    [
      "refuses outside the window, and says so to the recipients",
      { files: generated(withWindow(false)) },
      {
        jobs: expect.objectContaining({
          "gate-window": "failure",
          readiness: "skipped",
          deploy: "skipped",
          record: "failure",
        }),
        commands: nothingDeployed,
        log: expect.stringMatching(/Outside the deployment window[\s\S]*notice: --kind deployment/),
        artifacts: outcome("refused"),
      },
    ],
    [
      "refuses a run that nobody approved, even where GitHub let it start",
      { job: "deploy", stubs: { flyctl: flyStub(two), gh: github(says("/approvals", [])) } },
      {
        jobs: expect.objectContaining({ readiness: "success", deploy: "failure" }),
        commands: nothingDeployed,
        log: expect.stringContaining("Not approved"),
      },
    ],
    [
      "refuses a prerelease",
      { inputs: { version: "v1.2.3-rc.1" }, tags: ["v1.2.3-rc.1"] },
      {
        jobs: expect.objectContaining({
          "gate-version": "failure",
          "gate-checks": "skipped",
          deploy: "skipped",
          record: "skipped",
        }),
        commands: nothingDeployed,
      },
    ],
    [
      "refuses a release whose archive is not what its checksum says",
      {
        job: "gate-release",
        stubs: { gh: [...releaseStub(`${"0".repeat(64)}  x`), ...github()] },
      },
      { jobs: { "gate-release": "failure" }, log: expect.stringContaining("is not what its checksum says") },
    ],
  ];
  test.each(plays)("%s", async (_name, change, expected) => {
    expect(await runWorkflow({ ...given, ...change })).toMatchObject(expected);
  });

  test("takes the typed confirmation of an approver where GitHub has no reviewers", async () => {
    const confirming = generated(withWindow(true, "confirmation"))["deploy-production.yml"];
    expect(confirming).toContain("--expects 'deploy hot-dash' --approvers justin");
    expect(confirming).toContain('An approver types "deploy hot-dash"');
  });
});
