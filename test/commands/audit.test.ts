/** `infra audit` as a person uses it: an app with releases, a repository with runs and deployments, records of rollbacks. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFly } from "../../api/fly";
import { createSandbox, type Sandbox } from "../../sandbox";
import { fakeProject, infra, type Ran, remove } from "./support/project";

const project = fakeProject({ production: { resource: { fly_app: { shop: { name: "shop" } } } } });
const repository = "hotdash/hotdash";
let sandbox: Sandbox;
let server: { readonly url: string; close(): Promise<void> };
let run: number;

async function github(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${server.url}/api/v3/repos/${repository}${path}`, {
    method,
    headers: { authorization: "Bearer ghp_sandbox_admin" },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${response.status} to ${method} ${path}: ${await response.text()}`);
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
}

async function workflow(file: string, log?: string): Promise<number> {
  const text = `name: ${file}\non: { workflow_dispatch: {} }\njobs:\n  one: {}\n`;
  const path = `/contents/.github/workflows/${file}.yml`;
  await github("PUT", path, { message: "Write", content: Buffer.from(text).toString("base64") });
  await github("POST", `/actions/workflows/${file}.yml/dispatches`, { ref: "main" });
  const { workflow_runs } = (await github("GET", "/actions/runs")) as { workflow_runs: { id: number }[] };
  const id = workflow_runs[0]?.id ?? 0;
  sandbox.control.tamper({
    kind: "workflow-run",
    repository,
    run: id,
    jobs: { one: "success" },
    ...(log && { logs: { one: [log] } }),
  });
  return id;
}

beforeAll(async () => {
  sandbox = createSandbox({ limits: "off" });
  server = await sandbox.listen();
  const { url } = server;
  for (const file of ["ci", "gitleaks", "health-check"]) await workflow(file);
  run = await workflow("deploy-production");
  const body = { ref: "main", environment: "production", auto_merge: false, required_contexts: [] };
  const { id } = (await github("POST", "/deployments", body)) as { id: number };
  const log_url = `https://github.com/${repository}/actions/runs/${run}/job/1`;
  await github("POST", `/deployments/${id}/statuses`, { state: "success", log_url });
  const override = { rule: "main", login: "hotdash-dev", reason: "call jane@example.com" };
  const times = { from: new Date().toISOString(), until: new Date(Date.now() + 60_000).toISOString() };
  const first = `<!-- infra:override ${JSON.stringify({ ...override, ...times })} -->`;
  await github("POST", "/labels", { name: "incident", color: "d73a4a" });
  await github("POST", "/issues", { title: "Override", body: first, labels: ["incident"] });
  await github("PATCH", "", { security_and_analysis: { secret_scanning: { status: "enabled" } } });
  sandbox.control.tamper({ kind: "secret-alert", repository, type: "fly_api_token" });
  sandbox.control.tamper({ kind: "secret-alert", repository, type: "slack_webhook" });
  const resolved = { by: "hotdash-dev", as: "revoked" } as const;
  sandbox.control.tamper({ kind: "secret-alert", repository, type: "slack_webhook", resolved });
  const fly = createFly({ token: "fo1_sandbox_deploy", machinesUrl: url, graphqlUrl: url, uiexUrl: url });
  await fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  for (const tag of ["v1.0.0", `v2.0.0-${run}`, "v1.0.0"]) {
    const image = `registry.fly.io/shop:${tag}`;
    const made = await fly.releases.create({ app_name: "shop", image, strategy: "ROLLING", definition: {} });
    await fly.releases.update(made.id, { status: "complete" });
  }
  const folder = join(project, "artifacts", "rollbacks");
  mkdirSync(folder, { recursive: true });
  const facts = { at: new Date().toISOString(), environment: "production", app: "shop", by: "oncall" };
  const record = { ...facts, to: { image: "registry.fly.io/shop:v1.0.0" }, release: 3, outcome: "rolled-back" };
  writeFileSync(join(folder, "one.json"), JSON.stringify(record));
  const overrides = join(project, "artifacts", "overrides");
  mkdirSync(overrides);
  const overridden = [{ stack: "production", app: "shop", rule: "window", text: "closed" }];
  const emergency = { version: 1, at: facts.at, by: "oncall", reason: "jane@example.com called", overridden };
  writeFileSync(join(overrides, "one.json"), JSON.stringify(emergency));
});

afterAll(async () => {
  await server.close();
  sandbox.close();
  remove(project);
});

const audit = (argv: readonly string[], env: NodeJS.ProcessEnv = {}, directory = project): Promise<Ran> =>
  infra(directory, ["audit", ...argv], {
    env: {
      FLY_API_TOKEN: "fo1_sandbox_readonly",
      FLY_FLAPS_BASE_URL: server.url,
      FLY_API_BASE_URL: server.url,
      FLY_UIEX_BASE_URL: server.url,
      GITHUB_BASE_URL: `${server.url}/`,
      GITHUB_TOKEN: "ghp_sandbox_admin",
      GH_TOKEN: "",
      GITHUB_REPOSITORY: repository,
      ...env,
    },
  });

test("tells each event once, from all sources, and writes nothing anywhere", async () => {
  sandbox.control.clearJournal();
  const { code, stdout, stderr } = await audit(["--json"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { records, unread } = JSON.parse(stdout);
  expect(unread).toEqual([]);
  const told = records.map(({ kind, what, by, version, outcome }: Record<string, string>) =>
    [kind, what, by, version, outcome].join(" "),
  );
  expect(told.sort()).toEqual(
    [
      "ci-run ci hotdash-owner  succeeded",
      "secret-scan gitleaks hotdash-owner  succeeded",
      "override rule main hotdash-dev  open",
      "secret-scan alert 1: fly_api_token   open",
      "secret-scan alert 2: slack_webhook, revoked hotdash-dev  succeeded",
      "override emergency past window oncall  succeeded",
      "deployment release 1  v1.0.0 succeeded",
      "deployment release 2 hotdash-owner v2.0.0 succeeded",
      "rollback release 3 oncall v1.0.0 succeeded",
    ].sort(),
  );
  const second = records.find(({ what }: { what: string }) => what === "release 2");
  expect(second).toMatchObject({
    class: "internal",
    environment: "production",
    app: "shop",
    image: `registry.fly.io/shop:v2.0.0-${run}`,
    commit: expect.stringMatching(/^[0-9a-f]{40}$/),
    url: expect.stringContaining(String(run)),
  });
  expect(stdout).not.toMatch(/@hotdash|example\.com/);
  const writes = sandbox.control.journal().filter(({ method, path }) => method !== "GET" && !/graphql$/.test(path));
  expect(writes).toEqual([]);
  expect(sandbox.control.journal().length).toBeLessThanOrEqual(10);
});

test.each([
  { what: "before anything happened", argv: ["--until", "2020-01-01", "--since", "2019-12-01"], says: /^Nothing happ/ },
  { what: "of the default 90 days", argv: [], says: /rollback +release 3 +production +shop +v1\.0\.0 .* oncall/ },
])("prints the history $what", async ({ argv, says }) => {
  const { code, stdout } = await audit(argv);
  expect({ code, says: says.test(stdout) }).toEqual({ code: 0, says: true });
});

test.each([
  { what: "without a token of Fly", env: { FLY_API_TOKEN: "", FLY_ACCESS_TOKEN: "" }, says: "releases of shop on Fly" },
  { what: "without a token of GitHub", env: { GITHUB_TOKEN: "" }, says: "deployments on GitHub" },
  { what: "with a token that may not see it", env: { GITHUB_TOKEN: "ghp_nobody" }, says: "workflow runs on GitHub" },
  { what: "without a repository", env: { GITHUB_REPOSITORY: "" }, says: "[infra/repository]" },
])("says what it could not read $what, tells the rest, and ends with 1", async ({ env, says }) => {
  const { code, stdout, stderr } = await audit([], env);
  expect({ code, rest: stdout.includes("release 3"), says: stderr.includes(says) }).toEqual({
    code: 1,
    rest: true,
    says: true,
  });
});

test.each([
  { argv: ["--since", "soon"], id: "[infra/audit-time]" },
  { argv: ["--since", "1d", "--until", "2d"], id: "[infra/audit-time]" },
  { argv: ["nowhere"], id: "[infra/unknown-stack]" },
])("refuses $argv", async ({ argv, id }) => {
  const { code, stderr } = await audit(argv);
  expect({ code, says: stderr.includes(id) }).toEqual({ code: 1, says: true });
});

test("writes the audit as Markdown, hostile titles in code spans, and the report of an incident once", async () => {
  expect((await audit(["--markdown", "reports/audit.md"])).code).toBe(0);
  const page = readFileSync(join(project, "reports", "audit.md"), "utf8");
  expect(page).toContain("| deployment | 2 | 0 |");
  expect(page).toContain(`[\`release 2\`](https://github.com/${repository}/actions/runs/${run})`);
  const incident = ["--incident", "502 <img src=x> @all", "--since", "2026-01-02T03:04:05Z"];
  expect((await audit(incident)).code).toBe(0);
  const folder = join(project, "reports", "status");
  expect(readdirSync(folder)).toEqual(["incident-2026-01-02T0304.md"]);
  const report = readFileSync(join(folder, "incident-2026-01-02T0304.md"), "utf8");
  expect(report.split("\n")[0]).toBe("# Incident: `502 <img src=x> @all`");
  expect(report.indexOf("release 1")).toBeLessThan(report.indexOf("release 3"));
  const again = await audit(incident);
  expect(again.stderr).toContain("[infra/incident-exists]");
  expect(again.code).toBe(1);
});

test("gathers what an approver reads, and ends with 1 as long as something of it is missing", async () => {
  const checkout = fakeProject({
    staging: {
      resource: { fly_app: { shop: { name: "shop-staging" } }, fly_secrets: { all: { sources: { TOKEN: {} } } } },
    },
  });
  try {
    const git = (...args: readonly string[]) =>
      execFileSync("git", ["-c", "user.name=dev", "-c", "user.email=dev@example.com", ...args], {
        cwd: checkout,
      }).toString();
    mkdirSync(join(checkout, "migrations"));
    writeFileSync(join(checkout, "migrations", "1_first.sql"), "select 1;");
    git("init", "--quiet");
    git("add", "migrations");
    git("commit", "--quiet", "--message", "Add a migration");
    const commit = git("rev-parse", "HEAD").trim();
    const bundle = join(checkout, "bundle");
    const index = () =>
      readFileSync(join(bundle, "readiness.md"), "utf8")
        .split("\n")
        .filter((line) => /^\| [MS]/.test(line));
    expect((await audit(["--readiness", "bundle"], {}, checkout)).code).toBe(1);
    expect(index()).toEqual([
      "| Migrations | there | `1 migrations, 0 dry runs; docs/runbooks/data_change_log.md is missing` |",
      "| Secrets | MISSING | `missing: TOKEN in Fly shop-staging` |",
      "| Staging | MISSING | `no deployment of it to staging succeeded` |",
    ]);
    const id = await workflow("deploy-staging", "all is well");
    const { url } = server;
    const fly = createFly({ token: "fo1_sandbox_deploy", machinesUrl: url, graphqlUrl: url, uiexUrl: url });
    await fly.apps.create({ name: "shop-staging", org_slug: "hotdash", idempotency_key: "k2" });
    await fly.secrets.set("shop-staging", { TOKEN: "t0ken-canary-11" });
    const image = `registry.fly.io/shop-staging:build-${commit}-${id}-1`;
    const made = await fly.releases.create({ app_name: "shop-staging", image, strategy: "ROLLING", definition: {} });
    await fly.releases.update(made.id, { status: "complete" });
    const { code, stdout, stderr } = await audit(["--readiness", "bundle", "--json"], {}, checkout);
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout).evidence.map(({ isThere }: { isThere: boolean }) => isThere)).toEqual([true, true, true]);
    expect(index()[2]).toBe(`| Staging | there | \`run ${id}, logs of 1 jobs\` |`);
    const [log = ""] = readdirSync(join(bundle, "staging"));
    expect(readFileSync(join(bundle, "staging", log), "utf8")).toContain("all is well");
    expect(JSON.parse(readFileSync(join(bundle, "audit.json"), "utf8")).records).toMatchObject([{ commit }]);
    expect(readFileSync(join(bundle, "secrets.json"), "utf8")).not.toContain("canary");
    const unknown = await audit(["--readiness", "bundle", "--commit", "nothing"], {}, checkout);
    expect({ code: unknown.code, says: unknown.stderr.includes("[infra/readiness-commit]") }).toEqual({
      code: 1,
      says: true,
    });
  } finally {
    remove(checkout);
  }
});
