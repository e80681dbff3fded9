import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Overrides } from "../../config/override";
import { managedRepository } from "../managed/support/managed-repository";
import { type Run, runWorkflow, type Scenario } from "./support/act";
import { generated, hotDashWith, managed } from "./support/generated";
import { describeWith } from "./support/tool";

type Step = { name: string; uses?: string; run?: string; env?: Record<string, string>; with?: Record<string, unknown> };
type Job = { needs?: string[]; "timeout-minutes": number; steps: Step[] };
type File = { on: { push: { branches: string[] } }; env?: object; jobs: Record<string, Job> };

const ci = (overrides: Overrides = {}): File => parse(generated(hotDashWith(overrides))["ci.yml"] ?? "");
const tests = ["test-unit", "test-e2e", "test-a11y", "test-lighthouse"];
const beforehand = ["lint", "security", "build"];

describe("ci.yml", () => {
  const { jobs } = ci();

  test("runs lint, security and build side by side, then the tests side by side, then ci-complete", () => {
    expect(Object.keys(jobs)).toEqual([...beforehand, ...tests, "ci-complete"]);
    for (const id of beforehand) expect(jobs[id]?.needs).toBeUndefined();
    for (const id of tests) expect(jobs[id]?.needs).toEqual(["build"]);
    expect(jobs["ci-complete"]?.needs).toEqual([...beforehand, ...tests]);
  });

  test("builds once, and every test job takes that build", () => {
    const building = Object.entries(jobs).filter(([, { steps }]) =>
      steps.some(({ run }) => run?.includes("npm run build")),
    );
    expect(building.map(([id]) => id)).toEqual(["build"]);
    for (const id of tests) expect(jobs[id]?.steps).toContainEqual(expect.objectContaining({ name: "Fetch build" }));
  });

  test("fetches Chromium alone, into the folder that it keeps", () => {
    const steps = jobs["test-e2e"]?.steps ?? [];
    expect(steps).toContainEqual(
      expect.objectContaining({ run: "npm exec --no -- playwright install --with-deps chromium" }),
    );
    expect(steps.find(({ name }) => name === "Restore the browser")?.with?.path).toBe(
      (jobs["test-e2e"] as Job & { env: Record<string, string> }).env.PLAYWRIGHT_BROWSERS_PATH,
    );
  });

  test("keeps build output, coverage and every report for 90 days", () => {
    const kept = Object.values(jobs).flatMap(({ steps }) =>
      steps.filter(({ uses }) => uses?.includes("upload-artifact")),
    );
    expect(kept.map((one) => [one.with?.name, one.with?.["retention-days"]])).toEqual(
      ["build", "unit-coverage", "e2e-reports", "a11y-results", "lighthouse-reports"].map((name) => [name, 90]),
    );
  });

  test("hands the token that deploys to the verification alone", () => {
    const holders = Object.values(jobs).flatMap(({ steps }) =>
      steps.filter(({ env }) => env && "FLY_API_TOKEN" in env),
    );
    expect(holders.map(({ run }) => run)).toEqual(["bash scripts/verify_secrets.sh ci"]);
  });

  test.each([10, 5, 30, 60])(
    "takes at most %i minutes, since the limits of its three stages add up to that",
    (minutes) => {
      const limits = ci({ "ci.max_minutes": minutes }).jobs;
      const most = (ids: readonly string[]) => Math.max(...ids.map((id) => limits[id]?.["timeout-minutes"] ?? 0));
      expect(most(beforehand) + most(tests) + most(["ci-complete"])).toBe(minutes);
      expect(limits["ci-complete"]?.steps.at(-1)?.run).toContain(`--limit ${minutes} `);
    },
  );

  test("does not require a lint that is only reported", () => {
    const verdict = (overrides: Overrides) => ci(overrides).jobs["ci-complete"]?.steps.at(-1)?.run;
    expect(verdict({ "checks.lint": "reported" })).toBe(`${verdict({})} --reported lint`);
  });

  test("runs for pushes to the branches that reach staging", () => {
    expect(ci().on.push.branches).toEqual(["main", "manager-reopen-*"]);
    expect(ci({ "staging.branches": ["main"] }).on.push.branches).toEqual(["main"]);
  });
});

const all = (result: "success" | "failure" | "skipped", ids: readonly string[]) =>
  Object.fromEntries(ids.map((id) => [id, result]));
const secrets = {
  FLY_API_TOKEN: "fly-token-canary",
  OPENAI_API_KEY_STAGING: "openai-canary",
  SUPABASE_SERVICE_KEY: "supabase-canary",
  SUPABASE_URL: "https://supabase-canary.example.org",
};
const given: Scenario = {
  files: generated(),
  file: "ci.yml",
  event: "pull_request",
  secrets,
  tree: {
    ...managed(),
    "build/server/index.js": "listen();\n",
    "coverage/index.html": "100 %\n",
    "node_modules/@playwright/test/index.js": 'exports.chromium = { executablePath: () => "chromium" };\n',
  },
  stubs: { go: {} },
};
const fails = (script: string): Partial<Scenario> => ({ stubs: { go: {}, npm: { on: `run ${script}`, code: 1 } } });

