import { type Bench, createBench, findFlyctl } from "./flyctl";

const binary = findFlyctl();

/** A command line, what it must say, and what of its output later lines use as `{name}`. */
interface Row {
  readonly run: string;
  /** @default 0 */
  readonly exit?: number;
  readonly says?: readonly (string | RegExp)[];
  readonly keep?: Readonly<Record<string, RegExp>>;
  readonly token?: string;
  /** Name of a kept machine that comes to rest before the next line. */
  readonly settles?: string;
}

const service = {
  protocol: "tcp",
  internal_port: 8080,
  ports: [{ port: 443, handlers: ["http", "tls"] }],
  checks: [{ type: "http", path: "/health", interval: "15s", timeout: "2s" }],
};

/** As fly.toml would have it, made through the Machines API. */
const machine = {
  region: "iad",
  config: {
    image: "registry.fly.io/shop:deployment-1",
    guest: { cpu_kind: "shared", cpus: 1, memory_mb: 256 },
    metadata: { fly_platform_version: "v2", fly_process_group: "app" },
    env: { FLY_PROCESS_GROUP: "app", PRIMARY_REGION: "iad" },
    services: [service],
  },
};

const readonly = "fo1_sandbox_readonly";
const other = "fo1_sandbox_other";
const wrong = "fo1_nobody";

const organization: readonly Row[] = [
  { run: "auth whoami", says: ["dev@hotdash.example"] },
  { run: "orgs list", says: [/HotDash +hotdash/] },
  { run: "apps list", says: [/shop │ hotdash │ deployed/] },
  { run: "apps create nova --org hotdash", says: ["New app created: nova"] },
  { run: "apps create nova --org hotdash", exit: 1, says: ["Name has already been taken"] },
  { run: "apps list", says: [/nova │ hotdash │ pending/] },
  { run: "apps list --org hotdash", says: ["shop"] },
  { run: "apps destroy nova --yes", says: ["Destroyed app nova"] },
  { run: "platform regions", says: [/Ashburn, Virginia \(US\) +│ iad/] },
  { run: "tokens create deploy -a shop -x 1h", says: [/FlyV1 fo1_sandbox_[0-9a-f]{24}/] },
  {
    run: "tokens list -a shop",
    says: ["dev@hotdash.example"],
    keep: { token: /(tok_[0-9a-f]{12})/ },
  },
  { run: "tokens revoke {token}", says: ["1 tokens revoked"] },
];

const machines: readonly Row[] = [
  { run: "status -a shop", says: ["shop.fly.dev", /{first} .*started.*1 total, 1 passing/] },
  { run: "status -a shop --json", says: ['"PlatformVersion": "machines"'] },
  { run: "machine list -a shop", says: [/{first} │ web-1 │ started │ 1\/1 .*shop:deployment-1.*shared-cpu-1x:256MB/] },
  { run: "machine status {first} -a shop", says: ["State: started", "HostStatus: ok", /Process Group │ app/] },
  { run: "scale show -a shop", says: [/app +│ 2 +│ shared │ 1 +│ 256 MB │ iad\(2\)/] },
  { run: "checks list -a shop", says: [/servicecheck-00-http-8080 │ passing │ {first}/] },
  { run: "regions list -a shop", says: ["Regions [app]: iad"] },
  { run: "config show -a shop", says: ['"primary_region": "iad"', '"internal_port": 8080'] },
  { run: "image show -a shop", says: [/registry.fly.io │ shop +│ deployment-1 │ N\/A +│ sha256:[0-9a-f]{64}/] },
  { run: "logs -a shop --no-tail", says: [/{first}.*machine start: started/] },
  { run: "releases -a shop", says: ["VERSION"] },
  { run: "machine stop {first} -a shop --wait-timeout 10s", says: ["successfully stopped"] },
  { run: "machine start {first} -a shop", says: ["has been started"], settles: "first" },
  { run: "machine restart {first} -a shop", says: ["restarted successfully"], settles: "first" },
  { run: "machine cordon {first} -a shop", says: ["done!"] },
  { run: "machine uncordon {first} -a shop", says: ["done!"] },
  { run: "machine update {first} -a shop --vm-memory 512 --yes", says: ["updated successfully"] },
  { run: "machine status {first} -a shop", says: [/Memory +│ 512/] },
  { run: "scale memory 512 -a shop", says: ["Memory: 512 MB"] },
  { run: "machine clone {first} -a shop", says: ["successfully cloned"], keep: { clone: /Machine (\w{14}) has been/ } },
  { run: "machine list -a shop -q", says: ["{clone}"] },
  { run: "machine destroy {clone} --force -a shop", says: ["{clone} has been destroyed"] },
  { run: "machine destroy {first} -a shop", exit: 1, says: ["started"] },
  {
    run: "machine run nginx -a shop --name job --region iad",
    says: [/docker-hub-mirror.fly.io\/library\/nginx:latest@sha256:/, "successfully launched"],
    keep: { job: /Machine ID: (\w{14})/ },
  },
  { run: "machine destroy {job} --force -a shop", says: ["has been destroyed"] },
  { run: "machine run nginx:missing -a shop", exit: 1, says: ["nginx:missing"] },
];

