/** Apps that others made by the API, written down as stacks and taken over: the real Terraform plans nothing, and no machine is touched. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createFly, type Fly, type MachineConfig } from "../../api/fly";
import { createSandbox, type Sandbox } from "../../sandbox";
import { infra, type Ran, remove } from "./support/project";

const root = join(__dirname, "..", "..");
const loader = pathToFileURL(require.resolve("tsx")).href;

/** In this checkout, so that a program there finds what it imports. */
function openProject(): string {
  mkdirSync(join(root, ".infra"), { recursive: true });
  const directory = mkdtempSync(join(root, ".infra", "adopt-"));
  return directory;
}

const runtime = ["SHOPIFY_API_KEY", "SHOPIFY_API_SECRET", "DATABASE_URL", "SUPABASE_URL", "SUPABASE_SERVICE_KEY"];
const application = [...runtime, "PUBLER_API_KEY", "PUBLER_WORKSPACE_ID", "SLACK_WEBHOOK_URL"];

const mark = (group: string) => ({ metadata: { fly_process_group: group, fly_platform_version: "v2" } });
const web = [
  { port: 80, handlers: ["http"], force_https: true },
  { port: 443, handlers: ["tls", "http"] },
];
const tcp = (grace_period: string) => ({ type: "tcp", interval: "15s", timeout: "2s", grace_period });
const health = (grace_period: string, path = "/health") => ({
  type: "http",
  interval: "30s",
  timeout: "5s",
  grace_period,
  method: "GET",
  path,
});

/** The application's machines, as spec'd for one environment. */
function machine(guest: object, service: object): MachineConfig {
  return {
    ...mark("app"),
    image: "registry.fly.io/hotdash-staging:deployment-01K82NTP6MKVJP3RM2VP3WQDZH",
    env: { PRIMARY_REGION: "ord" },
    guest: { cpu_kind: "shared", ...guest },
    services: [{ protocol: "tcp", internal_port: 3000, ports: web, autostart: true, ...service }],
    metrics: { port: 9091, path: "/metrics" },
    restart: { policy: "on-failure", max_retries: 10 },
    stop_config: { timeout: "30s" },
  };
}

const desk = { image: "chatwoot/chatwoot:v4.7.0", env: { PRIMARY_REGION: "ord" }, guest: { memory_mb: 2048 } };
const production = machine(
  { cpus: 2, memory_mb: 2048 },
  {
    autostop: false,
    min_machines_running: 2,
    concurrency: { type: "connections", soft_limit: 200, hard_limit: 250 },
    checks: [tcp("30s"), health("30s")],
  },
);

/** HotDash's apps as somebody made them with the API. */
const apps: Readonly<
  Record<string, { readonly secrets: readonly string[]; readonly machines: readonly MachineConfig[] }>
> = {
  "hot-dash": { secrets: application, machines: [production, production] },
  "hotdash-staging": {
    secrets: application,
    machines: [
      machine(
        { cpus: 1, memory_mb: 1024 },
        {
          autostop: true,
          min_machines_running: 1,
          concurrency: { type: "connections", soft_limit: 80, hard_limit: 100 },
          checks: [tcp("20s"), health("20s")],
        },
      ),
    ],
  },
  "hotdash-pr-7": {
    secrets: application,
    machines: [
      machine(
        { cpus: 1, memory_mb: 512 },
        {
          autostop: true,
          concurrency: { type: "connections", soft_limit: 80, hard_limit: 100 },
          checks: [health("20s")],
        },
      ),
    ],
  },
  "hotdash-chatwoot": {
    secrets: ["DATABASE_URL", "REDIS_URL", "SECRET_KEY_BASE"],
    machines: [
      {
        ...desk,
        ...mark("web"),
        init: { cmd: ["bundle", "exec", "rails", "server", "-b", "0.0.0.0", "-p", "3000"] },
        services: [
          {
            protocol: "tcp",
            internal_port: 3000,
            ports: web,
            autostop: false,
            min_machines_running: 1,
            checks: [health("30s", "/api")],
          },
        ],
      },
      { ...desk, ...mark("worker"), init: { cmd: ["bundle", "exec", "sidekiq", "-C", "config/sidekiq.yml"] } },
    ],
  },
};

let sandbox: Sandbox;
let server: { readonly url: string; close(): Promise<void> };
let fly: Fly;
let env: NodeJS.ProcessEnv;
const before = { ...process.env };
const projects: string[] = [];

