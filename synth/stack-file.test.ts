import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Testing } from "cdktf";
import { InfraStack, type StackFile } from "../constructs/stack/infra-stack";
import { writeStackFiles } from "./stack-file";

class Shop extends InfraStack {
  constructor(private readonly own: ReadonlyMap<string, StackFile>) {
    const undecided = [{ where: "the configuration", path: "owner", text: "names nobody", id: "shop/owner" }];
    super(new App({ outdir: Testing.app().outdir }), "shop", { notes: ["Orders close at noon."], undecided });
  }

  override files(): ReadonlyMap<string, StackFile> {
    return this.own;
  }
}

const folder = mkdtempSync(join(tmpdir(), "stack-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("writes files of any depth, executable where they are to be, and what the stack declares", () => {
  const files = new Map([
    ["scripts/ops/run.sh", { text: "#!/bin/sh\n", executable: true }],
    ["fly.toml", { text: "app\n" }],
  ]);
  writeStackFiles(folder, [new Shop(files)]);
  expect(statSync(join(folder, "scripts", "ops", "run.sh")).mode & 0o111).toBe(0o111);
  expect(statSync(join(folder, "fly.toml")).mode & 0o111).toBe(0);
  expect(JSON.parse(readFileSync(join(folder, "infra.json"), "utf8"))).toEqual({
    stacks: { shop: { notes: ["Orders close at noon."], undecided: [expect.objectContaining({ id: "shop/owner" })] } },
  });
});

test("removes what an earlier synth wrote, with the folders that are then empty", () => {
  writeStackFiles(folder, [new Shop(new Map([["scripts/kept.sh", { text: "" }]]))]);
  expect(existsSync(join(folder, "scripts", "ops"))).toBe(false);
  expect(existsSync(join(folder, "scripts", "kept.sh"))).toBe(true);
  expect(existsSync(join(folder, "fly.toml"))).toBe(false);
});
