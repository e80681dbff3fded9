/** The face of a report for a terminal: readable by someone who sees it for the first time. */
import { announced } from "./failure-class";
import { harmless } from "./harmless";
import { ignoredWords, judgedWords, whereOf } from "./judged";
import { driftOf, type Finding, type Ignored, pendingOf, type Report, type StackReport, type Trouble } from "./model";
import type { Paint } from "./paint";
import { severityCounts } from "./severity";
import { table } from "./table";
import { wrap } from "./wrap";

export interface Wording {
  readonly paint: Paint;
  /** Width of the terminal; undefined: none, lines are as long as they are. */
  readonly columns: number | undefined;
  /** How the command line is called in what the reader may type: "infra" or "npx infra". */
  readonly program: string;
}

/** Stacks in full, one below the other: headline, what differs and why, what went wrong. An error that several share is told once. */
export function stacksText(stacks: readonly StackReport[], { paint, columns }: Wording): string {
  const told = stacks.flatMap((stack) => {
    const alike = stacks.filter((one) => one === stack || isSameError(one, stack));
    return alike[0] === stack ? [stackText({ ...stack, stack: alike.map((one) => one.stack).join(", ") }, paint)] : [];
  });
  return wrap(told.join(told.some((text) => text.includes("\n")) ? "\n\n" : "\n"), columns);
}

/** Wanted values that Fly cannot hold, each once, with the stacks that want it where not all of them do. */
export function notesText(stacks: readonly StackReport[], { paint, columns }: Wording): string | undefined {
  const read = stacks.filter(({ outcome }) => outcome !== "error");
  const notes = [...new Set(read.flatMap((stack) => stack.notes))];
  if (notes.length === 0) return undefined;
  const lines = notes.map((note) => {
    const wanting = read.filter((stack) => stack.notes.includes(note)).map(({ stack }) => stack);
    const whose = wanting.length < read.length ? `${wanting.join(", ")}: ` : "";
    return paint("dim", `    ${harmless(whose + note)}`);
  });
  return wrap(["  Notes: wanted, and not something the platform can hold", ...lines].join("\n"), columns);
}

const isSameError = (a: StackReport, b: StackReport): boolean =>
  a.outcome === "error" && b.outcome === "error" && JSON.stringify(a.troubles) === JSON.stringify(b.troubles);

function stackText(stack: StackReport, paint: Paint): string {
  return [
    headline(stack, paint),
    ...dangerLines(stack, paint),
    ...section(`Drift: ${platformOf(driftOf(stack))} differs from what was last applied`, driftOf(stack), stack, paint),
    ...section("Pending: the configuration differs from what was last applied", pendingOf(stack), stack, paint),
    ...section(
      "Follows from the above",
      stack.findings.filter(({ kind }) => kind === "follows"),
      stack,
      paint,
    ),
    ...ignoredLines(stack.ignored ?? [], paint),
    ...stack.troubles.flatMap((one) => ["", ...troubleLines(one, paint)]),
  ].join("\n");
}

/** Who differs: a stack is about Fly or about GitHub. */
function platformOf(findings: readonly Finding[]): string {
  return findings.some(({ address }) => address.startsWith("fly_")) ? "Fly" : "GitHub";
}

/** What can hurt, before everything else. */
function dangerLines({ dangers = [] }: StackReport, paint: Paint): readonly string[] {
  if (dangers.length === 0) return [];
  const width = Math.max(...dangers.map(({ kind }) => kind.length));
  return [
    "",
    `  ${paint("red", "Dangers: what an apply of this would do")}`,
    ...dangers.map(
      ({ kind, address, text }) => `    ${paint("red", kind.padEnd(width))}  ${harmless(address)}: ${text}`,
    ),
  ];
}

/** What is let be, each with until when and why. */
function ignoredLines(ignored: readonly Ignored[], paint: Paint): readonly string[] {
  if (ignored.length === 0) return [];
  return [
    "",
    `  Let be by drift-ignore.yaml: ${count(ignored.length, "difference")}`,
    ...ignored.flatMap((one) => [
      `    ${whereOf(one.finding)}  ${one.finding.text}`,
      paint("dim", `      ${ignoredWords(one)}`),
    ]),
  ];
}

/** All stacks side by side: one line each. */
export function stackTable({ stacks }: Report, { paint }: Wording): string {
  const rows = stacks.map((stack) => ({
    cells: [
      stack.stack,
      ...(stack.outcome === "error"
        ? ["?", "?", "?"]
        : [stack.resources, driftOf(stack).length, pendingOf(stack).length].map(String)),
      VERDICT[verdictOf(stack)].text,
    ],
    format: VERDICT[verdictOf(stack)].format,
  }));
  return table(["Stack", "Resources", "Drift", "Pending", "Verdict"], rows, paint, [1, 2, 3]);
}

/** The end of a report that changed nothing: what the reader can do about it, as something to type. */
export function closing(report: Report, wording: Wording): readonly string[] {
  return ["", ...nextSteps(report, wording), "Nothing was changed."];
}

