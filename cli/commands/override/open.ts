import { Failure } from "../../../ops/failure";
import { defineCommand, shared } from "../../define-command";
import { openSession, tellRecipients } from "./session";

export const overrideOpen = defineCommand({
  name: "override open",
  summary: "Let somebody step over a rule for a limited time: recorded as an issue, and the recipients are told.",
  details:
    "The person joins the break-glass team, which the rulesets let pass; GitHub notes each push of it. The rule binds everybody else as before. infra drift fails until the override is closed.",
  positionals: { rule: { doc: "Name of the rule or of the required check." } },
  options: {
    reason: { type: "string", doc: "Why; it stands in the record.", placeholder: "text" },
    for: { type: "string", doc: "How long, such as 30m or 2h. Left out: 60m.", placeholder: "time" },
    as: { type: "string", doc: "Who may step over it. Left out: whose token it is.", placeholder: "login" },
    stack: shared.stack,
    json: shared.json,
  },
  exitCodes: { 0: "it is open", 1: "it is not open, or is open and somebody could not be told" },
  examples: ["override open lint --reason 'the registry is down' --for 30m"],
  async run({ rule, reason = "", for: time, as: login, stack, json }, tools, io) {
    const { openOverride }: typeof import("../../../ops/github/override") = require("../../../ops/github/override");
    const { harmless }: typeof import("../../../report/harmless") = require("../../../report/harmless");
    const minutes = minutesIn(time ?? "60m");
    const { github, wanted } = await openSession(tools, stack, io);
    const opened = await openOverride(github, wanted, { rule, reason, minutes, login, now: tools.now() });
    const { until, url } = opened;
    const isTold = await tellRecipients(
      {
        kind: "override",
        summary: `Override of ${rule} in ${wanted.owner}/${wanted.name} by ${opened.login} until ${until}`,
        details: { REASON: opened.reason, RECORD: url },
      },
      tools,
      io,
    );
    if (json) io.out(JSON.stringify({ version: 1, command: "override open", override: opened, told: isTold }, null, 2));
    else io.out(harmless(`${opened.login} may step over "${rule}" until ${until}. The record: ${url}`));
    io.say("Close it as soon as it is done: npx infra override close");
    return isTold ? 0 : 1;
  },
});

/** @throws Failure for a text that is no time */
function minutesIn(text: string): number {
  const [, number, unit] = /^(\d{1,4})(m|h)$/.exec(text) ?? [];
  if (number !== undefined) return Number(number) * (unit === "h" ? 60 : 1);
  throw new Failure(`--for ${text} is no time such as 30m or 2h. Nothing was changed. [github/override-time]`);
}
