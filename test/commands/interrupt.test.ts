/** Ctrl-C in the middle of an apply, on the real process: Terraform ends by itself, state is kept, the next run finishes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { edit, fakeProject, infra, remove } from "./support/project";

const stack = (command: string) => ({
  resource: {
    terraform_data: {
      first: { input: 1 },
      second: { depends_on: ["terraform_data.first"], provisioner: [{ "local-exec": { command } }] },
    },
  },
});

const main = join(__dirname, "..", "..", "cli", "main.ts");
const tsx = pathToFileURL(require.resolve("tsx")).href;

test("an interrupted apply says what was done, ends in 130, and the next one finishes", async () => {
  const directory = fakeProject({ one: stack("sleep 60") });
  const child = spawn(process.execPath, ["--import", tsx, main, "apply", "--yes"], {
    cwd: directory,
    env: { ...process.env, NO_COLOR: "1" },
  });
  let stdout = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    // The second resource waits for the first: when that one is told, the state holds it.
    if (!child.killed && stderr.includes("terraform_data.second: started")) child.kill("SIGINT");
  });
  const [code] = await once(child, "close");
  expect({ code, stdout }).toEqual({
    code: 130,
    stdout: expect.stringContaining("one: stopped; 1 resource changed, 1 not"),
  });
  expect(stderr).toContain("Stopping at the next safe point.");

  edit(directory, { one: stack("true") });
  expect((await infra(directory, ["apply", "--yes"])).code).toBe(0);
  expect((await infra(directory, ["plan"])).code).toBe(0);
  remove(directory);
});
