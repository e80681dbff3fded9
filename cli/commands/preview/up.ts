import { Failure } from "../../../ops/failure";
import { defineCommand, shared } from "../../define-command";
import { withStacks, wordingFor } from "../../session";

export const previewUp = defineCommand({
  name: "preview up",
  summary: "Make or update the preview of a pull request, and wait until it answers.",
  details:
    "The preview is stack preview-<number> of this program. A run that was cut off is finished by the next one. Nothing but the preview is touched, so nobody is asked.",
  positionals: { number: { doc: "Number of the pull request." } },
  options: {
    address: {
      type: "string",
      doc: "Where it has to answer (default https://<app>.fly.dev/health; on a sandbox: not asked).",
      placeholder: "url",
    },
    json: shared.json,
  },
  exitCodes: { 0: "the preview is there and well" },
  examples: ["preview up 42"],
  async run({ number, address, json }, tools, io) {
    const {
      pullRequestNumber,
    }: typeof import("../../../ops/preview/pattern") = require("../../../ops/preview/pattern");
    const {
      patience,
      untilAnswers,
    }: typeof import("../../../ops/preview/health") = require("../../../ops/preview/health");
    const { flyFrom }: typeof import("../../../ops/fly") = require("../../../ops/fly");
    const stackName = `preview-${pullRequestNumber(number)}`;
    const { local } = flyFrom(tools.env);
    const env = { ...tools.env, PREVIEW_NUMBER: number };
    return withStacks([stackName], { ...tools, env }, io, async ({ stacks, running }) => {
      const { planStacks }: typeof import("../../../ops/plan") = require("../../../ops/plan");
      const { applyPlans }: typeof import("../../../ops/apply") = require("../../../ops/apply");
      const { stacksText }: typeof import("../../../report/terminal") = require("../../../report/terminal");
      const { declaredIn }: typeof import("../../../ops/declared") = require("../../../ops/declared");
      const [app = ""] = declaredIn(stacks).apps;
      const plans = await planStacks(stacks, running, { lock: true });
      try {
        const reports = plans.map(({ report }) => report);
        const troubled = reports.filter(({ outcome }) => outcome === "error");
        if (troubled.length > 0) {
          io.say(stacksText(troubled, wordingFor(io, "say")));
          throw new Failure(`Preview ${number} could not be planned; nothing was changed. [infra/preview-failed]`);
        }
        const applied = await applyPlans(plans, running, () => io.say(`Making preview ${number} (${app})`));
        const failed = applied.filter(({ outcome }) => outcome !== "applied");
        if (running.interruption.soft.aborted) return 130;
        if (failed.length > 0) {
          const why = failed.flatMap(({ troubles }) => troubles.map(({ summary, detail }) => `${summary}: ${detail}`));
          throw new Failure(
            `Preview ${number} is not whole.\n${why.join("\n")}\nGo on where this ended: npx infra preview up ${number} [infra/preview-failed]`,
          );
        }
        const url = `https://${app}.fly.dev`;
        const asked = address ?? (local ? undefined : `${url}/health`);
        if (asked !== undefined) {
          io.progress(`Waiting for ${asked}`);
          const status = await untilAnswers(asked, tools.interruption.soft);
          if (status !== 200) {
            throw new Failure(
              `${asked} answers ${status || "nothing"} after ${patience.attempts} attempts. The preview stays as it is. Look: fly logs -a ${app} [infra/preview-unhealthy]`,
            );
          }
        }
        io.progress("");
        const changed = applied.length > 0;
        if (json)
          io.out(
            JSON.stringify({ version: 1, command: "preview up", number: Number(number), app, url, changed }, null, 2),
          );
        else io.out(`Preview ${number}: ${url} (${changed ? "made or updated" : "as declared already"})`);
        return 0;
      } finally {
        await Promise.all(plans.map(({ planned }) => planned?.discard()));
      }
    });
  },
});
