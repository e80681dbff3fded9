/** A new environment from nothing: HotDash's own program for the whole way, a small one for all that is refused. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { declaredIn } from "../../ops/declared";
import { synthesize } from "../../ops/project";
import { sandboxEnvironment } from "../../ops/sandbox/environment";
import { createSandbox, type Sandbox } from "../../sandbox";
import { tokenHash } from "../../sandbox/auth";
import { findProviders } from "../clients/github";
import { createSite, type Site } from "../github-commands/support/site";
import { edit, infra, type Ran, type RunOptions, remove } from "./support/project";

const root = join(__dirname, "..", "..");
const before = { ...process.env };

interface Step {
  readonly number: number;
  readonly name: string;
  readonly state: string;
  readonly says: readonly string[];
  readonly next: readonly string[];
}
const stepsIn = ({ stdout }: Ran): readonly Step[] => JSON.parse(stdout).steps;
const states = (ran: Ran) => stepsIn(ran).map(({ number, name, state }) => `${number}. ${name}: ${state}`);

(findProviders() ? describe : describe.skip)("a new environment (needs terraform and TF_PROVIDER_MIRROR)", () => {
  let directory: string;
  let sandbox: Sandbox;
  let url: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "infra-bootstrap-"));
    sandbox = createSandbox({ limits: "off" });
    const app = `"${process.execPath}" --import "${pathToFileURL(require.resolve("tsx")).href}" "${join(root, "main.ts")}"`;
    writeFileSync(join(directory, "cdktf.json"), JSON.stringify({ language: "typescript", app }));
    ({ url, close } = await sandbox.listen());
    const never = new AbortController().signal;
    const project = { directory, env: process.env, interruption: { soft: never, hard: never } };
    const stacks = await synthesize({ ...project, env: { ...process.env, PREVIEW_NUMBER: "9" } });
    const { secretSources } = declaredIn(stacks.filter(({ name }) => /^(staging|preview)/.test(name)));
    // The hosted provider reads this process's own variables.
    Object.assign(process.env, sandboxEnvironment({ url, directory, secretSources, env: {} }));
    process.env.STAGING_DATABASE_URL = "canary-of-staging";
  });

  afterAll(async () => {
    await close();
    sandbox.close();
    process.env = before;
    remove(directory);
  });

  const bootstrap = (argv: readonly string[], options: RunOptions = {}) =>
    infra(directory, ["bootstrap", ...argv], options);
  const apps = () => [...sandbox.control.state().apps.keys()];

  test("a token that only reads makes nothing, on GitHub neither", async () => {
    process.env.FLY_API_TOKEN = "fo1_sandbox_readonly";
    const { code, stdout, stderr } = await bootstrap(["staging", "--yes"]);
    process.env.FLY_API_TOKEN = "fo1_sandbox_deploy";
    expect({ code, apps: apps(), stderr }).toEqual({
      code: 1,
      apps: [],
      stderr: expect.stringContaining("Not whole: App hotdash-staging"),
    });
    expect(stdout).toMatch(/FAIL {5}App hotdash-staging\n.*may not/s);
    expect(
      [...sandbox.control.state().github.repositories.values()].flatMap(({ environments }) => [...environments.keys()]),
    ).toEqual([]);
  });

  test("staging: what a run that was cut off left undone, the next one finishes, GitHub included", async () => {
    const cut = await bootstrap(["staging", "--yes"], { interruptAt: "fly_secrets.hotdash: done" });
    expect({ code: cut.code, apps: apps() }).toEqual({ code: 130, apps: ["hotdash-staging"] });
    const whole = await bootstrap(["staging", "--yes", "--json"]);
    expect({ code: whole.code, steps: whole.code === 0 ? states(whole) : whole.stderr }).toEqual({
      code: 0,
      steps: [
        "1. Tools: done",
        "2. Tokens: done",
        "3. Sources of secrets: done",
        "4. App hotdash-staging: done",
        "5. GitHub environment: done",
        "6. Health: done",
        "7. Secrets of the GitHub environment: by hand",
        "8. Releases: by hand",
        "9. Fly e-mail notices: by hand",
      ],
    });
    expect(stepsIn(whole)[6]?.next).toEqual([
      "fly tokens create deploy -a hotdash-staging | gh secret set FLY_API_TOKEN --env staging -R hotdash/hotdash",
      "npx infra secrets sync --environment staging",
    ]);
    expect(whole.stdout + whole.stderr + cut.stdout + cut.stderr).not.toMatch(/canary|fo1_sandbox|ghp_sandbox/);
    const again = await bootstrap(["staging", "--dry-run", "--json"]);
    expect({ code: again.code, app: states(again)[3] }).toEqual({ code: 0, app: "4. App hotdash-staging: done" });
  });

  test("previews: tried with an app of no pull request, which is gone afterwards", async () => {
    const others = apps();
    const tried = await bootstrap(["preview", "--yes", "--json"]);
    expect({ code: tried.code, steps: tried.code === 0 ? states(tried).slice(3, 6) : tried.stderr }).toEqual({
      code: 0,
      steps: ["4. Trial hotdash-pr-999999998: done", "5. GitHub environment: done", "6. Health: done"],
    });
    expect(tried.stderr).toContain("hotdash-pr-999999998/app: machine app-ord-1");
    expect(apps()).toEqual(others);
  });
});

describe("before anything is made", () => {
  let site: Site;
  const staging = {
    provider: { fly: [{ organization: "hotdash" }] },
    resource: {
      fly_app: { hotdash: { name: "hotdash-staging" } },
      fly_secrets: { hotdash: { sources: { KEY: { env: ["STAGING_KEY"] } } } },
    },
  };
  beforeAll(async () => {
    site = await createSite();
    const row = { id: "tok_shop", name: "shop", kind: "app-deploy" as const, org: "hotdash", apps: ["shop"] };
    const hash = tokenHash("fo1_of_shop");
    site.sandbox.control.state().tokens.set(hash, { hash, ...row });
    edit(site.directory, { github: {}, staging });
  });
  afterAll(() => site.close());

  const run = (argv: readonly string[], env: NodeJS.ProcessEnv = {}, options: RunOptions = {}) => {
    const fly = { FLY_API_TOKEN: "fo1_sandbox_deploy", FLY_FLAPS_BASE_URL: site.url, FLY_API_BASE_URL: site.url };
    return site.infra(["bootstrap", ...argv], { ...options, env: { ...fly, STAGING_KEY: "canary", ...env } });
  };
  const writes = () =>
    site.sandbox.control.journal().filter(({ method, path }) => method !== "GET" && path !== "/graphql");

  test.each<{ what: string; env: NodeJS.ProcessEnv; says: RegExp; step?: string }>([
    {
      what: "no token for Fly",
      env: { FLY_API_TOKEN: "" },
      says: /FLY_API_TOKEN is not set\n.*fly tokens create org hotdash/,
    },
    {
      what: "one that Fly does not know",
      env: { FLY_API_TOKEN: "fo1_wrong" },
      says: /does not accept it: Fly answered 401/,
    },
    {
      what: "one of another organization",
      env: { FLY_API_TOKEN: "fo1_sandbox_other" },
      says: /lacks organization hotdash.*\n.*fly tokens create org hotdash/,
    },
    {
      what: "one of another app",
      env: { FLY_API_TOKEN: "fo1_of_shop" },
      says: /lacks app hotdash-staging/,
    },
    { what: "no token for GitHub", env: { GITHUB_TOKEN: "" }, says: /Neither GITHUB_TOKEN nor GH_TOKEN is set/ },
    { what: "one that GitHub does not know", env: { GITHUB_TOKEN: "ghp_wrong" }, says: /GitHub token: .*answered 401/ },
    { what: "one without a scope", env: { GITHUB_TOKEN: "ghp_sandbox_noscope" }, says: /GitHub token: .*answered 404/ },
    {
      what: "a secret without a value",
      env: { STAGING_KEY: "" },
      step: "Sources of secrets",
      says: /KEY: env var STAGING_KEY is not set\n\s+read -rs STAGING_KEY && export STAGING_KEY/,
    },
  ])("says what is wrong with $what", async ({ env, says, step = "Tokens" }) => {
    site.sandbox.control.clearJournal();
    const { code, stderr, stdout } = await run(["staging", "--yes"], env);
    expect(stderr).toMatch(says);
    expect(stderr).toContain(`FAIL     ${step}`);
    expect({ code, writes: writes() }).toEqual({ code: 1, writes: [] });
    expect(stderr).toContain("[infra/bootstrap-blocked]");
    for (const token of Object.values(env)) if (token) expect(stderr + stdout).not.toContain(token);
  });

  test.each([
    { what: "production", says: /npx infra apply production.*\[infra\/bootstrap-what\]/ },
    { what: "stage", says: /\[infra\/bootstrap-what\]/ },
    { what: "preview", says: /\[infra\/no-preview\]/ },
  ])("refuses $what", async ({ what, says }) => {
    const { code, stderr } = await run([what, "--yes"]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(says) });
  });
});
