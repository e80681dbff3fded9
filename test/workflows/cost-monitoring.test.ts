import { type Run, runWorkflow, type Scenario } from "./support/act";
import type { Answer } from "./support/command-stub";
import { flyStub, quietNotices } from "./support/fly-stub";
import { generated, hotDashWith, managed } from "./support/generated";
import { describeWith } from "./support/tool";

const says = (value: unknown) => ({ says: JSON.stringify(value) });

/** What `infra cost --actions --json` says, as far as it is read. */
const cost = (...budgets: readonly { readonly text: string; readonly over: boolean }[]): readonly Answer[] => [
  {
    on: "infra cost --actions --json",
    ...says({
      budgets,
      goals: [{ text: "CI takes 12 min 0 s.", met: false }],
      actions: { workflows: [{ name: "ci", runs: 40, failed: 1, minutes: 160 }] },
    }),
    ...(budgets.some(({ over }) => over) && { code: 2 }),
  },
];
const actions = { text: "GitHub Actions: 160 minutes in 30 days, 60 over the budget of 100.", over: true };
const fly = { text: "Fly: 62.34 US dollars a month; no budget is set (cost.fly_usd).", over: false };
const open = {
  on: "issue list",
  ...says([{ number: 9, title: "A budget is exceeded", url: "https://example.org/9" }]),
};

const given: Scenario = {
  files: generated(),
  file: "cost-monitoring.yml",
  event: "schedule",
  tree: { ...managed(hotDashWith({})), ...quietNotices },
  secrets: { FLY_API_TOKEN: "fly-token-canary" },
  stubs: {
    flyctl: [{ on: "apps list", ...says([{ Name: "hot-dash" }]) }, ...flyStub({ image: "image:1", machines: 2 })],
  },
};

describeWith(["act"], "a run of cost-monitoring.yml", () => {
  const plays: readonly [string, NonNullable<Scenario["stubs"]>, Partial<Run>, readonly unknown[]][] = [
    [
      "says what is used and which goal is missed, and is green",
      { npm: cost(fly) },
      { jobs: { cost: "success" }, summary: expect.stringContaining("Missed: CI takes 12 min") },
      [],
    ],
    [
      "opens an issue over a budget, and tells the recipients",
      { npm: cost(fly, actions) },
      { jobs: { cost: "failure" }, log: expect.stringContaining("notice: --kind budget") },
      [expect.stringContaining("gh issue create --label cost --title 'A budget is exceeded'")],
    ],
    [
      "adds to the issue that is open",
      { npm: cost(actions), gh: [open] },
      { jobs: { cost: "failure" }, log: expect.stringContaining("60 over the budget of 100") },
      ["gh issue comment 9 --body-file -"],
    ],
  ];
  test.each(plays)("%s", async (_name, stubs, expected, issues) => {
    const found = await runWorkflow({ ...given, stubs: { ...given.stubs, ...stubs } });
    expect(found).toMatchObject(expected);
    const { actions: used, apps } = JSON.parse(found.artifacts["cost/cost.json"] ?? "");
    expect(used.workflows).toEqual([{ name: "ci", runs: 40, failed: 1, minutes: 160 }]);
    expect(apps).toMatchObject([{ app: "hot-dash", started: 2, all: 2 }]);
    expect(found.commands.filter((one) => /gh issue (create|comment)/.test(one))).toEqual(issues);
  });
});
