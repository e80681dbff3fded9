/** The audit as Markdown: whole, or as the timeline of an incident. Texts from outside stand in code spans. */
import { code } from "../../report/markdown";
import type { Audit } from "./audit";
import type { AuditRecord } from "./record";

/** The whole audit, newest first, and what is missing in it. */
export function auditPage(audit: Audit): string {
  const { since, until, records } = audit;
  return [
    "# Audit",
    "",
    `From ${since} to ${until}. Data class: internal; records of CI alone are public. People are named by their login only.`,
    "",
    ...counts(records),
    "",
    ...table(records),
    ...gaps(audit),
    "",
  ].join("\n");
}

/** A report of an incident: its timeline out of the records, oldest first, and the questions that only people can answer. */
export function incidentPage(title: string, audit: Audit): string {
  const { since, until, records } = audit;
  const apps = [...new Set(records.flatMap(({ app }) => app ?? []))];
  return [
    `# Incident: ${code(title)}`,
    "",
    "Data class: internal. Name people by their login only, and no value of a secret.",
    "",
    "| | |",
    "|---|---|",
    `| Looked at | ${since} to ${until} |`,
    `| Apps | ${apps.map((app) => `[${app}](https://fly.io/apps/${app}) ([monitoring](https://fly.io/apps/${app}/monitoring))`).join(", ") || "none"} |`,
    "| Severity | |",
    "| First alert | |",
    "| Recovered | |",
    "| Minutes from alert to recovery (P0: at most 5) | |",
    "",
    "## Timeline",
    "",
    ...table([...records].reverse()),
    ...gaps(audit),
    ...["Impact", "Cause", "What was done", "What is to change, by whom and until when"].flatMap((head) => [
      "",
      `## ${head}`,
    ]),
    "",
  ].join("\n");
}

function counts(records: readonly AuditRecord[]): readonly string[] {
  const kinds = [...new Set(records.map(({ kind }) => kind))].sort();
  const of = (kind: string, isGood: boolean) =>
    records.filter((one) => one.kind === kind && (one.outcome === "succeeded") === isGood).length;
  return [
    "| Kind | Succeeded | Other |",
    "|---|---:|---:|",
    ...kinds.map((kind) => `| ${kind} | ${of(kind, true)} | ${of(kind, false)} |`),
  ];
}

function table(records: readonly AuditRecord[]): readonly string[] {
  if (records.length === 0) return ["Nothing happened that any source tells of."];
  const cell = (text: string | undefined) => (text === undefined ? "" : code(text));
  return [
    "| Time (UTC) | Kind | What | Environment | App | Version | Image | Commit | By | Outcome | Class |",
    "|---|---|---|---|---|---|---|---|---|---|---|",
    ...records.map(({ at, kind, what, environment, app, version, image, commit, by, outcome, url, ...rest }) => {
      const told = url?.startsWith("https://") && !/[()\s<>|]/.test(url) ? `[${code(what)}](${url})` : code(what);
      const facts = [environment, app, version, image, commit?.slice(0, 12), by].map(cell);
      return `| ${[shortTime(at), kind, told, ...facts, outcome, rest.class].join(" | ")} |`;
    }),
  ];
}

const shortTime = (at: string): string => at.slice(0, 19).replace("T", " ");

function gaps({ unread, limits }: Audit): readonly string[] {
  if (unread.length + limits.length === 0) return [];
  return [
    "",
    "## What is missing here",
    "",
    ...unread.map(({ source, why }) => `- ${code(source)} could not be read: ${code(why)}`),
    ...limits.map((text) => `- ${code(text)}`),
  ];
}
