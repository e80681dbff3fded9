import { parse } from "yaml";
import type { Overrides } from "../../config/override";
import { type Run, runWorkflow, type Scenario } from "./support/act";
import type { Answer } from "./support/command-stub";
import { generated, hotDashWith, managed } from "./support/generated";
import { describeWith } from "./support/tool";

const shared: Overrides = { state: { backend: "pg", schemaPrefix: "infra" } };
const names = ["staging", "production", "github", "workflows"] as const;
type Stack = (typeof names)[number];

type Step = { name: string; uses?: string; run?: string; env?: Record<string, string> };
type Job = { if?: string; environment?: { name: string }; concurrency?: object; steps: Step[] };
type File = { concurrency: object; jobs: Record<string, Job> };
const written = (overrides: Overrides = {}): File => parse(generated(hotDashWith(overrides))["infra-apply.yml"] ?? "");

describe("infra-apply.yml", () => {
  const { concurrency, jobs } = written(shared);

  test("applies one at a time, with the tokens of the environment that each job names", () => {
    expect(concurrency).toEqual({ group: "infra-apply", "cancel-in-progress": false });
    expect(Object.entries(jobs).map(([id, job]) => [id, job.environment?.name, job.concurrency])).toEqual([
      ["plan", "infrastructure", undefined],
      ["apply-staging", "staging", { group: "staging", "cancel-in-progress": false }],
      ["apply-production", "production", { group: "production", "cancel-in-progress": false }],
      ["apply-github", "infrastructure", undefined],
    ]);
  });

  test("hands Fly's secrets over under the names by which the configuration looks for them", () => {
    const env = jobs["apply-production"]?.steps.at(-1)?.env ?? {};
    expect(env.PRODUCTION_DATABASE_URL).toContain("secrets.DATABASE_URL ");
    expect(env.PG_CONN_STR).toContain("secrets.PG_CONN_STR ");
  });

  test.each<[string, Overrides, readonly string[]]>([
    ["pg", shared, ["PG_CONN_STR"]],
    [
      "s3",
      { state: { backend: "s3", bucket: "state", region: "auto", keyPrefix: "infra" } },
      ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
    ],
    [
      "hcp",
      { state: { backend: "hcp", organization: "hotdash", workspacePrefix: "infra" } },
      ["TF_TOKEN_app_terraform_io"],
    ],
  ])(
    "reaches state in %s with its credentials, which the configuration then declares",
    (_backend, overrides, secrets) => {
      for (const { steps } of Object.values(written(overrides).jobs)) {
        expect(steps.some(({ env = {} }) => secrets.every((name) => name in env))).toBe(true);
      }
      const declared = hotDashWith(overrides).repository.secrets;
      expect(declared).toEqual(expect.arrayContaining(secrets.map((name) => name.toUpperCase())));
    },
  );

  test("leaves out the staging that production has taken over", () => {
    expect(Object.keys(written({ ...shared, "production.app": "hotdash-staging" }).jobs)).toEqual([
      "plan",
      "apply-production",
      "apply-github",
    ]);
  });
});

/** What `infra plan --json` answers: the named stacks differ, `destroys` with them. */
const plan = (differing: readonly Stack[], actions: Readonly<Record<string, string>> = {}): Answer => ({
  on: "infra plan",
  says: JSON.stringify({
    stacks: names.map((stack) => ({
      stack,
      outcome: differing.includes(stack) ? "differs" : "same",
      findings: [],
      actions: differing.includes(stack) ? actions : {},
      troubles: [],
    })),
  }),
  code: differing.length > 0 ? 2 : 0,
});
const url = "https://github.com/hotdash/hotdash/pull/7";
const merged = (labels: readonly string[]): Answer => ({
  on: "/pulls",
  says: JSON.stringify([
    {
      number: 7,
      html_url: url,
      merged_at: "2026-11-01T00:00:00Z",
      head: { sha: "abc" },
      labels: labels.map((name) => ({ name })),
    },
  ]),
});
/** Statuses of the merged pull request's head, the newest first. */
const reviewed = (...statuses: readonly { readonly state: string; readonly login?: string }[]): Answer => ({
  on: "/commits/abc/statuses",
  says: JSON.stringify(
    statuses.map(({ state, login = "github-actions[bot]" }) => ({
      context: "infra/review",
      state,
      creator: { login },
      target_url: url,
    })),
  ),
});
const labelled = (...labels: string[]): readonly Answer[] => [merged(labels), reviewed({ state: "success" })];
const given: Scenario = {
  files: generated(hotDashWith(shared)),
  file: "infra-apply.yml",
  event: "push",
  tree: managed(),
  secrets: {
    FLY_API_TOKEN: "fly-token-canary",
    INFRA_APP_ID: "app-id-canary",
    INFRA_APP_KEY: "app-key-canary",
    PG_CONN_STR: "postgres://canary",
    DATABASE_URL: "database-canary",
  },
};
const jobs = (plan: string, staging: string, production: string, github: string) => ({
  plan,
  "apply-staging": staging,
  "apply-production": production,
  "apply-github": github,
});
/** Fly's stacks in the order in which they were applied; the job for GitHub runs beside them. */
const applied = ({ commands }: Run) =>
  commands.flatMap((one) => /infra apply (?:--yes|--confirm \S+) (staging|production)$/.exec(one)?.[1] ?? []);

