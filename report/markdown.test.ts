import fc from "fast-check";
import { code, longestBody, reportMarkdown, stackMarkdown } from "./markdown";
import type { Finding, Report, StackReport } from "./model";

const finding = (more: Partial<Finding> = {}): Finding => ({
  kind: "field",
  address: "fly_process_group.app",
  path: "guest.memory_mb",
  text: "is 512, declared 1024",
  ...more,
});
const stack = (findings: readonly Finding[], more: Partial<StackReport> = {}): StackReport => ({
  stack: "staging",
  outcome: findings.length > 0 ? "differs" : "same",
  resources: 6,
  findings,
  actions: {},
  troubles: [],
  notes: [],
  ...more,
});
const report = (...stacks: readonly StackReport[]): Report => ({
  command: "drift",
  stacks,
});

test("tells each stack in a line, what was found in it, and what can be done", () => {
  const error = {
    severity: "error",
    summary: "Not planned",
    detail: "Fly answered 401.\nrequest 1",
  } as const;
  const text = reportMarkdown(
    report(
      stack([
        finding(),
        finding({
          kind: "undeclared",
          address: "fly_app_inventory.app",
          path: "secret/OLD",
          text: "nobody declared it",
          left: true,
        }),
      ]),
      stack([], { stack: "chatwoot" }),
      stack([], { stack: "production", outcome: "error", troubles: [error] }),
    ),
    { title: "Drift" },
  );
  expect(text).toMatchInlineSnapshot(`
    "# Drift

    | Stack | Verdict | Drift | Pending | Let be |
    |---|---|---:|---:|---:|
    | \`staging\` | drift | 2 | 0 | 0 |
    | \`chatwoot\` | as declared | 0 | 0 | 0 |
    | \`production\` | could not be read in full | ? | ? | ? |

    ## \`staging\`: drift

    What can be done

    - Make it as declared: \`npx infra apply staging\`
    - Keep it: write what was found into the configuration, and plan again.
    - What nobody declared is left as it is; \`apply\` names what to type to remove it.

    Drift: reality differs from what was last applied

    - \`fly_process_group.app guest.memory_mb\`: \`is 512, declared 1024\`
    - \`fly_app_inventory.app secret/OLD\`: \`nobody declared it\`

    ## \`production\`: could not be read in full

    Told by the run

    - **error**: \`Not planned\`
      - \`Fly answered 401.\`
      - \`request 1\`
    "
  `);
});

test.each([
  ["plain", "`plain`"],
  ["with ` one", "``with ` one``"],
  ["`", "`` ` ``"],
  ["a|b", "`a\\|b`"],
  ["line\nline", "`line\\nline`"],
  ["", "`  `"],
])("%j is the span %s", (given, span) => {
  expect(code(given)).toBe(span);
});

test("whatever a name holds, its span ends where it ends and stays in one line", () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom("`", "a", "|", "\n", "<", "@", "#", "[", "\u202e", "\r", ":"),
      }),
      (given) => {
        const span = code(given);
        const fence = /^`+/.exec(span)?.[0] ?? "";
        const inside = span.slice(fence.length, -fence.length);
        expect(span.endsWith(fence)).toBe(true);
        expect(inside.match(/`+/g)?.every((run) => run.length !== fence.length) ?? true).toBe(true);
        expect(/[\n\r\u202e]/.test(span)).toBe(false);
      },
    ),
  );
});

test.each([1, 200, 5_000])(
  "with %i findings it is never longer than GitHub takes, and says how many lines were cut",
  (count) => {
    const findings = Array.from({ length: count }, (_, index) =>
      finding({ path: `machine ${index}`, text: "x".repeat(100) }),
    );
    const text = stackMarkdown(stack(findings), { whole: "the run" });
    expect(text.length).toBeLessThanOrEqual(longestBody);
    const shown = text.match(/^- `fly_process_group/gm)?.length ?? 0;
    const cut = Number(/(\d+) more lines? do/.exec(text)?.[1] ?? 0);
    expect(shown + cut).toBeGreaterThanOrEqual(count);
    expect(text.includes("All of it: the run")).toBe(shown < count);
  },
);
