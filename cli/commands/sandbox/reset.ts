import { defineCommand, shared } from "../../define-command";

export const reset = defineCommand({
  name: "sandbox reset",
  summary: "Empty the sandbox: as it was when it started.",
  details: "Terraform's local state is not touched: the next plan finds everything gone.",
  positionals: {},
  options: { name: shared.name, json: shared.json },
  exitCodes: { 0: "it is empty" },
  examples: ["sandbox reset"],
  async run({ name, json }, { directory }, io) {
    const {
      control,
      getSandbox,
    }: typeof import("../../../ops/sandbox/sandbox") = require("../../../ops/sandbox/sandbox");
    const sandbox = await getSandbox({ directory, name });
    await control(sandbox, "POST", "reset");
    io.out(json ? JSON.stringify({ reset: sandbox }, null, 2) : `The sandbox at ${sandbox.url} is empty.`);
    return 0;
  },
});
