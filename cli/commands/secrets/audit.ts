import type { AuditedPlace, SecretAudit } from "../../../ops/secrets/audit";
import { defineCommand, shared } from "../../define-command";
import type { Io } from "../../io";

export const secretsAudit = defineCommand({
  name: "secrets audit",
  summary:
    "Report on every secret: presence, age, digest, source, rotation, who has access; with --logs search logs for leaks.",
  details:
    "Without --logs no value is read and read-only tokens are enough. With --logs the values that this shell has are searched for, plain and encoded, in the logs of workflow runs and of the apps; what is printed is the secret's name, the job and the line, never the line itself.",
  positionals: { stacks: { doc: "Stacks to look at. Left out: all.", many: true } },
  options: {
    stack: shared.stack,
    file: { type: "string", doc: "Write the report as Markdown to this file too.", placeholder: "path" },
    logs: { type: "boolean", doc: "Search logs for the values that this shell has, instead of reporting." },
    since: { type: "string", doc: "With --logs: how far back (7d, 36h, 2026-08-31; default 7d).", placeholder: "time" },
    runs: {
      type: "number",
      doc: "With --logs: most workflow runs, the newest (default 20, at most 100).",
      placeholder: "count",
    },
    dotenv: {
      type: "strings",
      doc: "With --logs: a file of NAME=value lines; mode 0600, not in git.",
      placeholder: "file",
    },
    json: shared.json,
  },
  exitCodes: {
    0: "nothing is to be done; with --logs: no value was found",
    1: "an error, or something could not be read",
    2: "something is to be done; with --logs: a value stands in a log",
  },
  examples: [
    "secrets audit",
    "secrets audit --file docs/runbooks/secrets_audit_report.md",
    "secrets audit --logs --since 24h --runs 50",
  ],
  async run({ stacks: names, stack, file, logs, since, runs, dotenv, json }, tools, io) {
    const { readPlaces }: typeof import("./places") = require("./places");
    const { auditSecrets }: typeof import("../../../ops/secrets/audit") = require("../../../ops/secrets/audit");
    const { openReader }: typeof import("../../../ops/github/connect") = require("../../../ops/github/connect");
    const { env, interruption } = tools;
    const found = await readPlaces([...names, ...stack], tools, io);
    if (logs) {
      const { searchForLeaks }: typeof import("./leaks") = require("./leaks");
      return searchForLeaks(found, { since, runs, dotenv, json }, tools, io);
    }
    const { chosen, places } = found;
    const github = () => openReader({ env, signal: interruption.soft });
    const audit = await auditSecrets(places, chosen, github, tools.now());
    if (file !== undefined) writeReport(file, audit, tools.directory, io);
    if (json) io.out(JSON.stringify({ version: 1, command: "secrets audit", ...audit }, null, 2));
    else tell(audit, io);
    if (audit.unread.length > 0) return 1;
    return audit.problems.length > 0 || audit.controls.some(({ holds }) => !holds) ? 2 : 0;
  },
});

function writeReport(file: string, audit: SecretAudit, directory: string, io: Io): void {
  const {
    auditMarkdown,
  }: typeof import("../../../ops/secrets/audit-markdown") = require("../../../ops/secrets/audit-markdown");
  const { mkdirSync, writeFileSync }: typeof import("node:fs") = require("node:fs");
  const { dirname, resolve }: typeof import("node:path") = require("node:path");
  const path = resolve(directory, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, auditMarkdown(audit));
  io.say(`Written: ${file}`);
}

function tell({ places, controls, problems, unread }: SecretAudit, io: Io): void {
  const { harmless }: typeof import("../../../report/harmless") = require("../../../report/harmless");
  const { wrap }: typeof import("../../../report/wrap") = require("../../../report/wrap");
  for (const place of places) io.out(`${placeText(place, io)}\n`);
  io.out(io.paint.out("bold", "Controls"));
  for (const { name, holds, text } of controls) {
    io.out(
      wrap(
        `  ${holds ? io.paint.out("green", "ok") : io.paint.out("red", "no")}  ${name}: ${harmless(text)}`,
        io.columns.out,
      ),
    );
  }
  io.out(`\n${io.paint.out("bold", problems.length === 0 ? "Nothing is to be done" : "To do")}`);
  for (const { store, name, text } of problems) io.out(wrap(`  ${store}  ${harmless(name)}: ${text}`, io.columns.out));
  for (const one of unread) io.say(`Not read: ${harmless(one)}`);
}

function placeText({ name, rotationDays, secrets, access }: AuditedPlace, io: Io): string {
  const { harmless }: typeof import("../../../report/harmless") = require("../../../report/harmless");
  const { table }: typeof import("../../../report/table") = require("../../../report/table");
  const { wrap }: typeof import("../../../report/wrap") = require("../../../report/wrap");
  const rows = secrets.map((one) => {
    const isBad = !one.present || !one.declared || (one.days ?? 0) > rotationDays;
    const cells = [
      harmless(one.name),
      one.present ? (one.declared ? "there" : "undeclared") : "missing",
      one.days === undefined ? "" : `${one.days} d`,
      one.due ?? "",
      one.digest ?? "",
      harmless(one.source),
    ];
    return { cells, ...(isBad && { format: "yellow" as const }) };
  });
  const head = `${io.paint.out("bold", name)}: ${secrets.length} secrets, a new value every ${rotationDays} days`;
  return [
    head,
    ...(rows.length > 0 ? [table(["NAME", "STATE", "AGE", "DUE", "DIGEST", "SOURCE"], rows, io.paint.out, [2])] : []),
    ...access.map((one) => wrap(`  ${harmless(one)}`, io.columns.out)),
  ].join("\n");
}
