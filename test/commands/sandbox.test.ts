/** The sandbox's commands, on a sandbox that really runs. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fakeProject, infra, remove } from "./support/project";

const stacks = {
  one: {
    provider: { fly: [{ organization: "acme", stack: "one" }] },
    resource: {
      fly_secrets: { app: { app: "shop", sources: { KEY: { env: ["ONE_KEY"] }, GIVEN: { env: ["ONE_GIVEN"] } } } },
    },
  },
};

const started: string[] = [];
function project(): string {
  const directory = fakeProject(stacks);
  started.push(directory);
  return directory;
}
afterAll(async () => {
  for (const directory of started) {
    await infra(directory, ["sandbox", "stop"]);
    await infra(directory, ["sandbox", "stop", "--name", "second"]);
    remove(directory);
  }
});

const record = (directory: string) => join(directory, ".infra", "sandbox.json");
const start = (directory: string, ...more: string[]) => infra(directory, ["sandbox", "start", "--port", "0", ...more]);

test("start returns when it is ready, notes where, and is content when it runs already", async () => {
  const directory = project();
  const first = await start(directory, "--json");
  expect(first.code).toBe(0);
  const { url, pid, already } = JSON.parse(first.stdout);
  expect({ already, ...JSON.parse(readFileSync(record(directory), "utf8")) }).toEqual({ already: false, url, pid });
  expect((await fetch(`${url}/_sandbox/status`)).status).toBe(200);

  const again = await infra(directory, ["sandbox", "start"]);
  expect(again).toMatchObject({ code: 0, stdout: `The sandbox runs already at ${url} (process ${pid}).\n` });

  const other = await infra(directory, ["sandbox", "start", "--port", "1"]);
  expect(other.code).toBe(1);
  expect(other.stderr).toContain("[sandbox/other-port]");

  const status = await infra(directory, ["sandbox", "status"]);
  expect(status.stdout).toBe(`The sandbox runs at ${url} (process ${pid}): 0 apps, 0 machines.\n`);
});

test("the seed names the project's organization; reset empties what was made", async () => {
  const directory = project();
  const { url } = JSON.parse((await start(directory, "--json")).stdout);
  const headers = { authorization: "Bearer fo1_sandbox_deploy", "content-type": "application/json" };
  const body = JSON.stringify({ app_name: "shop", org_slug: "acme", name: "shop" });
  expect((await fetch(`${url}/v1/apps`, { method: "POST", headers, body })).ok).toBe(true);
  expect((await infra(directory, ["sandbox", "status"])).stdout).toContain(": 1 app,");
  expect((await infra(directory, ["sandbox", "reset"])).code).toBe(0);
  expect((await infra(directory, ["sandbox", "status"])).stdout).toContain(": 0 apps");
});

test("env prints export lines and values for the secrets that have none", async () => {
  const directory = project();
  const { url } = JSON.parse((await start(directory, "--json")).stdout);
  const { stdout } = await infra(directory, ["sandbox", "env"], {
    env: { ONE_GIVEN: "mine", FLY_API_TOKEN: "fo1_real" },
  });
  const lines = stdout.trim().split("\n");
  expect(lines.every((line) => /^export [A-Za-z_]+='.*'$/.test(line))).toBe(true);
  expect(lines).toContain(`export FLY_FLAPS_BASE_URL='${url}'`);
  expect(lines).toContain("export FLY_API_TOKEN='fo1_sandbox_deploy'");
  expect(lines.filter((line) => line.includes("ONE_"))).toEqual([
    expect.stringMatching(/^export ONE_KEY='made-up-[0-9a-f]+'$/),
  ]);
});

test("stop ends the process; then status says how to start, and stop is quiet", async () => {
  const directory = project();
  const { pid } = JSON.parse((await start(directory, "--json")).stdout);
  expect((await infra(directory, ["sandbox", "stop"])).code).toBe(0);
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  expect(existsSync(record(directory))).toBe(false);
  const status = await infra(directory, ["sandbox", "status"]);
  expect(status).toMatchObject({ code: 1, stdout: "" });
  expect(status.stderr).toContain("npx infra sandbox start [sandbox/not-running]");
  expect(await infra(directory, ["sandbox", "stop"])).toMatchObject({ code: 0, stdout: "No sandbox was running.\n" });
});

test("a second one runs beside the first under its name", async () => {
  const directory = project();
  const first = JSON.parse((await start(directory, "--json")).stdout);
  const second = JSON.parse((await start(directory, "--name", "second", "--json")).stdout);
  expect(second.url).not.toBe(first.url);
  await infra(directory, ["sandbox", "stop", "--name", "second"]);
  expect((await infra(directory, ["sandbox", "status"])).code).toBe(0);
});

test("with --state, what was made is there after a restart", async () => {
  const directory = project();
  const { url } = JSON.parse((await start(directory, "--state", ".infra/state.json", "--json")).stdout);
  const headers = { authorization: "Bearer fo1_sandbox_deploy", "content-type": "application/json" };
  const body = JSON.stringify({ app_name: "shop", org_slug: "acme", name: "shop" });
  await fetch(`${url}/v1/apps`, { method: "POST", headers, body });
  await infra(directory, ["sandbox", "stop"]);
  await start(directory, "--state", ".infra/state.json");
  expect((await infra(directory, ["sandbox", "status"])).stdout).toContain(": 1 app,");
  expect((await start(directory, "--state", ".infra/state.json")).code).toBe(0);
  expect((await start(directory, "--state", "other.json")).stderr).toContain("[sandbox/other-state]");
});

test("a note of a sandbox that is gone, or that makes no sense, is no obstacle", async () => {
  const directory = project();
  mkdirSync(join(directory, ".infra"), { recursive: true });
  writeFileSync(record(directory), JSON.stringify({ url: "http://127.0.0.1:9", pid: process.pid }));
  expect((await infra(directory, ["sandbox", "status"])).code).toBe(1);
  writeFileSync(record(directory), "{half");
  expect((await start(directory)).code).toBe(0);
});

test("a note that names another machine is refused, whatever token is set", async () => {
  const directory = project();
  mkdirSync(join(directory, ".infra"), { recursive: true });
  writeFileSync(record(directory), JSON.stringify({ url: "https://api.machines.dev", pid: process.pid }));
  for (const verb of ["status", "reset", "env", "stop"]) {
    const { code, stderr } = await infra(directory, ["sandbox", verb], { env: { FLY_API_TOKEN: "fo1_real" } });
    expect({ verb, code }).toEqual({ verb, code: 1 });
    expect(stderr).toContain(`rm ${record(directory)} [sandbox/not-loopback]`);
  }
  writeFileSync(record(directory), "{}");
});

test("a state file in a folder that is not there yet is made; one that holds something else is named", async () => {
  const directory = project();
  expect((await start(directory, "--state", "new/folder/state.json")).code).toBe(0);
  await infra(directory, ["sandbox", "stop"]);
  writeFileSync(join(directory, "broken.json"), "{half");
  const { code, stderr } = await start(directory, "--state", "broken.json");
  expect(code).toBe(1);
  expect(stderr).toContain(`${join(directory, "broken.json")} is not a state file of this sandbox.`);
});

test.each([
  [["--port", "65536"], "65536 is no port: the highest is 65535."],
  [["--name", "../x"], '"../x" is no name for a sandbox'],
  [["--name", "a b"], '"a b" is no name for a sandbox'],
])("%j is refused in words", async (options, words) => {
  const { code, stderr } = await infra(project(), ["sandbox", "start", ...options]);
  expect(code).toBe(1);
  expect(stderr).toContain(words);
});

test("a port that another program has is named", async () => {
  const directory = project();
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((ready) => server.once("listening", ready));
  const { port } = server.address() as { port: number };
  const { code, stderr } = await infra(directory, ["sandbox", "start", "--port", String(port)]);
  server.close();
  expect(code).toBe(1);
  expect(stderr).toContain(`Port ${port} is taken by another program.`);
});
