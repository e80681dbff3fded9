import { type AppShape, type GroupShape, pinned } from "./app-shape";
import { appProblems } from "./rule";

const service = { internalPort: 8080 };
const check = { type: "http", interval: "15s", timeout: "2s" } as const;
const shop: AppShape = {
  app: "shop",
  regions: ["ord"],
  image: pinned("registry.fly.io/shop:v1"),
  groups: { web: { services: [service] } },
};
const web = (group: GroupShape): AppShape => ({ ...shop, groups: { web: group } });
const found = (app: AppShape) => appProblems(app, "stack shop").map(({ id, path, text }) => `[${id}] ${path}: ${text}`);

test("finds nothing wrong with a sound app", () => {
  expect(found(shop)).toEqual([]);
});

test.each<[string, AppShape, string]>([
  [
    "an app name that Fly does not take",
    { ...shop, app: "My_Shop" },
    `[fly/app-name] app: "My_Shop" is not a name that Fly takes; use at most 63 lower-case letters, digits and hyphens, no hyphen at either end`,
  ],
  ["no region", { ...shop, regions: [] }, `[fly/region] regions: is empty; name at least one region, such as "ord"`],
  [
    "an unknown region",
    { ...shop, regions: ["lhrr"] },
    `[fly/region] regions[0]: "lhrr" is not a Fly region; did you mean "lhr"?`,
  ],
  [
    "a region named twice",
    { ...shop, regions: ["ord", "iad", "ord"], groups: { web: { machines: 3 } } },
    `[fly/region] regions[2]: "ord" stands there twice; name each region once`,
  ],
  ["no group", { ...shop, groups: {} }, "[fly/group] groups: is empty; declare at least one process group"],
  [
    "a group with a name that Fly does not take",
    { ...shop, groups: { "Web 1": {} } },
    `[fly/name] groups["Web 1"]: is not a name of a process group; use lower-case letters, digits, hyphens and underscores`,
  ],
  [
    "memory that the CPUs cannot have",
    web({ memoryMb: 500 }),
    "[fly/guest-memory] groups.web.memoryMb: 500 MB is not a whole number of 256 MB steps: 1 shared CPU takes 256 to 2048 MB in steps of 256; use 256 or 512",
  ],
  [
    "a number of CPUs that is not to be had",
    web({ cpus: 3 }),
    "[fly/guest-cpus] groups.web.cpus: 3 shared CPUs are not to be had; use 1, 2, 4, 6 or 8",
  ],
  [
    "min over max",
    web({ machines: { min: 5, max: 2 } }),
    "[fly/machine-count] groups.web.machines: min 5 is over max 2; lower min or raise max",
  ],
  [
    "fewer machines than regions",
    { ...shop, regions: ["ord", "iad"], groups: { web: { machines: 1 } } },
    "[fly/machine-count] groups.web.machines: 1 cannot stand in 2 regions (ord, iad); use 2 or more, or fewer regions",
  ],
  [
    "a soft limit over the hard limit",
    web({ services: [{ ...service, concurrency: { softLimit: 30, hardLimit: 20 } }] }),
    "[fly/concurrency] groups.web.services[0].concurrency: soft limit 30 is over hard limit 20: no second machine would start before the first refuses; lower softLimit or raise hardLimit",
  ],
  [
    "more machines kept awake than there are",
    web({ machines: 1, services: [{ ...service, autostop: "stop", minRunning: 2 }] }),
    "[fly/min-running] groups.web.services[0].minRunning: 2 is over the 1 that the primary region has at least, and Fly counts only there; use 1 or less, or more machines",
  ],
  [
    "a bad duration in a check",
    web({ services: [{ ...service, checks: [{ ...check, interval: "15" }] }] }),
    `[fly/duration] groups.web.services[0].checks[0].interval: "15" is not a duration; write numbers with units, such as "15s" or "1m30s"`,
  ],
  [
    "a stop that takes too long",
    { ...shop, killTimeout: "6m" },
    `[fly/duration] killTimeout: "6m" is too long; use at most "5m"`,
  ],
  [
    "a check that is too rare for Fly",
    web({ services: [{ ...service, checks: [{ ...check, interval: "90s" }] }] }),
    `[fly/duration] groups.web.services[0].checks[0].interval: "90s" is too long; use at most "1m"`,
  ],
  [
    "a volume name that Fly does not take",
    web({ mount: { name: "My-Data", path: "/data" } }),
    `[fly/volume-name] groups.web.mount.name: "My-Data" is not a volume name; use 1 to 30 lower-case letters, digits and underscores`,
  ],
  [
    "a path of a TCP check",
    web({ services: [{ ...service, checks: [{ ...check, type: "tcp", path: "/" }] }] }),
    "[fly/check-path] groups.web.services[0].checks[0].path: belongs to an HTTP check and this one is TCP; leave it out or use type http",
  ],
  [
    "a check of a group without a port",
    web({ checks: { alive: check } }),
    "[fly/check-port] groups.web.checks.alive.port: is missing; a check of a group names the port it asks",
  ],
  [
    "bluegreen without a check",
    { ...shop, deploy: { strategy: "bluegreen" } },
    `[fly/strategy-checks] deploy.strategy: "bluegreen" needs a health check and no group has one; add one to groups.web.services[0].checks or use "rolling"`,
  ],
  [
    "bluegreen with volumes",
    {
      ...web({ mount: { name: "data", path: "/data" }, services: [{ ...service, checks: [check] }] }),
      deploy: { strategy: "bluegreen" },
    },
    `[fly/strategy-mount] deploy.strategy: "bluegreen" cannot be used with volumes, and group web mounts one; use "rolling", or drop groups.web.mount`,
  ],
  [
    "canary with volumes",
    { ...web({ mount: { name: "data", path: "/data" } }), deploy: { strategy: "canary" } },
    `[fly/strategy-mount] deploy.strategy: "canary" cannot be used with volumes, and group web mounts one; use "rolling", or drop groups.web.mount`,
  ],
  [
    "a share that is none",
    { ...shop, deploy: { maxUnavailable: "0.3" } },
    `[fly/max-unavailable] deploy.maxUnavailable: "0.3" is neither a share nor a number; use 1% to 100%, or 1 or more`,
  ],
  [
    "env vars of one group where flyctl deploys the app",
    { ...web({ env: { LOG: "debug" } }), flyToml: "fly.toml" },
    "[fly/toml-env] groups.web.env: cannot stand in fly.toml: flyctl gives env vars to all groups alike; move them to env, or leave flyToml out",
  ],
  [
    "a service check on another port where flyctl deploys the app",
    { ...web({ services: [{ ...service, checks: [{ ...check, port: 9 }] }] }), flyToml: "fly.toml" },
    "[fly/toml-check] groups.web.services[0].checks[0].port: 9 cannot stand in fly.toml: flyctl checks a service on its internal port, 8080; move the check to groups.web.checks, or leave flyToml out",
  ],
  [
    "two checks of one name where flyctl deploys the app",
    {
      ...shop,
      groups: {
        web: { checks: { alive: { ...check, port: 1 } } },
        worker: { checks: { alive: { ...check, port: 2 } } },
      },
      flyToml: "fly.toml",
    },
    "[fly/toml-check] groups.worker.checks.alive: differs from groups.web.checks.alive, and fly.toml has one check of a name for all groups; give it another name, or leave flyToml out",
  ],
  [
    "a secret with two sources",
    { ...shop, secrets: { API_KEY: { env: ["SHOP_API_KEY"], file: "key" } } },
    "[fly/secret-source] secrets.API_KEY: has env and file; give one of env, file and command",
  ],
  [
    "a variable that is a secret too",
    { ...shop, env: { API_KEY: "x" }, secrets: { API_KEY: {} } },
    "[fly/env-and-secret] env.API_KEY: is declared under secrets too; leave it there and give its value to the environment",
  ],
])("refuses %s", (_what, app, expected) => {
  expect(found(app)).toEqual([expected]);
});

