import type { ConfirmedCall } from "../../../ops/github/confirm";
import { defineCommand, shared } from "../../define-command";
import type { Io } from "../../io";

export const confirm = defineCommand({
  name: "confirm",
  summary: "Ask GitHub by gh api how the default branch is protected, and compare every field.",
  details:
    "Prints each call, so that anybody can repeat it. Under rulesets the call for classic protection has to answer 404, and the other way round: never both.",
  positionals: { stacks: { doc: "The stack that governs the repository. Left out: the one that does.", many: true } },
  options: { stack: shared.stack, json: shared.json },
  exitCodes: { 0: "every field is as declared", 2: "a field differs" },
  examples: ["confirm", "confirm github --json"],
  async run({ stacks: names, stack, json }, tools, io) {
    const { chooseStacks, synthesize }: typeof import("../../../ops/project") = require("../../../ops/project");
    const { governedStack }: typeof import("../../../ops/github/governed") = require("../../../ops/github/governed");
    const { openReader }: typeof import("../../../ops/github/connect") = require("../../../ops/github/connect");
    const { findWitness }: typeof import("../../../ops/github/witness") = require("../../../ops/github/witness");
    const { confirmProtection }: typeof import("../../../ops/github/confirm") = require("../../../ops/github/confirm");
    io.progress("Reading the configuration");
    const { wanted } = governedStack(chooseStacks(await synthesize(tools), [...names, ...stack]));
    const github = openReader({ env: tools.env, signal: tools.interruption.soft });
    io.progress("Asking GitHub");
    const witness = await findWitness({ ...tools, github });
    const calls = await confirmProtection(wanted, witness);
    const fields = calls.flatMap((call) => call.fields);
    const differing = fields.filter(({ same }) => !same).length;
    io.progress("");
    if (json) io.out(JSON.stringify({ version: 1, command: "confirm", asked_by: witness.name, calls }, null, 2));
    else for (const call of calls) io.out(callText(call, io));
    if (witness.name === "infra") io.say("gh is not on this machine, so the same was asked without it.");
    io.say(`${fields.length - differing} of ${fields.length} fields are as declared.`);
    if (differing > 0) io.say("See all differences: npx infra drift. Undo them: npx infra apply");
    return differing > 0 ? 2 : 0;
  },
});

function callText({ command, fields }: ConfirmedCall, io: Io): string {
  const { harmless }: typeof import("../../../report/harmless") = require("../../../report/harmless");
  const { wrap }: typeof import("../../../report/wrap") = require("../../../report/wrap");
  const width = Math.max(...fields.map(({ field }) => field.length));
  const show = (value: unknown) => (value === undefined ? "not set" : JSON.stringify(value));
  const lines = fields.map(({ field, declared, live, same }) => {
    const word = same ? io.paint.out("green", "ok     ") : io.paint.out("red", "differs");
    const told = same ? show(live) : `${show(live)}, declared ${show(declared)}`;
    return `  ${word}  ${harmless(field).padEnd(width)}  ${harmless(told)}`;
  });
  return wrap([io.paint.out("bold", command), ...lines].join("\n"), io.columns.out);
}