function nextSteps({ stacks }: Report, { program }: Wording): readonly string[] {
  const drift = stacks.flatMap(driftOf);
  const undone = stacks.filter((stack) => driftOf(stack).some(({ left }) => !left)).map(({ stack }) => stack);
  const pending = stacks
    .filter((stack) => pendingOf(stack).length > 0 && !undone.includes(stack.stack))
    .map(({ stack }) => stack);
  return [
    ...(undone.length > 0 ? [`Undo the drift: ${program} apply ${undone.join(" ")}`] : []),
    ...(drift.some(({ left, kind }) => left && kind !== "undeclared")
      ? ["What an apply cannot make stands above with what to type."]
      : []),
    ...(drift.some(({ left, kind }) => left && kind === "undeclared")
      ? ["What nobody declared is left as it is; apply then names what to type to remove it."]
      : []),
    ...(drift.some(({ kind }) => kind !== "missing")
      ? ["Keep it: write what was found into the configuration and plan again."]
      : []),
    ...(pending.length > 0 ? [`Carry out what is pending: ${program} apply ${pending.join(" ")}`] : []),
    ...letBeSteps(stacks),
  ];
}

/** How to let the first finding be; the others have their ids beside them. */
function letBeSteps(stacks: readonly StackReport[]): readonly string[] {
  const [first] = stacks.flatMap((stack) => [...driftOf(stack), ...pendingOf(stack)]);
  if (!first?.remedies) return [];
  const { ignore, known, entry } = first.remedies;
  return [
    `Let one be that is wanted, by its id: ${ignore}`,
    `Or mark it as known and to be repaired: ${known}`,
    `Or write a line into drift-ignore.yaml: ${entry}`,
  ];
}

/** "1 difference", "2 differences". */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

const VERDICT = {
  same: { text: "as declared", format: "green" },
  drift: { text: "drift", format: "yellow" },
  pending: { text: "pending", format: "cyan" },
  error: { text: "could not be read", format: "red" },
} as const;

function verdictOf(stack: StackReport): keyof typeof VERDICT {
  if (stack.outcome !== "differs") return stack.outcome;
  return driftOf(stack).length > 0 ? "drift" : "pending";
}

function headline(stack: StackReport, paint: Paint): string {
  const name = paint("bold", harmless(stack.stack));
  if (stack.outcome === "error") return `${name}: ${paint("red", "could not be read in full")}`;
  if (stack.outcome === "same")
    return `${name}: ${paint("green", `as declared (${count(stack.resources, "resource")})`)}`;
  const drift = driftOf(stack).length;
  const pending = pendingOf(stack).length;
  const judged = severityCounts(driftOf(stack));
  const parts = [
    ...(drift > 0 ? [paint("yellow", `${count(drift, "difference")} by drift${judged ? `, ${judged}` : ""}`)] : []),
    ...(pending > 0 ? [paint("cyan", count(pending, "pending change"))] : []),
  ];
  return `${name}: ${parts.join(", ") || "changes that follow from others"} (${count(stack.resources, "resource")})`;
}

function section(title: string, findings: readonly Finding[], stack: StackReport, paint: Paint): readonly string[] {
  if (findings.length === 0) return [];
  const addresses = [...new Set(findings.map(({ address }) => address))];
  const isWhole = (address: string) => findings.every((one) => one.address !== address || one.path === "");
  const column = Math.min(50, Math.max(0, ...addresses.filter(isWhole).map((address) => address.length)));
  return [
    "",
    `  ${title}`,
    ...addresses.flatMap((address) => {
      const own = findings.filter((one) => one.address === address);
      const width = Math.min(40, Math.max(...own.map(({ path }) => path.length)));
      const replaced =
        stack.actions[address] === "replace" ? paint("red", "  (must be replaced: destroyed and made anew)") : "";
      const [only] = own;
      if (only && own.length === 1 && only.path === "") {
        const text = stack.actions[address] === "delete" ? paint("red", only.text) : only.text;
        const gap = " ".repeat(Math.max(0, column - address.length));
        return [`    ${paint("bold", harmless(address))}${gap}  ${text}`, ...judgedLine(only, paint)];
      }
      return [
        `    ${paint("bold", harmless(address))}${replaced}`,
        ...own.flatMap((one) => [
          `      ${one.path.padEnd(width)}${width > 0 ? "  " : ""}${one.text}`,
          ...judgedLine(one, paint),
        ]),
      ];
    }),
  ];
}

function judgedLine(finding: Finding, paint: Paint): readonly string[] {
  const words = judgedWords(finding);
  return words === "" ? [] : [paint(finding.severity === "critical" ? "red" : "dim", `        ${words}`)];
}

/** A diagnostic, indented below its headline. */
export function troubleLines({ severity, summary, detail, address, path }: Trouble, paint: Paint): readonly string[] {
  const format = severity === "error" ? "red" : "yellow";
  const where = [address, path].filter(Boolean).join(", on ");
  return [
    `  ${paint(format, severity === "error" ? announced(detail) : "Warning:")} ${harmless(summary)}`,
    ...(where ? [`    with ${harmless(where)}`] : []),
    ...harmless(detail, { lines: true })
      .split("\n")
      .filter(Boolean)
      .map((line) => `    ${line}`),
  ];
}