test("a kind of CPU that does not exist has the provider's id", () => {
  const app = { ...shop, groups: { web: { cpuKind: "sharde" } } } as unknown as AppShape; // as JavaScript may say it
  expect(found(app)).toEqual([expect.stringContaining("[fly/guest-cpu-kind] groups.web.cpuKind")]);
});

test.each([
  "npx prisma migrate deploy",
  "npm run db:migrate",
  "npx prisma db push",
  "bundle exec rails db:schema:load",
  "psql -f up.sql",
  "alembic upgrade head",
])("refuses the release command %j, which changes the database", (releaseCommand) => {
  expect(found({ ...shop, deploy: { releaseCommand } })).toEqual([expect.stringContaining("[fly/release-command]")]);
});

test("takes in an app that flyctl deploys what its file can say", () => {
  const alive = { ...check, port: 1 };
  const groups = {
    web: { services: [{ ...service, checks: [{ ...check, port: service.internalPort }] }], checks: { alive } },
    worker: { checks: { alive: { ...alive } } },
  };
  expect(found({ ...shop, env: { LOG: "info" }, groups, flyToml: "fly.toml" })).toEqual([]);
});

test("takes a release command that generates code", () => {
  expect(found({ ...shop, deploy: { releaseCommand: "npx prisma generate" } })).toEqual([]);
});

test("names every secret value that stands where a name belongs, and shows none", () => {
  const value = "postgres://admin:hunter2@db.internal/shop";
  const texts = found({
    ...shop,
    env: { DB: value },
    secrets: { [value]: {}, TOKEN: { env: [value] }, OTHER: { file: value } },
  });
  expect(texts).toHaveLength(4);
  expect(texts.every((text) => /^\[fly\/secret-(value|env-name)\]/.test(text))).toBe(true);
  expect(texts.join("\n")).not.toMatch(/hunter2|admin|postgres/);
});

test("reports all problems of an app at once", () => {
  const problems = found({
    ...shop,
    regions: ["lhrr"],
    groups: { web: { memoryMb: 500, machines: { min: 3, max: 1 } } },
    killTimeout: "never",
  });
  expect(problems.map((problem) => problem.slice(0, problem.indexOf("]") + 1))).toEqual([
    "[fly/region]",
    "[fly/guest-memory]",
    "[fly/machine-count]",
    "[fly/duration]",
  ]);
});

test("skips what is not known yet", () => {
  expect(
    appProblems({ app: undefined, regions: [undefined], groups: { web: { memoryMb: undefined } } }, "stack shop"),
  ).toEqual([]);
});
