import { hotDash } from "./hotdash";
import { ConfigurationError, configure, notes } from "./index";
import type { Overrides } from "./override";
import type { Configuration } from "./schema";

const service = (config: Configuration, environment: "production" | "staging" | "preview") =>
  config.environments[environment]?.groups.app?.services?.[0];

/** One row per key: what it is set to, and what it changes from and to. */
const rows: [keyof Overrides, Overrides, (config: Configuration) => unknown, unknown, unknown][] = [
  [
    "production.app",
    { "production.app": "hotdash" },
    ({ environments: { production } }) => [production.app, production.url],
    ["hot-dash", "https://hot-dash.fly.dev"],
    ["hotdash", "https://hotdash.fly.dev"],
  ],
  [
    "preview.name_pattern",
    { "preview.name_pattern": "fly-preview-pr-{number}" },
    ({ environments: { preview } }) => [preview.app, preview.url],
    ["hotdash-pr-{number}", "https://hotdash-pr-{number}.fly.dev"],
    ["fly-preview-pr-{number}", "https://fly-preview-pr-{number}.fly.dev"],
  ],
  [
    "regions",
    { regions: ["iad", "sjc"] },
    ({ environments: { production, staging, chatwoot, preview } }) =>
      [production, staging, chatwoot, preview].map((one) => one?.regions),
    [["ord"], ["ord"], ["ord"], ["ord"]],
    [["iad", "sjc"], ["iad"], ["iad"], ["iad"]],
  ],
  [
    "processes",
    { processes: ["app", "worker"], "processes.worker.command": ["npm", "run", "worker"] },
    ({ environments: { production, chatwoot } }) => [Object.keys(production.groups), Object.keys(chatwoot.groups)],
    [["app"], ["web", "worker"]],
    [
      ["app", "worker"],
      ["web", "worker"],
    ],
  ],
  [
    "processes.worker.command",
    { processes: ["app", "worker"], "processes.worker.command": ["npm", "run", "worker"] },
    ({ environments: { staging } }) => staging?.groups.worker,
    undefined,
    {
      cpuKind: "shared",
      cpus: 1,
      memoryMb: 1024,
      restart: { policy: "on-failure", maxRetries: 10 },
      command: ["npm", "run", "worker"],
    },
  ],
  [
    "deploy.production.strategy",
    { "deploy.production.strategy": "bluegreen" },
    ({ environments: { production } }) => production.deploy?.strategy,
    "rolling",
    "bluegreen",
  ],
  [
    "deploy.staging.strategy",
    { "deploy.staging.strategy": "canary" },
    ({ environments: { staging } }) => staging?.deploy?.strategy,
    "rolling",
    "canary",
  ],
  ["staging.min_running", { "staging.min_running": 0 }, (config) => service(config, "staging")?.minRunning, 1, 0],
  [
    "secrets.rotation_days",
    { "secrets.rotation_days": 180 },
    ({ environments: { production, chatwoot } }) => [production.rotationDays, chatwoot.rotationDays],
    [90, 90],
    [180, 180],
  ],
  [
    "secrets.vault_path",
    { "secrets.vault_path": "vault/**" },
    ({ secrets }) => secrets.vaultPath,
    "vault/occ/**",
    "vault/**",
  ],
  [
    "secrets.groups",
    { "secrets.groups": { "CHATWOOT_*": ["CHATWOOT_TOKEN"] } },
    ({ environments: { production } }) => production.secrets?.CHATWOOT_TOKEN,
    undefined,
    { env: ["PRODUCTION_CHATWOOT_TOKEN"] },
  ],
  ["secrets.expected_count", { "secrets.expected_count": 7 }, ({ secrets }) => secrets.expectedCount, 9, 7],
  [
    "secrets.runtime_store",
    { "secrets.runtime_store": "github" },
    ({ environments: { production, chatwoot } }) =>
      [production, chatwoot].map(({ secrets = {} }) => Object.keys(secrets).length),
    [8, 3],
    [0, 3],
  ],
  [
    "secrets.bare",
    { "secrets.bare": ["DATABASE_URL"] },
    ({ environments: { staging } }) => staging?.secrets?.DATABASE_URL,
    { env: ["STAGING_DATABASE_URL"] },
    { env: ["STAGING_DATABASE_URL", "DATABASE_URL"] },
  ],
  [
    "chatwoot.health_path",
    { "chatwoot.health_path": "/health" },
    ({ environments: { chatwoot } }) => chatwoot.groups.web?.services?.[0]?.checks?.[0]?.path,
    "/api",
    "/health",
  ],
  [
    "chatwoot.mailbox",
    { "chatwoot.mailbox": "help@hotrodan.com" },
    ({ environments: { chatwoot } }) => chatwoot.beyondFly?.mailbox,
    "customer.support@hotrodan.com",
    "help@hotrodan.com",
  ],
  [
    "chatwoot.max_response_ms",
    { "chatwoot.max_response_ms": 3000 },
    ({ environments: { chatwoot } }) => chatwoot.beyondFly?.maxResponseMs,
    5000,
    3000,
  ],
  [
    "scaling.cpu_percent",
    { "scaling.cpu_percent": 60 },
    ({ environments: { production } }) => production.beyondFly?.scaling,
    { cpuPercent: 70, memoryPercent: 80 },
    { cpuPercent: 60, memoryPercent: 80 },
  ],
  [
    "scaling.memory_percent",
    { "scaling.memory_percent": 90 },
    ({ environments: { production } }) => production.beyondFly?.scaling,
    { cpuPercent: 70, memoryPercent: 80 },
    { cpuPercent: 70, memoryPercent: 90 },
  ],
  [
    "state",
    { state: { backend: "pg", schemaPrefix: "infra" } },
    ({ state }) => state,
    { backend: "local", allowLocal: false },
    { backend: "pg", schemaPrefix: "infra" },
  ],
  [
    "state.allowLocal",
    { "state.allowLocal": true },
    ({ state }) => state,
    { backend: "local", allowLocal: false },
    { backend: "local", allowLocal: true },
  ],
];

