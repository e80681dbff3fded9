import { checksText } from "./checks-text";
import { minute, originWords } from "./judged";
import { reportMarkdown, stackMarkdown } from "./markdown";
import type { Finding, Ignore, Report, StackReport } from "./model";
import { plain } from "./paint";
import { closing, stacksText } from "./terminal";

const wording = { paint: plain, columns: undefined, program: "npx infra" };
const remedies = {
  apply: "fly secrets unset OLD --app shop",
  adopt: "declare it",
  ignore: "npx infra drift web --ignore 3f2a1c9e --until <day>",
  known: "npx infra drift web --known 3f2a1c9e --until <day>",
  entry: "- { kind: ignore }",
};
const secret: Finding = {
  kind: "undeclared",
  address: "fly_app_inventory.web",
  path: "secret/OLD",
  text: "nobody declared it",
  left: true,
  id: "3f2a1c9e",
  severity: "high",
  why: "a reason",
  origin: { since: "2026-11-20T14:03:59Z", by: null, source: "the secret's last write" },
  remedies,
};
const pending: Finding = {
  kind: "pending",
  address: "fly_process_group.web",
  path: "env.A",
  text: "1 -> 2",
  id: "00c0ffee",
  severity: "low",
  origin: { since: null, by: null, source: "git" },
};
const by: Ignore = {
  kind: "ignore",
  stack: "web",
  address: "fly_process_group.web",
  path: "guest.*",
  reason: "load test",
  owner: "ann",
  until: "2026-12-04",
};
const stack: StackReport = {
  stack: "web",
  outcome: "differs",
  resources: 6,
  findings: [secret, pending],
  ignored: [{ finding: { ...secret, address: "fly_process_group.web", path: "guest.cpus", text: "is 2" }, by }],
  actions: {},
  troubles: [],
  notes: [],
};
const report: Report = {
  command: "drift",
  stacks: [stack],
  checkedAt: "2026-11-21T18:00:00.000Z",
  checks: [
    { name: "Secrets", verdict: "fail", lines: ["web: 1 difference"] },
    { name: "Parity", verdict: "pass", lines: [] },
    { name: "Docs policy", verdict: "skip", lines: ["no script"] },
  ],
  unusedIgnores: [{ ...by, path: "old" }],
};

test.each([
  [{ since: "2026-11-20T14:03:59Z", by: "ann", source: "x" }, "since 2026-11-20 14:03 UTC by ann (x)"],
  [{ since: "2026-11-20T14:03:59Z", by: null, source: "x" }, "since 2026-11-20 14:03 UTC by unknown (x)"],
  [{ since: null, by: "ann", source: "x" }, "since unknown by ann (x)"],
  [{ since: null, by: null, source: "\u001b[2J" }, "since when and by whom: unknown (\\u{1b}[2J)"],
])("origin %j", (origin, expected) => {
  expect(originWords(origin)).toBe(expected);
});

test("a time that is none stays as it is", () => {
  expect(minute("yesterday")).toBe("yesterday");
});

test("the terminal tells below each finding how much it matters, since when, by whom, and its id", () => {
  expect(stacksText([stack], wording)).toBe(`web: 1 difference by drift, 1 high, 1 pending change (6 resources)

  Drift: Fly differs from what was last applied
    fly_app_inventory.web
      secret/OLD  nobody declared it
        high · since 2026-11-20 14:03 UTC by unknown (the secret's last write) · id 3f2a1c9e

  Pending: the configuration differs from what was last applied
    fly_process_group.web
      env.A  1 -> 2
        low · id 00c0ffee

  Let be by drift-ignore.yaml: 1 difference
    fly_process_group.web guest.cpus  is 2
      ignored until 2026-12-04 (ann): load test`);
});

test("the terminal lists the checks, and in one line those that were not made", () => {
  expect(checksText(report, wording)).toBe(`Checks
  Secrets  FAIL
      web: 1 difference
  Parity   PASS
  Not made: Docs policy (no script)
  drift-ignore.yaml: nothing needs the entry for web fly_process_group.web old; take it out`);
  expect(checksText({ command: "plan", stacks: [] }, wording)).toBeUndefined();
});

test("the end shows how to let the first finding be", () => {
  expect(closing(report, wording)).toEqual(
    expect.arrayContaining([
      `Let one be that is wanted, by its id: ${remedies.ignore}`,
      `Or mark it as known and to be repaired: ${remedies.known}`,
      `Or write a line into drift-ignore.yaml: ${remedies.entry}`,
    ]),
  );
});

test("Markdown begins with the checks and their summary", () => {
  expect(reportMarkdown(report, { title: "Drift" })).toMatch(
    /^# Drift\n\nRead 2026-11-21 18:00 UTC\.\n\n\| Check \| Result \|\n\|---\|---\|\n\| Secrets \| FAIL \|\n\| Parity \| PASS \|\n\| Docs policy \| not made \|\n\nSummary: 1 of 2 pass; FAIL: Secrets\.\n/,
  );
});

test("an issue has severity, origin, id, what to type by hand, what is let be, and nothing that changes from day to day", () => {
  expect(stackMarkdown(stack)).toBe(`
## \`web\`: drift

What can be done

- Make it as declared: \`npx infra apply web\`
- Keep it: write what was found into the configuration, and plan again.
- What nobody declared is left as it is; \`apply\` names what to type to remove it.
- Let one be that is wanted, by its id: \`${remedies.ignore}\`
- Mark it as known and to be repaired: \`${remedies.known}\`

Drift: reality differs from what was last applied

- **high** \`fly_app_inventory.web secret/OLD\`: \`nobody declared it\`
  - \`since 2026-11-20 14:03 UTC by unknown (the secret's last write)\`; by hand: \`fly secrets unset OLD --app shop\`; id \`3f2a1c9e\`

Pending: the configuration differs from what was last applied

- **low** \`fly_process_group.web env.A\`: \`1 -> 2\`
  - id \`00c0ffee\`

Let be by drift-ignore.yaml

- \`fly_process_group.web guest.cpus\`: \`is 2\`
  - \`ignored until 2026-12-04 (ann): load test\`
`);
});
