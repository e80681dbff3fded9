/** `infra cost` as a person uses it: prices without a network, budgets of the configuration, and what GitHub Actions uses. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { delivery } from "../../config/delivery";
import { operationOf } from "../../config/operation-shape";
import { createSandbox, type Sandbox } from "../../sandbox";
import { fakeProject, infra, type Ran, remove } from "./support/project";

const resource = {
  fly_app: { shop: { name: "shop" } },
  fly_process_group: {
    web: { app: "shop", group: "web", guest: { cpus: 2, memory_mb: 2048 }, machines: { ord: { min: 2, max: 10 } } },
  },
};
const project = fakeProject({ production: { resource } });
const repository = "hotdash/hotdash";
let sandbox: Sandbox;
let server: { readonly url: string; close(): Promise<void> };

const budgets = (cost: { flyUsd?: number; actionsMinutes?: number }) => {
  const files = join(project, "cdktf.out", "files");
  mkdirSync(files, { recursive: true });
  const operation = operationOf({ ...delivery, cost });
  writeFileSync(join(files, "infra.json"), JSON.stringify({ stacks: { production: { notes: [], operation } } }));
};

async function github(method: string, path: string, body?: object): Promise<{ workflow_runs: { id: number }[] }> {
  const headers = { authorization: "Bearer ghp_sandbox_admin" };
  const address = `${server.url}/api/v3/repos/${repository}${path}`;
  const answer = await fetch(address, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${answer.status} to ${method} ${path}`);
  const text = await answer.text();
  return text === "" ? { workflow_runs: [] } : JSON.parse(text);
}

/** One run of CI: what restoring and installing took, and how long the job was in all. */
async function ci(install: number, conclusion: "success" | "failure", cache?: string): Promise<void> {
  await github("POST", "/actions/workflows/ci.yml/dispatches", { ref: "main" });
  const run = (await github("GET", "/actions/runs")).workflow_runs[0]?.id ?? 0;
  const step = (name: string, seconds: number) => ({ name, seconds, conclusion: "success" as const });
  const steps = { build: [step("Check out", 3), step("Restore npm's downloads", 5), step("Install", install)] };
  await sandbox.control.advance(90_000);
  if (cache) sandbox.control.tamper({ kind: "workflow-cache", repository, ref: "refs/heads/main", key: cache });
  sandbox.control.tamper({ kind: "workflow-run", repository, run, jobs: { build: conclusion }, steps });
  await sandbox.control.advance(10_000);
}

beforeAll(async () => {
  sandbox = createSandbox({ limits: "off", clock: "manual" });
  server = await sandbox.listen();
  const text = "name: ci\non: { workflow_dispatch: {} }\njobs:\n  build: {}\n";
  const content = Buffer.from(text).toString("base64");
  await github("PUT", "/contents/.github/workflows/ci.yml", { message: "Write", content });
  await sandbox.control.advance(Date.now() - Date.UTC(2026, 0, 1) - 600_000);
  await ci(95, "success", "npm-1");
  await ci(15, "success");
  await ci(15, "failure");
});

afterAll(async () => {
  await server.close();
  sandbox.close();
  remove(project);
});

const cost = (argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> =>
  infra(project, ["cost", ...argv], {
    env: {
      GITHUB_BASE_URL: `${server.url}/`,
      GITHUB_TOKEN: "ghp_sandbox_dev",
      GH_TOKEN: "",
      GITHUB_REPOSITORY: repository,
      ...env,
    },
  });

test.each([
  {
    what: "no budget",
    limits: {},
    argv: [],
    code: 0,
    says: "shop: https://fly.io/apps/shop  https://fly.io/apps/shop/",
  },
  { what: "a budget that holds", limits: { flyUsd: 100 }, argv: [], code: 0, says: "within the budget of 100" },
  { what: "a budget that is exceeded", limits: { flyUsd: 5 }, argv: [], code: 2, says: "over the budget of 5" },
  { what: "another one asked for", limits: { flyUsd: 5 }, argv: ["--budget", "90"], code: 0, says: "of 90" },
  { what: "one that is none", limits: {}, argv: ["--budget", "0"], code: 1, says: "[infra/budget]" },
])("with $what ends with $code", async ({ limits, argv, code: expected, says }) => {
  budgets(limits);
  sandbox.control.clearJournal();
  const { code, stderr } = await cost(argv);
  expect({ code, says: stderr.includes(says) ? says : stderr }).toEqual({ code: expected, says });
  expect(sandbox.control.journal()).toEqual([]);
});

test("counts the minutes of Actions, tells CI's time and what caches save, and compares the budget", async () => {
  budgets({ actionsMinutes: 5 });
  const { code, stdout } = await cost(["--actions", "--json"]);
  const { actions, goals, pages, budgets: judged } = JSON.parse(stdout);
  expect(code).toBe(2);
  expect(actions).toMatchObject({
    minutes: 6,
    workflows: [{ file: "ci.yml", name: "ci", runs: 3, failed: 1, minutes: 6 }],
    ci: { longestSeconds: 90, meanSeconds: 90 },
    cache: { hits: 2, misses: 1, secondsWith: 20, secondsWithout: 100, savedPercent: 80, savedMinutes: 3 },
  });
  expect(goals.map(({ met }: { met: boolean }) => met)).toEqual([true, true]);
  expect(pages).toEqual({
    shop: { app: "https://fly.io/apps/shop", monitoring: "https://fly.io/apps/shop/monitoring" },
  });
  expect(judged.map(({ text }: { text: string }) => text)).toEqual([
    expect.stringContaining("no budget is set (cost.fly_usd)"),
    "GitHub Actions: 6 minutes in 30 days, 1 over the budget of 5.",
  ]);
});

test("says what is missing to ask GitHub, and prints the goals for people", async () => {
  budgets({});
  const without = await cost(["--actions"], { GITHUB_TOKEN: "" });
  expect({ code: without.code, says: without.stderr.includes("[github/no-token]") }).toEqual({ code: 1, says: true });
  const { code, stderr } = await cost(["--actions"]);
  expect(code).toBe(0);
  expect(stderr).toContain("CI takes 1 min 30 s, at most 1 min 30 s; the limit is 10 min.");
  expect(stderr).toContain("Caches save 80% of the time that they serve, 3 minutes in 30 days; the goal is 60%.");
});
