/** `infra secrets` as a person uses it: a project with two apps and a repository, values in env vars, files and on standard input. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createFly, type Fly } from "../../api/fly";
import { repository } from "../../config/repository";
import { governance } from "../../constructs/github/governance";
import { createSandbox, type Sandbox } from "../../sandbox";
import { serialize } from "../../sandbox/store";
import { fakeProject, infra, type Ran, type RunOptions, remove } from "./support/project";

const app = (name: string, prefix: string, more: object = {}) => ({
  resource: {
    fly_app: { web: { name } },
    fly_secrets: {
      web: { app: name, rotation_days: 90, sources: { DATABASE_URL: { env: [`${prefix}_DATABASE_URL`] }, ...more } },
    },
    fly_app_inventory: { web: { secrets: ["DATABASE_URL", "SHOPIFY_*"] } },
  },
});
const stacks = {
  production: app("hot-dash", "PRODUCTION"),
  staging: app("hotdash-staging", "STAGING", { API_KEY: { command: ["printenv", "KEY_OF_A_PROGRAM"] } }),
  github: {},
};

let sandbox: Sandbox;
let server: { readonly url: string; close(): Promise<void> };
let directory: string;
let fly: Fly;
/** Everything that any run of a test said. */
let said: string;

beforeEach(async () => {
  sandbox = createSandbox({ limits: "off" });
  server = await sandbox.listen();
  directory = fakeProject(stacks);
  said = "";
  const { url } = server;
  fly = createFly({ token: "fo1_sandbox_deploy", machinesUrl: url, graphqlUrl: url, uiexUrl: url });
  for (const name of ["hot-dash", "hotdash-staging"]) {
    await fly.apps.create({ name, org_slug: "hotdash", idempotency_key: name });
  }
  await fly.machines.create("hotdash-staging", { region: "ord", config: { image: "nginx" } });
  const { staging } = repository.environments;
  if (!staging) throw new Error("the configuration has no staging");
  const of = (...secrets: string[]) => ({ ...staging, secrets });
  const environments = { production: of("DATABASE_URL"), staging: of("DATABASE_URL"), preview: of("DATABASE_URL") };
  const wanted = governance({ ...repository, secrets: ["ZOHO_*", "SLACK_WEBHOOK_URL"], environments });
  for (const name of Object.keys(environments)) {
    await fetch(`${url}/api/v3/repos/hotdash/hotdash/environments/${name}`, {
      method: "PUT",
      headers: { authorization: "Bearer ghp_sandbox_admin" },
    });
  }
  put("cdktf.out/files/infra.json", JSON.stringify({ stacks: { github: { vault: "vault/**", github: wanted } } }));
  for (const row of repositoryRow().secrets.keys()) repositoryRow().secrets.delete(row);
});

/** No value is in what was said, kept, or seen by either platform beside the place that it was meant for. */
afterEach(async () => {
  const kept = readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => /^\.infra|^docs|^cdktf\.out/.test(name) && /\.(json|md)$/.test(name))
    .map((name) => readFileSync(join(directory, name), "utf8"));
  const seen = JSON.stringify(sandbox.control.journal()) + serialize(sandbox.control.state());
  await server.close();
  sandbox.close();
  remove(directory);
  expect([said, ...kept, seen].filter((text) => /canary|Y2FuYXJ5/.test(text))).toEqual([]);
});

async function secrets(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { url } = server;
  const env = {
    FLY_API_TOKEN: "fo1_sandbox_deploy",
    FLY_FLAPS_BASE_URL: url,
    FLY_API_BASE_URL: url,
    FLY_UIEX_BASE_URL: url,
    GITHUB_BASE_URL: `${url}/`,
    GITHUB_TOKEN: "ghp_sandbox_admin",
    KEY_OF_A_PROGRAM: "canary-of-a-program",
    ...options.env,
  };
  const ran = await infra(directory, ["secrets", ...argv], { ...options, env });
  said += ran.stdout + ran.stderr;
  return ran;
}

function put(path: string, text: string, mode = 0o600): void {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
}

