import type { Examined } from "../../../ops/doctor/finding";
import type { Format } from "../../../report/paint";
import { defineCommand, shared } from "../../define-command";

const LOOKS: Readonly<Record<Examined["state"], { readonly word: string; readonly format: Format }>> = {
  ok: { word: "ok", format: "green" },
  warn: { word: "warn", format: "yellow" },
  fail: { word: "FAIL", format: "red" },
  manual: { word: "by hand", format: "cyan" },
};

export const doctor = defineCommand({
  name: "doctor",
  summary: "Say what is missing on this machine, which tool is too old, what the token lacks or has too much of.",
  positionals: {},
  options: { json: shared.json },
  exitCodes: { 0: "nothing that is needed is missing", 1: "something that is needed is missing or does not work" },
  examples: ["doctor", "doctor --json"],
  async run({ json }, tools, io) {
    const { examine }: typeof import("../../../ops/doctor/doctor") = require("../../../ops/doctor/doctor");
    const { harmless }: typeof import("../../../report/harmless") = require("../../../report/harmless");
    const { wrap }: typeof import("../../../report/wrap") = require("../../../report/wrap");
    io.progress("Looking at this machine");
    const examined = await examine(tools);
    const lacking = [...new Set(examined.flatMap(({ name, state }) => (state === "fail" ? [name] : [])))];
    if (json) io.out(JSON.stringify({ version: 1, command: "doctor", examined }, null, 2));
    else {
      const width = Math.max(...examined.map(({ name }) => name.length));
      for (const { name, state, says, next } of examined) {
        const { word, format } = LOOKS[state];
        const indent = `\n${" ".repeat(width + 11)}`;
        const text = harmless(says, { lines: true }).replaceAll("\n", indent);
        const line = `${io.paint.out(format, word.padEnd(7))}  ${name.padEnd(width)}  ${text}`;
        io.out(`${wrap(line, io.columns.out)}${next ? `${indent}${next}` : ""}`);
      }
      io.say(`\n${lacking.length === 0 ? "Nothing that is needed is missing." : `Needed: ${lacking.join(", ")}.`}`);
    }
    return lacking.length > 0 ? 1 : 0;
  },
});
