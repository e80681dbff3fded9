import fc from "fast-check";
import { dangerPlans, planOf } from "../test/review/danger-plan";
import { reported, review } from "../test/review/reviewed";
import { dangersOf } from "./danger";
import { findingsOf } from "./from-plan";
import { longestBody } from "./markdown";
import { type Review, reviewExitCode } from "./review";
import { reviewMarkdown } from "./review-markdown";

const options = { prices: "2026-08, the price page" };
const MARKER = "<!-- infra:review -->";
const comment = (given: Review, more = {}) => `${MARKER}\n${reviewMarkdown(given, { ...options, ...more })}`;

test.each(dangerPlans)(
  "a plan that $what says so in the first five lines of the comment, or is quiet",
  ({ kinds, ...row }) => {
    const plan = planOf(row);
    const stack = reported({
      ...findingsOf(plan),
      dangers: dangersOf(plan),
      stack: "production",
    });
    const first = comment(review({ stacks: [stack] }))
      .split("\n")
      .slice(0, 5)
      .join("\n");
    for (const kind of kinds) expect(first).toContain(`- **${kind}** \`production ${row.type}.`);
    expect(first.includes("Dangerous")).toBe(kinds.length > 0);
  },
);

test("a danger of one stack is not hidden by many of another", () => {
  const dangers = Array.from({ length: 30 }, (_, index) => ({
    kind: "downtime" as const,
    address: `a.${index}`,
    text: "t",
  }));
  const lost = [{ kind: "data loss" as const, address: "fly_volume.data", text: "gone" }];
  const text = comment(
    review({
      stacks: [reported({ dangers }), reported({ stack: "production", dangers: lost })],
    }),
  );
  expect(text.split("\n").slice(0, 5).join("\n")).toContain("**data loss** `production fly_volume.data`");
  expect(text).toContain("- and 11 more dangers");
  expect(text).toContain("`production fly_volume.data`: **cannot be undone**. Before the merge, keep the data");
});

test("reads like this", () => {
  const stack = reported({
    stack: "production",
    findings: [
      {
        kind: "pending",
        address: "fly_process_group.app",
        path: "guest.memory_mb",
        text: "2048 -> 1024",
      },
      {
        kind: "field",
        address: "fly_process_group.app",
        path: "env.MODE",
        text: 'is "b", declared "a"',
      },
    ],
    actions: { "fly_process_group.app": "update" },
    dangers: [
      {
        kind: "downtime",
        address: "fly_process_group.app",
        text: "fewer machines: 2 to 10 become 1 to 10",
      },
    ],
    apps: ["hot-dash"],
    cost: { before: 28.48, after: 14.24 },
    state: { lineage: "0f1e2d3c-aaaa", serial: 7 },
    digest: "ab".repeat(32),
  });
  const approvals = [
    {
      label: "approved-production",
      why: "it is dangerous for production",
      outcome: "missing",
      text: "Nobody has given it.",
    },
  ] as const;
  const given = review({
    commit: "c".repeat(40),
    stacks: [stack],
    untouched: ["chatwoot", "staging"],
    dropped: ["old"],
    approvals,
  });
  expect(comment(given)).toMatchInlineSnapshot(`
    "<!-- infra:review -->
    ### Dangerous (downtime): waits for the label approved-production
    - **downtime** \`production fly_process_group.app\`: \`fewer machines: 2 to 10 become 1 to 10\`

    **Approval**

    - Label \`approved-production\`, since it is dangerous for production: **missing**. Nobody has given it.

    | Stack | Create | Update | Replace | Destroy | Drift | US dollars a month, an estimate |
    |---|--:|--:|--:|--:|--:|---|
    | \`production\` | 0 | 1 | 0 | 0 | 1 | 28.48 -> 14.24 (-14.24) |

    No longer declared: \`old\`. What these stacks made stays as it is, and nothing looks after it: destroy it first, from the base branch.

    Not planned, since nothing changes in them: \`chatwoot\`, \`staging\`.

    Drift is what differs already, whatever this pull request says; an apply would put it back.

    **How to undo it**

    - \`production\`: revert the merge, and apply. What changed goes back, what was made is destroyed.

    At Fly: [hot-dash](https://fly.io/apps/hot-dash) ([monitoring](https://fly.io/apps/hot-dash/monitoring))

    <details><summary>production, line by line (2)</summary>

    - Changes: \`fly_process_group.app guest.memory_mb\` \`2048 -> 1024\`
    - Drift: \`fly_process_group.app env.MODE\` \`is "b", declared "a"\`

    </details>

    <sub>Holds for commit \`cccccccccccccccccccccccccccccccccccccccc\`; \`production\` state 7 of \`0f1e2d3c\`, digest \`abababababab\`. Prices: 2026-08, the price page.</sub>
    "
  `);
  expect(reviewExitCode(given)).toBe(1);
});

