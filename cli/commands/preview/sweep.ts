import { Failure, Interrupted } from "../../../ops/failure";
import type { LivePreview } from "../../../ops/preview/orphan";
import { defineCommand, shared } from "../../define-command";
import type { Io } from "../../io";
import type { Tools } from "../../tools";
import { commentOption, knownRepository, readPreviews, repositoryOption, tableOf, tellerOf } from "./previews";

export const previewSweep = defineCommand({
  name: "preview sweep",
  summary: "Remove the previews whose pull request is closed or does not exist, and those whose time is over.",
  details:
    "Shows them and asks. Where GitHub cannot be asked nothing is removed, nor what machines say belongs to another repository. The whole name of an app has to match, so no other app is ever meant. A preview whose machines name no time stays 14 days after their last change.",
  positionals: {},
  options: {
    repository: repositoryOption,
    comment: commentOption,
    dryRun: { type: "boolean", doc: "Only say what would be removed." },
    yes: { type: "boolean", doc: "Do not ask." },
    json: shared.json,
  },
  exitCodes: { 0: "no orphan is left", 2: "with --dry-run: there are orphans" },
  examples: ["preview sweep --dry-run", "preview sweep --yes --repository hotdash/hotdash --comment"],
  async run({ repository: given, comment, dryRun, yes, json }, tools, io) {
    const { sweepPreviews }: typeof import("../../../ops/preview/sweep") = require("../../../ops/preview/sweep");
    const repository = knownRepository(given, tools);
    const { previews, pattern, fly } = await readPreviews(repository, tools, io);
    const orphans = previews.filter(({ orphan }) => orphan !== undefined);
    if (orphans.length > 0) io.say(tableOf(orphans, io));
    if (orphans.length > 0 && !dryRun && !yes) await agree(orphans, tools, io);
    const tellRemoved = comment && !dryRun ? tellerOf(repository, tools) : undefined;
    const { soft: signal } = tools.interruption;
    const { removed, left } = await sweepPreviews(fly, pattern, dryRun ? [] : orphans, {
      signal,
      progress: io.progress,
      tell: tellRemoved && ((number, orphan) => tellRemoved(number, reasons[orphan] ?? orphan)),
    });
    io.progress("");
    if (json) {
      io.out(JSON.stringify({ version: 1, command: "preview sweep", orphans, removed, left }, null, 2));
    } else if (orphans.length === 0) {
      io.out(`No orphan among ${previews.length} ${previews.length === 1 ? "preview" : "previews"}.`);
    } else if (removed.length > 0) io.out(`Removed: ${removed.join(", ")}.`);
    if (signal.aborted) return 130;
    if (left.length > 0) {
      throw new Failure(
        `Not swept as a whole:\n${left.map((line) => `  ${line}`).join("\n")}\nThe others are done. Sweep again: npx infra preview sweep [infra/preview-left]`,
      );
    }
    return dryRun && orphans.length > 0 ? 2 : 0;
  },
});

/** Why a preview went, as the comment says it. */
const reasons: Readonly<Record<string, string>> = {
  expired: "Its time was over",
  "pull request closed": "The pull request is closed",
};

/** @throws Failure without a terminal or without a "yes" */
async function agree(orphans: readonly LivePreview[], { interruption }: Tools, io: Io): Promise<void> {
  if (!io.interactive) {
    throw new Failure(
      `This would remove ${orphans.map(({ app }) => app).join(", ")}, and nobody is at a terminal to agree. Nothing was changed. Add --yes to go ahead. [infra/needs-yes]`,
    );
  }
  const answer = await io.ask('Remove them? Only "yes" goes ahead: ', interruption.soft);
  if (answer === undefined) throw new Interrupted();
  if (answer.trim() !== "yes") throw new Failure("Not agreed. Nothing was changed. [infra/not-agreed]");
}
