/** Apps that others made by the API, written down as stacks and taken over: the real Terraform plans nothing, and no machine is touched. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createFly } from "../../api/fly";
import { createSandbox, type Sandbox } from "../../sandbox";
import { makeLive } from "../clients/hotdash-live";
import { infra, type Ran, remove } from "./support/project";

const root = join(__dirname, "..", "..");
const loader = pathToFileURL(require.resolve("tsx")).href;

/** In this checkout, so that a program there finds what it imports. */
function openProject(): string {
  mkdirSync(join(root, ".infra"), { recursive: true });
  const directory = mkdtempSync(join(root, ".infra", "adopt-"));
  return directory;
}

const names = ["hot-dash", "hotdash-chatwoot"];
const main = `import { program } from "../../index";
import { hotDashStack } from "./hot-dash";
import { hotdashChatwootStack } from "./hotdash-chatwoot";
program((app) => {
  hotDashStack(app);
  hotdashChatwootStack(app);
});
`;

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
  for (const name of names) await makeLive(fly, name);
});

afterAll(async () => {
  process.env = before;
  await server.close();
  sandbox.close();
  projects.forEach(remove);
});

function project(): { readonly directory: string; run(...argv: string[]): Promise<Ran> } {
  const directory = openProject();
  projects.push(directory);
  return { directory, run: (...argv) => infra(directory, argv, { env }) };
}

/** What an apply would have touched. */
const versions = () =>
  [...sandbox.control.state().apps.values()].flatMap((app) => [...app.machines.values()].map((one) => one.instanceId));

test("apps that were made by the API are written down, and after a take-over their plan is empty", async () => {
  const { directory, run } = project();
  const untouched = versions();
  for (const name of names) {
    const { code, stdout, stderr } = await run("adopt", name, "--out", ".");
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`${name}.ts  written: app ${name}`) });
    expect(stderr).toContain(`npx infra adopt ${name}`);
    expect(readFileSync(join(directory, `${name}.ts`), "utf8")).not.toMatch(/addOverride|canary/);
  }
  writeFileSync(join(directory, "main.ts"), main);
  writeFileSync(
    join(directory, "cdktf.json"),
    JSON.stringify({ language: "typescript", app: `"${process.execPath}" --import "${loader}" main.ts` }),
  );
  const { code, stdout } = await run("adopt", ...names);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: "hot-dash: as declared (6 resources)\nhotdash-chatwoot: as declared (7 resources)\n",
  });
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
  ["a name that no stack can have", ["hot-dash", "--stack", "a b"], "infra/adopt-stack"],
  ["nothing at all", [], "infra/adopt-what"],
])("is told: %s", async (_name, argv, id) => {
  const { code, stderr } = await project().run("adopt", ...argv);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`[${id}]`) });
});
