import { defineCommand, shared } from "../../define-command";
import { withStacks, wordingFor } from "../../session";
import { driftText, faceOptions, writeFaces } from "./face";
import { letBeOptions } from "./let-be-options";
import { expectHeartbeat, howToSweep, sweepOptions } from "./sweep-options";

export const drift = defineCommand({
  name: "drift",
  summary: "Report what changed outside Terraform, all stacks side by side; change nothing.",
  details:
    "A stack that cannot be read is an error of its own and hides no other. A repository is read from GitHub itself too: what the plan cannot see, open overrides, and who bypassed the rules. Where no stack is named, the checks of the project as a whole are made too: docs policy, secret scan, backup, parity, ready versions, previews (docs/drift-report.md). Where INFRA_READ_TOKEN is set, GitHub is read with it, and GITHUB_TOKEN only keeps the issues.",
  positionals: { stacks: { doc: "Stacks to look at. Left out: all.", many: true } },
  options: {
    stack: shared.stack,
    json: shared.json,
    ...faceOptions,
    ...letBeOptions,
    issue: {
      type: "boolean",
      doc: "Also keep one issue for each stack that differs: opened, kept current, and closed when it is as declared again.",
    },
    repository: {
      type: "string",
      doc: "Repository of those issues (default: the one that a stack governs, else GITHUB_REPOSITORY).",
      placeholder: "owner/name",
    },
    ...sweepOptions,
  },
  exitCodes: {
    0: "every stack that was read is as declared",
    1: "an error, or a stack that could not be read",
    2: "drift, or changes that are pending",
  },
  examples: [
    "drift",
    "drift production staging",
    "drift --json",
    "drift --markdown reports/status/gaps.md --issue",
    "drift --heartbeat heartbeat.json",
    "drift --fast --heartbeat heartbeat.json",
  ],
  async run({ stacks: names, stack, json, markdown, html, issue, repository, ...wish }, tools, io) {
    const { wishesOf }: typeof import("../../../ops/drift/wish") = require("../../../ops/drift/wish");
    if (wish.heartbeatOlderThan !== undefined) return expectHeartbeat(wish, tools, io);
    const how = howToSweep({ ...wish, faces: [markdown, html, issue] }, tools);
    const letBe = wishesOf(wish);
    const whole = names.length + stack.length === 0;
    return withStacks(
      [...names, ...stack],
      tools,
      io,
      async ({ stacks, running }) => {
        const { sweep }: typeof import("../../../ops/drift/sweep") = require("../../../ops/drift/sweep");
        const { readingEnv }: typeof import("../../../ops/github/connect") = require("../../../ops/github/connect");
        const options = { directory: tools.directory, now: tools.now(), letBe, whole, ...how };
        const { report, exitCode } = await sweep(stacks, { ...running, env: readingEnv(tools.env) }, options);
        if (letBe.length > 0) io.say("Written into drift-ignore.yaml; have it reviewed as any other change.");
        writeFaces(report, { markdown, html }, tools.directory);
        if (issue) {
          const { issuesFor }: typeof import("../../../ops/drift/issue") = require("../../../ops/drift/issue");
          const shell = { env: tools.env, signal: tools.interruption.soft };
          for (const one of await issuesFor(stacks, report, repository, shell))
            io.say(`${one.stack}: issue ${one.url} ${one.did}`);
        }
        if (json) {
          const { reportJson }: typeof import("../../../report/json") = require("../../../report/json");
          io.out(reportJson(report));
          return exitCode;
        }
        const { closing }: typeof import("../../../report/terminal") = require("../../../report/terminal");
        const wording = wordingFor(io);
        io.out(driftText(report, wording));
        for (const line of closing(report, wording)) io.say(line);
        return exitCode;
      },
      { snapshot: true },
    );
  },
});
