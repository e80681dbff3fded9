import { defineCommand, shared } from "../../define-command";

export const env = defineCommand({
  name: "sandbox env",
  summary: "Print the variables that point Terraform, cdktf, flyctl and gh at the sandbox.",
  details:
    "Lines of the form export NAME='value'. Secrets whose source is not set get a made-up value, the same each time; one that is set is left alone.",
  positionals: {},
  options: { name: shared.name, json: shared.json },
  exitCodes: { 0: "printed" },
  examples: ["sandbox env", "sandbox env --json"],
  async run({ name, json }, tools, io) {
    const { getSandbox }: typeof import("../../../ops/sandbox/sandbox") = require("../../../ops/sandbox/sandbox");
    const {
      exportLines,
      sandboxEnvironment,
    }: typeof import("../../../ops/sandbox/environment") = require("../../../ops/sandbox/environment");
    const { declaredIn }: typeof import("../../../ops/declared") = require("../../../ops/declared");
    const { synthesize }: typeof import("../../../ops/project") = require("../../../ops/project");
    const { url } = await getSandbox({ directory: tools.directory, name });
    const { secretSources } = declaredIn(await synthesize(tools));
    const environment = sandboxEnvironment({ url, directory: tools.directory, secretSources, env: tools.env });
    io.out(json ? JSON.stringify(environment, null, 2) : exportLines(environment));
    return 0;
  },
});
