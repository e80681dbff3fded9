import { defineCommand, shared } from "../../define-command";
import { openSession, tellRecipients } from "./session";

export const overrideClose = defineCommand({
  name: "override close",
  summary: "Put the rule back, and record what was pushed past it.",
  positionals: { rules: { doc: "Rules whose overrides to close. Left out: all.", many: true } },
  options: {
    expired: { type: "boolean", doc: "Only those whose time is over." },
    stack: shared.stack,
    json: shared.json,
  },
  exitCodes: { 0: "none of them is open any more", 1: "an error, or somebody could not be told" },
  examples: ["override close", "override close lint", "override close --expired"],
  async run({ rules, expired, stack, json }, tools, io) {
    const {
      closeOverrides,
      listOverrides,
    }: typeof import("../../../ops/github/override") = require("../../../ops/github/override");
    const { harmless }: typeof import("../../../report/harmless") = require("../../../report/harmless");
    const { github, wanted } = await openSession(tools, stack, io);
    const open = await listOverrides(github, wanted, tools.now());
    const closing = open.filter((one) => (!expired || one.expired) && (rules.length === 0 || rules.includes(one.rule)));
    const closed = await closeOverrides(github, wanted, closing);
    if (json) io.out(JSON.stringify({ version: 1, command: "override close", closed }, null, 2));
    else if (closed.length === 0) io.out("No such override is open.");
    for (const { rule, login, bypasses, url } of json ? [] : closed) {
      io.out(harmless(`"${rule}" binds ${login} again. The record: ${url}`));
      for (const line of bypasses) io.out(`  ${line}`);
    }
    if (closed.length === 0) return 0;
    const summary = `Override closed in ${wanted.owner}/${wanted.name}: ${closed.map(({ rule, login }) => `${rule} by ${login}`).join(", ")}`;
    const details = { RECORD: closed.map(({ url }) => url).join(" ") };
    return (await tellRecipients({ kind: "override", summary, details }, tools, io)) ? 0 : 1;
  },
});
