import { parse } from "yaml";
import type { Overrides } from "../../config/override";
import { runtimeSecrets } from "../../constructs/workflows/part/fly";
import { type Run, runWorkflow, type Scenario } from "./support/act";
import { containerStub, type FlyBehaviour, flyStub, quietNotices } from "./support/fly-stub";
import { generated, hotDashWith, managed } from "./support/generated";
import { describeWith } from "./support/tool";

type Step = { name: string; uses?: string; run?: string; env?: Record<string, string>; with?: Record<string, unknown> };
type Job = { needs?: string[]; environment?: { name: string }; steps?: Step[]; uses?: string };
type File = { on: { push: { branches: string[] } }; concurrency: object; jobs: Record<string, Job> };

const written = (overrides: Overrides = {}): File => {
  const file = overrides["staging.workflow_file"] ?? "deploy-staging.yml";
  return parse(generated(hotDashWith(overrides))[file] ?? "");
};

describe("deploy-staging.yml", () => {
  const { jobs } = written();

  test("runs its jobs in order, then tries the integrations", () => {
    expect(Object.entries(jobs).map(([id, { needs = [] }]) => [id, needs])).toEqual([
      ["pre-deploy", []],
      ["build", ["pre-deploy"]],
      ["deploy", ["build"]],
      ["health-check", ["deploy"]],
      ["rollback-on-failure", ["deploy", "pre-deploy", "health-check"]],
      ["summary", expect.arrayContaining(["pre-deploy", "build", "deploy", "health-check", "rollback-on-failure"])],
      ["smoke", ["health-check"]],
    ]);
  });

  test("keeps what it leaves behind for 90 days", () => {
    const kept = Object.values(jobs).flatMap(({ steps = [] }) =>
      steps.filter(({ uses = "" }) => uses.includes("upload-artifact")),
    );
    expect(kept.map((one) => [one.with?.name, one.with?.["retention-days"]])).toEqual(
      ["staging-secrets", "staging-deploy", "staging-health", "staging-record"].map((name) => [name, 90]),
    );
  });

  const overridden: readonly [keyof Overrides, Overrides, (file: File) => unknown, unknown, unknown][] = [
    [
      "staging.branches",
      { "staging.branches": ["main"] },
      ({ on }) => on.push.branches,
      ["main", "manager-reopen-*"],
      ["main"],
    ],
    [
      "staging.min_running",
      { "staging.min_running": 0 },
      (file) => /--started (\d)/.exec(JSON.stringify(file))?.[1],
      "1",
      "0",
    ],
    [
      "secrets.runtime_store",
      { "secrets.runtime_store": "github" },
      (file) => file.jobs.deploy?.steps?.some(({ name }) => name === "Hand over secrets"),
      false,
      true,
    ],
  ];
  test.each(overridden)("%s departs from its default", (_key, overrides, look, before, after) => {
    expect([look(written()), look(written(overrides))]).toEqual([before, after]);
  });

  test("staging.workflow_file names the file, and production asks for that one", () => {
    const files = generated(hotDashWith({ "staging.workflow_file": "deploy-staging-flyio.yml" }));
    expect(files["deploy-staging.yml"]).toBeUndefined();
    expect(files["deploy-staging-flyio.yml"]).toContain("from constructs/workflows/deploy-staging.ts;");
    expect(files["deploy-production.yml"]).toContain("--workflow deploy-staging-flyio.yml");
  });

  test("without a staging environment there is neither this file, nor its rollback, nor failure tests", () => {
    const files = generated(hotDashWith({ "production.app": "hotdash-staging" }));
    expect(Object.keys(files)).not.toEqual(expect.arrayContaining(["deploy-staging.yml"]));
    expect(["rollback-staging.yml", "chaos.yml"].filter((name) => name in files)).toEqual([]);
    expect(files["deploy-production.yml"]).not.toContain("gate-staging");
  });
});

