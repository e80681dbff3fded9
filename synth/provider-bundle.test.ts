import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { providerBundle } from "./provider-bundle";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bundle-"));
  write("word.ts", `export const word: string = "first";`);
  write("main.ts", `import { word } from "./word"; console.log(word);`);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a source as if it had stood there for an hour. */
function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
  const then = new Date(Date.now() - 3_600_000);
  utimesSync(join(folder, name), then, then);
}

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
  write("word.ts", `export const word: string = "second one";`);
  expect(run(bundle())).toBe("second one\n");
});

test("is made again when another process has put its own beside the record of this one", () => {
  const path = bundle();
  writeFileSync(path, "#!/bin/sh\necho stale\n");
  expect(run(bundle())).toBe("first\n");
});

test("keeps the last good one when the sources do not compile", () => {
  const path = bundle();
  const before = readFileSync(path, "utf8");
  write("word.ts", "export const = ;");
  expect(bundle).toThrow(/word\.ts/);
  expect(readFileSync(path, "utf8")).toBe(before);
});
