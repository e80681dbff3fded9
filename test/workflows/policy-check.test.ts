import { parse } from "yaml";
import type { Overrides } from "../../config/override";
import { type Run, runWorkflow, type Scenario } from "./support/act";
import { generated, hotDashWith, managed } from "./support/generated";
import { describeWith } from "./support/tool";

/** The required checks besides CI: the leak scan, the docs policy, Danger and AI Config Validation. */
type File = {
  on: object;
  jobs: Record<
    string,
    { name: string; if?: string; "timeout-minutes": number; steps: { name: string; run?: string; env?: object }[] }
  >;
};
const read = (file: string, overrides: Overrides = {}): File => parse(generated(hotDashWith(overrides))[file] ?? "");
const files = generated();

test.each([
  ["gitleaks.yml", "Gitleaks", { push: {}, pull_request: {}, merge_group: {} }],
  ["docs-policy.yml", "Docs Policy", { push: {}, pull_request: {}, merge_group: {} }],
  ["ai-config.yml", "AI Config Validation", { push: {}, pull_request: {}, merge_group: {} }],
  [
    "danger.yml",
    "Danger",
    { pull_request: { types: ["opened", "synchronize", "reopened", "edited", "ready_for_review"] } },
  ],
])("%s is the check %s, which nothing skips", (file, check, on) => {
  const { on: events, jobs } = read(file);
  expect(events).toEqual(on);
  expect(Object.values(jobs).map(({ name, if: condition }) => [name, condition])).toEqual([[check, undefined]]);
});

test.each([5, 10, 60])("Danger's wait for changed workflows ends before its job, with CI of %i minutes", (minutes) => {
  const overrides = { "ci.max_minutes": minutes };
  const { pullRequest } = JSON.parse(managed(hotDashWith(overrides))["scripts/policy/policy.json"] ?? "");
  const limit = read("danger.yml", overrides).jobs.danger?.["timeout-minutes"] ?? 0;
  expect(limit * 60 - pullRequest.waitSeconds).toBe(120);
});

test("AI Config Validation installs the YAML parser only for YAML", () => {
  const installs = (names: readonly string[]) =>
    read("ai-config.yml", { "ai_config.files": [...names] }).jobs["ai-config"]?.steps.some(({ run }) =>
      run?.startsWith("npm ci"),
    );
  expect([installs([]), installs(["agents.json"]), installs(["agents.json", "tools.yml"])]).toEqual([
    false,
    false,
    true,
  ]);
});

test.each<[Overrides, string[]]>([
  [{}, ["ZOHO_SMTP_USER", "ZOHO_SMTP_PASSWORD"]],
  [{ "notifications.transport": "sendgrid" }, ["SENDGRID_API_KEY", "NOTIFICATION_EMAIL_SENDER"]],
  [{ "notifications.channels": ["slack"] }, ["ZOHO_SMTP_USER", "ZOHO_SMTP_PASSWORD", "SLACK_WEBHOOK_URL"]],
])("a finding is told as %j says", (overrides, names) => {
  const step = read("gitleaks.yml", overrides).jobs.gitleaks?.steps.find(({ name }) => name.startsWith("Notify"));
  expect(Object.keys(step?.env ?? {})).toEqual(expect.arrayContaining(names));
  expect(Object.keys(step?.env ?? {}).filter((name) => name !== "NOTICE_RUN")).toHaveLength(names.length);
});

const fork = { pull_request: { head: { repo: { full_name: "stranger/hotdash" } } } };
const notified = (run: Run) => run.log.includes("notified");
/** Says that it was called, and sends nothing. */
const quietNotice = { "scripts/ops/notify.mjs": 'console.log("notified", process.argv.slice(2).join(" "));\n' };

