import { announced, classOf, failureFacts } from "./failure-class";

test.each([
  ["fly/rate-limited", "rate limit"],
  ["github/rate-limited", "rate limit"],
  ["infra/preview-production-value", "secret detected"],
  ["secrets/vault-exposed", "secret detected"],
  ["infra/image-build", "build"],
  ["fly/rollout-failed", "deployment"],
  ["infra/rollback-broken", "deployment"],
  ["fly/quota", "platform limit"],
  ["fly/token-refused", "token"],
  ["github/forbidden", "token"],
  ["infra/not-reviewed", "guard rail"],
  ["fly/unavailable", "platform"],
  ["terraform/locked", "state"],
  ["fly/guest-memory", "configuration"],
  ["infra/unknown-stack", "command"],
  ["infra/internal", "internal"],
  ["elsewhere/unknown", null],
])("%s is of class %s", (id, expected) => {
  expect(classOf(id)).toBe(expected);
});

test.each([
  [
    "This would change production, and nobody is at a terminal to agree. Nothing was changed. Add --yes to go ahead. [infra/needs-yes]",
    "Add --yes to go ahead.",
  ],
  [
    "GitHub answered 401 to GET /user: Bad credentials. The token is not valid, or no longer. Make a new one and set GITHUB_TOKEN. [github/unauthorized]",
    "Make a new one and set GITHUB_TOKEN.",
  ],
  [
    "This is not what was reviewed (x.json):\n  one state: moved\nNothing was changed. Look at it anew: npx infra plan one [infra/not-reviewed]",
    "Look at it anew: npx infra plan one",
  ],
  ["Not agreed. Nothing was changed. [infra/not-agreed]", null],
  ["oops", null],
])("finds the next step in %j", (text, next) => {
  expect(failureFacts(text).next).toBe(next);
});

test("announces the class where it says more than the message", () => {
  expect(["x [fly/rate-limited]", "x [infra/arguments]", "x"].map(announced)).toEqual([
    "Error (rate limit):",
    "Error:",
    "Error:",
  ]);
});
