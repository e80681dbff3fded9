/** The review as a comment: verdict and dangers first, the rest folded. What comes from outside stands in code spans, as in every report. */
import { harmless } from "./harmless";
import { code, longestBody } from "./markdown";
import { driftOf, type Finding, pendingOf } from "./model";
import { type Approval, plainName, type Review, type ReviewedReport, verdictOf } from "./review";
import { undoOf } from "./review-undo";

export interface ReviewMarkdownOptions {
  /** Characters at most; what does not fit is counted. @default GitHub's own limit */
  readonly limit?: number;
  /** Where the whole report can be read, said where something was cut. */
  readonly whole?: string;
  /** Where the prices come from, and of which day they are. */
  readonly prices: string;
}

/** The comment. Its second line and those right after tell the dangers. */
export function reviewMarkdown(review: Review, { limit = longestBody, whole, prices }: ReviewMarkdownOptions): string {
  const head = [
    `### ${headline(review)}`,
    ...bullets(dangersIn(review), "dangers"),
    ...bullets(
      review.refusals.map(({ where, text }) => `${span(where)}: ${span(text, 600)}`),
      "refusals",
    ),
    ...(review.refusals.length > 0 ? ["", WHEN_REFUSED] : []),
    ...approvalLines(review.approvals),
    ...tableLines(review),
    ...besides(review),
    ...undoLines(review),
    ...pageLines(review),
  ].join("\n");
  const foot = footLine(review, prices);
  const folds = review.stacks.filter(({ outcome, troubles }) => outcome !== "same" || troubles.length > 0);
  let text = head;
  for (const stack of folds) text += fold(stack, limit - text.length - foot.length - RESERVE, whole);
  return `${text}\n\n${foot}\n`;
}

const MOST_LINES = 20;
const MOST_STACKS = 40;
/** Room for what is said when a fold has no place left. */
const RESERVE = 400;
/** Characters of a text from outside, above the folds and in them. */
const SHORT = 200;
const LONG = 1_000;

const WHEN_REFUSED =
  "Nothing was planned and nothing of it was run. Leave these out. If one is meant, it comes to the base branch in a pull request of its own, whose plan somebody makes by hand who trusts it: `npx infra plan`. [infra/review-refused]";

/** A text from outside, cut, in one line, as code. */
function span(text: string, most = SHORT): string {
  const plain = harmless(text);
  return code(plain.length > most ? `${plain.slice(0, most - 1)}…` : plain);
}

function headline(review: Review): string {
  const kinds = [...new Set(review.stacks.flatMap(({ dangers = [] }) => dangers.map(({ kind }) => kind)))];
  const verdict = verdictOf(review).text;
  return kinds.length > 0 ? `Dangerous (${kinds.join(", ")}): ${verdict}` : `Infrastructure: ${verdict}`;
}

/** The worst of every stack before what is less bad in any. */
function dangersIn({ stacks }: Review): readonly string[] {
  const longest = Math.max(0, ...stacks.map(({ dangers = [] }) => dangers.length));
  const ranks = Array.from({ length: longest }, (_, rank) => rank);
  return ranks.flatMap((rank) =>
    stacks.flatMap(({ stack, dangers = [] }) => {
      const danger = dangers[rank];
      return danger ? [`**${danger.kind}** ${span(`${stack} ${danger.address}`)}: ${span(danger.text)}`] : [];
    }),
  );
}

/** As many as fit, and how many more there are. */
const few = (texts: readonly string[], most: number, what: string): readonly string[] =>
  texts.length <= most ? texts : [...texts.slice(0, most), `and ${texts.length - most} more ${what}`];

const bullets = (texts: readonly string[], what: string): readonly string[] =>
  few(texts, MOST_LINES, what).map((text) => `- ${text}`);

const MARKS = {
  given: "given",
  missing: "**missing**",
  void: "**does not count**",
  unknown: "not looked for",
} as const;

function approvalLines(approvals: readonly Approval[]): readonly string[] {
  if (approvals.length === 0) return [];
  return [
    "",
    "**Approval**",
    "",
    ...approvals.map(
      ({ label, why, outcome, text }) => `- Label \`${label}\`, since ${why}: ${MARKS[outcome]}. ${text}`,
    ),
  ];
}

function tableLines({ stacks }: Review): readonly string[] {
  if (stacks.length === 0) return [];
  const rows = stacks.map((stack) => {
    const count = (action: string) => Object.values(stack.actions).filter((one) => one === action).length;
    const counts =
      stack.outcome === "error"
        ? ["?", "?", "?", "?", "?"]
        : ["create", "update", "replace", "delete"].map(count).concat(driftOf(stack).length);
    return `| ${[code(stack.stack), ...counts, costText(stack)].join(" | ")} |`;
  });
  return [
    "",
    "| Stack | Create | Update | Replace | Destroy | Drift | US dollars a month, an estimate |",
    "|---|--:|--:|--:|--:|--:|---|",
    ...rows.slice(0, MOST_STACKS),
    ...(rows.length > MOST_STACKS ? [`| and ${rows.length - MOST_STACKS} more | | | | | | |`] : []),
  ];
}

