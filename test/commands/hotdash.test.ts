/** HotDash's own stacks on a sandbox: apply, an empty plan, drift found, repaired, and what happens when Fly says no. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createOutsider, type Outsider } from "../../demo/outsider";
import { declaredIn } from "../../ops/declared";
import { synthesize } from "../../ops/project";
import { sandboxEnvironment } from "../../ops/sandbox/environment";
import { createSandbox } from "../../sandbox";
import { infra, remove } from "./support/project";

const root = join(__dirname, "..", "..");
const directory = mkdtempSync(join(tmpdir(), "infra-hotdash-"));
const before = { ...process.env };
const sandbox = createSandbox({ limits: "off" });
let url: string;
let close: () => Promise<void>;
let outsider: Outsider;

beforeAll(async () => {
  const program = `"${process.execPath}" --import "${pathToFileURL(require.resolve("tsx")).href}" "${join(root, "main.ts")}"`;
  // It always writes the same, and takes longer than most commands: the first run synthesizes, the later ones find what it wrote.
  const app = `test -e cdktf.out/manifest.json && touch cdktf.out/manifest.json || ${program}`;
  writeFileSync(join(directory, "cdktf.json"), JSON.stringify({ language: "typescript", app }));
  ({ url, close } = await sandbox.listen());
  outsider = createOutsider(url, "fo1_sandbox_deploy");
  const never = new AbortController().signal;
  const stacks = await synthesize({ directory, env: process.env, interruption: { soft: never, hard: never } });
  const { secretSources } = declaredIn(stacks);
  // The hosted provider reads this process's own variables.
  Object.assign(process.env, sandboxEnvironment({ url, directory, secretSources, env: {} }));
});

afterAll(async () => {
  await close();
  sandbox.close();
  process.env = before;
  remove(directory);
});

const json = (stdout: string) =>
  JSON.parse(stdout) as { stacks: { stack: string; outcome: string; drift: number; pending: number }[] };
const verdicts = (stdout: string) =>
  Object.fromEntries(
    json(stdout).stacks.map(({ stack, outcome, drift, pending }) => [stack, `${outcome} ${drift} ${pending}`]),
  );

test("check needs no network and finds the stacks of Fly valid", async () => {
  const { code, stdout } = await infra(directory, ["check", "chatwoot", "production", "staging"], {
    env: { FLY_API_TOKEN: "", FLY_FLAPS_BASE_URL: "http://127.0.0.1:9" },
  });
  expect({ code, stdout }).toEqual({ code: 0, stdout: "chatwoot: valid\nproduction: valid\nstaging: valid\n" });
});

test("check fails while nobody is named who approves a production deployment", async () => {
  const { code, stdout } = await infra(directory, ["check", "github"]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^github: invalid\n.*release\.approvers is not decided/);
  expect(stdout).toContain("[config/release-approvers]");
});

test("apply tells each machine's step and says what it did; then the plan is empty, with notes of what Fly cannot hold", async () => {
  const applied = await infra(directory, [
    "apply",
    "--yes",
    "--confirm",
    "hot-dash",
    "--first",
    "staging",
    "production",
  ]);
  expect(applied.code).toBe(0);
  expect(applied.stderr).toMatch(
    /fly_process_group hotdash-staging\/app: machine \S+ \([0-9a-f]+\) made in ord, waiting for health/,
  );
  expect(applied.stdout).toContain("staging: as declared now; 6 resources changed");

  const { code, stdout } = await infra(directory, ["plan", "staging"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^staging: as declared \(6 resources\)\n\n {2}Notes: wanted, and not something the platform can hold\n/,
  );
  expect(stdout).toContain("Fly's e-mail notices");
});

test("drift sets all stacks side by side and counts drift and pending changes apart", async () => {
  const [machine] = await outsider.machines("hotdash-staging");
  if (!machine) throw new Error("no machine");
  await outsider.update("hotdash-staging", machine, (config) => ({
    ...config,
    guest: { ...config.guest, memory_mb: 512 },
  }));

  const { code, stdout } = await infra(directory, ["drift", "staging", "production", "chatwoot", "--json"]);
  expect(code).toBe(2);
  expect(verdicts(stdout)).toEqual({ staging: "differs 1 0", production: "same 0 0", chatwoot: "differs 0 7" });

  const text = await infra(directory, ["drift", "staging"]);
  expect(text.stdout).toContain("    fly_process_group.hotdash_app\n      guest.memory_mb  is 512, declared 1024\n");
  expect(text.stderr).toContain("Undo the drift: npx infra apply staging");

  expect((await infra(directory, ["apply", "--yes", "staging"])).code).toBe(0);
  expect((await infra(directory, ["plan", "staging"])).code).toBe(0);
});

test("a rotated source is pending, a secret changed on Fly is drift, and no value is printed", async () => {
  await outsider.setSecret("hot-dash", "DATABASE_URL", "canary-on-fly");
  process.env.PRODUCTION_SUPABASE_URL = "canary-in-source";
  const { code, stdout, stderr } = await infra(directory, ["plan", "production"]);
  expect(code).toBe(2);
  expect(stdout).toMatch(/production: 1 difference by drift, 1 pending change/);
  expect(stdout).toMatch(/DATABASE_URL +changed outside/);
  expect(stdout).toMatch(/SUPABASE_URL +source rotated/);
  const applied = await infra(directory, ["apply", "--confirm", "hot-dash", "production"]);
  expect(applied.code).toBe(0);
  expect(stdout + stderr + applied.stdout + applied.stderr).not.toContain("canary");
  expect((await infra(directory, ["plan", "production"])).code).toBe(0);
});

test("a secret without a value is warned of by the plan, and told once by the apply that fails of it", async () => {
  const value = process.env.CHATWOOT_DATABASE_URL;
  process.env.CHATWOOT_DATABASE_URL = "";
  const { code, stdout, stderr } = await infra(directory, ["apply", "--yes", "chatwoot"]);
  process.env.CHATWOOT_DATABASE_URL = value;
  expect(code).toBe(1);
  const told =
    /: A secret of hotdash-chatwoot cannot be written: no value\n.*\n +DATABASE_URL: env var CHATWOOT_DATABASE_URL is not set\n/g;
  expect([stderr.match(told)?.length, stdout.match(told)?.length]).toEqual([1, 1]);
  expect(stdout).toContain("To go on where this ended: npx infra apply chatwoot");
});

test("Ctrl-C while machines come up ends in 130 and says what was done; the next apply finishes without making them twice", async () => {
  const stopped = await infra(directory, ["apply", "--yes", "chatwoot"], { interruptAt: "made in ord" });
  expect(stopped.code).toBe(130);
  expect(stopped.stdout).toMatch(/chatwoot: stopped; \d resources? changed, \d not/);
  const { code } = await infra(directory, ["apply", "--yes", "chatwoot"]);
  expect(code).toBe(0);
  expect(await outsider.machines("hotdash-chatwoot")).toHaveLength(2);
  expect((await infra(directory, ["plan", "chatwoot"])).code).toBe(0);
});

test("a token that may not read is told by Fly's own words with the request, and changes nothing", async () => {
  const token = process.env.FLY_API_TOKEN;
  process.env.FLY_API_TOKEN = "fo1_wrong";
  const { code, stdout } = await infra(directory, ["plan", "staging"]);
  process.env.FLY_API_TOKEN = token;
  expect(code).toBe(1);
  expect(stdout).toMatch(/staging: could not be read in full[\s\S]*Error \(token\):[\s\S]*request/);
  expect(stdout).not.toContain("fo1_wrong");
});

test("adopt takes over what exists without touching a machine; then the plan is empty", async () => {
  rmSync(join(directory, "terraform.staging.tfstate"));
  const before = await outsider.machines("hotdash-staging");
  const dry = await infra(directory, ["adopt", "staging", "--dry-run", "--json"]);
  expect({ code: dry.code, count: JSON.parse(dry.stdout).wouldAdopt.length }).toEqual({ code: 2, count: 6 });

  const { code, stdout, stderr } = await infra(directory, ["adopt", "staging"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "staging: as declared (6 resources)\n" });
  expect(stderr).toContain("staging: took over hotdash-staging/app as fly_process_group.hotdash_app");
  expect(await outsider.machines("hotdash-staging")).toEqual(before);

  const again = await infra(directory, ["adopt", "staging", "--json"]);
  expect({ code: again.code, adopted: JSON.parse(again.stdout).adopted }).toEqual({ code: 0, adopted: [] });
  expect((await infra(directory, ["adopt"])).stderr).toContain("[infra/adopt-what]");
});

test("parity takes what is declared to differ for no difference, and names the rest with what to do", async () => {
  const same = await infra(directory, ["parity", "--json"]);
  const { rows } = JSON.parse(same.stdout) as { rows: { what: string; verdict: string }[] };
  expect({
    code: same.code,
    declared: rows.filter(({ verdict }) => verdict === "declared").map(({ what }) => what),
  }).toEqual({
    code: 0,
    declared: ["size of group app", "machines of group app"],
  });
  await outsider.setSecret("hotdash-staging", "LEFT_OVER", "canary-left-over");
  const { code, stdout, stderr } = await infra(directory, ["parity"]);
  expect({ code, says: stderr }).toEqual({
    code: 2,
    says: "secret LEFT_OVER: declare LEFT_OVER for production, or remove it: fly secrets unset LEFT_OVER -a hotdash-staging\n",
  });
  expect(stdout + stderr).not.toContain("canary");
  expect((await infra(directory, ["parity", "staging"])).stderr).toContain("[infra/parity-two]");
});

test("secrets verify names what is to be done, by place and without a value", async () => {
  const fine = await infra(directory, ["secrets", "verify", "production"]);
  expect({ code: fine.code, stdout: fine.stdout }).toEqual({
    code: 0,
    stdout: "Fly hot-dash  8 secrets, as declared\n",
  });
  const { code, stdout } = await infra(directory, ["secrets", "verify", "staging", "--json"]);
  expect({ code, problems: JSON.parse(stdout).problems }).toEqual({
    code: 2,
    problems: [
      {
        store: "Fly hotdash-staging",
        name: "LEFT_OVER",
        problem: "undeclared",
        text: "nobody declared it; declare it, or remove it: fly secrets unset LEFT_OVER -a hotdash-staging",
      },
    ],
  });
});
