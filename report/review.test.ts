import { reported, review } from "../test/review/reviewed";
import { type Review, reviewExitCode, verdictOf } from "./review";

test.each<[string, Partial<Review>, string, string, number]>([
  ["nothing", {}, "success", "nothing would be done", 0],
  ["a stack that is gone", { dropped: ["old"] }, "success", "nothing would be done; no longer declared: old", 2],
  [
    "changes",
    { stacks: [reported({ actions: { a: "create", b: "update" } })] },
    "success",
    "2 resources change in staging",
    2,
  ],
  [
    "a stack that could not be read",
    { stacks: [reported({ outcome: "error" })] },
    "failure",
    "could not be planned: staging",
    1,
  ],
  [
    "a refusal",
    { refusals: [{ where: "a", text: "b" }] },
    "failure",
    "refused before it was planned: 1 thing that the base branch does not allow",
    1,
  ],
])("%s is told in one line", (_what, given, state, text, code) => {
  expect(verdictOf(review(given))).toEqual({ state, text });
  expect(reviewExitCode(review(given))).toBe(code);
});

test("a label that was not looked for stops nothing, one that does not count does", () => {
  const approval = { label: "approved-destroy", why: "it destroys", text: "" };
  const state = (outcome: "given" | "missing" | "void" | "unknown") =>
    verdictOf(review({ approvals: [{ ...approval, outcome }] })).state;
  expect([state("given"), state("unknown"), state("missing"), state("void")]).toEqual([
    "success",
    "success",
    "failure",
    "failure",
  ]);
});
