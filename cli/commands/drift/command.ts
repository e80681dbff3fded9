import { defineCommand, shared } from "../../define-command";
import { withStacks, wordingFor } from "../../session";

export const drift = defineCommand({
  name: "drift",
  summary: "Report what changed outside Terraform, all stacks side by side; change nothing.",
  details:
    "A stack that cannot be read is an error of its own and hides no other. A repository is read from GitHub itself too: what the plan cannot see, open overrides, and who bypassed the rules.",
  positionals: { stacks: { doc: "Stacks to look at. Left out: all.", many: true } },
  options: {
    stack: shared.stack,
    json: shared.json,
    markdown: { type: "string", doc: "Also write the report as Markdown into this file.", placeholder: "file" },
    issue: {
      type: "boolean",
      doc: "Also keep one issue for each stack that differs: opened, kept current, and closed when it is as declared again.",
    },
    repository: {
      type: "string",
      doc: "Repository of those issues (default: the one that a stack governs, else GITHUB_REPOSITORY).",
      placeholder: "owner/name",
    },
  },
  exitCodes: {
    0: "every stack is as declared",
    1: "an error, or a stack that could not be read",
    2: "drift, or changes that are pending",
  },
  examples: ["drift", "drift production staging", "drift --json", "drift --markdown reports/status/gaps.md --issue"],
  async run({ stacks: names, stack, json, markdown, issue, repository }, tools, io) {
    return withStacks([...names, ...stack], tools, io, async ({ stacks, running }) => {
      const { driftStacks }: typeof import("../../../ops/drift/drift") = require("../../../ops/drift/drift");
      const { report, exitCode } = await driftStacks(stacks, running, tools.now());
      if (markdown !== undefined) {
        const { reportMarkdown }: typeof import("../../../report/markdown") = require("../../../report/markdown");
        const { writeFileSync }: typeof import("node:fs") = require("node:fs");
        const { resolve }: typeof import("node:path") = require("node:path");
        writeFileSync(resolve(tools.directory, markdown), reportMarkdown(report, { title: "Drift" }));
      }
      if (issue) {
        const { issuesFor }: typeof import("../../../ops/drift/issue") = require("../../../ops/drift-issue");
        const shell = { env: tools.env, signal: tools.interruption.soft };
        for (const one of await issuesFor(stacks, report, repository, shell))
          io.say(`${one.stack}: issue ${one.url} ${one.did}`);
      }
      const { reportJson }: typeof import("../../../report/json") = require("../../../report/json");
      const {
        closing,
        stackTable,
        stacksText,
      }: typeof import("../../../report/terminal") = require("../../../report/terminal");
      if (json) {
        io.out(reportJson(report));
        return exitCode;
      }
      const wording = wordingFor(io);
      const telling = report.stacks.filter(({ outcome, troubles }) => outcome !== "same" || troubles.length > 0);
      io.out(stackTable(report, wording) + (telling.length > 0 ? `\n\n${stacksText(telling, wording)}` : ""));
      for (const line of closing(report, wording)) io.say(line);
      return exitCode;
    });
  },
});
