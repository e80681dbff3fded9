/** The place of Terraform's state as `infra bootstrap state` makes it: a bucket, a database, HCP; nothing for a file. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { addressOf, findPostgres, startPostgres } from "../managed/support/postgres";
import { infra, type RunOptions, remove } from "./support/project";

const states = (stdout: string): readonly string[] =>
  JSON.parse(stdout).steps.map(({ number, name, state }: Record<string, unknown>) => `${number}. ${name}: ${state}`);

/** A program with one stack that keeps its state so; `aws` and `terraform` are stubs that write down how they were called. */
const project = (terraform: object, aws = "exit 0") => {
  const directory = mkdtempSync(join(tmpdir(), "infra-bootstrap-state-"));
  mkdirSync(join(directory, "bin"));
  for (const [name, lines] of Object.entries({ aws, terraform: "mkdir -p .terraform" })) {
    const path = join(directory, "bin", name);
    writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> "${join(directory, "calls")}"\n${lines}\n`);
    chmodSync(path, 0o755);
  }
  const stack = JSON.stringify(JSON.stringify({ terraform }));
  const manifest = { stacks: { staging: { name: "staging", workingDirectory: "stacks/staging" } } };
  writeFileSync(
    join(directory, "program.cjs"),
    `const fs = require("node:fs"); const out = process.env.CDKTF_OUTDIR;
fs.mkdirSync(out + "/stacks/staging", { recursive: true });
fs.writeFileSync(out + "/stacks/staging/cdk.tf.json", ${stack});
fs.writeFileSync(out + "/manifest.json", ${JSON.stringify(JSON.stringify(manifest))});`,
  );
  writeFileSync(join(directory, "cdktf.json"), JSON.stringify({ language: "typescript", app: "node program.cjs" }));
  const env = { PATH: `${join(directory, "bin")}${delimiter}${process.env.PATH}`, PG_CONN_STR: "" };
  return {
    run: (argv: readonly string[], options: RunOptions = {}) =>
      infra(directory, ["bootstrap", "state", ...argv], { ...options, env: { ...env, ...options.env } }),
    calls: () => readFileSync(join(directory, "calls"), "utf8").trim().split("\n"),
    remove: () => remove(directory),
  };
};
const s3 = { backend: { s3: { bucket: "states", region: "eu-west-1", key: "infra/staging.tfstate" } } };
const pg = { backend: { pg: { schema_name: "infra_staging" } } };
const missing = 'case "$*" in *get-bucket*) echo "NoSuchBucket" >&2; exit 254;; esac';

test("the place of the state is a bucket that is made, keeps versions and is closed, then a key for each stack", async () => {
  const { run, calls, remove: clean } = project(s3, missing);
  expect((await run(["--dry-run"])).code).toBe(2);
  const made = await run(["--yes", "--json"]);
  expect({ code: made.code, steps: made.code === 0 ? states(made.stdout) : made.stderr }).toEqual({
    code: 0,
    steps: ["1. Place of the state: done", "2. One key for each stack: done"],
  });
  const where = "--bucket states --region eu-west-1";
  expect(calls().slice(2)).toEqual([
    `aws s3api create-bucket ${where} --create-bucket-configuration LocationConstraint=eu-west-1`,
    `aws s3api put-bucket-versioning ${where} --versioning-configuration Status=Enabled`,
    expect.stringContaining(`aws s3api put-public-access-block ${where}`),
    "terraform init -input=false -no-color",
  ]);
  clean();
});

test.each([
  {
    what: "a bucket that keeps versions already",
    terraform: s3,
    aws: "echo Enabled",
    says: /keeps versions/,
    code: 0,
  },
  {
    what: "a bucket that may not be seen",
    terraform: s3,
    aws: "echo AccessDenied >&2; exit 254",
    says: /AccessDenied/,
    code: 1,
  },
  {
    what: "a bucket that is refused",
    terraform: s3,
    aws: `${missing}; echo no >&2; exit 1`,
    says: /\[infra\/bootstrap-state\]/,
    code: 1,
  },
  {
    what: "a database",
    terraform: pg,
    env: { PG_CONN_STR: "postgres://canary@127.0.0.1/x" },
    says: /PG_CONN_STR/,
    code: 0,
  },
  { what: "a database whose address is not set", terraform: pg, says: /read -rs PG_CONN_STR/, code: 1 },
  { what: "a file", terraform: { backend: { local: { path: "x" } } }, says: /for the sandbox alone/, code: 0 },
  { what: "HCP", terraform: { cloud: {} }, says: /local execution mode/, code: 0 },
])("says of $what how it stands", async ({ terraform, aws, env, says, code }) => {
  const { run, remove: clean } = project(terraform, aws);
  const ran = await run(["--yes"], { env });
  expect({ code: ran.code, says: ran.stdout + ran.stderr }).toEqual({ code, says: expect.stringMatching(says) });
  expect(ran.stdout + ran.stderr).not.toContain("canary");
  clean();
});

(findPostgres() ? test : test.skip)(
  "the place of the state is a schema that a real server then has (needs terraform and PostgreSQL)",
  async () => {
    const server = await startPostgres();
    const { run, remove: clean } = project(pg);
    try {
      const { url, password } = addressOf(server.port, "postgres");
      const made = await run(["--yes"], { env: { PG_CONN_STR: `${url}?sslmode=disable`, PATH: process.env.PATH } });
      expect({ code: made.code, stderr: made.code === 0 ? "" : made.stderr }).toEqual({ code: 0, stderr: "" });
      const schemas = "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'infra%'";
      expect(server.sql("postgres", schemas)).toBe("infra_staging");
      expect(made.stdout + made.stderr).not.toContain(password);
    } finally {
      server.stop();
      clean();
    }
  },
);

test("the place of the state is not made unless somebody agrees", async () => {
  const { run, remove: clean } = project(pg);
  const env = { PG_CONN_STR: "postgres://canary@127.0.0.1/x" };
  expect((await run([], { env })).stderr).toContain("[infra/needs-yes]");
  expect((await run([], { env, types: "no" })).stderr).toContain("[infra/not-agreed]");
  clean();
});
