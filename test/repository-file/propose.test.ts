import { infra, type Ran } from "../commands/support/project";
import { type Bench, mirror, openBench } from "./support/repository";

const suite = mirror ? describe : describe.skip;

const ci = { path: ".github/workflows/ci.yml", text: "name: ci\non: push\njobs: {}\n" };
const script = { path: "scripts/ops/run.sh", text: "#!/bin/sh\necho run\n", executable: true };
const toml = { path: "fly.toml", text: 'app = "hotdash"\n' };

suite("files of a repository, proposed (needs TF_PROVIDER_MIRROR)", () => {
  let bench: Bench;
  const run = (...argv: readonly string[]): Promise<Ran> => infra(bench.directory, argv, { env: bench.env });
  beforeAll(async () => {
    bench = await openBench();
    bench.declare([ci, script, toml]);
  });
  afterAll(() => bench.close());

  test("x", async () => {
    for (const args of [["plan"], ["apply", "--yes"], ["apply", "--yes"], ["drift"]]) {
      const r = await run(...args);
      console.log(args, r.code, r.stdout, r.stderr);
    }
    const { body } = await bench.ask("GET", "/pulls/2");
    console.log(body.body);
    console.log(await bench.ask("PUT", "/pulls/2/merge", {}));
    for (const args of [["plan"], ["apply", "--yes"], ["drift"]]) {
      const r = await run(...args);
      console.log(args, r.code, r.stdout, r.stderr);
    }
    const p = await bench.plan();
    console.log(p);
  });
});