test.each(rows)("%s departs from its default", (_key, overrides, read, before, after) => {
  expect(read(configure(hotDash))).toEqual(before);
  expect(read(configure(hotDash, overrides))).toEqual(after);
});

test("leaves HotDash's defaults as they were", () => {
  const before = structuredClone(hotDash);
  configure(hotDash, Object.assign({}, ...rows.map(([, overrides]) => overrides)));
  expect(hotDash).toEqual(before);
});

test("staging's app treated as production leaves no staging environment", () => {
  const { environments } = configure(hotDash, { "production.app": "hotdash-staging" });
  expect(environments.production.app).toBe("hotdash-staging");
  expect(environments.staging).toBeUndefined();
});

const refused: [string, unknown, string][] = [
  [
    "an unknown key",
    { "staging.min_runing": 0 },
    `1 problem in the overrides:\n  [config/unknown-key] "staging.min_runing" is not a key here; did you mean "staging.min_running"?`,
  ],
  [
    "a rotation over 180 days",
    { "secrets.rotation_days": 181 },
    `["secrets.rotation_days"]: 181 is not taken; use 180 or less`,
  ],
  [
    "a preview pattern without a number",
    { "preview.name_pattern": "hotdash-preview" },
    "[config/preview-pattern] app:",
  ],
  [
    "a preview pattern that meets production",
    { "preview.name_pattern": "hot-dash{number}", "production.app": "hot-dash7" },
    "[fly/app-name-shared]",
  ],
  ["Chatwoot's path that answers 404", { "chatwoot.health_path": "/rails/health" }, "[config/chatwoot-health-path]"],
  [
    "a group named twice",
    { processes: ["app", "app"] },
    `[fly/group-duplicate] processes[1]: "app" stands there twice`,
  ],
  ["a group that the application lacks", { processes: ["app", "wroker"] }, `did you mean "worker"?`],
  ["an application without its app", { processes: ["worker"], "processes.worker.command": ["x"] }, `leaves out "app"`],
  ["a worker without a command", { processes: ["app", "worker"] }, `["processes.worker.command"]: is missing`],
  ["a region that HotDash does not use", { regions: ["lhr"] }, "[config/region] regions[0]"],
  [
    "more regions than machines",
    { regions: ["ord", "iad", "sjc"] },
    "[fly/machine-count] groups.app.machines: 2 cannot stand in 3 regions",
  ],
  ["more machines awake than there are", { "staging.min_running": 2 }, "[fly/min-running]"],
];

test.each(refused)("refuses %s", (_what, overrides, expected) => {
  expect(() => configure(hotDash, overrides)).toThrow(ConfigurationError);
  expect(() => configure(hotDash, overrides)).toThrow(expected);
});

describe("notes", () => {
  const text = (environment: "production" | "staging" | "chatwoot" | "preview", overrides: Overrides = {}) =>
    notes(configure(hotDash, overrides), environment).join("\n");

  test("say what becomes of each value that Fly cannot hold", () => {
    expect(text("production")).toMatch(/Restart after 3 failed checks in a row \(90 s\): Fly restarts no machine/);
    expect(text("production")).toMatch(/over 70% CPU and 80% memory: Fly's proxy knows neither/);
    expect(text("production")).toMatch(/e-mail notices are to be on: Fly has no API for them/);
    expect(text("preview")).toMatch(/Sleep after 5m without requests is a target/);
    expect(text("chatwoot")).toMatch(/"queue_services":"ok" and "data_services":"ok"/);
    expect(text("chatwoot")).toMatch(/within 5000 ms/);
  });

  test("compare the number of secrets only when every group is filled", () => {
    expect(text("staging")).toMatch(/5 of 9 expected names are declared and CHATWOOT_\* has none yet/);
    const filled = { "secrets.groups": { "CHATWOOT_*": ["CHATWOOT_TOKEN"] } };
    expect(text("staging", filled)).toMatch(/9 names are expected \(secrets.expected_count\) and the groups declare 6/);
    expect(text("staging", { ...filled, "secrets.expected_count": 6 })).not.toMatch(/Secrets/);
  });
});
