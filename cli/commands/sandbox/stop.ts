import { defineCommand, shared } from "../../define-command";

export const stop = defineCommand({
  name: "sandbox stop",
  summary: "Stop the sandbox.",
  positionals: {},
  options: { name: shared.name, json: shared.json },
  exitCodes: { 0: "none runs any more" },
  examples: ["sandbox stop"],
  async run({ name, json }, { directory }, io) {
    const { stopSandbox }: typeof import("../../../ops/sandbox/sandbox") = require("../../../ops/sandbox/sandbox");
    const stopped = await stopSandbox({ directory, name });
    if (json) io.out(JSON.stringify({ stopped: stopped ?? null }, null, 2));
    else io.out(stopped ? `The sandbox at ${stopped.url} is stopped.` : "No sandbox was running.");
    return 0;
  },
});
