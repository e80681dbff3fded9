import { withRemedy } from "./refusal";

const trouble = (summary: string, address = "github_repository_file.a") =>
  ({ severity: "error", summary, detail: "", address }) as const;

test.each([
  [
    "a ruleset",
    "PUT http://h/a: 409 Repository rule violations found\n\nChanges must be made through a pull request.\n\n []",
  ],
  ["classic protection", "PUT http://h/a: 409 Could not update file: Changes must be made through a pull request. []"],
])("a commit that %s refused is told with its remedy", (_what, summary) => {
  expect(withRemedy(trouble(summary))).toMatchObject({ detail: expect.stringContaining("[github/protected-branch]") });
});

test.each([
  ["another refusal", trouble("PUT http://h/a: 409 a does not match 1 []")],
  ["another resource", trouble("409 Repository rule violations found", "github_repository.a")],
])("%s stays as it is", (_what, other) => {
  expect(withRemedy(other)).toBe(other);
});