beforeAll(async () => {
  sandbox = createSandbox({ limits: "off" });
  server = await sandbox.listen();
  const { url } = server;
  fly = createFly({ token: "fo1_sandbox_deploy", machinesUrl: url, graphqlUrl: url, uiexUrl: url });
  env = {
    FLY_API_TOKEN: "fo1_sandbox_deploy",
    FLY_FLAPS_BASE_URL: url,
    FLY_API_BASE_URL: url,
    FLY_UIEX_BASE_URL: url,
  };
  // The hosted provider reads this process's own variables.
  Object.assign(process.env, env);
  await Promise.all(Object.entries(apps).map(([name, app]) => make(name, app)));
});

afterAll(async () => {
  process.env = before;
  await server.close();
  sandbox.close();
  projects.forEach(remove);
});

async function make(name: string, { secrets, machines }: (typeof apps)[string]): Promise<void> {
  await fly.apps.create({ name, org_slug: "hotdash", idempotency_key: name });
  await fly.secrets.set(name, Object.fromEntries(secrets.map((one) => [one, "canary-live"])));
  await fly.addresses.allocate(name, { type: "shared_v4" });
  await fly.addresses.allocate(name, { type: "v6" });
  for (const config of machines) {
    const { id } = await fly.machines.create(name, { region: "ord", config });
    await fly.machines.wait(name, id, { state: "started", timeoutMs: 30_000 });
  }
}

function project(): { readonly directory: string; run(...argv: string[]): Promise<Ran> } {
  const directory = openProject();
  projects.push(directory);
  return { directory, run: (...argv) => infra(directory, argv, { env }) };
}

/** What an apply would have touched. */
const versions = () =>
  [...sandbox.control.state().apps.values()].flatMap((app) => [...app.machines.values()].map((one) => one.instanceId));

test("HotDash's apps that were made by the API are written down, and after a take-over their plan is empty", async () => {
  const { directory, run } = project();
  const untouched = versions();
  const names = Object.keys(apps);
  for (const name of names) {
    const { code, stdout, stderr } = await run("adopt", name, "--out", ".");
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`${name}.ts  written: app ${name}`) });
    expect(stderr).toContain(`npx infra adopt ${name}`);
    expect(readFileSync(join(directory, `${name}.ts`), "utf8")).not.toMatch(/addOverride|canary/);
  }
  const calls = ["hotDash", "hotdashStaging", "hotdashPr7", "hotdashChatwoot"].map((name) => `${name}Stack`);
  const imports = names.map((name, index) => `import { ${calls[index]} } from "./${name}";`);
  const main = [
    `import { program } from "../../index";`,
    ...imports,
    `program((app) => { ${calls.map((call) => `${call}(app);`).join(" ")} });`,
  ];
  writeFileSync(join(directory, "main.ts"), main.join("\n"));
  writeFileSync(
    join(directory, "cdktf.json"),
    JSON.stringify({ language: "typescript", app: `"${process.execPath}" --import "${loader}" main.ts` }),
  );
  const { code, stdout } = await run("adopt", ...names);
  expect({ code, stdout: stdout.trim().split("\n\n") }).toEqual({
    code: 0,
    stdout: ["hot-dash", "hotdash-chatwoot", "hotdash-pr-7", "hotdash-staging"].map((name) =>
      expect.stringMatching(`^${name}: as declared \\([67] resources\\)`),
    ),
  });
  expect(versions()).toEqual(untouched);
}, 120_000);

test("a file that somebody edited is not written over, and the same one not again", async () => {
  const { directory, run } = project();
  const file = join(directory, "stacks", "desk.ts");
  const adopt = ["adopt", "hotdash-chatwoot", "--stack", "desk"];
  const printed = await run(...adopt, "--dry-run");
  expect({ code: printed.code, exists: existsSync(file) }).toEqual({ code: 2, exists: false });
  expect((await run(...adopt)).code).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(printed.stdout);
  expect((await run(...adopt)).stdout).toContain("is so already");
  writeFileSync(file, `// mine\n${printed.stdout}`);
  const { code, stderr } = await run(...adopt);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/first in line 1\..*\[infra\/adopt-exists\]/),
  });
  expect(stderr).toContain("npx infra adopt hotdash-chatwoot --stack desk --dry-run | diff stacks/desk.ts -");
  expect((await run(...adopt, "--force")).code).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(printed.stdout);
});

test.each([
  ["neither a stack nor an app", ["nothing-there"], "infra/adopt-unknown"],
  ["a name that no stack can have", ["hot-dash", "--stack", "a b"], "infra/adopt-stack"],
  ["nothing at all", [], "infra/adopt-what"],
])("is told: %s", async (_name, argv, id) => {
  const { code, stderr } = await project().run("adopt", ...argv);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`[${id}]`) });
});
