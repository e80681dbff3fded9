/**
 * The face of a report for a browser: one page that needs nothing else and runs no script. Everything from outside is written out as text,
 * and a policy in the page itself forbids whatever could get past that.
 */
import { harmless } from "./harmless";
import { style } from "./html-style";
import { ignoredWords, minute, originWords, whereOf } from "./judged";
import {
  type Check,
  driftOf,
  type Finding,
  type Ignore,
  type Ignored,
  pendingOf,
  type Report,
  type Severity,
  type StackReport,
  type Trouble,
} from "./model";
import { severities, severityCounts } from "./severity";
import { count } from "./terminal";

/** The whole report as a page. @param title first heading */
export function reportHtml(report: Report, { title }: { readonly title: string }): string {
  const { stacks, checkedAt, checks = [], unusedIgnores = [] } = report;
  const telling = stacks.filter(
    ({ outcome, troubles, ignored = [] }) => outcome !== "same" || troubles.length + ignored.length > 0,
  );
  const read =
    checkedAt === undefined
      ? ""
      : `<p class="dim">Read <time datetime="${text(checkedAt)}">${text(minute(checkedAt))}</time></p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${text(`${title}: ${verdictWords(report)}`)}</title>
<style>${style}</style>
</head>
<body>
<header><h1>${text(title)}</h1><p class="verdict">${text(verdictWords(report))}</p>${read}</header>
<main>
${stackMap(stacks)}
${checkTable(checks)}
${telling.map(stackSection).join("\n")}
${unusedHtml(unusedIgnores)}
${notesHtml(stacks)}
</main>
</body>
</html>
`;
}

/** What a reader wants to know first. */
function verdictWords({ stacks, checks = [] }: Report): string {
  const drift = stacks.flatMap(driftOf);
  const pending = stacks.flatMap(pendingOf).length;
  const unread = stacks.filter(({ outcome }) => outcome === "error").length;
  const ignored = stacks.reduce((sum, stack) => sum + (stack.ignored?.length ?? 0), 0);
  const failing = checks.filter(({ verdict }) => verdict === "fail" || verdict === "error").length;
  const judged = severityCounts(drift);
  const parts = [
    ...(unread > 0 ? [`${count(unread, "stack")} could not be read`] : []),
    ...(drift.length > 0 ? [`${count(drift.length, "difference")} by drift${judged ? ` (${judged})` : ""}`] : []),
    ...(pending > 0 ? [count(pending, "pending change")] : []),
    ...(failing > 0 && drift.length + pending + unread === 0 ? [`${count(failing, "check")} did not pass`] : []),
  ];
  const letBe = ignored > 0 ? `; ${count(ignored, "difference")} let be` : "";
  return `${parts.join(", ") || "everything is as declared"}${letBe}`;
}

