import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { providerBundle } from "./provider-bundle";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bundle-"));
  writeFileSync(join(folder, "word.ts"), `export const word: string = "first";`);
  writeFileSync(join(folder, "main.ts"), `import { word } from "./word"; console.log(word);`);
});
afterEach(() => rmSync(folder, { recursive: true }));

const bundle = () => providerBundle({ entry: join(folder, "main.ts"), folder: join(folder, "out"), version: "1.2.3" });
const run = (path: string) => execFileSync(path, { encoding: "utf8" });

test("is one executable file with the name that Terraform wants", () => {
  const path = bundle();
  expect(path).toBe(join(folder, "out", "terraform-provider-fly_v1.2.3"));
  expect(run(path)).toBe("first\n");
});

test("is made again when a source has changed, and only then", () => {
  const before = statSync(bundle()).ino;
  expect(statSync(bundle()).ino).toBe(before);
  writeFileSync(join(folder, "word.ts"), `export const word: string = "second one";`);
  expect(run(bundle())).toBe("second one\n");
});

test("keeps the last good one when the sources do not compile", () => {
  const path = bundle();
  const before = readFileSync(path, "utf8");
  writeFileSync(join(folder, "word.ts"), "export const = ;");
  expect(bundle).toThrow(/word\.ts/);
  expect(readFileSync(path, "utf8")).toBe(before);
});
