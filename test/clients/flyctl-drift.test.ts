/** What the real flyctl changes on machines that the provider made, in the next plan of the real Terraform. */
import { spawnSync } from "node:child_process";
import { type AppShape, managedOutside } from "../../config/app-shape";
import { findFlyctl } from "./flyctl";
import { type Changes, createSite, type Site, type Stack } from "./site";

const flyctl = findFlyctl();
const terraform = spawnSync("terraform", ["-version"], { env: { ...process.env, CHECKPOINT_DISABLE: "1" } });
const tools = flyctl !== undefined && terraform.status === 0;

const shop = {
  app: "shop",
  flyToml: "shop.toml",
  regions: ["iad"],
  image: managedOutside({ initial: "registry.fly.io/shop:deployment-1" }),
  env: { LOG: "info" },
  secrets: { API_KEY: {} },
  groups: {
    web: {
      memoryMb: 256,
      machines: 2,
      services: [{ internalPort: 8080, checks: [{ type: "http", path: "/health", interval: "15s", timeout: "2s" }] }],
    },
  },
} as const satisfies AppShape;

/** Something that somebody does with flyctl, where `{first}` is a machine's id, and how the next plan shows it. */
interface Row {
  readonly run: string;
  readonly shows: Changes;
  readonly says: readonly string[];
}

const [group, secrets, inventory] = ["fly_process_group.app_web", "fly_secrets.app", "fly_app_inventory.app"];

const repaired: readonly Row[] = [
  {
    run: "machine update {first} --vm-memory 512 --yes",
    shows: { [group]: ["divergence"] },
    says: ["({first})", "guest.memory_mb is 512, declared 256"],
  },
  { run: "scale memory 512", shows: { [group]: ["guest"] }, says: ["memory_mb              = 512 -> 256"] },
  {
    run: "scale count 3 --process-group web --yes",
    shows: { [group]: ["divergence"] },
    says: ["unexpected: iad has 3, declared 2"],
  },
  {
    run: "machine stop {first}",
    shows: { [group]: ["divergence"] },
    says: ["stopped by a user", "1 of 2 machines run"],
  },
  {
    run: "machine destroy {first} --force",
    shows: { [group]: ["divergence"] },
    says: ["1 machine is missing (1 of 2)"],
  },
  {
    run: "secrets set API_KEY=theirs --dns-checks=false",
    shows: { [group]: ["secrets_version"], [secrets]: ["status", "version"] },
    says: ['"API_KEY" = "changed outside"'],
  },
];

const undeclared = [
  "secrets set EXTRA=1 --stage",
  "ips allocate-v4 --yes",
  "ips allocate-v6",
  "certs add www.example.com",
  "volumes create data -r iad -s 1 --yes",
  "machine run nginx --name job --region iad",
];

/** What stands for a person at a terminal, and for DNS. */
const offline = (command: string) =>
  command.startsWith("secrets") ? ["--dns-checks=false"] : /^(certs|volumes)/.test(command) ? ["--yes"] : [];

const none = { code: 0, changes: {} };

(tools ? describe : describe.skip)("flyctl on machines of the provider (needs flyctl, terraform)", () => {
  let site: Site;
  let stack: Stack;

  beforeAll(async () => {
    site = await createSite(flyctl ?? "");
    stack = await site.stack("shop", shop);
    await stack.apply();
  });
  afterAll(() => site?.bench.close());

  test.each([
    ["status", [/web +│ \w{14} │ .*│ iad +│ started .* 1 total, 1 passing/, /Hostname │ shop\.fly\.dev/]],
    ["scale show", [/web +│ 2 +│ shared │ 1 +│ 256 MB │ iad\(2\)/]],
    ["machine list", [/web-iad-1 │ started │ 1\/1 .*shop:deployment-1 .*│ web +│ shared-cpu-1x:256MB/]],
    ["config show", [/"primary_region": "iad"/, /"internal_port": 8080/, /"path": "\/health"/]],
  ])("%s sees them as its own", async (command, patterns) => {
    const output = await fly(command);
    for (const pattern of patterns) expect(output).toMatch(pattern);
    expect(await stack.plan()).toMatchObject(none);
  });

  test("deploy --image with an image managed outside leaves nothing to change", async () => {
    const before = ids();
    const { code, output } = await stack.deploy("deployment-2", "--smoke-checks=false");
    expect({ code, output }).toEqual({ code: 0, output });
    expect(await stack.plan()).toMatchObject(none);
    expect(ids()).toEqual(before);
    expect(stack.releases()).toEqual(["1 complete deployment-2"]);
  });

  test.each(repaired)("$run shows in the plan, and the apply repairs it", async ({ run, shows, says }) => {
    const [first = ""] = ids();
    const fill = (text: string) => text.replace("{first}", first);
    await fly(fill(run));
    const { code, changes, text } = await stack.plan();
    expect({ code, changes }).toEqual({ code: 2, changes: shows });
    for (const words of says) expect(text).toContain(fill(words));
    await stack.apply();
    expect(await stack.plan()).toMatchObject(none);
    expect(stack.machines().map(({ config, state }) => [config.image, state])).toEqual([
      ["registry.fly.io/shop:deployment-2", "started"],
      ["registry.fly.io/shop:deployment-2", "started"],
    ]);
  });

  test("what nobody declared is refused with the flyctl commands that remove it, and these do", async () => {
    for (const command of undeclared) await fly(command);
    const { code, changes, text } = await stack.plan();
    expect({ code, changes }).toEqual({ code: 2, changes: { [inventory]: ["undeclared"] } });
    for (const kind of ["secret/EXTRA", "address/", "certificate/www.example.com", "machine/", "volume/vol_"])
      expect(text).toContain(`"${kind}`);
    const refusal = await stack.apply().then(String, String);
    expect(refusal).toContain("[fly/undeclared]");
    const commands = [...refusal.matchAll(/^\W+fly (.+ --app shop.*)$/gm)].map(([, command = ""]) => command);
    expect(commands).toHaveLength(undeclared.length);
    for (const command of commands) {
      const { code, output } = await site.bench.fly([...command.split(" "), ...offline(command)]);
      expect({ code, output }).toEqual({ code: 0, output });
    }
    expect(await stack.plan()).toMatchObject(none);
  });

  /** Runs flyctl to its good end, and until all machines are at rest. */
  async function fly(command: string): Promise<string> {
    const { code, output } = await stack.fly(...command.split(" "));
    expect({ code, output }).toEqual({ code: 0, output });
    for (const id of ids()) await site.bench.settled("shop", id);
    return output;
  }

  const ids = () => stack.machines().map(({ id }) => id);
});