const storage: readonly Row[] = [
  { run: "volumes create data -a shop -r iad -s 1 --yes", keep: { volume: /ID: (vol_\w+)/ }, says: [/Size GB: 1/] },
  { run: "volumes list -a shop", says: [/{volume} │ created │ data │ 1GB/] },
  { run: "volumes extend {volume} -s 3 -a shop", says: [/Size GB: 3/] },
  { run: "volumes destroy {volume} -a shop --yes", says: ["Destroyed volume ID: {volume}"] },
  { run: "ips allocate-v4 -a shop --yes", says: ["public ingress (dedicated, $2/mo)"], keep: { v4: /(149\.[\d.]+)/ } },
  { run: "ips allocate-v4 --shared -a shop", says: ["shared"], keep: { shared: /(66\.241\.[\d.]+)/ } },
  { run: "ips allocate-v6 -a shop", says: ["public ingress (dedicated)"], keep: { v6: /(2a09:\S+)/ } },
  { run: "ips allocate-v6 --private -a shop", says: ["private ingress"] },
  {
    run: "ips allocate-egress -a shop -r iad --yes",
    says: ["Allocated egress IPs"],
    keep: { egress: /(209\.71\.\S+)/ },
  },
  { run: "ips list -a shop", says: ["{v4}", "{v6}", /{shared} +│ public ingress \(shared\)/, /{egress} +│ egress/] },
  { run: "ips release {v6} -a shop", says: ["Released {v6}"] },
  { run: "ips release {v6} -a shop", exit: 1, says: ["is not assigned"] },
  { run: "certs add www.example.com -a shop", says: ["Certificate created", "{v4}"] },
  { run: "certs list -a shop", says: [/www.example.com +Fly +Not verified/] },
  { run: "certs remove www.example.com -a shop --yes", says: ["deleted"] },
];

const secrets: readonly Row[] = [
  { run: "scale count 3 -a shop --yes", exit: 1, says: ["this app has no complete releases"] },
  { run: "secrets list -a shop", says: ["DIGEST"] },
  { run: "secrets set A=b --stage -a shop", says: ["have been staged"] },
  { run: "secrets list -a shop", says: [/\* A +│ [0-9a-f]{16} │ Staged/] },
  { run: "secrets deploy -a shop --dns-checks=false", says: ["update succeeded"] },
  { run: "secrets list -a shop", says: [/ A +│ [0-9a-f]{16} │ Deployed/] },
  { run: "secrets set C=d -a shop --dns-checks=false", says: ["[2/2]", "update succeeded"] },
  { run: "secrets list -a shop --json", says: ['"name": "C"', '"status": "Deployed"'] },
  { run: "secrets unset C -a shop --stage", says: ["have been staged"] },
  { run: "releases -a shop", says: [/v2 +│ complete .*dev@hotdash.example/, /v1 +│ complete/] },
  { run: "releases --image -a shop", says: ["registry.fly.io/shop:deployment-1"] },
  { run: "scale count 3 -a shop --yes", says: ["+1 machines for group 'app'"] },
  { run: "scale show -a shop", says: [/app +│ 3/] },
];

