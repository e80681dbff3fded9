import { parse } from "yaml";
import { commandsAwaited, exists } from "../../constructs/workflows/command";
import { infraReview } from "../../constructs/workflows/infra-review";
import { renderWorkflow } from "../../constructs/workflows/model/render";
import { workflowProblems } from "../../constructs/workflows/rule";
import { runWorkflow } from "./support/act";
import { generated, hotDashWith, managed } from "./support/generated";
import { describeWith } from "./support/tool";

const config = hotDashWith();
const file = (canReview: boolean) => renderWorkflow(infraReview(config, canReview), config.delivery.runner);

describe("infra-review.yml", () => {
  test("has its second job as soon as infra can review, and says until then what it waits for", () => {
    expect(Object.keys(parse(file(false)).jobs)).toEqual(["synth"]);
    expect(commandsAwaited(file(false))).toEqual(["review"]);
    expect(Object.keys(parse(file(true)).jobs)).toEqual(["synth", "review"]);
    expect(generated()["infra-review.yml"]).toBe(file(exists("review")));
  });

  test("runs the code of a pull request without any secret, and plans with the code of its base", () => {
    const { synth, review } = parse(file(true)).jobs;
    expect(JSON.stringify(synth)).not.toContain("secrets.");
    expect(review.steps[0].with.ref).toContain("github.event.pull_request.base.sha ");
    expect(review.if).toContain("head.repo.full_name == github.repository");
    const judged = [{ path: ".github/workflows/infra-review.yml", text: file(true) }];
    expect(
      workflowProblems(judged, {
        ...config,
        repository: { ...config.repository, protection: { ...config.repository.protection, requiredChecks: [] } },
      }),
    ).toEqual([]);
  });
});

describeWith(["act"], "a run of infra-review.yml", () => {
  const given = { files: { "infra-review.yml": file(false) }, file: "infra-review.yml", tree: managed() };

  test("checks what the pull request declares", async () => {
    const found = await runWorkflow({ ...given, event: "pull_request" });
    expect(found.jobs).toEqual({ synth: "success" });
    expect(found.commands).toContain("npm exec --no -- infra check");
  });

  test("fails on a configuration that is refused", async () => {
    const stubs = { npm: { on: "infra check", code: 1, complains: "1 problem in environment staging" } };
    const found = await runWorkflow({ ...given, event: "pull_request", stubs });
    expect(found.jobs).toEqual({ synth: "failure" });
    expect(found.log).toContain("1 problem in environment staging");
  });
});
