import { Failure, Interrupted } from "../../../ops/failure";
import { defineCommand, shared } from "../../define-command";
import { readPreviews, repositoryOption, tableOf } from "./previews";

export const previewSweep = defineCommand({
  name: "preview sweep",
  summary: "Remove the previews whose pull request is closed or does not exist.",
  details:
    "Shows them and asks. Where GitHub cannot be asked nothing is removed. The whole name of an app has to match, so no other app is ever meant.",
  positionals: {},
  options: {
    repository: repositoryOption,
    dryRun: { type: "boolean", doc: "Only say what would be removed." },
    yes: { type: "boolean", doc: "Do not ask." },
    json: shared.json,
  },
  exitCodes: { 0: "no orphan is left", 2: "with --dry-run: there are orphans" },
  examples: ["preview sweep --dry-run", "preview sweep --yes --repository hotdash/hotdash"],
  async run({ repository, dryRun, yes, json }, tools, io) {
    const {
      orphansOf,
      removePreview,
    }: typeof import("../../../ops/preview/orphan") = require("../../../ops/preview/orphan");
    const { previews, pattern, fly, asked } = await readPreviews(repository, tools, io);
    if (!asked) {
      throw new Failure(
        "It is not known which repository the previews belong to, so none is taken for an orphan. Nothing was changed. Name it: --repository owner/name [infra/repository]",
      );
    }
    const orphans = orphansOf(previews);
    if (orphans.length > 0) io.say(tableOf(orphans, io));
    if (orphans.length > 0 && !dryRun && !yes) {
      if (!io.interactive) {
        throw new Failure(
          `This would remove ${orphans.map(({ app }) => app).join(", ")}, and nobody is at a terminal to agree. Nothing was changed. Add --yes to go ahead. [infra/needs-yes]`,
        );
      }
      const answer = await io.ask('Remove them? Only "yes" goes ahead: ', tools.interruption.soft);
      if (answer === undefined) throw new Interrupted();
      if (answer.trim() !== "yes") throw new Failure("Not agreed. Nothing was changed. [infra/not-agreed]");
    }
    const removed: string[] = [];
    for (const { number, app } of dryRun ? [] : orphans) {
      if (tools.interruption.soft.aborted) return 130;
      io.progress(`Removing ${app}`);
      if (await removePreview(fly, pattern, number)) removed.push(app);
    }
    io.progress("");
    if (json) {
      io.out(JSON.stringify({ version: 1, command: "preview sweep", orphans, removed }, null, 2));
    } else if (orphans.length === 0) {
      io.out(`No orphan among ${previews.length} ${previews.length === 1 ? "preview" : "previews"}.`);
    } else if (!dryRun) io.out(`Removed: ${removed.join(", ")}.`);
    return dryRun && orphans.length > 0 ? 2 : 0;
  },
});
