import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize, withoutForeignFrames } from "./project";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "project-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const { signal } = new AbortController();
const read = () => synthesize({ directory, env: process.env, interruption: { soft: signal, hard: signal } });

test("a folder without cdktf.json is no project", async () => {
  await expect(read()).rejects.toThrow("[infra/no-project]");
});

test("a folder inside a project names the project's", async () => {
  writeFileSync(join(directory, "cdktf.json"), "{}");
  const inner = join(directory, "config", "deep");
  mkdirSync(inner, { recursive: true });
  await expect(
    synthesize({ directory: inner, env: process.env, interruption: { soft: signal, hard: signal } }),
  ).rejects.toThrow(`cd ${directory} [infra/no-project]`);
});

test("a program that writes nothing is told, and an earlier manifest is not taken for its work", async () => {
  writeFileSync(join(directory, "cdktf.json"), '{"language": "typescript", "app": "true"}');
  await expect(read()).rejects.toThrow("[synth/nothing]");
  const manifest = join(directory, "cdktf.out", "manifest.json");
  mkdirSync(join(directory, "cdktf.out"));
  writeFileSync(manifest, '{"stacks": {}}');
  utimesSync(manifest, 1, 1);
  await expect(read()).rejects.toThrow("[synth/nothing]");
});

test("a program that fails without a word is named", async () => {
  writeFileSync(join(directory, "cdktf.json"), '{"language": "typescript", "app": "exit 3"}');
  await expect(read()).rejects.toThrow("The program of cdktf.json (exit 3) ended with code 3 and said nothing.");
});

test("of what a program threw, its own lines are shown and no others", () => {
  const syntax = `node:internal/modules/run_main:123
    triggerUncaughtException(
    ^

Error: Transform failed with 1 error:
/srv/shop/config/staging.ts:15:12: ERROR: Unexpected ","
    at failureErrorWithLog (/srv/shop/node_modules/esbuild/lib/main.js:1752:15)
    at Pipe.onStreamRead (node:internal/stream_base_commons:191:23) {
  name: 'TransformError'
}

Node.js v20.20.2`;
  expect(withoutForeignFrames(syntax, "/srv/shop")).toBe(
    'Transform failed with 1 error:\nconfig/staging.ts:15:12: ERROR: Unexpected ","',
  );
  const thrown = `/srv/shop/config/index.ts:106
throw new Error("boom")
      ^

Error: boom
    at Object.<anonymous> (/srv/shop/config/index.ts:106:23)
    at Module._compile (node:internal/modules/cjs/loader:1521:14)`;
  expect(withoutForeignFrames(thrown, "/srv/shop")).toBe(`config/index.ts:106
throw new Error("boom")
      ^

Error: boom
    at Object.<anonymous> (config/index.ts:106:23)`);
});

test.each(['{"app": ', '{"language": "typescript"}'])("refuses a cdktf.json that holds %j", async (text) => {
  writeFileSync(join(directory, "cdktf.json"), text);
  await expect(read()).rejects.toThrow(
    expect.objectContaining({ name: "Failure", message: expect.stringMatching(/\[infra\/project-settings\]$/) }),
  );
});