/** "28.48 -> 142.40 (+113.92)". */
export function costText({ cost }: ReviewedReport): string {
  if (!cost) return "";
  const { before, after } = cost;
  const difference = after - before;
  if (Math.abs(difference) < 0.005) return `${after.toFixed(2)} (no change)`;
  return `${before.toFixed(2)} -> ${after.toFixed(2)} (${difference > 0 ? "+" : "-"}${Math.abs(difference).toFixed(2)})`;
}

/** A paragraph for each thing that no row of the table says. */
function besides({ untouched, dropped, stacks }: Review): readonly string[] {
  const told = [
    ...(dropped.length > 0
      ? [
          `No longer declared: ${names(dropped)}. What these stacks made stays as it is, and nothing looks after it: destroy it first, from the base branch.`,
        ]
      : []),
    ...(stacks.length > 0 && untouched.length > 0
      ? [`Not planned, since nothing changes in them: ${names(untouched)}.`]
      : []),
    ...(stacks.some((stack) => driftOf(stack).length > 0)
      ? ["Drift is what differs already, whatever this pull request says; an apply would put it back."]
      : []),
  ];
  return told.flatMap((text) => ["", text]);
}

const names = (stacks: readonly string[]): string => few(stacks.map(code), MOST_STACKS, "stacks").join(", ");

function undoLines({ stacks }: Review): readonly string[] {
  const lines = stacks.flatMap(undoOf).map(({ where, text }) => `${span(where)}: ${text}`);
  return lines.length > 0 ? ["", "**How to undo it**", "", ...bullets(lines, "lines")] : [];
}

/** Both pages of each app at Fly. A name that is none there has no page. */
function pageLines({ stacks }: Review): readonly string[] {
  const apps = [...new Set(stacks.flatMap((stack) => stack.apps))].filter((app) => /^[a-z0-9-]{1,63}$/.test(app));
  if (apps.length === 0) return [];
  const pages = apps.map(
    (app) => `[${app}](https://fly.io/apps/${app}) ([monitoring](https://fly.io/apps/${app}/monitoring))`,
  );
  return ["", `At Fly: ${few(pages, MOST_LINES, "apps").join(", ")}`];
}

/** What is in a stack, closed until somebody opens it; as much of it as there is room for. */
function fold(stack: ReviewedReport, room: number, whole: string | undefined): string {
  const lines = [
    ...listed("Changes", pendingOf(stack)),
    ...listed("Drift", driftOf(stack)),
    ...listed(
      "Follows from these",
      stack.findings.filter(({ kind }) => kind === "follows"),
    ),
    ...stack.troubles.map(
      ({ severity, summary, detail, address }) =>
        `- **${severity}** ${address === undefined ? "" : `${span(address)} `}${span(summary)}: ${span(detail, LONG)}`,
    ),
  ];
  const open = `\n\n<details><summary>${plainName(stack.stack)}, line by line (${lines.length})</summary>\n\n`;
  const close = "\n\n</details>";
  const cut = (left: number) =>
    `\n\n${left} more ${left === 1 ? "line does" : "lines do"} not fit here.${whole === undefined ? "" : ` All of it: ${whole}`}`;
  let text = open;
  for (const [index, line] of lines.entries()) {
    if (text.length + line.length + close.length + cut(lines.length).length + 1 > room) {
      return index === 0 ? cut(lines.length) : `${text}${cut(lines.length - index)}${close}`;
    }
    text += `${index === 0 ? "" : "\n"}${line}`;
  }
  return text + close;
}

function listed(title: string, findings: readonly Finding[]): readonly string[] {
  return findings.map(
    ({ address, path, text }) =>
      `- ${title}: ${span(path === "" ? address : `${address} ${path}`)} ${span(text, LONG)}`,
  );
}

function footLine({ commit, stacks }: Review, prices: string): string {
  const states = stacks.map(({ stack, state, digest }) => {
    const version = state ? `state ${state.serial} of ${code(state.lineage.slice(0, 8))}` : "no state";
    return `${code(stack)} ${version}${digest === undefined ? "" : `, digest ${code(digest.slice(0, 12))}`}`;
  });
  const bound = [...(commit === undefined ? [] : [`commit ${code(commit)}`]), ...few(states, MOST_LINES, "stacks")];
  const cost = stacks.some((stack) => stack.cost) ? ` Prices: ${prices}.` : "";
  return `<sub>${bound.length > 0 ? `Holds for ${bound.join("; ")}.` : "Nothing was planned."}${cost}</sub>`;
}
