import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AppRow, MachineRow } from "../../sandbox/row";
import { type Bench, createBench, findFlyctl, type Outcome } from "./flyctl";

const binary = findFlyctl();

/** A fly.toml with a public service, a check, and optionally a release command. */
const flyToml = (app: string, releaseCommand = "") => `
app = "${app}"
primary_region = "iad"

[env]
  LOG = "info"

[deploy]
${releaseCommand && `  release_command = "${releaseCommand}"`}

[http_service]
  internal_port = 3000
  force_https = true
  auto_stop_machines = "suspend"
  auto_start_machines = true
  min_machines_running = 1

  [[http_service.checks]]
    method = "GET"
    path = "/health"
    interval = "15s"
    timeout = "2s"
    grace_period = "5s"

[[vm]]
  size = "shared-cpu-1x"
  memory = "512mb"
`;

/** What makes a machine flyctl's own, and a key that is not. */
const metadata = { fly_platform_version: "v2", fly_process_group: "app", infra_stack: "staging" };

const deployment = (app: string, tag: string) => {
  const image = `registry.fly.io/${app}:${tag}`;
  return ["deploy", "--image", image, "-a", app, "--dns-checks=false", "--smoke-checks=false"];
};

(binary ? describe : describe.skip)("flyctl deploy against the sandbox (needs flyctl)", () => {
  let bench: Bench;
  /** Deploys that take their 20 s while the others go on. */
  let slow: { readonly green: Promise<Outcome>; readonly broken: Promise<Outcome> };
  let blueIds: string[] = [];

  beforeAll(async () => {
    bench = await createBench(binary ?? "");
    const apps = ["web", "blue", "broken", "bare"];
    for (const app of apps) await bench.fly(["apps", "create", app, "--org", "hotdash"]);
    writeFileSync(join(bench.folder("web"), "fly.toml"), flyToml("web", "npx prisma generate"));
    writeFileSync(join(bench.folder("blue"), "fly.toml"), flyToml("blue"));
    writeFileSync(join(bench.folder("broken"), "fly.toml"), flyToml("broken", "npx prisma generate"));
    const first = await deploy("blue", "deployment-1");
    expect(first.output).toContain("Finished launching new machines");
    blueIds = live("blue").map(({ id }) => id);
    slow = { green: deploy("blue", "deployment-2", "--strategy", "bluegreen"), broken: deploy("broken", "crash-1") };
  });
  afterAll(async () => {
    await Promise.all(Object.values(slow ?? {}));
    await bench.close();
  });

  test("makes addresses, two machines and a release in a first deploy, after the release command", async () => {
    const { code, output } = await deploy("web", "deployment-1");
    expect(output).toMatch(/release_command \w{14} completed successfully/);
    expect(output).toContain("Dedicated ipv6");
    expect({ code, output }).toEqual({ code: 0, output });
    expect(live("web").map(({ config, state }) => [config.image, state, config.metadata?.fly_release_version])).toEqual(
      [
        ["registry.fly.io/web:deployment-1", "started", "1"],
        ["registry.fly.io/web:deployment-1", "started", "1"],
      ],
    );
    expect([...app("web").addresses.values()].map(({ type }) => type).sort()).toEqual(["shared_v4", "v6"]);
    expect(releases("web")).toEqual([[1, "complete", "registry.fly.io/web:deployment-1", "ROLLING"]]);
  });

  test("updates the same machines in a rolling deploy", async () => {
    const before = live("web").map(({ id }) => id);
    const { code, output } = await deploy("web", "deployment-2");
    expect({ code, output }).toEqual({ code: 0, output });
    expect(output).toContain("[2/2] Machine");
    expect(live("web").map(({ id }) => id)).toEqual(before);
    expect(live("web").every(({ config }) => config.image === "registry.fly.io/web:deployment-2")).toBe(true);
  });

  test("tries one canary machine first and takes it away", async () => {
    const { code, output } = await deploy("web", "deployment-3", "--strategy", "canary");
    expect({ code, output }).toEqual({ code: 0, output });
    expect(output).toContain("Creating canary machine for group app");
    const canaries = [...app("web").machines.values()].filter(({ config }) => config.metadata?.fly_canary === "true");
    expect(canaries.map(({ state }) => state)).toEqual(["destroyed"]);
    expect(releases("web").at(-1)).toEqual([3, "complete", "registry.fly.io/web:deployment-3", "CANARY"]);
  });

  test("shows the configuration of the release", async () => {
    const { code, output } = await bench.fly(["config", "show", "-a", "web"]);
    expect(code).toBe(0);
    expect(output).toContain('"release_command": "npx prisma generate"');
  });

  test("deploys without a fly.toml over machines of the Machines API and keeps foreign metadata", async () => {
    await bench.machine("bare", { region: "iad", config: { image: "registry.fly.io/bare:deployment-1", metadata } });
    const { code, output } = await deploy("bare", "deployment-2");
    expect({ code, output }).toEqual({ code: 0, output });
    const [machine] = live("bare");
    expect(machine?.config.image).toBe("registry.fly.io/bare:deployment-2");
    expect(machine?.config.metadata).toMatchObject({ infra_stack: "staging", fly_release_version: "1" });
  });

  test("fails the release when the app crashes", async () => {
    const now = await createBench(binary ?? "", { behindMs: 0 });
    const crash = (tag: string) => [...deployment("crash", tag), "--ha=false", "--smoke-checks=true"];
    await now.fly(["apps", "create", "crash", "--org", "hotdash"]);
    await now.machine("crash", { region: "iad", config: { image: "registry.fly.io/crash:deployment-1", metadata } });
    const { code, output } = await now.fly(crash("crash-1"));
    const statuses = now.sandbox.control
      .state()
      .apps.get("crash")
      ?.releases.map(({ status }) => status);
    await now.close();
    expect(output).toContain("the app appears to be crashing");
    expect({ code, output, statuses }).toEqual({ code: 1, output, statuses: ["failed"] });
  });

  test("refuses an image that does not exist before it makes a release", async () => {
    const { code, output } = await deploy("web", "missing");
    expect(code).toBe(1);
    expect(output).toContain("registry.fly.io/web:missing");
    expect(releases("web")).toHaveLength(3);
  });

  test("fails the release when the release command fails, and makes no machine", async () => {
    const { code, output } = await slow.broken;
    expect(output).toContain("release command failed - aborting deployment");
    expect({ code, output }).toEqual({ code: 1, output });
    expect(live("broken")).toEqual([]);
    expect(releases("broken").map(([version, status]) => [version, status])).toEqual([[1, "failed"]]);
  });

  test("replaces every machine in a bluegreen deploy", async () => {
    const { code, output } = await slow.green;
    expect(output).toContain("Deployment Complete");
    expect({ code, output }).toEqual({ code: 0, output });
    const green = live("blue");
    expect(green.map(({ config, cordoned }) => [config.image, cordoned])).toEqual([
      ["registry.fly.io/blue:deployment-2", false],
      ["registry.fly.io/blue:deployment-2", false],
    ]);
    expect(green.filter(({ id }) => blueIds.includes(id))).toEqual([]);
  });

  test("calls no route that the sandbox lacks", () => {
    const missing = bench.sandbox.control.journal().filter(({ status }) => status === 501 || status === 500);
    expect(missing).toEqual([]);
  });

  function deploy(name: string, tag: string, ...flags: readonly string[]): Promise<Outcome> {
    return bench.fly([...deployment(name, tag), ...flags], { folder: bench.folder(name) });
  }

  function app(name: string): AppRow {
    const row = bench.sandbox.control.state().apps.get(name);
    if (!row) throw new Error(`The sandbox has no app ${name}`);
    return row;
  }

  function live(name: string): MachineRow[] {
    return [...app(name).machines.values()].filter(({ state }) => state !== "destroyed" && state !== "destroying");
  }

  function releases(name: string): [number, string, string, string][] {
    return app(name).releases.map(({ version, status, imageRef, strategy }) => [version, status, imageRef, strategy]);
  }
});