function stackMap(stacks: readonly StackReport[]): string {
  const rows = stacks.map((stack) => {
    const { kind, words } = verdictOf(stack);
    const cell = (number: number) => `<td class="number">${stack.outcome === "error" ? "?" : number}</td>`;
    const name =
      stack.outcome === "same" && !stack.ignored?.length
        ? text(stack.stack)
        : `<a href="#${anchor(stack)}">${text(stack.stack)}</a>`;
    return `<tr><th scope="row">${name}</th><td>${mark(kind, words)}</td>${cell(stack.resources)}${cell(driftOf(stack).length)}${cell(pendingOf(stack).length)}${cell(stack.ignored?.length ?? 0)}</tr>`;
  });
  const number = (name: string) => `<th scope="col" class="number">${name}</th>`;
  return `<h2 id="stacks">Stacks</h2><div class="scroll" role="region" aria-labelledby="stacks" tabindex="0"><table><thead><tr><th scope="col">Stack</th><th scope="col">Verdict</th>${["Resources", "Drift", "Pending", "Let be"].map(number).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function checkTable(checks: readonly Check[]): string {
  if (checks.length === 0) return "";
  const rows = checks.map(({ name, verdict, lines }) => {
    const found = lines.map((line) => `<p>${text(line)}</p>`).join("");
    return `<tr><th scope="row">${text(name)}</th><td>${mark(verdict, CHECK[verdict])}</td><td class="found">${found}</td></tr>`;
  });
  return `<h2 id="checks">Checks</h2><div class="scroll" role="region" aria-labelledby="checks" tabindex="0"><table><thead><tr><th scope="col">Check</th><th scope="col">Result</th><th scope="col">Found</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function unusedHtml(unused: readonly Ignore[]): string {
  if (unused.length === 0) return "";
  const items = unused.map(
    ({ stack, address, path, owner }) =>
      `<li><code>${text(`${stack} ${address} ${path}`)}</code> (${text(owner)})</li>`,
  );
  return `<h2>Entries of drift-ignore.yaml that nothing needs</h2><ul>${items.join("")}</ul>`;
}

const CHECK: Readonly<Record<Check["verdict"], string>> = {
  pass: "PASS",
  fail: "FAIL",
  error: "ERROR",
  skip: "not made",
};

function stackSection(stack: StackReport): string {
  const counted = [...driftOf(stack), ...pendingOf(stack)];
  const of = (severity: Severity | undefined) => counted.filter((one) => one.severity === severity);
  const judged = severities.map((severity) => ({ name: severity, findings: of(severity) }));
  const groups = [...judged, { name: "not judged", findings: of(undefined) }].filter(
    ({ findings }) => findings.length > 0,
  );
  const parts = [
    ...dangers(stack),
    ...groups.map(({ name, findings }, index) => group(name, findings, index === 0 || counted.length <= shownAtOnce)),
    group(
      "follows from the above",
      stack.findings.filter(({ kind }) => kind === "follows"),
      false,
    ),
    ...stack.troubles.map(troubleHtml),
    ignoredHtml(stack.ignored ?? []),
  ];
  const { kind, words } = verdictOf(stack);
  return `<section id="${anchor(stack)}"><h2>${text(stack.stack)} ${mark(kind, words)}</h2>${parts.join("")}</section>`;
}

/** Most findings of a stack of which every group is open; of more, only the worst. */
const shownAtOnce = 20;

function dangers({ dangers: found = [] }: StackReport): readonly string[] {
  const lines = found.map(
    ({ kind, address, text: words }) =>
      `<li><strong>${text(kind)}</strong> <code>${text(address)}</code>: ${text(words)}</li>`,
  );
  return lines.length === 0
    ? []
    : [folded("dangers: what an apply of this would do", lines.length, `<ul>${lines.join("")}</ul>`, true)];
}

/** Findings of one severity, by the reason for it and by resource. */
function group(name: string, findings: readonly Finding[], open: boolean): string {
  if (findings.length === 0) return "";
  const reasons = [...new Set(findings.map(({ why }) => why))];
  const body = reasons.map((why) => {
    const alike = findings.filter((one) => one.why === why);
    const addresses = [...new Set(alike.map(({ address }) => address))];
    const lists = addresses.map((address) => {
      const own = alike.filter((one) => one.address === address);
      return `<h3><code>${text(address)}</code></h3><ul>${own.map(findingHtml).join("")}</ul>`;
    });
    return `${why === undefined ? "" : `<p class="why">${text(sentence(why))}</p>`}${lists.join("")}`;
  });
  return folded(name, findings.length, body.join(""), open);
}

const sentence = (words: string): string => `${words[0]?.toUpperCase() ?? ""}${words.slice(1)}`;

const folded = (name: string, number: number, body: string, open: boolean): string =>
  `<details class="group"${open ? " open" : ""}><summary>${text(sentence(name))} (${number})</summary>${body}</details>`;

function findingHtml(finding: Finding): string {
  const { path, text: words, severity = "low", origin, id, kind } = finding;
  const about = [...(origin && kind !== "pending" ? [originWords(origin)] : []), ...(id ? [`id ${id}`] : [])].join(
    " · ",
  );
  return `<li class="finding ${severity}">${path === "" ? "" : `<code>${text(path)}</code> `}${text(words)}${about ? `<p class="dim">${text(about)}</p>` : ""}${valuesHtml(finding)}${remediesHtml(finding)}</li>`;
}

/** Both values whole, where the sentence had to cut them. */
function valuesHtml({ was, is }: Finding): string {
  const [before, after] = [was, is].map((value) => JSON.stringify(value, null, 2) ?? "");
  if (Math.max(before?.length ?? 0, after?.length ?? 0) <= wholeInSentence) return "";
  return `<details><summary>Both values</summary><dl><dt>was</dt><dd><pre>${text(before ?? "", true)}</pre></dd><dt>is</dt><dd><pre>${text(after ?? "", true)}</pre></dd></dl></details>`;
}

const wholeInSentence = 90;

function remediesHtml({ remedies }: Finding): string {
  if (!remedies) return "";
  const row = (name: string, what: string) => `<dt>${name}</dt><dd><code>${text(what)}</code></dd>`;
  return `<details><summary>What can be done</summary><dl>${row("Apply it back", remedies.apply)}${row("Adopt it", remedies.adopt)}${row("Ignore it", remedies.ignore)}${row("Known until", remedies.known)}${row("As an entry", remedies.entry)}</dl></details>`;
}

function ignoredHtml(ignored: readonly Ignored[]): string {
  if (ignored.length === 0) return "";
  const items = ignored.map(
    (one) =>
      `<li class="finding"><code>${text(whereOf(one.finding))}</code> ${text(one.finding.text)}<p class="dim">${text(ignoredWords(one))}</p></li>`,
  );
  return folded("let be by drift-ignore.yaml", ignored.length, `<ul>${items.join("")}</ul>`, false);
}

function notesHtml(stacks: readonly StackReport[]): string {
  const notes = [...new Set(stacks.flatMap((stack) => stack.notes))];
  if (notes.length === 0) return "";
  const body = notes.map((note) => `<p>${text(note)}</p>`).join("");
  return `<h2>Notes</h2>${folded("wanted, and not something the platform can hold", notes.length, body, false)}`;
}

function troubleHtml({ severity, summary, detail, address }: Trouble): string {
  const where = address === undefined ? "" : ` <code>${text(address)}</code>`;
  return `<h3>${mark(severity === "error" ? "error" : "medium", severity)} ${text(summary)}${where}</h3><pre>${text(detail, true)}</pre>`;
}

function verdictOf(stack: StackReport): { readonly kind: string; readonly words: string } {
  if (stack.outcome === "error") return { kind: "error", words: "could not be read in full" };
  if (stack.outcome === "same") return { kind: "same", words: "as declared" };
  return driftOf(stack).length > 0 ? { kind: "drift", words: "drift" } : { kind: "pending", words: "pending" };
}

const mark = (kind: string, words: string): string => `<span class="mark ${kind}">${text(words)}</span>`;

const anchor = ({ stack }: StackReport): string => `stack-${stack.replace(/[^\w-]/g, "_")}`;

/** A text from outside: harmless, and no markup. */
const text = (from: string, lines = false): string =>
  harmless(from, { lines }).replace(/[&<>"']/g, (one) => `&#${one.codePointAt(0)};`);
