import { parse } from "yaml";
import type { Overrides } from "../../config/override";
import { runtimeSecrets } from "../../constructs/workflows/part/fly";
import { type Run, runWorkflow, type Scenario } from "./support/act";
import type { Answer } from "./support/command-stub";
import { flyStub, quietNotices } from "./support/fly-stub";
import { generated, hotDashWith, managed } from "./support/generated";
import { describeWith } from "./support/tool";

const written = (overrides: Overrides = {}) => {
  const files = generated(hotDashWith(overrides));
  return [files["preview-deploy.yml"] ?? "", files["preview-cleanup.yml"] ?? ""] as const;
};

test("a newer push, or the close, cancels the run before of the same pull request", () => {
  const groups = written().map((text) => parse(text).concurrency);
  const expected = { group: "preview-${{ github.event.pull_request.number }}", "cancel-in-progress": true };
  expect(groups).toEqual([expected, expected]);
});

test("preview.name_pattern names the app, where it is made and where it is removed", () => {
  for (const text of written({ "preview.name_pattern": "fly-preview-pr-{number}" })) {
    expect(text).toContain("--pattern 'fly-preview-pr-{number}'");
    expect(text).not.toContain("hotdash-pr-");
  }
});

test("asks five times for its health, ten seconds apart, and keeps artifacts for 30 days", () => {
  const [deploy] = written();
  expect(deploy).toContain("--attempts 5 ");
  expect(deploy).toContain("--every 10 ");
  expect(deploy).toContain("retention-days: 30");
});

test("the environment admits the branch that a merged pull request runs its cleanup on", () => {
  const { branches = [] } = hotDashWith().repository.environments.preview ?? {};
  expect(branches).toEqual(expect.arrayContaining(["refs/pull/*/merge", "main"]));
});

const secrets = {
  FLY_API_TOKEN: "canary-of-fly-token",
  ...Object.fromEntries(runtimeSecrets(hotDashWith(), "preview").map((name) => [name, `canary-of-${name}`])),
};
const missing: Answer = { on: "status --app", code: 1, complains: "Error: Could not find App" };
const handed: Answer = { on: "secrets import", reads: true };
const gh = (...comments: readonly object[]): readonly Answer[] => [
  { on: "--slurp", says: JSON.stringify([comments]) },
  { on: "--input -", reads: true },
];
const earlier = { id: 31, user: { type: "Bot" }, body: "<!-- infra:preview -->\nearlier" };
const copied = { id: 32, user: { type: "User" }, body: "<!-- infra:preview -->\na person" };
const given: Scenario = {
  files: generated(),
  file: "preview-deploy.yml",
  event: "pull_request",
  secrets,
  tree: { ...managed(), ...quietNotices },
  sites: {
    "hotdash-pr-7.fly.dev": { "/": [200], "/health": [500, 500, 200] },
    "api.machines.dev": { "/v1/apps/hotdash-pr-7/machines/1485e1/metadata": [204] },
  },
  stubs: { flyctl: [missing, handed, ...flyStub({})], gh: gh(copied) },
};

describeWith(["act"], "previews", () => {
  test("are made, given staging's secrets on standard input, deployed and told in one comment", async () => {
    const run = await runWorkflow(given);
    expect(run.jobs).toEqual({ preview: "success", "no-preview": "skipped" });
    expect(run.commands).toEqual(
      expect.arrayContaining([
        "flyctl apps create hotdash-pr-7 --org hotdash",
        "flyctl secrets import --app hotdash-pr-7 --stage",
        expect.stringMatching(
          /^flyctl deploy --image registry.fly.io\/hotdash-pr-7:build-\S+ --app hotdash-pr-7 .*--ha=false$/,
        ),
        "gh api --method POST repos/hotdash/hotdash/issues/7/comments --input -",
      ]),
    );
    const stdin = (start: string) => run.calls.find(({ line }) => line.startsWith(start))?.stdin;
    expect(stdin("flyctl secrets")).toContain('SUPABASE_URL="canary-of-SUPABASE_URL"\n');
    const comment = stdin("gh api --method");
    expect(comment).toMatch(/\*\*Preview:\*\* \S*hotdash-pr-7\.fly\.dev/);
    for (const part of [
      "| Version | `build-4242-1` |",
      "| Health | `/` answers 200; `/health` answers 200; 1 of 1 machines started |",
      "[app](https://fly.io/apps/hotdash-pr-7), [monitoring](https://fly.io/apps/hotdash-pr-7/monitoring)",
      "| Owner | `octocat` |",
      "| Cost | 0.00 to 3.99 US$ a month, an estimate |",
    ]) {
      expect(comment).toContain(part);
    }
    expect(comment).toMatch(/\| Stays until \| 20\d\d-\d\d-\d\d \d\d:\d\d UTC; /);
    expect(run.requests).toContain("PUT api.machines.dev/v1/apps/hotdash-pr-7/machines/1485e1/metadata");
    expect(run.log).not.toContain("not marked");
  });

  const plays: readonly [string, Partial<Scenario>, Partial<Run>][] = [
    [
      "are updated in place by the next push, and so is the comment; a copy of it by a person is let be",
      { stubs: { flyctl: [handed, ...flyStub({})], gh: gh(copied, earlier, { ...earlier, id: 33 }) } },
      {
        jobs: { preview: "success", "no-preview": "skipped" },
        commands: expect.arrayContaining([
          "gh api --method DELETE repos/hotdash/hotdash/issues/comments/33",
          "gh api --method PATCH repos/hotdash/hotdash/issues/comments/31 --input -",
        ]),
      },
    ],
    [
      "fail after five looks, and the comment says so",
      { sites: { "hotdash-pr-7.fly.dev": { "/": [200], "/health": [500] } } },
      {
        jobs: { preview: "failure", "no-preview": "skipped" },
        log: expect.stringContaining("/health answers 500"),
        commands: expect.arrayContaining([expect.stringMatching(/--method POST .*comments --input -$/)]),
      },
    ],
    [
      "are not made of forks, which is said",
      { secrets: {}, payload: { pull_request: { head: { repo: { full_name: "stranger/hotdash" } } } } },
      {
        jobs: { preview: "skipped", "no-preview": "success" },
        commands: [],
        log: expect.stringContaining("No preview"),
      },
    ],
    [
      "go with the pull request: the one app, and the comment says so",
      {
        file: "preview-cleanup.yml",
        payload: { action: "closed" },
        stubs: { flyctl: [{ on: "status --app", times: 1 }, missing], gh: gh(earlier) },
      },
      {
        jobs: { cleanup: "success" },
        commands: [
          "flyctl status --app hotdash-pr-7 --json",
          "flyctl apps destroy hotdash-pr-7 --yes",
          "flyctl status --app hotdash-pr-7 --json",
          expect.stringContaining("gh api --paginate --slurp"),
          "gh api --method PATCH repos/hotdash/hotdash/issues/comments/31 --input -",
        ],
      },
    ],
  ];
  test.each(plays)("%s", async (_name, change, expected) => {
    expect(await runWorkflow({ ...given, ...change })).toMatchObject(expected);
  });
});
