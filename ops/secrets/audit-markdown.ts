/** The report on secrets as a file of the repository: inventory, controls, findings, and how a value is made anew. */
import { code } from "../../report/markdown";
import type { AuditedPlace, SecretAudit } from "./audit";

/** Markdown without a value: names, times, digests, sources. */
export function auditMarkdown({ at, places, controls, problems, unread }: SecretAudit): string {
  return `${[
    "# Secrets audit report",
    "",
    `Read live at ${at} by \`infra secrets audit\`. Names, times and sources; no value is in it, and none was read.`,
    "",
    "## Findings",
    "",
    ...list(
      problems.map(({ store, name, text }) => `${store}, ${code(name)}: ${code(text)}`),
      "Nothing is to be done.",
    ),
    ...unread.map((one) => `- Not read: ${code(one)}`),
    "",
    "## Controls",
    "",
    "| Control | Holds | |",
    "|---|---|---|",
    ...controls.map(({ name, holds, text }) => `| ${name} | ${holds ? "yes" : "**no**"} | ${code(text)} |`),
    "| Values are in no configuration, plan, state or log | yes | by construction; `infra secrets audit --logs` searches the logs |",
    "",
    "## Inventory",
    ...places.flatMap(placeLines),
    "",
    "## Rotation",
    "",
    "1. Make a new value at its issuer; let the old one live until the end.",
    "2. Write it from one source: `npx infra secrets set NAME --environment staging < FILE`, or put it where its source says and run `npx infra secrets sync`.",
    "3. Update the machines: `npx infra apply staging`. Workflows read it at their next run.",
    "4. See that it works, then revoke the old value at its issuer.",
    "5. `npx infra secrets audit` again. After a leak: revoke first, then the same steps, and `npx infra secrets audit --logs`.",
  ].join("\n")}\n`;
}

const list = (lines: readonly string[], none: string): readonly string[] =>
  lines.length === 0 ? [none] : lines.map((line) => `- ${line}`);

function placeLines({ name, rotationDays, secrets, access }: AuditedPlace): readonly string[] {
  return [
    "",
    `### ${code(name)}`,
    "",
    `Rotation every ${rotationDays} days. Who can get at them:`,
    "",
    ...access.map((one) => `- ${code(one)}`),
    "",
    "| Name | There | Declared | Written | Age | New value due | Digest | Source |",
    "|---|---|---|---|---:|---|---|---|",
    ...secrets.map((one) =>
      [
        "",
        code(one.name),
        one.present ? "yes" : "**missing**",
        one.declared ? "yes" : "**no**",
        one.changedAt?.slice(0, 10) ?? "",
        one.days === undefined ? "" : `${one.days} d`,
        one.due ?? "",
        one.digest === undefined ? "" : code(one.digest),
        code(one.source),
        "",
      ]
        .join(" | ")
        .trim(),
    ),
  ];
}