describeWith(["act"], "a run of a check", () => {
  const given: Omit<Scenario, "file"> = {
    files,
    event: "pull_request",
    tree: { ...managed(), ...quietNotice },
    stubs: { go: {} },
  };

  const scans: readonly [string, Partial<Scenario>, Partial<Run>, boolean][] = [
    [
      "passes where gitleaks finds nothing in the whole history",
      {},
      {
        jobs: { gitleaks: "success" },
        commands: expect.arrayContaining([
          expect.stringMatching(/^gitleaks git .*--ignore-gitleaks-allow --redact .*sarif/),
        ]),
      },
      false,
    ],
    [
      "fails where it finds a secret, tells it at once and tries nothing again",
      { stubs: { go: {}, gitleaks: { code: 9 } } },
      {
        jobs: { gitleaks: "failure" },
        log: expect.stringMatching(/revoke and rotate it before[\s\S]*--kind secret-detected/),
      },
      true,
    ],
    [
      "fails where it breaks, which is no finding",
      { stubs: { go: {}, gitleaks: { code: 1 } } },
      { jobs: { gitleaks: "failure" } },
      false,
    ],
    [
      "fails on a fork where it finds a secret, and has no means to tell it",
      { stubs: { go: {}, gitleaks: { code: 9 } }, payload: fork },
      { jobs: { gitleaks: "failure" } },
      false,
    ],
  ];
  test.each(scans)("Gitleaks %s", async (_name, change, expected, isTold) => {
    const run = await runWorkflow({ ...given, file: "gitleaks.yml", ...change });
    expect(run).toMatchObject(expected);
    expect(notified(run)).toBe(isTold);
    expect(run.commands.filter((line) => line.startsWith("gitleaks"))).toHaveLength(1);
  });

  const stray = { ...given.tree, "app/notes.md": "# Notes\n" };
  const agents = (review: boolean) => ({
    ...managed(hotDashWith({ "ai_config.files": ["agents.json"] })),
    "agents.json": JSON.stringify({ agents: [{ name: "publisher", human_review: review }] }),
  });
  const checks: readonly [string, string, Partial<Scenario>, Partial<Run>][] = [
    [
      "Docs Policy passes with Markdown where it may stand",
      "docs-policy.yml",
      {},
      { jobs: { "docs-policy": "success" } },
    ],
    [
      "Docs Policy names the file that stands elsewhere",
      "docs-policy.yml",
      { event: "push", tree: stray },
      { jobs: { "docs-policy": "failure" }, log: expect.stringContaining("app/notes.md") },
    ],
    [
      "AI Config Validation says that there is nothing to validate",
      "ai-config.yml",
      {},
      { jobs: { "ai-config": "success" }, log: expect.stringContaining("nothing to validate") },
    ],
    [
      "AI Config Validation passes what a person reviews",
      "ai-config.yml",
      { tree: agents(true) },
      { jobs: { "ai-config": "success" } },
    ],
    [
      "AI Config Validation fails for an agent that nobody reviews",
      "ai-config.yml",
      { tree: agents(false) },
      { jobs: { "ai-config": "failure" }, log: expect.stringContaining("publisher") },
    ],
    [
      "Danger judges and comments",
      "danger.yml",
      { stubs: { npm: { on: "exec", says: "Danger: passed\n" } } },
      {
        jobs: { danger: "success" },
        commands: expect.arrayContaining([
          "npm exec --no -- danger ci --dangerfile scripts/policy/dangerfile.mjs --failOnErrors",
        ]),
        summary: expect.stringContaining("Danger: passed"),
      },
    ],
    [
      "Danger fails with the verdict, which stands in the summary too",
      "danger.yml",
      { stubs: { npm: { on: "exec", says: "Name the issue\n", code: 1 } } },
      { jobs: { danger: "failure" }, summary: expect.stringContaining("Name the issue") },
    ],
    [
      "Danger writes nothing on a fork's pull request but its summary",
      "danger.yml",
      { payload: fork },
      {
        jobs: { danger: "success" },
        commands: expect.arrayContaining([expect.stringMatching(/danger ci .* --text-only$/)]),
        log: expect.stringContaining("From a fork"),
      },
    ],
  ];
  test.each(checks)("%s", async (_name, file, change, expected) => {
    expect(await runWorkflow({ ...given, file, ...change })).toMatchObject(expected);
  });
});
