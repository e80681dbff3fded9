import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolve } from "./source";

const folder = mkdtempSync(join(tmpdir(), "source-"));
const file = join(folder, "value");
afterAll(() => rmSync(folder, { recursive: true }));

test("takes the first env var that is set and not empty", async () => {
  const env = { A: "", B: "second", C: "third" };
  expect(await resolve({ env: ["A", "B", "C"] }, env)).toEqual({ value: "second" });
});

test("names the env var to set when none is", async () => {
  expect(await resolve({ env: ["STAGING_X", "X"] }, {})).toEqual({
    absent: "env var STAGING_X (or X) is not set",
  });
});

test("drops one newline at the end of a file, and no more", async () => {
  writeFileSync(file, "line 1\nline 2\n\n");
  expect(await resolve({ file }, {})).toEqual({ value: "line 1\nline 2\n" });
});

test("has no value from a missing or empty file", async () => {
  writeFileSync(file, "\n");
  expect(await resolve({ file }, {})).toEqual({ absent: `file ${file} is empty` });
  expect(await resolve({ file: `${file}.not` }, {})).toEqual({ absent: `file ${file}.not cannot be read (ENOENT)` });
});

test("runs a command without a shell, with the env vars of the run", async () => {
  const env = { PATH: process.env.PATH, GREETING: "hello" };
  expect(await resolve({ command: ["printenv", "GREETING"] }, env)).toEqual({ value: "hello" });
  expect(await resolve({ command: ["printf", "%s", "$GREETING"] }, env)).toEqual({ value: "$GREETING" });
});

test("shows nothing of what a failing command printed", async () => {
  const env = { PATH: process.env.PATH };
  expect(await resolve({ command: ["sh", "-c", "echo hush; echo hush >&2; exit 3"] }, env)).toEqual({
    absent: "command sh failed (exit code 3)",
  });
  expect(await resolve({ command: ["no-such-program-here"] }, env)).toEqual({
    absent: "command no-such-program-here failed (ENOENT)",
  });
});