describeWith(["act"], "a run of ci.yml", () => {
  const plays: readonly [string, Partial<Scenario>, Partial<Run>][] = [
    [
      "is green when every job is, and hands the build on",
      {},
      {
        jobs: all("success", [...beforehand, ...tests, "ci-complete"]),
        commands: expect.arrayContaining([
          "npm ci --no-audit --no-fund",
          "go install github.com/zricethezav/gitleaks/v8@v8.30.1",
          ...["lint", "scan", "build", "test:unit", "test:e2e", "test:a11y", "test:lighthouse"].map(
            (one) => `npm run ${one}`,
          ),
        ]),
        artifacts: expect.objectContaining({
          "build/server/index.js": "listen();\n",
          "unit-coverage/index.html": "100 %\n",
        }),
        summary: expect.stringContaining("CI is complete: every required job succeeded."),
      },
    ],
    [
      "fails with one test job, and the others run on",
      fails("test:unit"),
      {
        jobs: {
          ...all("success", [...beforehand, "test-e2e", "test-a11y", "test-lighthouse"]),
          ...all("failure", ["test-unit", "ci-complete"]),
        },
        summary: expect.stringContaining("CI failed: test-unit (failure)."),
      },
    ],
    [
      "counts a job that was skipped as no success",
      fails("build"),
      {
        jobs: {
          ...all("success", ["lint", "security"]),
          ...all("skipped", tests),
          ...all("failure", ["build", "ci-complete"]),
        },
        summary: expect.stringContaining("build (failure), test-unit (skipped)"),
        log: expect.stringContaining("the production build failed"),
      },
    ],
    [
      "fails when a declared secret is missing, and names it",
      { job: "security", secrets: { ...secrets, SUPABASE_URL: "" } },
      {
        jobs: { security: "failure" },
        log: expect.stringMatching(/1 of 4 secrets of ci are missing:[\s\S]*SUPABASE_URL/),
      },
    ],
    [
      "passes on a fork, which gets no secrets, and says so",
      {
        job: "security",
        secrets: {},
        payload: { pull_request: { head: { repo: { full_name: "stranger/hotdash" } } } },
      },
      {
        jobs: { security: "success" },
        log: expect.stringContaining("GitHub hands no secrets to pull requests from forks"),
      },
    ],
  ];
  test.each(plays)("%s", async (_name, change, expected) => {
    expect(await runWorkflow({ ...given, ...change })).toMatchObject(expected);
  });
});

describe("the verdict of ci-complete", () => {
  const repository = managedRepository();
  afterAll(() => repository.remove());
  const began = JSON.stringify({ run_started_at: "2026-11-21T10:00:00Z" });
  const took = { name: "build", started_at: "2026-11-21T10:00:00Z", completed_at: "2026-11-21T10:02:30Z" };
  const verdicts: readonly [string, Readonly<Record<string, string>>, readonly string[], number, RegExp][] = [
    ["fails without a result", { RESULT_LINT: "success" }, [], 1, /CI failed: build \(unknown\)/],
    ["fails with a job that was cancelled", { RESULT_LINT: "cancelled" }, [], 1, /lint \(cancelled\), build/],
    [
      "passes with a lint that is only reported, and says so",
      { RESULT_LINT: "failure", RESULT_BUILD: "success" },
      ["--reported", "lint"],
      0,
      /Reported and not required \(checks.lint\): lint \(failure\)/,
    ],
    [
      "does not know the time where GitHub does not answer, and passes",
      { RESULT_LINT: "success", RESULT_BUILD: "success", BEGAN: "" },
      [],
      0,
      /How long the run took is unknown/,
    ],
    [
      "warns of a run that took longer than the limit",
      { RESULT_LINT: "success", RESULT_BUILD: "success" },
      [],
      0,
      /::warning title=CI is slow::[\s\S]*of 10 minutes, the wait for runners included: too long[\s\S]*build \| success \| 2\.5/,
    ],
  ];
  repository.write("bin/gh", '#!/bin/bash\ncase "$*" in */jobs*) echo "$JOBS" ;; *) echo "$BEGAN" ;; esac\n');

  test.each(verdicts)("%s", async (_name, env, more, code, words) => {
    const summary = join(repository.folder, "summary.md");
    writeFileSync(summary, "");
    const { code: ended, output } = await repository.run(
      "node",
      ["scripts/ops/ci-complete.mjs", "--limit", "10", "--jobs", "lint,build", ...more],
      {
        PATH: `${repository.folder}/bin:${process.env.PATH}`,
        GITHUB_STEP_SUMMARY: summary,
        BEGAN: began,
        JOBS: JSON.stringify({ jobs: [took] }),
        ...env,
      },
    );
    expect([ended, output + repository.read("summary.md")]).toEqual([code, expect.stringMatching(words)]);
  });
});
