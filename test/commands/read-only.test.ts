/** Commands that only look send no write: the sandbox refuses every write and its journal has none. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../config/repository";
import { governance } from "../../constructs/github/governance";
import { app, type FlyProject, flyProject } from "./support/fly-project";

const declared = (group: object) => ({
  production: app("shop", group),
  staging: app("shop-staging", group),
  github: {},
});
let project: FlyProject;
let proposed: string;

beforeAll(async () => {
  project = await flyProject(declared({}));
  const output = join(project.directory, "cdktf.out");
  mkdirSync(join(output, "files"));
  const facts = { github: { notes: [], github: governance(repository) } };
  writeFileSync(join(output, "files", "infra.json"), JSON.stringify({ stacks: facts }));
  Object.assign(process.env, {
    GITHUB_BASE_URL: `${project.url}/`,
    GITHUB_TOKEN: "ghp_sandbox_admin",
    GITHUB_REPOSITORY: "hotdash/hotdash",
  });
  expect((await project.infra(["apply", "--yes", "production", "staging"])).code).toBe(0);
  // What a pull request would change.
  project.declare(declared({ env: { A: "1" } }));
  await project.infra(["releases", "none"]);
  proposed = join(project.directory, "proposed");
  for (const name of ["production", "staging", "github"])
    cpSync(join(output, "stacks", name, "cdk.tf.json"), join(proposed, "stacks", name, "cdk.tf.json"));
  cpSync(join(output, "files"), join(proposed, "files"), { recursive: true });
  project.declare(declared({}));
  project.sandbox.control.setReadOnly(true);
});
afterAll(() => project.close());

/** Requests that change something, as the journal has them: GraphQL asks by POST, and only a mutation writes. */
const writes = () =>
  project.sandbox.control.journal().flatMap(({ method, path, status, body }) => {
    const isQuery = /graphql/.test(path) && !/^\s*mutation/.test(String((body as { query?: unknown })?.query));
    return method === "GET" || method === "HEAD" || isQuery ? [] : [`${method} ${path} ${status}`];
  });

test.each<{ readonly argv: readonly string[]; readonly ends?: number }>([
  { argv: ["check"], ends: 0 },
  { argv: ["plan", "--out", "reviewed.json"], ends: 2 },
  { argv: ["drift"], ends: 2 },
  { argv: ["review", "--declared", "proposed"], ends: 2 },
  { argv: ["parity"], ends: 0 },
  { argv: ["audit"], ends: 0 },
  { argv: ["releases", "production"], ends: 0 },
  { argv: ["secrets", "verify"] },
  { argv: ["secrets", "audit"] },
  { argv: ["secrets", "audit", "--logs"] },
  { argv: ["cost"], ends: 0 },
  { argv: ["doctor"] },
  { argv: ["override", "list"], ends: 0 },
])("infra $argv reads and writes nothing", async ({ argv, ends }) => {
  project.sandbox.control.clearJournal();
  const { code, stdout, stderr } = await project.infra(argv);
  if (ends !== undefined) expect({ code, stderr }).toEqual({ code: ends, stderr: expect.any(String) });
  expect(writes()).toEqual([]);
  expect(stdout + stderr).not.toMatch(/read-only mode|\[infra\/internal\]/);
  if (argv[0] !== "check" && argv[0] !== "cost") expect(project.sandbox.control.journal()).not.toEqual([]);
});

test("drift --issue sends nothing but the issue that it was asked for", async () => {
  project.sandbox.control.setReadOnly(false);
  project.sandbox.control.clearJournal();
  await project.infra(["drift", "--issue"]);
  expect(writes()).not.toEqual([]);
  expect(
    writes().filter((one) => !/^(POST|PATCH) \/api\/v3\/repos\/hotdash\/hotdash\/(issues|labels)\b/.test(one)),
  ).toEqual([]);
});

test("drift reads GitHub with INFRA_READ_TOKEN and keeps the issue with the other token", async () => {
  project.sandbox.control.clearJournal();
  process.env.INFRA_READ_TOKEN = "ghp_sandbox_nobody";
  try {
    const { stdout } = await project.infra(["drift", "github", "--issue", "--json"]);
    expect(stdout).toContain("github/unauthorized");
  } finally {
    delete process.env.INFRA_READ_TOKEN;
  }
  const refused = project.sandbox.control.journal().filter(({ status }) => status === 401);
  expect(refused).not.toEqual([]);
  expect(refused.filter(({ path }) => /\/(issues|labels)\b/.test(path))).toEqual([]);
  expect(writes()).not.toEqual([]);
});
