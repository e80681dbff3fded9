/** Stack directories that work by themselves: real Terraform, a machine that reaches nobody, nothing set but the token. */
import { appendFileSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { App } from "cdktf";
import { pinned } from "../../config/app-shape";
import { FlyApp } from "../../constructs/fly/fly-app";
import { FlyStack } from "../../constructs/fly/fly-stack";
import { providerBundle } from "../../synth/provider-bundle";
import { completeStackDirectory } from "../../synth/stack-directory";
import { synthesize } from "../../synth/synthesize";
import { has, openStage, type Stage } from "./support/stage";

(has("terraform") ? describe : describe.skip)("a synthesized stack directory (needs terraform)", () => {
  let stage: Stage;
  let directory: string;
  beforeAll(async () => {
    stage = await openStage();
    const app = new App({ outdir: join(stage.folder, "cdktf.out") });
    const stack = new FlyStack(app, "shop", { organization: "hotdash" });
    const image = pinned("registry.fly.io/shop:v1");
    new FlyApp(stack, "shop", { app: "offline-shop", regions: ["ord"], image, groups: { app: {} } });
    synthesize(app, {});
    directory = join(stage.folder, "cdktf.out", "stacks", "shop");
  });
  afterAll(() => stage.close());

  const terraform = (...args: string[]) => stage.run("terraform", [...args, "-no-color"], { cwd: directory });
  const lock = () => readFileSync(join(directory, ".terraform.lock.hcl"), "utf8");

  test("is initialized without a registry, and the lock file stays as synth wrote it", async () => {
    const before = lock();
    const { code, text } = await terraform("init");
    expect({ code, text }).toEqual({ code: 0, text: expect.stringContaining("hotdash/fly") });
    expect(lock()).toBe(before);
  });

  test("plans with nothing set but the token and the sandbox's address", async () => {
    const { code, text } = await terraform("plan", "-detailed-exitcode");
    expect({ code, text }).toEqual({ code: 2, text: expect.stringContaining("3 to add, 0 to change, 0 to destroy") });
  });

  test("goes on working when the provider is built anew under the same version", async () => {
    const rebuilt = join(stage.folder, "rebuilt", basename(providerBundle()));
    mkdirSync(join(stage.folder, "rebuilt"));
    copyFileSync(providerBundle(), rebuilt);
    appendFileSync(rebuilt, "\n// built anew\n");
    const before = lock();
    completeStackDirectory(directory, { bundle: rebuilt });
    expect(lock()).not.toBe(before);
    const { code, text } = await terraform("plan", "-detailed-exitcode");
    expect({ code, text }).toEqual({ code: 2, text: expect.any(String) });
  });

  test("works after it was copied to another place", async () => {
    const copy = join(stage.folder, "copy");
    cpSync(directory, copy, { recursive: true, filter: (path) => basename(path) !== ".terraform" });
    rmSync(join(copy, ".terraform"), { recursive: true, force: true });
    const { code, text } = await stage.run("terraform", ["init", "-no-color"], { cwd: copy });
    expect({ code, text }).toEqual({ code: 0, text: expect.any(String) });
  });
});