describeWith(["act"], "a run of infra-apply.yml", () => {
  const plays: readonly [string, Partial<Scenario>, object, readonly string[], string][] = [
    [
      "applies nothing where nothing differs",
      { stubs: { npm: plan([]), gh: labelled() } },
      jobs("success", "skipped", "skipped", "skipped"),
      [],
      "",
    ],
    [
      "applies staging and leaves production without its label, saying so",
      { stubs: { npm: plan(["staging", "production"]), gh: labelled() } },
      jobs("success", "success", "skipped", "skipped"),
      ["staging"],
      "| production | 0 | waits |",
    ],
    [
      "applies all, staging first, where the pull request is approved for production; a proposal is no failure",
      {
        stubs: {
          npm: [plan([...names]), { on: "infra apply --yes github", code: 2 }],
          gh: labelled("approved-production"),
        },
      },
      jobs("success", "success", "success", "success"),
      ["staging", "production"],
      "workflows=true",
    ],
    [
      "does not go on to production when staging fails",
      {
        stubs: {
          npm: [plan(["staging", "production"]), { on: "infra apply --yes staging", code: 1 }],
          gh: labelled("approved-production"),
        },
      },
      jobs("success", "failure", "skipped", "skipped"),
      ["staging"],
      "",
    ],
    [
      "takes no label whose review did not pass, whatever somebody else wrote under its name",
      {
        stubs: {
          npm: plan(["staging"], { "fly_volume.data": "replace" }),
          gh: [
            merged(["approved-destroy"]),
            reviewed({ state: "success", login: "mallory" }, { state: "failure" }, { state: "success" }),
          ],
        },
      },
      jobs("failure", "skipped", "skipped", "skipped"),
      [],
      "This would destroy staging fly_volume.data.",
    ],
    [
      "destroys where the label's review passed",
      {
        stubs: { npm: plan(["staging"], { "fly_volume.data": "replace" }), gh: labelled("approved-destroy") },
      },
      jobs("success", "success", "skipped", "skipped"),
      ["staging"],
      "| staging | 0 | yes |",
    ],
    [
      "refuses to destroy without the label",
      { stubs: { npm: plan(["staging"], { "fly_volume.data": "replace" }), gh: labelled() } },
      jobs("failure", "skipped", "skipped", "skipped"),
      [],
      "This would destroy staging fly_volume.data.",
    ],
    [
      "destroys by hand where somebody ticks it, without any label",
      {
        event: "workflow_dispatch",
        inputs: { destroy: "true" },
        stubs: { npm: plan(["production"], { "fly_volume.data": "delete" }) },
      },
      jobs("success", "skipped", "success", "skipped"),
      ["production"],
      "",
    ],
    [
      "applies nothing when a stack cannot be read",
      {
        stubs: {
          npm: {
            on: "infra plan",
            says: '{"stacks":[{"stack":"staging","outcome":"error","troubles":[{"detail":"Fly answers 500"}]}]}',
            code: 1,
          },
        },
      },
      jobs("failure", "skipped", "skipped", "skipped"),
      [],
      "staging could not be read. staging: Fly answers 500",
    ],
    [
      "refuses a state that no runner shares",
      { files: generated(), stubs: {} },
      jobs("failure", "skipped", "skipped", "skipped"),
      [],
      "Terraform's state is a file of a checkout",
    ],
  ];
  test.each(plays)("%s", async (_name, change, results, stacks, says) => {
    const found = await runWorkflow({ ...given, ...change });
    expect(found.jobs).toEqual(results);
    expect(applied(found)).toEqual(stacks);
    expect(found.log).toContain(says);
  });
});
