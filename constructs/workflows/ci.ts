import type { Configuration } from "../../config/schema";
import { context, hashFiles, text, when } from "./model/expression";
import { type Job, job, read } from "./model/job";
import { run } from "./model/script";
import { type Env, type Step, use } from "./model/step";
import { type Workflow, workflow } from "./model/workflow";
import { fetch, keep } from "./part/artifact";
import { checkout } from "./part/checkout";
import { newestOfPullRequest } from "./part/group";
import { handed } from "./part/secret";
import { bareNode, compile, gitleaks, node } from "./part/tool";

/**
 * The required checks: lint, security and build side by side, then the tests side by side on the output of that one build, then ci-complete,
 * which is green only when all of them are.
 *
 * The image is not built here: deploy-staging.yml starts the very image that it deploys.
 *
 * The three stages' time limits add up to `ci.maxMinutes`, so that no run takes longer, however slow a job is.
 */
export function ci(config: Configuration): Workflow {
  const { delivery, repository } = config;
  const minutes = limits(delivery.ci.maxMinutes);
  const beside = [lint(config, minutes.first), security(config, minutes.first)];
  const built = build(config, minutes.first);
  const tests = testing(config, built, minutes.second);
  return workflow({
    file: "ci.yml",
    name: "ci",
    purpose: "Runs the required checks of every change.",
    on: {
      push: { branches: [...new Set([repository.defaultBranch, ...delivery.staging.branches])] },
      pullRequest: {},
      mergeGroup: true,
    },
    concurrency: newestOfPullRequest("ci"),
    jobs: [...beside, built, ...tests, complete(config, [...beside, built, ...tests], minutes.last)],
  });
}

/** Minutes of each stage; the last one only counts. */
function limits(maxMinutes: number): { readonly first: number; readonly second: number; readonly last: number } {
  const last = 1;
  const first = Math.max(1, Math.ceil((maxMinutes - last) / 2));
  return { first, second: Math.max(1, maxMinutes - last - first), last };
}

/** Every job that runs Node has room for it. `npm ci` installs development tools too, since NODE_ENV is not "production" then. */
const nodeEnv: Env = { NODE_ENV: "test", NODE_OPTIONS: "--max-old-space-size=4096" };

const lint = ({ delivery }: Configuration, timeoutMinutes: number): Job =>
  job({
    id: "lint",
    permissions: { contents: "read" },
    timeoutMinutes,
    env: nodeEnv,
    steps: [checkout(), ...node(delivery), { name: "Lint", run: run`npm run ${delivery.ci.scripts.lint}` }],
  });

const security = ({ delivery }: Configuration, timeoutMinutes: number): Job =>
  job({
    id: "security",
    permissions: { contents: "read" },
    timeoutMinutes,
    env: nodeEnv,
    steps: [
      checkout({ history: true }),
      bareNode(delivery),
      ...gitleaks(delivery),
      { name: "Look for secrets", run: run`npm run ${delivery.ci.scripts.scan}` },
      {
        name: "Verify that the declared secrets are there",
        if: when`!cancelled()`,
        env: handed(delivery.ci.secrets),
        run: run`bash scripts/verify_secrets.sh ci`,
      },
    ],
  });

const build = (config: Configuration, timeoutMinutes: number): Job =>
  job({
    id: "build",
    permissions: { contents: "read" },
    timeoutMinutes,
    env: nodeEnv,
    steps: [
      checkout(),
      ...node(config.delivery),
      compile(config.delivery),
      keep("build", "build", config.delivery.retention.auditDays, { hidden: true }),
    ],
  });

/** What the application is handed where a test starts it: all secrets of CI but the one that deploys. */
const applicationSecrets = ({ delivery }: Configuration): readonly string[] =>
  delivery.ci.secrets.filter((name) => name !== "FLY_API_TOKEN");

/** Folders that tests leave their reports in, one pattern a line. */
const reports = {
  "unit-coverage": "coverage",
  "e2e-reports": "playwright-report\ntest-results",
  "a11y-results": "a11y-results\nplaywright-report\ntest-results",
  "lighthouse-reports": ".lighthouseci\nlighthouse-reports",
} as const;

function testing(config: Configuration, built: Job, timeoutMinutes: number): readonly Job[] {
  const { scripts } = config.delivery.ci;
  const test = (id: string, report: keyof typeof reports, steps: readonly Step[], env: Env = {}) =>
    job({
      id,
      needs: [built],
      permissions: { contents: "read" },
      timeoutMinutes,
      env: { ...nodeEnv, ...env },
      steps: [
        checkout(),
        ...node(config.delivery),
        fetch("build", "build"),
        ...steps,
        keep(report, reports[report], config.delivery.retention.auditDays, { optional: true, hidden: true }),
      ],
    });
  const withBrowser = (name: string, script: ReturnType<typeof run>): readonly Step[] => [
    ...chromium,
    { name, env: handed(applicationSecrets(config)), run: script },
  ];
  return [
    test("test-unit", "unit-coverage", [{ name: "Unit tests", run: run`npm run ${scripts.unit}` }]),
    test("test-e2e", "e2e-reports", withBrowser("End-to-end tests", run`npm run ${scripts.e2e}`), browserEnv),
    test("test-a11y", "a11y-results", withBrowser("Accessibility tests", run`npm run ${scripts.a11y}`), browserEnv),
    test(
      "test-lighthouse",
      "lighthouse-reports",
      withBrowser(
        "Performance tests",
        run`
          CHROME_PATH="$(node -p ${"require('@playwright/test').chromium.executablePath()"})"
          export CHROME_PATH
          npm run ${scripts.lighthouse}
        `,
      ),
      browserEnv,
    ),
  ];
}

const browsers = text`${context("github.workspace")}/.cache/playwright`;
const browserEnv: Env = { CI: "true", DISABLE_WELCOME_MODAL: "true", PLAYWRIGHT_BROWSERS_PATH: browsers };

/** Playwright's Chromium and nothing else, kept between runs; what is there is not fetched again. */
const chromium: readonly Step[] = [
  use("Restore the browser", "actions/cache", {
    path: browsers,
    key: text`playwright-${hashFiles("package-lock.json")}`,
  }),
  { name: "Set up Chromium", run: run`npm exec --no -- playwright install --with-deps chromium` },
];

/** Green only when every job is: a skipped or cancelled one is no success. The run's time is told against its limit. */
function complete({ delivery }: Configuration, jobs: readonly Job[], timeoutMinutes: number): Job {
  const reported = delivery.ci.lint === "reported" ? ["--reported", "lint"] : [];
  const names = jobs.map(({ id }) => id).join(",");
  const result = ({ id }: Job) => `RESULT_${id.toUpperCase().replaceAll("-", "_")}`;
  return job({
    id: "ci-complete",
    needs: jobs,
    if: when`always()`,
    permissions: { contents: "read", actions: read("asks how long the jobs took") },
    timeoutMinutes,
    steps: [
      checkout(),
      bareNode(delivery),
      {
        name: "Judge the run",
        env: { GH_TOKEN: context("github.token"), ...Object.fromEntries(jobs.map((one) => [result(one), one.result])) },
        run: run`node scripts/ops/ci-complete.mjs ${["--limit", `${delivery.ci.maxMinutes}`, "--jobs", names, ...reported]}`,
      },
    ],
  });
}
