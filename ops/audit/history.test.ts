import type { Release } from "../../api/fly";
import type { Deployment, WorkflowRun } from "../../api/github";
import { historyOf, type Sources } from "./history";
import { labelOf } from "./image-label";
import type { KeptRollback } from "./kept";

const sha = "0123456789abcdef0123456789abcdef01234567";
const at = (minute: number) => `2026-11-01T10:${String(minute).padStart(2, "0")}:00.000Z`;
const image = (tag: string) => `registry.fly.io/shop:${tag}`;

const release = (version: number, tag: string, more: Partial<Release> = {}): Release => ({
  id: `r${version}`,
  version,
  status: "complete",
  image_ref: image(tag),
  created_at: at(version),
  user: { email: "jane.doe@example.com", name: "Jane Doe" },
  ...more,
});

const run = (id: number, file: string, more: Partial<WorkflowRun> = {}): WorkflowRun => ({
  id,
  path: `.github/workflows/${file}`,
  event: "push",
  head_branch: "main",
  head_sha: sha,
  status: "completed",
  conclusion: "success",
  created_at: at(0),
  updated_at: at(1),
  html_url: `https://github.com/o/r/actions/runs/${id}`,
  actor: { login: "dev" },
  ...more,
});

const deployment = (environment: string, more: Partial<Deployment> = {}): Deployment => ({
  createdAt: at(1),
  commitOid: sha,
  environment,
  creator: { login: "deployer" },
  latestStatus: { state: "SUCCESS", logUrl: null },
  ...more,
});

const kept: KeptRollback = {
  at: at(9),
  environment: "production",
  app: "shop",
  release: 3,
  version: undefined,
  image: image("v1.0.0"),
  commit: undefined,
  by: "oncall",
  outcome: "restored",
  url: undefined,
};

const told = (given: Partial<Sources>, releases: readonly Release[] = []) =>
  historyOf({
    apps: [{ environment: "production", app: "shop", releases }],
    kept: [],
    runs: [],
    deployments: [],
    ...given,
  }).map(({ kind, what, by, version, commit, outcome }) =>
    [kind, what, by ?? "-", version ?? "-", commit?.slice(0, 4) ?? "-", outcome].join(" "),
  );

