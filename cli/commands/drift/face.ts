/** The faces of the report: files, and what the terminal shows. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Report } from "../../../report/model";
import type { Wording } from "../../../report/terminal";
import type { Options } from "../../define-command";

export const faceOptions = {
  markdown: { type: "string", doc: "Also write the report as Markdown into this file.", placeholder: "file" },
  html: { type: "string", doc: "Also write the report as one HTML page into this file.", placeholder: "file" },
} as const satisfies Options;

interface Files {
  readonly markdown: string | undefined;
  readonly html: string | undefined;
}

/** Writes the report into the files that were asked for; folders are made. Paths are relative to `directory`. */
export function writeFaces(report: Report, { markdown, html }: Files, directory: string): void {
  const write = (path: string, text: string) => {
    const file = resolve(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  if (markdown !== undefined) {
    const { reportMarkdown }: typeof import("../../../report/markdown") = require("../../../report/markdown");
    write(markdown, reportMarkdown(report, { title: "Drift" }));
  }
  if (html !== undefined) {
    const { reportHtml }: typeof import("../../../report/html") = require("../../../report/html");
    write(html, reportHtml(report, { title: "Drift" }));
  }
}

/** All stacks side by side, the checks, each stack with something to tell, and what was not read. */
export function driftText(report: Report, wording: Wording): string {
  const { stackTable, stacksText }: typeof import("../../../report/terminal") = require("../../../report/terminal");
  const { checksText }: typeof import("../../../report/checks-text") = require("../../../report/checks-text");
  const { unreadText }: typeof import("../../../report/unread") = require("../../../report/unread");
  const telling = report.stacks.filter(
    ({ outcome, troubles, ignored = [] }) => outcome !== "same" || troubles.length + ignored.length > 0,
  );
  const parts = [
    report.stacks.length > 0 && stackTable(report, wording),
    checksText(report, wording),
    stacksText(telling, wording),
    unreadText(report, wording),
  ];
  return parts.filter(Boolean).join("\n\n");
}
