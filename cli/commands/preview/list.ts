import { defineCommand, shared } from "../../define-command";
import { readPreviews, repositoryOption, tableOf } from "./previews";

export const previewList = defineCommand({
  name: "preview list",
  summary: "List the previews that exist: whose they are, until when, and what became of their pull requests.",
  details:
    "Found by listing the organization: state is not asked. Without a repository the pull requests are not asked either.",
  positionals: {},
  options: { repository: repositoryOption, json: shared.json },
  exitCodes: { 0: "the list was printed" },
  examples: ["preview list", "preview list --repository hotdash/hotdash --json"],
  async run({ repository, json }, tools, io) {
    const { previews } = await readPreviews(repository, tools, io);
    if (json) io.out(JSON.stringify({ version: 1, command: "preview list", previews }, null, 2));
    else io.out(previews.length === 0 ? "There is no preview." : tableOf(previews, io));
    return 0;
  },
});
