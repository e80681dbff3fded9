/** Takes out of a report what the project lets be; pure. */
import {
  driftOf,
  type Finding,
  type Ignore,
  type Ignored,
  pendingOf,
  type Report,
  type StackReport,
} from "../../report/model";
import { isOver } from "./ignore-file";

/**
 * The report with each finding that an entry covers moved to `ignored`. A finding whose entry is over stays, and says so. A stack of which
 * only such findings are left, and what follows from them, is as declared; one that could not be read stays unread.
 *
 * @param now Unix ms
 */
export function applyIgnores(report: Report, ignores: readonly Ignore[], now: number): Report {
  const stacks = report.stacks.map((stack) => applyTo(stack, ignores, now));
  return { ...report, stacks, unusedIgnores: ignores.filter((one) => isUnused(one, report)) };
}

function applyTo(report: StackReport, ignores: readonly Ignore[], now: number): StackReport {
  const own = ignores.filter(({ stack }) => stack === report.stack);
  const findings: Finding[] = [];
  const ignored: Ignored[] = [];
  for (const finding of report.findings) {
    const by = finding.kind === "follows" ? undefined : own.find((one) => covers(one, finding));
    if (by && !isOver(by, now)) ignored.push({ finding, by });
    else findings.push(by ? { ...finding, text: `${finding.text}; ${pastWords(by)}` } : finding);
  }
  const left = { ...report, findings, ignored };
  const isLetBe = ignored.length > 0 && driftOf(left).length === 0 && pendingOf(left).length === 0;
  return isLetBe && report.outcome === "differs" ? { ...left, outcome: "same", findings: [] } : left;
}

const pastWords = ({ kind, until, owner, reason }: Ignore): string =>
  kind === "known"
    ? `was to be repaired by ${until} (${owner}: ${reason})`
    : `was ignored until ${until} (${owner}: ${reason})`;

/** Whether an entry is about a finding: the same address, and a path in which `*` stands for any characters. */
export function covers({ address, path }: Ignore, finding: Finding): boolean {
  if (address !== finding.address) return false;
  const parts = path.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(finding.path);
}

/** Only a stack that was read whole tells that nothing needs an entry. */
function isUnused(one: Ignore, { stacks }: Report): boolean {
  const stack = stacks.find((report) => report.stack === one.stack);
  return stack !== undefined && stack.outcome !== "error" && !stack.findings.some((finding) => covers(one, finding));
}
