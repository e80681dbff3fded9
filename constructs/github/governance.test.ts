import { governanceShape } from "../../config/governance-shape";
import { repository } from "../../config/repository";
import type { ProtectionShape } from "../../config/repository-shape";
import { governance } from "./governance";

const protectedBy = (protection: Partial<ProtectionShape>, write: "propose" | "direct" = "propose") =>
  governance({ ...repository, protection: { ...repository.protection, ...protection } }, { write });

test("survives JSON and its own schema: what is read back is what was declared", () => {
  const declared = governance(repository);
  expect(governanceShape.parse(JSON.parse(JSON.stringify(declared)))).toEqual(declared);
});

test("has one ruleset per concern, and every required check pinned to the App that reports it", () => {
  const { rulesets, branch_rule } = governance(repository);
  expect(rulesets.map(({ name, target }) => `${target} ${name}`)).toEqual([
    "branch merge policy",
    "branch history",
    "tag tags",
  ]);
  const checks = rulesets.flatMap(({ rules }) =>
    rules.flatMap((rule) => (rule.type === "required_status_checks" ? rule.parameters.required_status_checks : [])),
  );
  expect(checks.map(({ context }) => context)).toEqual(repository.protection.requiredChecks);
  expect(new Set(checks.map(({ integration_id }) => integration_id))).toEqual(new Set([15_368]));
  expect(branch_rule).toBeNull();
});

test("the classic rule says the same of the default branch, and no ruleset speaks of it then", () => {
  const { rulesets, branch_rule } = protectedBy({ mechanism: "classic" });
  expect(rulesets.map(({ target }) => target)).toEqual(["tag"]);
  expect(branch_rule).toMatchObject({
    pattern: "main",
    enforce_admins: true,
    allow_force_pushes: false,
    allow_deletions: false,
    required_linear_history: true,
    required_conversation_resolution: true,
    required_status_checks: { strict: true, contexts: repository.protection.requiredChecks },
    required_pull_request_reviews: { required_approving_review_count: 1, require_code_owner_reviews: true },
  });
});

test("only the break-glass team bypasses; an App that writes directly does so for the merge policy alone", () => {
  const actors = (write: "propose" | "direct") =>
    protectedBy({ writingApps: [4711] }, write).rulesets.map(({ bypass_actors }) => bypass_actors);
  const team = { actor_type: "Team", slug: "break-glass", bypass_mode: "always" };
  expect(actors("propose")).toEqual([[team], [team], [team]]);
  expect(actors("direct")).toEqual([
    [team, { actor_type: "Integration", actor_id: 4711, bypass_mode: "always" }],
    [team],
    [team],
  ]);
});

test.each([
  [
    "reviewers",
    [
      { type: "User", login: "justin" },
      { type: "Team", slug: "release" },
    ],
  ],
  ["confirmation", []],
] as const)("with approval by %s an environment asks GitHub for these reviewers: %j", (approval, reviewers) => {
  const staging = repository.environments.staging ?? missing();
  const production = { ...staging, approvers: ["justin", "team/release"], approval };
  expect(governance({ ...repository, environments: { production } }).environments.production?.reviewers).toEqual(
    reviewers,
  );
});

function missing(): never {
  throw new Error("the configuration has no GitHub environment staging");
}
