import type { AlertSetup, Delivery } from "../../../ops/alerts/test-alert";
import { defineCommand, shared } from "../../define-command";
import type { Io } from "../../io";

export const alertsTest = defineCommand({
  name: "alerts test",
  summary: "Send a test notice to every recipient and channel of the configuration, and say who took it.",
  details:
    "Sent by the script that the workflows use, scripts/ops/notify.mjs as synth renders it, with its env vars (ZOHO_SMTP_USER, ...). A mail server that took a mail has not delivered it yet: look whether it has arrived.",
  positionals: { alerts: { doc: "Alerts to test, such as uptime. Left out: one notice, of drift.", many: true } },
  options: {
    all: { type: "boolean", doc: "One notice for each alert that there is." },
    dryRun: { type: "boolean", doc: "Tell who would get what, and what this shell lacks for it; send nothing." },
    json: shared.json,
  },
  exitCodes: { 0: "everybody took it", 1: "somebody did not; each is named" },
  examples: ["alerts test --dry-run", "alerts test uptime secret-detected", "alerts test --all"],
  async run({ alerts, all, dryRun, json }, tools, io) {
    const { synthesize }: typeof import("../../../ops/project") = require("../../../ops/project");
    const {
      alertSetup,
      checkKinds,
      lackingVariables,
      sendTests,
    }: typeof import("../../../ops/alerts/test-alert") = require("../../../ops/alerts/test-alert");
    io.progress("Reading the configuration");
    const setup = alertSetup(await synthesize(tools), tools.directory);
    const kinds = all ? Object.keys(setup.severities) : alerts.length > 0 ? [...new Set(alerts)] : ["drift"];
    checkKinds(kinds, setup);
    if (dryRun) return tellPlan(setup, kinds, lackingVariables(setup, tools.env), json, io);
    io.progress("Sending");
    const deliveries = await sendTests(setup, kinds, tools);
    io.progress("");
    const missed = deliveries.filter(({ accepted }) => !accepted);
    if (json) io.out(JSON.stringify({ version: 1, command: "alerts test", deliveries }, null, 2));
    else for (const one of deliveries) io.out(lineOf(one, io));
    if (tools.interruption.soft.aborted) return 130;
    if (missed.length > 0) {
      io.say(
        `${missed.length} of ${deliveries.length} were not accepted. Put right what is said of each, and test again.`,
      );
      return 1;
    }
    io.say(`${deliveries.length} accepted. Look whether they arrive: a server may still throw them away.`);
    return 0;
  },
});

function lineOf({ kind, to, accepted, problem }: Delivery, io: Io): string {
  const { harmless }: typeof import("../../../report/harmless") = require("../../../report/harmless");
  const verdict = accepted ? io.paint.out("green", "accepted") : io.paint.out("red", "not accepted");
  return `${kind} to ${to}: ${verdict}${problem === undefined ? "" : `: ${harmless(problem)}`}`;
}

function tellPlan(
  { recipients, transport, channels, severities }: AlertSetup,
  kinds: readonly string[],
  lacking: readonly string[],
  json: boolean,
  io: Io,
): 0 {
  if (json) {
    const plan = { recipients, transport, channels, kinds, lacking };
    io.out(JSON.stringify({ version: 1, command: "alerts test", dry_run: true, ...plan }, null, 2));
    return 0;
  }
  for (const kind of kinds) {
    const channel = channels.length > 0 ? `, and ${channels.join(" and ")}` : "";
    io.out(`${kind} (${severities[kind]}) to ${recipients.join(", ")} by ${transport}${channel}`);
  }
  if (lacking.length > 0) io.say(`Not set in this shell: ${lacking.join(", ")}.`);
  io.say("Nothing was sent. Leave out --dry-run.");
  return 0;
}
