import type { Overrides } from "../../config/override";
import { type Run, runWorkflow, type Scenario } from "./support/act";
import type { Answer } from "./support/command-stub";
import { flyStub, quietNotices } from "./support/fly-stub";
import { generated, hotDashWith, managed } from "./support/generated";
import { describeWith } from "./support/tool";

const tree = (overrides: Overrides = {}) => ({ ...managed(hotDashWith(overrides)), ...quietNotices });
const says = (value: unknown) => ({ says: JSON.stringify(value) });

/** Two runs of ci, of which one failed: 2.5 and 0.2 minutes, billed as 3 and 1. */
const job = (seconds: number) => ({
  conclusion: "success",
  started_at: "2026-11-01T00:00:00Z",
  completed_at: new Date(Date.UTC(2026, 10, 1) + seconds * 1000).toISOString(),
});
const gh: readonly Answer[] = [
  { on: "actions/workflows?", ...says({ workflows: [{ id: 7, name: "ci" }] }) },
  { on: "status=failure", ...says({ total_count: 1 }) },
  { on: "status=completed", ...says({ total_count: 40, workflow_runs: [{ id: 1 }] }) },
  { on: "runs/1/jobs", ...says({ jobs: [job(150), job(12), { ...job(0), conclusion: "skipped" }] }) },
];
const open = {
  on: "issue list",
  ...says([{ number: 9, title: "A budget is exceeded", url: "https://example.org/9" }]),
};

const given: Scenario = {
  files: generated(),
  file: "cost-monitoring.yml",
  event: "schedule",
  tree: tree(),
  secrets: { FLY_API_TOKEN: "fly-token-canary" },
  stubs: {
    gh,
    flyctl: [{ on: "apps list", ...says([{ Name: "hot-dash" }]) }, ...flyStub({ image: "image:1", machines: 2 })],
    npm: [{ on: "infra cost", ...says({ expected: 62.34 }) }],
  },
};

describeWith(["act"], "a run of cost-monitoring.yml", () => {
  const plays: readonly [string, Partial<Scenario>, Partial<Run>, readonly unknown[]][] = [
    [
      "says that no budget is set, and counts all the same",
      {},
      { jobs: { cost: "success" }, summary: expect.stringContaining("160 minutes in 30 days; no budget is set") },
      [],
    ],
    [
      "is green within the budgets",
      { tree: tree({ "cost.actions_minutes": 2000, "cost.fly_usd": 100 }) },
      { jobs: { cost: "success" }, summary: expect.stringContaining("62.34 US dollars a month, within the budget") },
      [],
    ],
    [
      "opens an issue over a budget, and tells the recipients",
      { tree: tree({ "cost.actions_minutes": 100, "cost.fly_usd": 100 }) },
      { jobs: { cost: "failure" }, log: expect.stringContaining("notice: --kind budget") },
      [expect.stringContaining("gh issue create --label cost --title 'A budget is exceeded'")],
    ],
    [
      "adds to the issue that is open",
      { tree: tree({ "cost.fly_usd": 50 }), stubs: { ...given.stubs, gh: [open, ...gh] } },
      { jobs: { cost: "failure" }, log: expect.stringContaining("12.34 over the budget of 50") },
      ["gh issue comment 9 --body-file -"],
    ],
  ];
  test.each(plays)("%s", async (_name, change, expected, issues) => {
    const found = await runWorkflow({ ...given, ...change });
    expect(found).toMatchObject(expected);
    const { actions, apps } = JSON.parse(found.artifacts["cost/cost.json"] ?? "");
    expect(actions).toEqual([{ name: "ci", runs: 40, failed: 1, minutes: 160 }]);
    expect(apps).toMatchObject([{ app: "hot-dash", started: 2, all: 2 }]);
    expect(found.commands.filter((one) => /gh issue (create|comment)/.test(one))).toEqual(issues);
  });
});
