/**
 * The face of a report for GitHub: an issue, a comment, a file. Everything that comes from outside stands in code spans, where GitHub renders
 * neither HTML nor mentions nor links, so that a name or a value can do nothing to who reads it.
 */
import { harmless } from "./harmless";
import { ignoredWords, minute, originWords, whereOf } from "./judged";
import {
  type Check,
  driftOf,
  type Finding,
  type Ignored,
  pendingOf,
  type Report,
  type StackReport,
  type Trouble,
} from "./model";

/** GitHub takes no longer body, of an issue or of a comment. @see https://docs.github.com/rest/issues (read 2026-11) */
export const longestBody = 65_536;

export interface MarkdownOptions {
  /** First heading. */
  readonly title: string;
  /** Characters at most; what does not fit is counted. @default GitHub's own limit */
  readonly limit?: number;
  /** Where the whole report can be read, said where something was cut. */
  readonly whole?: string;
}

/** The report: the checks, a table of the stacks, then what was found in each, as far as it fits. */
export function reportMarkdown(report: Report, { title, limit = longestBody, whole }: MarkdownOptions): string {
  const { stacks, checkedAt, checks = [], unusedIgnores = [] } = report;
  const head = [
    `# ${title}`,
    ...(checkedAt === undefined ? [] : ["", `Read ${minute(checkedAt)}.`]),
    ...checkTable(checks),
    "",
    "| Stack | Verdict | Drift | Pending | Let be |",
    "|---|---|---:|---:|---:|",
    ...stacks.map(
      (stack) =>
        `| ${code(stack.stack)} | ${verdictOf(stack)} | ${cell(stack, driftOf(stack).length)} | ${cell(stack, pendingOf(stack).length)} | ${cell(stack, stack.ignored?.length ?? 0)} |`,
    ),
  ].join("\n");
  const told = stacks.filter(
    ({ outcome, troubles, ignored = [] }) => outcome !== "same" || troubles.length + ignored.length > 0,
  );
  const unused = unusedIgnores.map(({ stack, address, path }) => `- ${code(`${stack} ${address} ${path}`)}`);
  const pieces = [
    ...checks.flatMap(checkPieces),
    ...told.flatMap(stackPieces),
    ...(unused.length > 0 ? ["\n## Entries of drift-ignore.yaml that nothing needs\n", ...unused] : []),
  ];
  return within(head, pieces, limit, whole);
}

const CHECK: Readonly<Record<Check["verdict"], string>> = {
  pass: "PASS",
  fail: "FAIL",
  error: "ERROR",
  skip: "not made",
};

function checkTable(checks: readonly Check[]): readonly string[] {
  if (checks.length === 0) return [];
  const made = checks.filter(({ verdict }) => verdict !== "skip");
  const failed = made.filter(({ verdict }) => verdict !== "pass").map(({ name }) => name);
  const verdict = failed.length > 0 ? `FAIL: ${failed.join(", ")}` : "every check passes";
  return [
    "",
    "| Check | Result |",
    "|---|---|",
    ...checks.map((one) => `| ${one.name} | ${CHECK[one.verdict]} |`),
    "",
    `Summary: ${made.length - failed.length} of ${made.length} pass; ${verdict}.`,
  ];
}

const checkPieces = ({ name, verdict, lines }: Check): readonly string[] =>
  lines.length === 0 || verdict === "pass"
    ? []
    : [`\n## ${name}: ${CHECK[verdict]}\n`, ...lines.map((line) => `- ${code(line)}`)];

/** One stack alone, as the body of its issue. */
export function stackMarkdown(stack: StackReport, options: Omit<MarkdownOptions, "title"> = {}): string {
  const { limit = longestBody, whole } = options;
  const [first = "", ...rest] = stackPieces(stack);
  return within(first, rest, limit, whole);
}

/** A text from outside as a code span; a fence longer than any run of backticks in it. */
export function code(text: string): string {
  const plain = harmless(text).replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = plain.startsWith("`") || plain.endsWith("`") || plain === "" ? " " : "";
  return `${fence}${pad}${plain}${pad}${fence}`;
}