function repositoryRow() {
  const [row] = [...sandbox.control.state().github.repositories.values()].filter(
    ({ settings }) => settings.name === "hotdash",
  );
  if (!row) throw new Error("the sandbox has no repository hotdash");
  return row;
}

/** Digests by place: equal ones are equal values. The sandbox opens what was sealed for it. */
function digests(name: string): Record<string, string | undefined> {
  const { apps } = sandbox.control.state();
  const { secrets: own, environments } = repositoryRow();
  return Object.fromEntries(
    Object.entries({
      "hot-dash": apps.get("hot-dash")?.secrets.get(name)?.digest,
      "hotdash-staging": apps.get("hotdash-staging")?.secrets.get(name)?.digest,
      repository: own.get(name)?.digest,
      ...Object.fromEntries([...environments].map(([key, row]) => [`gh ${key}`, row.secrets.get(name)?.digest])),
    }).filter(([, digest]) => digest !== undefined),
  );
}

const writes = () =>
  sandbox.control
    .journal()
    .filter(({ method, path }) => method !== "GET" && path.includes("secret"))
    .map(({ method, path }) => `${method} ${path.replace(/^\/(api\/v3\/repos\/hotdash\/hotdash|v1\/apps)/, "")}`);

describe("secrets set", () => {
  test("writes one value from standard input to the app and the GitHub environment, and says what is to be redeployed", async () => {
    const { code, stdout, stderr } = await secrets(["set", "DATABASE_URL", "--environment", "staging"], {
      stdin: "postgres://canary\n",
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n")).toEqual([
      "Fly hotdash-staging: 1 to write",
      "  DATABASE_URL is missing there (standard input)",
      "GitHub environment staging: 1 to write",
      "  DATABASE_URL is missing there (standard input)",
      "Written: 2 to Fly hotdash-staging, GitHub environment staging.",
      "1 machine of hotdash-staging keeps the old values until it is updated: npx infra apply staging",
      "Workflows read the new values at their next run.",
      "",
    ]);
    const { "hotdash-staging": onFly, "gh staging": onGithub, ...others } = digests("DATABASE_URL");
    expect({ same: onFly === onGithub, others }).toEqual({ same: true, others: {} });
  });

  test.each<[string, string[], RunOptions, string]>([
    ["one value for several environments", ["DATABASE_URL"], { stdin: "canary-1" }, "[secrets/several-environments]"],
    [
      "production's value beside another's, though both are named",
      ["DATABASE_URL", "--environment", "staging", "--environment", "production"],
      { stdin: "canary-1" },
      "[secrets/several-environments]",
    ],
    ["a name that nobody declared", ["DATABASE_ULR"], { stdin: "canary-1" }, "did you mean DATABASE_URL? "],
    ["a value in the place of a name", ["canary-value=1"], {}, "[secrets/name]"],
    ["nothing on standard input", ["DATABASE_URL", "--environment", "staging"], { stdin: "\n" }, "[secrets/no-value]"],
    ["a terminal instead of a file", ["DATABASE_URL", "--environment", "staging"], { types: "" }, "[secrets/no-value]"],
    [
      "production without a word of agreement",
      ["DATABASE_URL", "--environment", "production"],
      { stdin: "canary-1" },
      "Add --confirm hot-dash to go ahead. [infra/needs-yes]",
    ],
    [
      "production under another name",
      ["DATABASE_URL", "--environment", "production", "--confirm", "hotdash-staging"],
      { stdin: "canary-1" },
      "[infra/not-agreed]",
    ],
    [
      "a value of production for a preview",
      ["DATABASE_URL", "--environment", "preview"],
      { stdin: "canary-1", env: { PRODUCTION_DATABASE_URL: "canary-1" } },
      "[secrets/production-value]",
    ],
  ])("refuses %s, and writes nothing", async (_what, argv, options, says) => {
    const { code, stderr } = await secrets(["set", ...argv], options);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(says) });
    expect(writes()).toEqual([]);
  });

  test("takes each place's own source with --source, the repository's too", async () => {
    const env = { REPOSITORY_ZOHO_SMTP_PASSWORD: "canary-zoho", ZOHO_SMTP_PASSWORD: "canary-of-the-shell" };
    expect((await secrets(["set", "ZOHO_SMTP_PASSWORD", "--source"], { env })).code).toBe(0);
    expect(writes()).toEqual(["PUT /actions/secrets/ZOHO_SMTP_PASSWORD"]);
  });
});

