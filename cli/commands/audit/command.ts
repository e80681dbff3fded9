import { resolve } from "node:path";
import type { Audit } from "../../../ops/audit/audit";
import type { Evidence } from "../../../ops/audit/readiness";
import type { AuditRecord } from "../../../ops/audit/record";
import { defineCommand, shared } from "../../define-command";
import type { Io } from "../../io";

export const audit = defineCommand({
  name: "audit",
  summary:
    "Tell what happened: deployments, rollbacks, CI runs, secret scans, overrides, from Fly, GitHub and the kept records.",
  details:
    "Each event once, with time, commit, deployer, app, version, image, outcome and data class; people by their login only. Reads only. A source that cannot be read is said, and then it ends with 1.",
  positionals: { stacks: { doc: "Stacks whose apps are meant. Left out: all.", many: true } },
  options: {
    stack: shared.stack,
    since: { type: "string", doc: "From when: 90d (default), 36h, 2026-08-31 or a time.", placeholder: "time" },
    until: { type: "string", doc: "Until when (default now).", placeholder: "time" },
    repository: {
      type: "string",
      doc: "The repository (default: the one that a stack governs, else $GITHUB_REPOSITORY).",
      placeholder: "owner/name",
    },
    markdown: { type: "string", doc: "Write the audit to this file, as Markdown.", placeholder: "file" },
    incident: {
      type: "string",
      doc: "Write a report of an incident of that title to reports/status/, with its timeline; of the last 24h unless --since says otherwise.",
      placeholder: "title",
    },
    readiness: {
      type: "string",
      doc: "Gather what an approver of a production release reads into this folder: migrations, secrets, logs of the staging deployment.",
      placeholder: "folder",
    },
    commit: {
      type: "string",
      doc: "Which commit is to be released, for --readiness (default HEAD).",
      placeholder: "commit",
    },
    json: shared.json,
  },
  exitCodes: { 0: "everything was read", 1: "a source could not be read, an evidence is missing, or an error" },
  examples: [
    "audit",
    "audit production --since 30d --json",
    "audit --incident '502 after v1.4.0' --since 6h",
    "audit --readiness readiness --commit v1.4.0",
  ],
  async run(
    { stacks: names, stack, since, until, repository, markdown, incident, readiness, commit, json },
    tools,
    io,
  ) {
    const { chooseStacks, synthesize }: typeof import("../../../ops/project") = require("../../../ops/project");
    const { audit: read }: typeof import("../../../ops/audit/audit") = require("../../../ops/audit/audit");
    const { periodOf }: typeof import("../../../ops/audit/period") = require("../../../ops/audit/period");
    const { flyFrom }: typeof import("../../../ops/fly") = require("../../../ops/fly");
    const { openReader }: typeof import("../../../ops/github/connect") = require("../../../ops/github/connect");
    const { repositoryOf }: typeof import("../../../ops/github/governed") = require("../../../ops/github/governed");
    const { auditPage, incidentPage }: typeof import("../../../ops/audit/page") = require("../../../ops/audit/page");
    const { keepIncident, keepPage }: typeof import("../../../ops/audit/keep") = require("../../../ops/audit/keep");
    const now = new Date(tools.now());
    const period = periodOf(since, until, { now, otherwise: incident === undefined ? 90 : 1 });
    io.progress("Reading the configuration");
    const all = await synthesize(tools);
    const chosen = chooseStacks(all, [...names, ...stack]);
    io.progress("Reading Fly and GitHub");
    const { env, interruption, directory } = tools;
    const fly = once(() => flyFrom(env).fly);
    const github = once(() => openReader({ env, signal: interruption.soft }));
    const place = once(() => {
      const { owner, name } = repositoryOf(all, repository, env);
      return github().repository(owner, name);
    });
    const found = await read({ stacks: chosen, fly, repository: place, directory, period, now });
    const evidence = readiness === undefined ? [] : await gather(readiness);
    io.progress("");
    const files = [
      ...(markdown === undefined ? [] : [keepPage(directory, markdown, auditPage(found))]),
      ...(incident === undefined ? [] : [keepIncident(directory, period.since, incidentPage(incident, found))]),
    ];
    if (json) io.out(JSON.stringify({ version: 1, command: "audit", ...found, evidence, files }, null, 2));
    else tell(found, io);
    for (const { name, isThere, text } of evidence) io.say(`${name}: ${isThere ? "" : "MISSING: "}${text}`);
    for (const file of files) io.say(`Written: ${file}`);
    return found.unread.length > 0 || evidence.some(({ isThere }) => !isThere) ? 1 : 0;

    async function gather(folder: string): Promise<readonly Evidence[]> {
      const {
        commitOf,
        gatherReadiness,
      }: typeof import("../../../ops/audit/readiness") = require("../../../ops/audit/readiness");
      const { placesOf }: typeof import("../../../ops/secrets/place") = require("../../../ops/secrets/place");
      const { operationOf }: typeof import("../../../ops/declared") = require("../../../ops/declared");
      const checkout = { directory, env, interruption };
      return gatherReadiness({
        ...checkout,
        commit: await commitOf(commit, checkout),
        folder: resolve(directory, folder),
        migrations: operationOf(all)?.migrations ?? "migrations",
        audit: found,
        period,
        history: () => place().history,
        places: () => placesOf(chosen, all, { fly, github }),
        now,
      });
    }
  },
});

/** One client for all questions: it keeps within the platform's limits for all of them together. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function tell({ records, unread, limits }: Audit, io: Io): void {
  const { table }: typeof import("../../../report/table") = require("../../../report/table");
  const { harmless }: typeof import("../../../report/harmless") = require("../../../report/harmless");
  if (records.length === 0) io.out("Nothing happened that any source tells of.");
  else {
    const head = ["Time (UTC)", "Kind", "What", "Environment", "App", "Version", "Commit", "By", "Outcome", "Image"];
    const rows = records.map((one) => ({
      cells: cellsOf(one).map((text) => harmless(text)),
      ...(bad.has(one.outcome) && { format: "yellow" as const }),
    }));
    io.out(table(head, rows, io.paint.out));
  }
  for (const text of limits) io.say(text);
  for (const { source, why } of unread) io.say(`Not read: ${source}: ${harmless(why, { lines: true })}`);
}

const bad: ReadonlySet<string> = new Set(["failed", "restored", "interrupted", "open"]);

function cellsOf({ at, kind, what, environment, app, version, commit, by, outcome, image }: AuditRecord): string[] {
  const facts = [environment, app, version, commit?.slice(0, 12), by];
  return [
    at.slice(0, 16).replace("T", " "),
    kind,
    what,
    ...facts.map((text) => text ?? "-"),
    outcome,
    image?.slice(image.lastIndexOf("/") + 1) ?? "-",
  ];
}
