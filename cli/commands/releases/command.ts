import { defineCommand, shared } from "../../define-command";

export const releases = defineCommand({
  name: "releases",
  summary: "List what an environment runs and what it can be rolled back to.",
  details:
    "Releases that failed are not among them, nor those that repeat the image of a failed one. Needs no Terraform state; a read-only token is enough.",
  positionals: { environment: { doc: "The environment, by the name of its stack." } },
  options: { json: shared.json },
  exitCodes: { 0: "the list was printed" },
  examples: ["releases production", "releases staging --json"],
  async run({ environment, json }, tools, io) {
    const { chooseStacks, synthesize }: typeof import("../../../ops/project") = require("../../../ops/project");
    const { targetOf }: typeof import("../../../ops/rollback/target") = require("../../../ops/rollback/target");
    const { versionsOf }: typeof import("../../../ops/rollback/roll-back") = require("../../../ops/rollback/roll-back");
    const { table }: typeof import("../../../report/table") = require("../../../report/table");
    const { flyFrom }: typeof import("../../../ops/fly") = require("../../../ops/fly");
    const { fly } = flyFrom(tools.env);
    io.progress("Reading the configuration");
    const [stack] = chooseStacks(await synthesize(tools), [environment]);
    const { app } = targetOf(stack as NonNullable<typeof stack>);
    io.progress(`Reading the releases of ${app}`);
    const versions = await versionsOf(fly, app);
    io.progress("");
    if (json) io.out(JSON.stringify({ version: 1, environment, app, releases: versions }, null, 2));
    else if (versions.length === 0) io.out(`${app} has no completed release.`);
    else {
      const rows = versions.map((one) => ({
        cells: [
          `v${one.version}`,
          one.standing === "runs" ? "runs now" : "ready",
          one.createdAt?.slice(0, 16).replace("T", " ") ?? "unknown",
          one.by ?? "unknown",
          one.image,
        ],
      }));
      io.out(table(["Release", "Standing", "Made (UTC)", "By", "Image"], rows, io.paint.out));
      io.say(`\nGo back to one: npx infra rollback ${environment} --to <release>`);
    }
    return 0;
  },
});