const old = "registry.fly.io/hotdash-staging:deployment-73";
const canaries = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, `canary-of-${name}`]));
const secrets = { FLY_API_TOKEN: "canary-of-fly-token", ...canaries(runtimeSecrets(hotDashWith(), "staging")) };
const well: FlyBehaviour = { image: old, releases: [[73, old]] };
const given: Scenario = {
  files: generated(),
  file: "deploy-staging.yml",
  event: "push",
  secrets,
  tree: { ...managed(), ...quietNotices },
  sites: { "hotdash-staging.fly.dev": { "/": [200], "/health": [200] } },
};
const fly = (behaviour: FlyBehaviour, isBuiltWell = true): Partial<Scenario> => ({
  stubs: { flyctl: flyStub(behaviour), ...containerStub(isBuiltWell) },
});
const outcome = (text: string) => ({ "staging-record/record.json": expect.stringContaining(`"outcome": "${text}"`) });

describeWith(["act"], "a run of deploy-staging.yml", () => {
  const plays: readonly [string, Partial<Scenario>, Partial<Run>][] = [
    [
      "deploys the image that it built and started once, verifies it and records it",
      fly(well),
      {
        jobs: expect.objectContaining({
          "pre-deploy": "success",
          build: "success",
          deploy: "success",
          "health-check": "success",
          "rollback-on-failure": "skipped",
          summary: "success",
          smoke: "success",
        }),
        commands: expect.arrayContaining([
          expect.stringMatching(
            /^flyctl deploy --build-only --push --app hotdash-staging --config fly.toml --image-label build-[0-9a-f]{40}-/,
          ),
          expect.stringMatching(/^docker run .*--env DATABASE_URL .*registry.fly.io\/hotdash-staging:build-/),
          expect.stringMatching(
            /^flyctl deploy --image registry.fly.io\/hotdash-staging:build-\S+ --app hotdash-staging --config \S+fly.toml --yes --ha=false$/,
          ),
        ]),
        artifacts: expect.objectContaining({
          ...outcome("deployed"),
          "staging-health/health.json": expect.stringContaining('"outcome": "good"'),
        }),
      },
    ],
    [
      "goes back to the image before when the process crashes at start",
      fly({ ...well, crashes: true }),
      {
        jobs: expect.objectContaining({
          deploy: "success",
          "health-check": "failure",
          "rollback-on-failure/rollback": "success",
          summary: "failure",
          smoke: "skipped",
        }),
        commands: expect.arrayContaining([
          expect.stringMatching(
            /^flyctl deploy --image registry.fly.io\/hotdash-staging:deployment-73 .*--skip-release-command$/,
          ),
        ]),
        log: expect.stringMatching(
          /exited by itself with code 1[\s\S]*notice: --kind rollback[\s\S]*notice: --kind deployment/,
        ),
        artifacts: expect.objectContaining(outcome("rolled back")),
      },
    ],
    [
      "does not deploy an image that does not start",
      fly(well, false),
      {
        jobs: expect.objectContaining({
          build: "failure",
          deploy: "skipped",
          "rollback-on-failure": "skipped",
          summary: "failure",
        }),
        log: expect.stringContaining("Crash at start"),
      },
    ],
    [
      "stops before anything changes when a secret is missing, and names it",
      { ...fly(well), secrets: { ...secrets, DATABASE_URL: "" } },
      {
        jobs: expect.objectContaining({ "pre-deploy": "failure", build: "skipped", summary: "failure" }),
        log: expect.stringMatching(/of staging are missing:[\s\S]*DATABASE_URL/),
        commands: expect.not.arrayContaining([expect.stringContaining("deploy")]),
      },
    ],
  ];
  test.each(plays)("%s", async (_name, change, expected) => {
    expect(await runWorkflow({ ...given, ...change })).toMatchObject(expected);
  });

  test("leaves the builder's cache out when asked to, and hands secrets to Fly on standard input where Fly does not keep them", async () => {
    const config = hotDashWith({ "secrets.runtime_store": "github" });
    const { calls, commands } = await runWorkflow({
      ...given,
      files: generated(config),
      tree: { ...managed(config), ...quietNotices },
      event: "workflow_dispatch",
      inputs: { no_cache: "true" },
      job: "deploy",
      stubs: { flyctl: [{ on: "secrets import", reads: true }, ...flyStub(well)], ...containerStub(true) },
    });
    expect(commands).toContainEqual(expect.stringMatching(/--build-only .*--no-cache$/));
    const handed = calls.find(({ args }) => args[0] === "secrets");
    expect(handed?.line).toBe("flyctl secrets import --app hotdash-staging --stage");
    expect(handed?.stdin).toContain('DATABASE_URL="canary-of-DATABASE_URL"\n');
  });
});
