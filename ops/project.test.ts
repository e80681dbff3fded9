import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "./project";

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

test.each(['{"app": ', '{"language": "typescript"}'])("refuses a cdktf.json that holds %j", async (text) => {
  writeFileSync(join(directory, "cdktf.json"), text);
  await expect(read()).rejects.toThrow(
    expect.objectContaining({ name: "Failure", message: expect.stringMatching(/\[infra\/project-settings\]$/) }),
  );
});
