import { defineCommand, shared } from "../../define-command";

export const start = defineCommand({
  name: "sandbox start",
  summary: "Start the sandbox and leave it running; returns when it is ready.",
  details: "It starts from a seed rendered from this project's stacks and is noted in .infra/sandbox.json.",
  positionals: {},
  options: {
    port: { type: "number", doc: "Port on 127.0.0.1. Left out: 4280, or a free one.", placeholder: "N" },
    state: { type: "string", doc: "File that keeps its state. Left out: in memory.", placeholder: "FILE" },
    name: shared.name,
    json: shared.json,
  },
  exitCodes: { 0: "it runs" },
  examples: ["sandbox start", "sandbox start --port 4280 --state .infra/sandbox-state.json"],
  async run({ port, state, name, json }, tools, io) {
    const { startSandbox }: typeof import("../../../ops/sandbox/sandbox") = require("../../../ops/sandbox/sandbox");
    const { seedFor }: typeof import("../../../ops/sandbox/seed") = require("../../../ops/sandbox/seed");
    const { declaredIn }: typeof import("../../../ops/declared") = require("../../../ops/declared");
    const { synthesize }: typeof import("../../../ops/project") = require("../../../ops/project");
    const { governanceOf }: typeof import("../../../ops/github/governed") = require("../../../ops/github/governed");
    const { directory, env } = tools;
    io.progress("Reading the configuration");
    const stacks = await synthesize(tools);
    const { organizations } = declaredIn(stacks);
    const seed = seedFor(
      organizations,
      stacks.flatMap((stack) => governanceOf(stack) ?? []),
    );
    io.progress("Starting the sandbox");
    const started = await startSandbox({ directory, env, name, port, stateFile: state, seed });
    const named = name === undefined ? "" : ` --name ${name}`;
    if (json) io.out(JSON.stringify(started, null, 2));
    else
      io.out(
        `The sandbox ${started.already ? "runs already" : "is ready"} at ${started.url} (process ${started.pid}).`,
      );
    io.say(`Point this shell at it: eval "$(npx infra sandbox env${named})"`);
    return 0;
  },
});