const refusals: readonly Row[] = [
  { run: "status -a nosuch", exit: 1, says: ['Could not find App "nosuch"'] },
  { run: "machine list -a nosuch", exit: 1, says: ["not found"] },
  { run: "status -a shop", exit: 1, token: wrong, says: ["You must be authenticated to view this."] },
  { run: "machine list -a shop", exit: 1, token: wrong, says: ["unauthorized"] },
  { run: "status -a shop", exit: 1, token: other, says: ['Could not find App "shop"'] },
  { run: "secrets list -a shop", exit: 1, token: other, says: ["unauthorized"] },
  { run: "apps list", token: other, says: ["No apps found"] },
  { run: "status -a shop", token: readonly, says: ["shop.fly.dev"] },
  { run: "ips allocate-v6 -a shop", exit: 1, token: readonly, says: ["Not authorized to update this app."] },
  { run: "secrets set A=c --stage -a shop", exit: 1, token: readonly, says: ["not allowed to write"] },
  { run: "apps destroy shop --yes", exit: 1, token: readonly, says: ["not allowed to write"] },
];

/** Commands that make no call but those that Fly documents (sandbox/GUESSES.md). */
const documented = [
  "certs add",
  "certs list",
  "certs remove",
  "checks list",
  "machine clone",
  "machine cordon",
  "machine list",
  "machine restart",
  "machine start",
  "machine status",
  "machine stop",
  "machine uncordon",
  "machine update",
  "platform regions",
  "regions list",
  "scale show",
  "volumes destroy",
];

const groups = { organization, machines, storage, secrets, refusals };

(binary ? describe : describe.skip)("flyctl against the sandbox (needs flyctl)", () => {
  let bench: Bench;
  const kept: Record<string, string> = {};
  /** By the first two words of a command: whether it keeps to the Machines API. */
  const keepsToApi = new Map<string, boolean>();

  beforeAll(async () => {
    bench = await createBench(binary ?? "");
    await bench.fly(["apps", "create", "shop", "--org", "hotdash"]);
    kept.first = await bench.machine("shop", { ...machine, name: "web-1" });
    await bench.machine("shop", { ...machine, name: "web-2" });
  });
  afterAll(() => bench.close());

  for (const [group, rows] of Object.entries(groups)) {
    describe(group, () => {
      test.each(rows)("$run exits as expected and says so", async (row) => {
        const { run, exit = 0, says = [], keep = {}, token, settles } = row;
        const before = bench.sandbox.control.journal().length;
        const { code, output } = await bench.fly(fill(run).split(" "), token ? { token } : {});
        const calls = bench.sandbox.control.journal().slice(before);
        const command = run.split(" ", 2).join(" ");
        const keeps = calls.every(({ path }) => path.startsWith("/v1/"));
        keepsToApi.set(command, keeps && (keepsToApi.get(command) ?? true));
        if (settles) await bench.settled("shop", kept[settles] ?? "");
        for (const [name, pattern] of Object.entries(keep)) kept[name] = pattern.exec(output)?.[1] ?? "";
        for (const text of says) {
          if (typeof text === "string") expect(output).toContain(fill(text));
          else expect(output).toMatch(new RegExp(fill(text.source)));
        }
        expect({ code, output }).toEqual({ code: exit, output });
      });
    });
  }

  test("calls no route that the sandbox lacks", () => {
    const missing = bench.sandbox.control.journal().filter(({ status }) => status === 501 || status === 500);
    expect(missing).toEqual([]);
  });

  test("makes undocumented calls in the commands that are known for it", () => {
    const keeping = [...keepsToApi].filter(([, keeps]) => keeps).map(([command]) => command);
    expect(keeping.sort()).toEqual(documented);
  });

  test("leaves the releases of the app numbered one by one", () => {
    const releases = bench.sandbox.control.state().apps.get("shop")?.releases ?? [];
    expect(releases.map(({ version, status }) => [version, status])).toEqual([
      [1, "complete"],
      [2, "complete"],
    ]);
  });

  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => kept[name] ?? whole);
});
