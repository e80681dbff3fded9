import { defineCommand, shared } from "../../define-command";

export const status = defineCommand({
  name: "sandbox status",
  summary: "Say whether the sandbox runs, where, and what is in it.",
  positionals: {},
  options: { name: shared.name, json: shared.json },
  exitCodes: { 0: "it runs", 1: "it does not run, or an error" },
  examples: ["sandbox status", "sandbox status --json"],
  async run({ name, json }, { directory }, io) {
    const {
      control,
      getSandbox,
    }: typeof import("../../../ops/sandbox/sandbox") = require("../../../ops/sandbox/sandbox");
    const { count }: typeof import("../../../report/terminal") = require("../../../report/terminal");
    const sandbox = await getSandbox({ directory, name });
    const held = (await control(sandbox, "GET", "status")) as Readonly<Record<string, unknown>>;
    if (json) io.out(JSON.stringify({ ...sandbox, ...held }, null, 2));
    else {
      const mode = held.read_only ? ", refuses every write" : "";
      io.out(
        `The sandbox runs at ${sandbox.url} (process ${sandbox.pid}): ${count(Number(held.apps), "app")}, ${count(Number(held.machines), "machine")}${mode}.`,
      );
    }
    return 0;
  },
});
