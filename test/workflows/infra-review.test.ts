import { parse } from "yaml";
import { workflowProblems } from "../../constructs/workflows/rule";
import { runWorkflow } from "./support/act";
import { generated, hotDashWith, managed } from "./support/generated";
import { describeWith } from "./support/tool";

const config = hotDashWith();
const text = generated()["infra-review.yml"] ?? "";

describe("infra-review.yml", () => {
  const { on, jobs } = parse(text);

  test("runs the code of a pull request without any secret, and plans with the code of its base", () => {
    const { synth, review } = jobs;
    expect(JSON.stringify(synth)).not.toContain("secrets.");
    expect(review.steps[0].with.ref).toContain("github.event.pull_request.base.sha ");
    expect(review.if).toContain("head.repo.full_name == github.repository");
    expect(review.permissions).toEqual({ contents: "read", "pull-requests": "write", statuses: "write" });
    const judged = [{ path: ".github/workflows/infra-review.yml", text }];
    expect(
      workflowProblems(judged, {
        ...config,
        repository: { ...config.repository, protection: { ...config.repository.protection, requiredChecks: [] } },
      }),
    ).toEqual([]);
  });

  test("hands over data alone, and takes nothing else from the job whose code is not judged", () => {
    expect(jobs.synth.steps.at(-1).with.path).toBe("cdktf.out/stacks/*/cdk.tf.json\ncdktf.out/files/infra.json");
    expect(JSON.stringify(jobs.review.steps)).not.toContain("actions/cache");
  });

  test("is made again when a label comes or goes: it may be an approval", () => {
    expect(on.pull_request.types).toEqual(expect.arrayContaining(["labeled", "unlabeled", "synchronize"]));
  });
});

describeWith(["act"], "a run of infra-review.yml", () => {
  const out = {
    "cdktf.out/stacks/staging/cdk.tf.json": "{}",
    "cdktf.out/stacks/staging/terraform.d/x": "a program",
    "cdktf.out/files/infra.json": "{}",
    "package-lock.json": "{}",
  };
  const given = {
    files: { "infra-review.yml": text },
    file: "infra-review.yml",
    event: "pull_request",
    tree: { ...managed(), ...out },
    secrets: { FLY_API_TOKEN: "canary-of-fly", INFRA_READ_TOKEN: "canary-of-github" },
  } as const;
  const reviewed = (code: number) => ({ npm: { on: "infra review", code } });

  test("checks what the pull request declares, and reviews it by its number and its head", async () => {
    const found = await runWorkflow({ ...given, stubs: reviewed(0) });
    expect(found.jobs).toEqual({ synth: "success", review: "success" });
    expect(found.commands).toContain("npm exec --no -- infra check");
    expect(found.commands.find((one) => one.includes("infra review"))).toMatch(
      /^npm exec --no -- infra review --declared proposed --comment --out reviewed\.json --pull-request \d+ --commit [0-9a-f]{40}$/,
    );
  });

  test("changes are no failure; what stands against them is", async () => {
    expect((await runWorkflow({ ...given, stubs: reviewed(2) })).jobs.review).toBe("success");
    expect((await runWorkflow({ ...given, stubs: reviewed(1) })).jobs.review).toBe("failure");
  });

  test("fails on a configuration that is refused", async () => {
    const stubs = { npm: { on: "infra check", code: 1, complains: "1 problem in environment staging" } };
    const found = await runWorkflow({ ...given, stubs });
    expect(found.jobs).toEqual({ synth: "failure", review: "skipped" });
    expect(found.log).toContain("1 problem in environment staging");
  });
});