const hostile = fc.oneof(
  fc.string({
    unit: fc.constantFrom(
      "`",
      "<",
      ">",
      "@",
      "#",
      "[",
      "]",
      "(",
      ")",
      "!",
      "\n",
      "\r",
      "|",
      "\u202e",
      "\u001b",
      ":",
      "-",
      "a",
      " ",
    ),
  }),
  fc.constantFrom(
    "</details>",
    "<script>alert(1)</script>",
    "@hotdash/maintainers",
    "![x](https://evil.example/x.png)",
    "\n::error::x",
    "```\n# Approved",
    "<!-- infra:review -->",
    "\n\n### Infrastructure: nothing would be done",
    "[click](javascript:alert(1))",
    "https://evil.example",
  ),
);

test("whatever names and values hold, it stays in code spans, in its line, and below GitHub's limit", () => {
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 9, maxLength: 9 }), fc.integer({ min: 0, max: 120 }), (texts, many) => {
      const [
        stack = "",
        address = "",
        text = "",
        path = "",
        app = "",
        where = "",
        summary = "",
        detail = "",
        lineage = "",
      ] = texts;
      const finding = { kind: "pending", address, path, text } as const;
      const one = reported({
        stack,
        findings: Array.from({ length: many }, () => finding),
        actions: { [address]: "delete" },
        dangers: Array.from({ length: many }, () => ({ kind: "data loss", address, text }) as const),
        troubles: [{ severity: "error", summary, detail, address }],
        apps: [app],
        state: { lineage, serial: 1 },
      });
      const body = comment(
        review({
          stacks: [one],
          untouched: [stack],
          dropped: [stack],
          refusals: [{ where, text }],
        }),
      );
      expect(body.length).toBeLessThanOrEqual(longestBody);
      const bare = outsideOfSpans(body.slice(MARKER.length));
      expect(bare).not.toMatch(
        /<(?!\/?(details|summary|sub)>)|@|!\[|::|\]\((?!https:\/\/fly\.io\/apps\/)|evil\.|```|\p{Cc}(?<!\n)|\u202e/u,
      );
      for (const tag of ["details", "summary"])
        expect(bare.split(`<${tag}>`).length).toBe(bare.split(`</${tag}>`).length);
      expect(bare.match(/^#/gm)).toHaveLength(1);
    }),
    { numRuns: 100 },
  );
});

/** What GitHub would render: a span begins with a run of backticks and ends with the next run of that length, as CommonMark says. */
function outsideOfSpans(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, ""))
    .join("\n");
}

test.each([1, 200, 5_000])("with %i findings it says how many lines were cut, and closes what it opened", (many) => {
  const findings = Array.from(
    { length: many },
    (_, index) =>
      ({
        kind: "pending",
        address: `fly_app.a${index}`,
        path: "env",
        text: "x".repeat(100),
      }) as const,
  );
  const body = comment(
    review({
      stacks: [reported({ findings }), reported({ stack: "late", findings })],
    }),
    {
      whole: "the run",
    },
  );
  expect(body.length).toBeLessThanOrEqual(longestBody);
  const shown = body.match(/^- Changes: /gm)?.length ?? 0;
  const cut = [...body.matchAll(/(\d+) more lines? do/g)].reduce((sum, [, left]) => sum + Number(left), 0);
  expect(shown + cut).toBe(many * 2);
  expect(body.includes("All of it: the run")).toBe(cut > 0);
  expect(body.split("<details>").length).toBe(body.split("</details>").length);
});
