import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * One delivery for each recipient and each channel: `{ to, send }`.
 *
 * `send` gives `{}` when it arrived, else `{ problem, passing }`; `passing` says that another try may help. A problem holds no word of the other
 * side's and no address of a request, since these may hold a secret.
 */
export function deliveries(notice, { recipients, transport, channels }) {
  const mail = { zoho, sendgrid }[transport];
  const others = { slack, pagerduty };
  return [
    ...recipients.map((to) => ({ to, send: () => mail(notice, to) })),
    ...channels.map((to) => ({ to, send: () => others[to](notice) })),
  ];
}

/** Names of env vars whose values never leave: every declared secret, and what sending needs. */
export const secretNames = (scopes) => [
  ...new Set([
    ...Object.values(scopes).flat(),
    "ZOHO_SMTP_PASSWORD",
    "SENDGRID_API_KEY",
    "SLACK_WEBHOOK_URL",
    "PAGERDUTY_ROUTING_KEY",
  ]),
];

const title = ({ severity, kind, summary }) => `[${severity}] ${kind}: ${summary}`;
const body = ({ summary, details }) => [summary, "", ...details].join("\n");

/** What is missing of the env vars that a transport needs. */
function lack(...names) {
  const missing = names.filter((name) => !process.env[name]);
  return missing.length > 0 ? { problem: `${missing.join(" and ")} not set` } : undefined;
}

/** E-mail by the Zoho account, sent by curl: it speaks SMTP, is on every runner, and takes the password on standard input. */
async function zoho(notice, to) {
  const missing = lack("ZOHO_SMTP_USER", "ZOHO_SMTP_PASSWORD");
  if (missing) return missing;
  const {
    ZOHO_SMTP_USER: user,
    ZOHO_SMTP_PASSWORD: password,
    ZOHO_SMTP_HOST: host = "smtp.zoho.com",
    ZOHO_SMTP_PORT: port = "465",
  } = process.env;
  const from = process.env.NOTIFICATION_EMAIL_SENDER || user;
  const isHere = ["127.0.0.1", "localhost"].includes(host);
  const folder = mkdtempSync(join(tmpdir(), "notice-"));
  const file = join(folder, "message");
  try {
    writeFileSync(file, message(notice, from, to));
    return await curl([
      ["url", `${port === "465" ? "smtps" : "smtp"}://${host}:${port}`],
      ["user", `${user}:${password}`],
      ["mail-from", from],
      ["mail-rcpt", to],
      ["upload-file", file],
      ...(isHere ? [] : [["ssl-reqd"]]),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A mail as RFC 5322 has it; the text is in base64, so that no line of it means anything to a mail server. */
function message(notice, from, to) {
  const subject = `=?utf-8?B?${Buffer.from(title(notice).slice(0, 150)).toString("base64")}?=`;
  const lines = Buffer.from(`${body(notice)}\n`)
    .toString("base64")
    .match(/.{1,76}/g);
  const headers = [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
  ];
  const mime = ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64"];
  return [...headers, ...mime, "", ...lines, ""].join("\r\n");
}

/** Exit codes of curl that another try may mend: no name, no connection, a cut, or time was up. */
const passingExits = new Set([6, 7, 28, 35, 52, 55, 56]);

function curl(settings) {
  const quoted = (value) => `"${value.replace(/[\\"]/g, "\\$&")}"`;
  const lines = settings.map(([name, value]) => (value === undefined ? name : `${name} = ${quoted(value)}`));
  if (lines.some((line) => /[\r\n]/.test(line)))
    return { problem: "an address, the user or the password holds a line break" };
  const options = [
    "--disable",
    "--silent",
    "--connect-timeout",
    "10",
    "--max-time",
    "30",
    "--write-out",
    "%{response_code}",
    "--config",
    "-",
  ];
  return new Promise((resolve) => {
    const child = spawn("curl", options, { stdio: ["pipe", "pipe", "ignore"] });
    let code = "";
    child.stdout.on("data", (chunk) => {
      code += chunk;
    });
    child.once("error", () => resolve({ problem: "curl is not on this machine" }));
    child.once("close", (exit) => resolve(exit === 0 ? {} : smtpProblem(exit, Number(code))));
    child.stdin.on("error", () => {});
    child.stdin.end(`${lines.join("\n")}\n`);
  });
}

function smtpProblem(exit, reply) {
  const passing = reply >= 500 ? false : reply >= 400 || passingExits.has(exit);
  if (exit === 67)
    return { problem: `the mail server refused ZOHO_SMTP_USER and its password (reply ${reply})`, passing };
  return {
    problem: reply >= 400 ? `the mail server answered ${reply}` : `no mail server answered (curl ended in ${exit})`,
    passing,
  };
}

function sendgrid(notice, to) {
  const missing = lack("SENDGRID_API_KEY", "NOTIFICATION_EMAIL_SENDER");
  if (missing) return missing;
  const {
    SENDGRID_API_KEY: key,
    SENDGRID_URL: base = "https://api.sendgrid.com",
    NOTIFICATION_EMAIL_SENDER: from,
  } = process.env;
  return post(
    `${base}/v3/mail/send`,
    { authorization: `Bearer ${key}` },
    {
      personalizations: [{ to: [{ email: to }] }],
      from: { email: from },
      subject: title(notice),
      content: [{ type: "text/plain", value: body(notice) }],
    },
  );
}

function slack(notice) {
  return (
    lack("SLACK_WEBHOOK_URL") ??
    post(process.env.SLACK_WEBHOOK_URL, {}, { text: `*${title(notice)}*\n${body(notice)}` })
  );
}

function pagerduty(notice) {
  const { PAGERDUTY_ROUTING_KEY: routing_key, PAGERDUTY_URL: base = "https://events.pagerduty.com" } = process.env;
  const payload = {
    summary: title(notice),
    source: process.env.GITHUB_REPOSITORY || "hotdash-infra",
    severity: notice.severity,
    custom_details: body(notice),
  };
  return (
    lack("PAGERDUTY_ROUTING_KEY") ?? post(`${base}/v2/enqueue`, {}, { routing_key, event_action: "trigger", payload })
  );
}

async function post(url, headers, data) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(data),
      signal: AbortSignal.timeout(30_000),
    });
    await response.arrayBuffer();
    const passing = response.status === 429 || response.status >= 500;
    return response.ok ? {} : { problem: `it answered ${response.status}`, passing };
  } catch (error) {
    return {
      problem: `it did not answer (${error.cause?.code ?? error.name})`,
      passing: error.code !== "ERR_INVALID_URL",
    };
  }
}
