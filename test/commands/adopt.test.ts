/** Apps that others made by the API, written down as stacks and taken over: the real Terraform plans nothing, and no machine is touched. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFly } from "../../api/fly";
import { createSandbox, type Sandbox } from "../../sandbox";
import { makeLive } from "../clients/hotdash-live";
import { openFolder, writeProgram } from "./support/program";
import { infra, type Ran, remove } from "./support/project";

const name = "hotdash-chatwoot";

let sandbox: Sandbox;
let server: { readonly url: string; close(): Promise<void> };
let env: NodeJS.ProcessEnv;
const before = { ...process.env };
const projects: string[] = [];

beforeAll(async () => {
  sandbox = createSandbox({ limits: "off" });
  server = await sandbox.listen();
  const { url } = server;
  const fly = createFly({ token: "fo1_sandbox_deploy", machinesUrl: url, graphqlUrl: url, uiexUrl: url });
  env = {
    FLY_API_TOKEN: "fo1_sandbox_deploy",
    FLY_FLAPS_BASE_URL: url,
    FLY_API_BASE_URL: url,
    FLY_UIEX_BASE_URL: url,
  };
  // The hosted provider reads this process's own variables.
  Object.assign(process.env, env);
  await makeLive(fly, name);
});

afterAll(async () => {
  process.env = before;
  await server.close();
  sandbox.close();
  projects.forEach(remove);
});

function project(): { readonly directory: string; run(...argv: string[]): Promise<Ran> } {
  const directory = openFolder();
  projects.push(directory);
  return { directory, run: (...argv) => infra(directory, argv, { env }) };
}

/** What an apply would have touched. */
const versions = () =>
  [...sandbox.control.state().apps.values()].flatMap((app) => [...app.machines.values()].map((one) => one.instanceId));

test("an app that was made by the API is written down, and after a take-over its plan is empty", async () => {
  const { directory, run } = project();
  const untouched = versions();
  const written = await run("adopt", name, "--out", ".");
  expect({ code: written.code, stdout: written.stdout }).toEqual({
    code: 0,
    stdout: `${name}.ts  written: app ${name}: 2 process groups (web, worker), 2 IPs, 3 secrets\n`,
  });
  expect(written.stderr).toContain(`npx infra adopt ${name}`);
  expect(readFileSync(join(directory, `${name}.ts`), "utf8")).not.toMatch(/addOverride|canary/);
  writeProgram(directory, { hotdashChatwootStack: name });
  const { code, stdout } = await run("adopt", name);
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${name}: as declared (7 resources)\n` });
  expect(versions()).toEqual(untouched);
}, 120_000);

test("a file that somebody edited is not written over, and the same one not again", async () => {
  const { directory, run } = project();
  const file = join(directory, "stacks", "desk.ts");
  const adopt = ["adopt", "hotdash-chatwoot", "--stack", "desk"];
  const printed = await run(...adopt, "--dry-run");
  expect({ code: printed.code, exists: existsSync(file) }).toEqual({ code: 2, exists: false });
  expect((await run(...adopt)).code).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(printed.stdout);
  expect((await run(...adopt)).stdout).toContain("is so already");
  writeFileSync(file, `// mine\n${printed.stdout}`);
  const { code, stderr } = await run(...adopt);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/first in line 1\..*\[infra\/adopt-exists\]/),
  });
  expect(stderr).toContain("npx infra adopt hotdash-chatwoot --stack desk --dry-run | diff stacks/desk.ts -");
  expect((await run(...adopt, "--force")).code).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(printed.stdout);
});

test.each([
  ["neither a stack nor an app", ["nothing-there"], "infra/adopt-unknown"],
  ["a name that no stack can have", ["hotdash-chatwoot", "--stack", "a b"], "infra/adopt-stack"],
  ["nothing at all", [], "infra/adopt-what"],
])("is told: %s", async (_name, argv, id) => {
  const { code, stderr } = await project().run("adopt", ...argv);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`[${id}]`) });
});
