/** The faces of the report that are files. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Report } from "../../../report/model";

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
