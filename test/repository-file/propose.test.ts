import { type Bench, mirror, openBench } from "./support/repository";

const suite = mirror ? describe : describe.skip;

const ci = { path: ".github/workflows/ci.yml", text: "name: ci\non: push\njobs: {}\n" };
const script = { path: "scripts/ops/run.sh", text: "#!/bin/sh\necho run\n", executable: true };
const toml = { path: "fly.toml", text: 'app = "hotdash"\n' };

suite("files of a repository, proposed (needs TF_PROVIDER_MIRROR)", () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
    bench.declare([ci, script, toml]);
  });
  afterAll(() => bench.close());

  test("x", async () => {
    const planned = await bench.plan();
    console.log(planned.text, planned.code, planned.calls);
    console.log(bench.sandbox.control.journal().map(({ method, path, status }) => `${method} ${path} ${status}`));
    const applied = await bench.terraform("apply", "-auto-approve");
    console.log(applied.text, applied.code);
  });
});
