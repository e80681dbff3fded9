import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Overrides } from "../../config/override";
import { type Run, runWorkflow, type Scenario } from "./support/act";
import { quietNotices } from "./support/fly-stub";
import { generated, hotDashWith, managed } from "./support/generated";
import type { Sites } from "./support/site";
import { describeWith } from "./support/tool";

const well = { status: 200, body: '{ "queue_services": "ok", "data_services": "ok" }' };
const up: Sites = {
  "hot-dash.fly.dev": { "/health": [200] },
  "hotdash-staging.fly.dev": { "/health": [200] },
  "hotdash-chatwoot.fly.dev": { "/api": [well] },
};
const tree = (overrides: Overrides = {}) => ({ ...managed(hotDashWith(overrides)), ...quietNotices });
const given: Scenario = { files: generated(), file: "health-check.yml", event: "schedule", tree: tree(), sites: up };

/** What the report says of each target: its status, and of each probe the HTTP status. */
const reported = ({ artifacts }: Run) =>
  JSON.parse(artifacts["probes/probes.json"] ?? "").targets.map(
    (one: { name: string; status: string; probes: { http_status: number }[] }) =>
      [one.name, one.status, one.probes.map(({ http_status }) => http_status)].flat(),
  );

test.each<[string, Overrides, readonly string[]]>([
  ["the mail transport", {}, ["ZOHO_SMTP_USER", "ZOHO_SMTP_PASSWORD"]],
  [
    "another transport and the channels",
    { "notifications.transport": "sendgrid", "notifications.channels": ["slack", "pagerduty"] },
    ["SENDGRID_API_KEY", "NOTIFICATION_EMAIL_SENDER", "SLACK_WEBHOOK_URL", "PAGERDUTY_ROUTING_KEY"],
  ],
])("a notice is handed the secrets of %s and no other", (_name, overrides, names) => {
  const { jobs } = parse(generated(hotDashWith(overrides))["health-check.yml"] ?? "");
  const { env } = jobs.probe.steps.at(-1);
  expect(Object.keys(env).filter((name) => !name.startsWith("NOTICE_"))).toEqual(names);
});

describeWith(["act"], "a run of health-check.yml", () => {
  const plays: readonly [string, Partial<Scenario>, "success" | "failure", readonly unknown[], string][] = [
    [
      "finds every target well, and keeps what each said",
      {},
      "success",
      [
        ["production", "up", 200],
        ["staging", "up", 200],
        ["chatwoot", "up", 200],
      ],
      "| production | up | 200 |",
    ],
    [
      "forgives one failure: the second probe, a minute later, is well",
      { sites: { ...up, "hot-dash.fly.dev": { "/health": [502, 200] } } },
      "success",
      [["production", "up", 502, 200], expect.anything(), expect.anything()],
      "answers 502",
    ],
    [
      "alerts when two probes running fail",
      { sites: { ...up, "hotdash-staging.fly.dev": { "/health": [502, 503] } } },
      "failure",
      [expect.anything(), ["staging", "down", 502, 503], expect.anything()],
      "notice: --kind uptime --summary Two probes running failed",
    ],
    [
      "reads the support desk's answer, not its status alone",
      { sites: { ...up, "hotdash-chatwoot.fly.dev": { "/api": [{ status: 200, body: '{"queue_services":"ok"}' }] } } },
      "failure",
      [expect.anything(), expect.anything(), ["chatwoot", "down", 200, 200]],
      'does not say "data_services":"ok"',
    ],
    [
      "asks at the path of chatwoot.health_path",
      {
        tree: tree({ "chatwoot.health_path": "/well" }),
        sites: { ...up, "hotdash-chatwoot.fly.dev": { "/well": [well] } },
      },
      "success",
      [expect.anything(), expect.anything(), ["chatwoot", "up", 200]],
      "",
    ],
    [
      "counts an answer over chatwoot.max_response_ms as a failure",
      {
        tree: tree({ "chatwoot.max_response_ms": 50 }),
        sites: { ...up, "hotdash-chatwoot.fly.dev": { "/api": [{ ...well, afterMs: 200 }] } },
      },
      "failure",
      [expect.anything(), expect.anything(), ["chatwoot", "down", 200, 200]],
      "ms of 50",
    ],
  ];
  test.each(plays)("%s", async (_name, change, result, targets, says) => {
    const found = await runWorkflow({ ...given, ...change });
    expect(found.jobs).toEqual({ probe: result });
    const probed = reported(found);
    expect(probed).toEqual(targets);
    expect(found.log).toContain(says);
    const pauses = found.commands.filter((one) => one.startsWith("sleep"));
    expect(pauses).toEqual(probed.some((one: unknown[]) => one.length > 3) ? ["sleep 60"] : []);
    expect(shape(JSON.parse(found.artifacts["probes/probes.json"] ?? ""))).toEqual(promised);
  });
});

/** The fields that docs/probe-report.md promises. */
const page = readFileSync(join(__dirname, "../../docs/probe-report.md"), "utf8");
const promised = shape(JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ""));

/** The names of all fields, of lists those of the first entry. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return [shape(value[0])];
  if (typeof value !== "object" || value === null) return "value";
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]));
}
