import fc from "fast-check";
import { reportHtml } from "./html";
import type { Finding, Report, Severity, StackReport } from "./model";

const finding = (more: Partial<Finding> = {}): Finding => ({
  kind: "field",
  address: "fly_process_group.app",
  path: "guest.memory_mb",
  text: "is 512, declared 1024",
  id: "3f2a1c9e",
  severity: "medium",
  why: "a reason",
  origin: { since: "2026-11-20T14:03:00Z", by: "ann", source: "an event" },
  remedies: { apply: "npx infra apply web", adopt: "set it", ignore: "let it", known: "know it", entry: "- {}" },
  ...more,
});
const stack = (findings: readonly Finding[], more: Partial<StackReport> = {}): StackReport => ({
  stack: "web",
  outcome: findings.length > 0 ? "differs" : "same",
  resources: 6,
  findings,
  actions: {},
  troubles: [],
  notes: [],
  ...more,
});
const page = (stacks: readonly StackReport[], more: Partial<Report> = {}): string =>
  reportHtml({ command: "drift", stacks, checkedAt: "2026-11-21T18:00:00Z", ...more }, { title: "Drift" });

/** What a reader sees, without markup. */
const seen = (html: string): string =>
  html
    .replace(/<style>[\s\S]*<\/style>/, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

test("says first what matters, then where, since when, by whom, and what can be done", () => {
  const text = seen(page([stack([finding()]), stack([], { stack: "other" })]));
  expect(text).toMatch(
    /Drift: 1 difference by drift \(1 medium\) Drift 1 difference by drift \(1 medium\) Read 2026-11-21 18:00 UTC/,
  );
  expect(text).toMatch(/web drift 6 1 0 0 other as declared 6 0 0 0/);
  expect(text).toMatch(
    /Medium \(1\) A reason fly_process_group.app guest.memory_mb is 512, declared 1024 since 2026-11-20 14:03 UTC by ann \(an event\) · id 3f2a1c9e/,
  );
  for (const way of ["npx infra apply web", "set it", "let it", "know it", "- {}"]) expect(text).toContain(way);
});

test("tells checks, errors, what is let be, unused entries and notes", () => {
  const by = {
    kind: "known",
    stack: "web",
    address: "a",
    path: "b",
    reason: "slow",
    owner: "bob",
    until: "2026-12-01",
  } as const;
  const error = { severity: "error", summary: "Not planned", detail: "Fly answered 401.\nrequest 1" } as const;
  const text = seen(
    page(
      [
        stack([], { ignored: [{ finding: finding(), by }] }),
        stack([], { stack: "x", outcome: "error", troubles: [error] }),
      ],
      {
        checks: [{ name: "Parity", verdict: "fail", lines: ["health differs"] }],
        unusedIgnores: [by],
      },
    ),
  );
  expect(text).toMatch(/1 stack could not be read; 1 difference let be/);
  expect(text).toMatch(/Parity FAIL health differs/);
  expect(text).toMatch(/known, to be repaired by 2026-12-01 \(bob\): slow/);
  expect(text).toMatch(/error Not planned Fly answered 401\. request 1/);
  expect(text).toMatch(/nothing needs web a b \(bob\)/);
});

const groups = (html: string) =>
  [...html.matchAll(/<details class="group"( open)?><summary>(\w+) \((\d+)\)/g)].map(
    ([, open, name, count]) => `${name} ${count}${open ? " open" : ""}`,
  );
const severities: readonly Severity[] = ["critical", "high", "medium", "low"];

test.each([
  [1, ["Critical 1 open"]],
  [8, ["Critical 2 open", "High 2 open", "Medium 2 open", "Low 2 open"]],
  [200, ["Critical 50 open", "High 50", "Medium 50", "Low 50"]],
] as const)("%i findings are in groups, the worst first, of many only the worst open", (count, expected) => {
  const many = Array.from({ length: count }, (_, index) =>
    finding({ path: `p${index}`, severity: severities[index % 4] ?? "low" }),
  );
  expect(groups(page([stack(many)]))).toEqual(expected);
});

test("needs nothing from elsewhere and forbids every script", () => {
  const html = page([stack([finding()])]);
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(html).not.toMatch(/<script|<img|<link|<iframe|\b(src|href)="(?!#)|url\(|@import|\bon\w+=/i);
});

test("shows both values whole where the sentence had to cut them", () => {
  const long = finding({ was: { a: "x".repeat(100) }, is: { a: "</pre><b>" } });
  const html = page([stack([long])]);
  expect(html).toContain("x".repeat(100));
  expect(html).toContain("&#60;/pre&#62;&#60;b&#62;");
  expect(seen(page([stack([finding({ was: 1, is: 2 })])]))).not.toContain("Both values");
});

test("whatever names and values hold, the page has the same elements, and no hidden character", () => {
  const piece = fc.constantFrom(
    "<",
    ">",
    '"',
    "'",
    "&",
    "`",
    "</style>",
    "<!--",
    "a",
    " ",
    "\n",
    "\u202e",
    "\u001b[31m",
    "=",
    "/",
  );
  const hostile = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(""));
  const build = (word: string) =>
    page(
      [
        stack(
          [
            finding({
              address: `a${word}`,
              path: `p${word}`,
              text: word,
              why: `w${word}`,
              was: word.padEnd(100, "x"),
              origin: { since: word, by: word, source: word },
              remedies: { apply: word, adopt: word, ignore: word, known: word, entry: word },
            }),
          ],
          {
            stack: `s${word}`,
            troubles: [{ severity: "warning", summary: word, detail: word, address: word }],
            notes: [`n${word}`],
          },
        ),
      ],
      { checks: [{ name: word, verdict: "fail", lines: [word] }] },
    );
  const elements = (html: string) => (html.match(/<\/?[a-z!][a-z0-9-]*/g) ?? []).join(" ");
  fc.assert(
    fc.property(hostile, (word) => {
      const html = build(word);
      expect(elements(html)).toBe(elements(build("a")));
      expect(html.includes("\u001b") || html.includes("\u202e")).toBe(false);
    }),
  );
});
