#!/usr/bin/env node
import { policy, start, Trouble } from "../policy/policy.mjs";
import { deliveries, secretNames } from "./transport.mjs";

const { recipients, severities } = policy.notifications;

const usage = `Usage: node scripts/ops/notify.mjs --kind KIND --summary TEXT

Sends one notice to every recipient (${recipients.join(", ")}) and to every channel that the configuration adds.
  --kind     ${Object.keys(severities).join(", ")}
  --summary  one sentence
Env vars
  NOTICE_<NAME>             one more line each; NOTICE_RUN is the address of the workflow run
  ZOHO_SMTP_USER, ZOHO_SMTP_PASSWORD; ZOHO_SMTP_HOST (smtp.zoho.com), ZOHO_SMTP_PORT (465)   for the transport "zoho"
  SENDGRID_API_KEY; SENDGRID_URL (https://api.sendgrid.com)                                  for the transport "sendgrid"
  NOTIFICATION_EMAIL_SENDER address that the mail comes from; the Zoho user where it is not set
  SLACK_WEBHOOK_URL         for the channel "slack"
  PAGERDUTY_ROUTING_KEY; PAGERDUTY_URL (https://events.pagerduty.com)                        for the channel "pagerduty"
  NOTIFY_PAUSE_SECONDS      pause before the second try, doubled before the third; 5
What fails in passing is tried three times. The value of a secret never leaves: its name stands in its place.
Exit codes: 0 everybody got it, 1 somebody did not (each is named), 2 it was called wrongly.`;

await start(usage, async (args) => {
  const notice = compose(options(args));
  const outcomes = await Promise.all(deliveries(notice, policy.notifications).map(deliver));
  const missed = outcomes.filter(({ problem }) => problem);
  for (const { to, problem } of outcomes) {
    if (problem) console.error(`not sent: ${to}: ${problem}`);
    else console.log(`sent: ${to}`);
  }
  if (missed.length === 0) return 0;
  console.error(
    `notify: ${missed.length} of ${outcomes.length} got no notice of ${notice.kind}: ${missed.map(({ to }) => to).join(", ")}`,
  );
  return 1;
});

function options(args) {
  const found = {};
  for (let index = 0; index < args.length; index += 2) {
    const name = args[index];
    if (name !== "--kind" && name !== "--summary") throw new Trouble(`notify: ${name} is no option; see --help`);
    if (!args[index + 1]) throw new Trouble(`notify: ${name} needs a value`);
    found[name.slice(2)] = args[index + 1];
  }
  const { kind, summary } = found;
  if (!Object.hasOwn(severities, kind ?? ""))
    throw new Trouble(`notify: --kind is ${kind ?? "missing"}; known are ${Object.keys(severities).join(", ")}`);
  if (!summary) throw new Trouble("notify: --summary is missing");
  return { kind, summary };
}

/** The notice as every transport gets it, free of secrets. */
function compose({ kind, summary }) {
  const lines = Object.entries(process.env)
    .filter(([name, value]) => name.startsWith("NOTICE_") && value)
    .map(([name, value]) => `${name.slice("NOTICE_".length).toLowerCase().replaceAll("_", " ")}: ${value}`);
  const clean = withoutSecrets();
  return {
    kind,
    severity: severities[kind],
    summary: clean(summary).replace(/\s+/g, " "),
    details: lines.sort().map(clean),
  };
}

/** Puts a secret's name in the place of its value, plain, percent-encoded or in base64. Values under six characters are no secrets. */
function withoutSecrets() {
  const known = secretNames(policy.secrets).flatMap((name) => {
    const value = process.env[name] ?? "";
    return value.length < 6
      ? []
      : [value, encodeURIComponent(value), Buffer.from(value).toString("base64")].map((form) => ({ name, form }));
  });
  return (text) => known.reduce((rest, { name, form }) => rest.replaceAll(form, `[value of ${name}]`), text);
}

/** Sends to one recipient or channel; three tries where it fails in passing. */
async function deliver({ to, send }) {
  const pauseMs = Number(process.env.NOTIFY_PAUSE_SECONDS ?? 5) * 1000;
  for (let attempt = 1; ; attempt += 1) {
    const { problem, passing } = await send();
    if (!problem) return { to };
    if (!passing || attempt === 3)
      return { to, problem: attempt > 1 ? `${problem} (tried ${attempt} times)` : problem };
    await new Promise((resume) => setTimeout(resume, pauseMs * 2 ** (attempt - 1)));
  }
}
