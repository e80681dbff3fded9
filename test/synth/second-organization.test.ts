/** Another organization with the packed package: an empty folder, its own names, a plan that is empty. */
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import manifest from "../../package.json";
import { packageRoot } from "../../synth/package-root";
import { has, openStage, type Stage } from "./support/stage";

const program = `import { FlyApp, FlyStack, managedOutside, pinned, program } from "hotdash-infra";

program((app) => {
  const stack = new FlyStack(app, "shop", { organization: "other-org", notes: ["Orders close at noon."] });
  new FlyApp(stack, "web", {
    app: "acme-shop",
    regions: ["lhr", "fra"],
    image: pinned("registry.fly.io/acme-shop:v1"),
    groups: {
      web: {
        memoryMb: 512,
        machines: { min: 2, max: 4 },
        services: [
          {
            internalPort: 8080,
            autostop: "suspend",
            minRunning: 1,
            checks: [{ type: "http", interval: "15s", timeout: "2s", gracePeriod: "5s", path: "/up" }],
          },
        ],
      },
      jobs: { command: ["node", "jobs.js"], machines: 2, mount: { name: "data", path: "/data" } },
    },
    secrets: { STRIPE_KEY: {} },
    certificates: ["shop.acme.example"],
  });
  new FlyApp(stack, "mail", {
    app: "acme-mail",
    regions: ["lhr"],
    image: managedOutside({ initial: "registry.fly.io/acme-mail:first" }),
    groups: { app: {} },
    env: { SHOP: "acme-shop.internal" },
  });
});
`;

/** What npm would install beside the package; taken from this checkout, so that the test needs no registry. */
const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });

(has("terraform") ? describe : describe.skip)("the packed package in an empty folder (needs terraform)", () => {
  let stage: Stage;
  let home: string;
  beforeAll(async () => {
    stage = await openStage("fo1_sandbox_other");
    home = join(stage.folder, "acme");
    await install();
    writeFileSync(join(home, "main.ts"), program);
    const app = "node --import tsx main.ts";
    writeFileSync(join(home, "cdktf.json"), JSON.stringify({ language: "typescript", app, sendCrashReports: "false" }));
    writeFileSync(join(home, "package.json"), JSON.stringify({ name: "acme", private: true }));
  }, 300_000);
  afterAll(() => stage.close());

  const env = { SHOP_STRIPE_KEY: "made-up" };
  const run = (name: string, ...args: string[]) => stage.run(name, args, { cwd: home, env });
  const terraform = (...args: string[]) =>
    stage.run("terraform", [...args, "-no-color"], { cwd: join(home, "cdktf.out", "stacks", "shop"), env });

  test("ships compiled files, types and the provider, and no sources or tests", () => {
    const root = join(home, "node_modules", "hotdash-infra");
    expect(readdirSync(root).sort()).toEqual(["README.md", "bin", "dist", "package.json"]);
    expect(existsSync(join(root, "dist", "index.d.ts"))).toBe(true);
    expect(readdirSync(join(root, "dist", "provider-bundle"))).toEqual([
      expect.stringMatching(/^terraform-provider-fly_v/),
    ]);
  });

  test("the program has forty lines and takes its own names", async () => {
    expect(program.trim().split("\n").length).toBeLessThanOrEqual(40);
    expect(await run("node", "--import", "tsx", "main.ts")).toEqual({ code: 0, text: "" });
    expect(readdirSync(join(home, "cdktf.out", "stacks"))).toEqual(["shop"]);
  });

  test("after an apply the plan is empty", async () => {
    expect(await terraform("init")).toMatchObject({ code: 0 });
    expect(await terraform("apply", "-auto-approve")).toMatchObject({ code: 0 });
    const apps = [...stage.sandbox.control.state().apps.values()].map(({ name, machines }) => [name, machines.size]);
    expect(apps.sort()).toEqual([
      ["acme-mail", 1],
      ["acme-shop", 4],
    ]);
    expect(await terraform("plan", "-detailed-exitcode")).toMatchObject({ code: 0 });
  });

  test("infra plans it too, and prints its notes", async () => {
    const { code, text } = await run("node", join("node_modules", "hotdash-infra", "bin", "infra.cjs"), "plan");
    expect({ code, text }).toEqual({ code: 0, text: expect.stringContaining("Orders close at noon.") });
  });

  /** What `npm install hotdash-infra-<version>.tgz` leaves. */
  async function install(): Promise<void> {
    const modules = join(home, "node_modules");
    const own = join(modules, "hotdash-infra");
    mkdirSync(own, { recursive: true });
    const packed = await stage.run("npm", ["pack", "--silent", "--pack-destination", stage.folder], {
      cwd: packageRoot,
    });
    if (packed.code !== 0) throw new Error(packed.text);
    const tarball = readdirSync(stage.folder).find((name) => name.endsWith(".tgz")) ?? "";
    const unpacked = await stage.run("tar", ["-xzf", join(stage.folder, tarball), "-C", own, "--strip-components=1"]);
    if (unpacked.code !== 0) throw new Error(unpacked.text);
    for (const name of dependencies) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(packageRoot, "node_modules", name), join(modules, name));
    }
  }
});