/** Joins pieces while they fit; the rest is counted. */
function within(head: string, pieces: readonly string[], limit: number, whole: string | undefined): string {
  const cutNote = (left: number) =>
    `\n\n${left} more ${left === 1 ? "line does" : "lines do"} not fit here.${whole === undefined ? "" : ` All of it: ${whole}`}\n`;
  const room = limit - cutNote(pieces.length).length;
  let text = head;
  for (const [index, piece] of pieces.entries()) {
    const next = `${text}\n${piece}`;
    const isLast = index === pieces.length - 1;
    if (next.length > (isLast ? limit - 1 : room)) return text + cutNote(pieces.length - index);
    text = next;
  }
  return `${text}\n`;
}

/** Lines of a stack, each of which may be the last that fits. */
function stackPieces(stack: StackReport): readonly string[] {
  const sections = [
    ...section("Drift: reality differs from what was last applied", driftOf(stack)),
    ...section("Pending: the configuration differs from what was last applied", pendingOf(stack)),
    ...letBe(stack.ignored ?? []),
    ...troubles(stack.troubles),
  ];
  return [`\n## ${code(stack.stack)}: ${verdictOf(stack)}`, ...dangers(stack), ...remedies(stack), ...sections];
}

function dangers({ dangers: found = [] }: StackReport): readonly string[] {
  if (found.length === 0) return [];
  return [
    "\nDangers: what an apply of this would do\n",
    ...found.map(({ kind, address, text }) => `- **${kind}** ${code(address)}: ${code(text)}`),
  ];
}

function section(title: string, findings: readonly Finding[]): readonly string[] {
  if (findings.length === 0) return [];
  return [
    `\n${title}\n`,
    ...findings.map((finding) => {
      const { severity, origin, kind, id, left, remedies } = finding;
      const told = [
        ...(origin && kind !== "pending" ? [code(originWords(origin))] : []),
        ...(left && remedies ? [`by hand: ${code(remedies.apply)}`] : []),
        ...(id ? [`id ${code(id)}`] : []),
      ];
      const line = `- ${severity ? `**${severity}** ` : ""}${code(whereOf(finding))}: ${code(finding.text)}`;
      return told.length === 0 ? line : `${line}\n  - ${told.join("; ")}`;
    }),
  ];
}

function letBe(ignored: readonly Ignored[]): readonly string[] {
  if (ignored.length === 0) return [];
  return [
    "\nLet be by drift-ignore.yaml\n",
    ...ignored.map(
      (one) => `- ${code(whereOf(one.finding))}: ${code(one.finding.text)}\n  - ${code(ignoredWords(one))}`,
    ),
  ];
}

function troubles(found: readonly Trouble[]): readonly string[] {
  if (found.length === 0) return [];
  return [
    "\nTold by the run\n",
    ...found.map(({ severity, summary, detail, address }) => {
      const lines = detail.split("\n").filter((line) => line.trim() !== "");
      const where = address === undefined ? "" : ` ${code(address)}`;
      return [`- **${severity}**${where}: ${code(summary)}`, ...lines.map((line) => `  - ${code(line.trim())}`)].join(
        "\n",
      );
    }),
  ];
}

/** What can be done, as something to type. */
function remedies(stack: StackReport): readonly string[] {
  const drift = driftOf(stack);
  const lines = [
    ...(drift.some(({ left }) => !left) || pendingOf(stack).length > 0
      ? [`- Make it as declared: ${code(`npx infra apply ${stack.stack}`)}`]
      : []),
    ...(drift.length > 0 ? ["- Keep it: write what was found into the configuration, and plan again."] : []),
    ...(drift.some(({ left }) => left)
      ? ["- What nobody declared is left as it is; `apply` names what to type to remove it."]
      : []),
    ...letBeOne([...drift, ...pendingOf(stack)]),
  ];
  return lines.length === 0 ? [] : ["\nWhat can be done\n", ...lines];
}

/** With the id of the first; the others have theirs beside them. */
function letBeOne([first]: readonly Finding[]): readonly string[] {
  if (!first?.remedies) return [];
  const { ignore, known } = first.remedies;
  return [
    `- Let one be that is wanted, by its id: ${code(ignore)}`,
    `- Mark it as known and to be repaired: ${code(known)}`,
  ];
}

const cell = ({ outcome }: StackReport, count: number): string => (outcome === "error" ? "?" : String(count));

function verdictOf(stack: StackReport): string {
  if (stack.outcome === "error") return "could not be read in full";
  if (stack.outcome === "same") return "as declared";
  return driftOf(stack).length > 0 ? "drift" : "pending";
}