test.each<{ when: string; given?: Partial<Sources>; releases?: readonly Release[]; says: readonly string[] }>([
  {
    when: "a release that nobody else knows has no deployer: Fly would name a person",
    releases: [release(1, "v1.0.0")],
    says: ["deployment release 1 - v1.0.0 - succeeded"],
  },
  {
    when: "a release whose tag ends in its run has the run's commit and login",
    releases: [release(1, "v1.0.0-7", { status: "failed" })],
    given: { runs: [run(7, "deploy-production.yml")] },
    says: ["deployment release 1 dev v1.0.0 0123 failed"],
  },
  {
    when: "GitHub's deployment of the run is the same event",
    releases: [release(1, "v1.0.0-7")],
    given: {
      runs: [run(7, "deploy-production.yml")],
      deployments: [
        deployment("production", {
          commitOid: "f".repeat(40),
          latestStatus: { state: "SUCCESS", logUrl: "https://github.com/o/r/actions/runs/7/job/1" },
        }),
      ],
    },
    says: ["deployment release 1 deployer v1.0.0 0123 succeeded"],
  },
  {
    when: "an image that staging built is deployed by who deployed it here",
    releases: [release(2, `build-${sha}-5-1`)],
    given: { runs: [run(5, "deploy-staging.yml")], deployments: [deployment("production")] },
    says: ["deployment release 2 deployer - 0123 succeeded"],
  },
  {
    when: "who built it for staging is not who deployed it to production",
    releases: [release(2, `build-${sha}-5-1`)],
    given: { runs: [run(5, "deploy-staging.yml")] },
    says: ["deployment release 2 - - 0123 succeeded"],
  },
  {
    when: "a deployment of another environment or of a later time is another event",
    releases: [release(2, `build-${sha}-5-1`)],
    given: { deployments: [deployment("staging"), deployment("production", { createdAt: at(30) })] },
    says: [
      "deployment release 2 - - 0123 succeeded",
      "deployment deployment deployer - 0123 succeeded",
      "deployment deployment deployer - 0123 succeeded",
    ],
  },
  {
    when: "an image that comes back is a rollback, and one that only stays is none",
    releases: [release(4, "v1.0.0"), release(3, "v1.0.0"), release(2, "v2.0.0"), release(1, "v1.0.0")],
    says: [
      "deployment release 4, its image stays - v1.0.0 - succeeded",
      "rollback release 3 - v1.0.0 - succeeded",
      "deployment release 2 - v2.0.0 - succeeded",
      "deployment release 1 - v1.0.0 - succeeded",
    ],
  },
  {
    when: "a restart with the same image is not told as its deployment",
    releases: [release(2, "v1.0.0-7"), release(1, "v1.0.0-7")],
    given: { runs: [run(7, "deploy-production.yml")] },
    says: [
      "deployment release 2, its image stays - v1.0.0 - succeeded",
      "deployment release 1 dev v1.0.0 0123 succeeded",
    ],
  },
  {
    when: "the record of a rollback says who and how it ended",
    releases: [release(3, "v1.0.0", { status: "failed" })],
    given: { kept: [kept] },
    says: ["rollback release 3 oncall v1.0.0 - restored"],
  },
  {
    when: "a record whose release Fly no longer lists stands for itself",
    given: { kept: [kept] },
    says: ["rollback release 3 oncall - - restored"],
  },
  {
    when: "runs of CI, of the scan and of refused deployments stand for themselves, others are not told",
    given: {
      runs: [
        run(1, "ci.yml", { conclusion: "failure" }),
        run(2, "gitleaks.yml"),
        run(3, "deploy-production.yml", { conclusion: "cancelled" }),
        run(4, "rollback-staging.yml", { conclusion: null }),
        run(5, "health-check.yml"),
      ],
    },
    says: [
      "ci-run ci dev - 0123 failed",
      "secret-scan gitleaks dev - 0123 succeeded",
      "deployment deploy-production dev - 0123 cancelled",
      "rollback rollback-staging dev - 0123 in progress",
    ],
  },
  {
    when: "a deployment of a rollback's run is a rollback",
    given: {
      runs: [run(8, "rollback-production.yml")],
      deployments: [
        deployment("production", { latestStatus: { state: "FAILURE", logUrl: "https://g/actions/runs/8/job/2" } }),
      ],
    },
    says: ["rollback deployment deployer - 0123 failed"],
  },
])("$when", ({ given = {}, releases, says }) => {
  expect(told(given, releases)).toEqual(says);
});

test("no person is named but by a login, and each record has its data class", () => {
  const records = historyOf({
    apps: [{ environment: "production", app: "shop", releases: [release(1, "v1.0.0")] }],
    kept: [{ ...kept, by: "jane.doe@example.com" }],
    runs: [
      run(1, "ci.yml", { actor: { login: "Jane Doe" } }),
      run(2, "gitleaks.yml", { actor: { login: "bot[bot]" } }),
    ],
    deployments: [],
  });
  expect(JSON.stringify(records)).not.toMatch(/jane/i);
  expect(records.map(({ kind, class: one, by }) => `${kind} ${one} ${by}`)).toEqual([
    "deployment internal undefined",
    "rollback internal undefined",
    "ci-run public undefined",
    "secret-scan public bot[bot]",
  ]);
});

test.each([
  [image(`build-${sha}-12-1`), { version: undefined, commit: sha, run: 12 }],
  [image("v1.2.3-rc.1-12"), { version: "v1.2.3-rc.1", commit: undefined, run: 12 }],
  [`${image("v1.2.3")}@sha256:${"0".repeat(64)}`, { version: "v1.2.3", commit: undefined, run: undefined }],
  ["localhost:5000/shop", { version: undefined, commit: undefined, run: undefined }],
  [undefined, { version: undefined, commit: undefined, run: undefined }],
])("the tag of %s says %j", (given, label) => {
  expect(labelOf(given)).toEqual(label);
});
