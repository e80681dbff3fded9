import { defineCommand, shared } from "../../define-command";
import { commentOption, knownRepository, repositoryFrom, repositoryOption, tellerOf } from "./previews";

export const previewDown = defineCommand({
  name: "preview down",
  summary: "Remove the preview of a pull request, app and all.",
  details:
    "Works from the organization's list of apps, so it needs no Terraform state. The whole name of the app has to match. Removing what is gone already is quiet.",
  positionals: { number: { doc: "Number of the pull request." } },
  options: { repository: repositoryOption, comment: commentOption, json: shared.json },
  exitCodes: { 0: "nothing of the preview is left" },
  examples: ["preview down 42", "preview down 42 --repository hotdash/hotdash --comment"],
  async run({ number: text, repository, comment, json }, tools, io) {
    const {
      previewPattern,
      pullRequestNumber,
    }: typeof import("../../../ops/preview/pattern") = require("../../../ops/preview/pattern");
    const { removePreview }: typeof import("../../../ops/preview/orphan") = require("../../../ops/preview/orphan");
    const { refuseForeign }: typeof import("../../../ops/preview/mark") = require("../../../ops/preview/mark");
    const { flyFrom }: typeof import("../../../ops/fly") = require("../../../ops/fly");
    const number = pullRequestNumber(text);
    const { fly } = flyFrom(tools.env);
    const tellRemoved = comment ? tellerOf(knownRepository(repository, tools), tools) : undefined;
    io.progress("Reading the configuration");
    const pattern = await previewPattern(tools);
    const app = pattern.appOf(number);
    await refuseForeign(fly, app, repositoryFrom(repository, tools));
    io.progress(`Removing ${app}`);
    const removed = await removePreview(fly, pattern, number);
    const told = await tellRemoved?.(number, "It was removed by hand or with its pull request");
    io.progress("");
    if (json) {
      const result = { version: 1, command: "preview down", number, app, removed, ...(told && { comment: told }) };
      io.out(JSON.stringify(result, null, 2));
    } else {
      io.out(
        removed
          ? `Preview ${number} is removed: ${app} and all that it held.`
          : `There is no ${app}; nothing to remove.`,
      );
    }
    return 0;
  },
});
