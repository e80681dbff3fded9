/** A stack with a provider that is not ours, from a Terraform filesystem mirror. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { Resource } from "@cdktf/provider-null/lib/resource";
import { App } from "cdktf";
import { FlyStack } from "../../constructs/fly/fly-stack";
import { parseLockFile } from "../../synth/lock-file";
import { synthesize } from "../../synth/synthesize";
import { has, openStage, type Stage } from "./support/stage";

const mirror = process.env.TF_PROVIDER_MIRROR;

(mirror && has("terraform") ? describe : describe.skip)("TF_PROVIDER_MIRROR (needs terraform and a mirror)", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  test("serves another provider without a registry; what Terraform fills into the lock file stays", async () => {
    const directory = join(stage.folder, "cdktf.out", "stacks", "shop");
    const lock = () => parseLockFile(readFileSync(join(directory, ".terraform.lock.hcl"), "utf8"));
    const synth = () => {
      const app = new App({ outdir: join(stage.folder, "cdktf.out") });
      const stack = new FlyStack(app, "shop", { organization: "hotdash" });
      new NullProvider(stack, "null");
      new Resource(stack, "nothing");
      synthesize(app, { TF_PROVIDER_MIRROR: mirror });
    };
    synth();
    expect(lock().map(({ hashes }) => hashes?.length)).toEqual([undefined, 1]);
    const { code, text } = await stage.run("terraform", ["init", "-no-color"], { cwd: directory });
    expect({ code, text }).toEqual({ code: 0, text: expect.stringContaining("hashicorp/null") });
    const filled = lock();
    expect(filled.map(({ hashes }) => hashes?.length)).toEqual([1, 1]);
    synth();
    expect(lock()).toEqual(filled);
    expect(await stage.run("terraform", ["plan", "-no-color"], { cwd: directory })).toMatchObject({ code: 0 });
  });
});
