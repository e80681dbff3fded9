import { defineCommand, shared } from "../../define-command";
import { openSession } from "./session";

export const overrideList = defineCommand({
  name: "override list",
  summary: "List the overrides that are open: rule, who, until when, why.",
  positionals: {},
  options: { stack: shared.stack, json: shared.json },
  exitCodes: { 0: "none is open", 2: "one is open" },
  examples: ["override list"],
  async run({ stack, json }, tools, io) {
    const { listOverrides }: typeof import("../../../ops/github/override") = require("../../../ops/github/override");
    const { harmless }: typeof import("../../../report/harmless") = require("../../../report/harmless");
    const { github, wanted } = await openSession(tools, stack, io);
    const overrides = await listOverrides(github, wanted, tools.now());
    if (json) io.out(JSON.stringify({ version: 1, command: "override list", overrides }, null, 2));
    else if (overrides.length === 0) io.out("No override is open.");
    for (const { rule, login, until, reason, url, expired } of json ? [] : overrides) {
      io.out(harmless(`${rule}: ${login} until ${until}${expired ? " (expired)" : ""}, because: ${reason} (${url})`));
    }
    return overrides.length === 0 ? 0 : 2;
  },
});