describe("secrets sync", () => {
  const env = { STAGING_DATABASE_URL: "canary-staging", STAGING_SHOPIFY_KEY: "canary-member" };

  test("writes what differs, once: a second run writes nothing, and a rotated source is written alone", async () => {
    const first = await secrets(["sync", "staging", "github"], { env });
    expect(first.stdout).toContain(
      "  SLACK_WEBHOOK_URL is missing there and has no value here: env var REPOSITORY_SLACK_WEBHOOK_URL is not set",
    );
    // Production has no value here, and it is missing there: that is left to do.
    expect(first.code).toBe(2);
    const written = [
      "POST /hotdash-staging/secrets",
      "PUT /environments/preview/secrets/DATABASE_URL",
      "PUT /environments/staging/secrets/DATABASE_URL",
    ];
    expect(writes().sort()).toEqual(written);
    expect(Object.keys(digests("SHOPIFY_KEY"))).toEqual(["hotdash-staging"]);
    expect(Object.keys(digests("API_KEY"))).toEqual(["hotdash-staging"]);
    sandbox.control.clearJournal();
    expect((await secrets(["sync", "staging", "github"], { env })).stderr).toContain("Nothing to write.");
    expect(writes()).toEqual([]);
    const rotated = { ...env, PREVIEW_DATABASE_URL: "canary-preview" };
    await secrets(["sync", "staging", "github"], { env: rotated });
    expect(writes()).toEqual(["PUT /environments/preview/secrets/DATABASE_URL"]);
  });

  test("writes again what somebody else wrote since, and says when Fly held the same value", async () => {
    await secrets(["sync", "staging"], { env });
    await fly.secrets.set("hotdash-staging", { DATABASE_URL: "theirs" });
    const again = await secrets(["sync", "staging"], { env });
    expect(again.stdout).toContain(
      "  DATABASE_URL was written by somebody else since (env var STAGING_DATABASE_URL)\n",
    );
    rmSync(join(directory, ".infra"), { recursive: true });
    const blind = await secrets(["sync", "staging"], { env });
    expect(blind.stdout).toContain("DATABASE_URL cannot be compared: it was not written from here");
    expect(blind.stdout).toContain("Written: 3 to Fly hotdash-staging. 3 of them held the same value already.\n");
    expect(blind.stdout).not.toContain("infra apply");
  });

  test("with --dry-run writes nothing and says what it would", async () => {
    const { code, stdout } = await secrets(["sync", "staging", "--dry-run", "--json"], { env });
    expect(code).toBe(2);
    expect(JSON.parse(stdout).items).toContainEqual({
      place: "Fly hotdash-staging",
      environment: "staging",
      name: "DATABASE_URL",
      verdict: "missing",
      source: "env var STAGING_DATABASE_URL",
      lacking: false,
      writes: true,
      written: false,
    });
    expect(writes()).toEqual([]);
  });

  test("asks before it writes production, and goes ahead at its name", async () => {
    const production = { PRODUCTION_DATABASE_URL: "canary-production" };
    const refused = await secrets(["sync", "production"], { env: production, types: "yes" });
    expect({ code: refused.code, writes: writes() }).toEqual({ code: 1, writes: [] });
    const agreed = await secrets(["sync", "production"], { env: production, types: "hot-dash" });
    expect({ code: agreed.code, writes: writes() }).toEqual({ code: 0, writes: ["POST /hot-dash/secrets"] });
  });

  test("says what was written and what was not when GitHub ends in the middle, and goes on from there", async () => {
    const all = { ...env, PREVIEW_DATABASE_URL: "canary-preview", REPOSITORY_SLACK_WEBHOOK_URL: "canary-slack" };
    const effect = { status: 422, body: { message: "no: canary-staging" } };
    sandbox.control.setFaults([{ match: { method: "PUT", path: "environments/staging/secrets" }, effect }]);
    const { code, stdout, stderr } = await secrets(["sync", "staging", "github"], { env: all });
    expect(code).toBe(1);
    expect(stdout).toContain("Not written: DATABASE_URL to GitHub environment staging\n");
    expect(stderr).toMatch(
      /no: \[value of DATABASE_URL\][\s\S]*[1-9] written, [1-9] not\. Run it again.*\[secrets\/half-written\]/,
    );
    sandbox.control.setFaults([]);
    sandbox.control.clearJournal();
    await secrets(["sync", "staging", "github"], { env: all });
    expect(writes()).toContain("PUT /environments/staging/secrets/DATABASE_URL");
    expect(writes()).not.toContain("POST /hotdash-staging/secrets");
  });

  test("refuses a preview the value of production before anything is written", async () => {
    const mixed = { ...env, PRODUCTION_DATABASE_URL: "canary-staging" };
    const { code, stderr } = await secrets(["sync", "staging", "github"], { env: mixed });
    expect({ code, writes: writes() }).toEqual({ code: 1, writes: [] });
    expect(stderr).toContain("  DATABASE_URL of GitHub environment preview (env var STAGING_DATABASE_URL)\n");
  });

  test("leaves an app that is not there to the apply that makes it", async () => {
    await fly.apps.delete("hotdash-staging");
    const { code, stdout } = await secrets(["sync", "staging"], { env });
    expect(code).toBe(2);
    expect(stdout).toBe("Fly hotdash-staging: is not there yet; npx infra apply staging makes it with its secrets\n");
  });
});

describe("the vault", () => {
  const sync = (...argv: string[]) => secrets(["sync", "staging", "--dry-run", ...argv]);

  test("gives values by folder, by .env file and by name, after env vars and --dotenv", async () => {
    put("vault/staging/DATABASE_URL", "canary-folder\n");
    put("vault/README.md", "not a value", 0o644);
    expect((await sync()).stdout).toContain("STAGING_DATABASE_URL of vault/staging/DATABASE_URL");
    rmSync(join(directory, "vault/staging"), { recursive: true });
    put("vault/staging.env", 'export DATABASE_URL="canary#lines"\n');
    expect((await sync()).stdout).toContain("STAGING_DATABASE_URL of vault/staging.env");
    put("mine.env", "STAGING_DATABASE_URL=canary-mine");
    expect((await sync("--dotenv", "mine.env")).stdout).toContain("STAGING_DATABASE_URL of mine.env");
  });

  test("is refused where git would track it, and where others may read it, each file by name", async () => {
    const git = (...args: string[]) => execFileSync("git", args, { cwd: directory, stdio: "pipe" });
    git("init", "-q");
    put(".gitignore", "vault/hidden/\n");
    put("vault/staging.env", "DATABASE_URL=canary", 0o644);
    put("vault/hidden/OTHER", "canary");
    const { code, stderr } = await sync();
    expect(code).toBe(1);
    expect(stderr).toContain("git would track vault/staging.env: add it to .gitignore, and git rm --cached it");
    expect(stderr).toContain("others may reach vault/staging.env: its mode is 0644; chmod 600 it");
    expect(stderr).not.toContain("OTHER");
    put(".gitignore", "vault/\n");
    chmodSync(join(directory, "vault/staging.env"), 0o600);
    expect((await sync()).code).toBe(2);
    git("add", "--force", "vault/staging.env");
    expect((await sync()).stderr).toContain("[secrets/vault-exposed]");
  });

  test.each<[string, () => void, string]>([
    [
      "a value that a comment would cut",
      () => put("vault/staging.env", "DATABASE_URL=canary#tail"),
      "[secrets/dotenv-comment]",
    ],
    [
      "two files for one variable",
      () => {
        put("vault/staging.env", "DATABASE_URL=canary");
        put("vault/staging/DATABASE_URL", "canary");
      },
      "[secrets/vault-twice]",
    ],
  ])("refuses %s", async (_what, prepare, id) => {
    prepare();
    expect(await sync()).toMatchObject({ code: 1, stderr: expect.stringContaining(id) });
  });

  test("refuses a .env file that is not there", async () => {
    expect((await sync("--dotenv", "none.env")).stderr).toContain("[secrets/dotenv]");
  });
});
