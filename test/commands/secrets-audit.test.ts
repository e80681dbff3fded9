/** `infra secrets audit` as a person uses it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createSecretSite, type SecretSite } from "./support/secret-site";

let site: SecretSite;
beforeEach(async () => {
  site = await createSecretSite();
});
afterEach(async () => expect(await site.close()).toEqual([]));

describe("secrets audit", () => {
  const day = 86_400_000;

  test("reports what is missing, undeclared and due, with digests, sources and access, and writes the same as Markdown", async () => {
    await site.fly.secrets.set("hotdash-staging", { LEFT_OVER: "canary-left", DATABASE_URL: "canary-staging" });
    const { code, stdout } = await site.secrets(["audit", "staging", "github", "--json", "--file", "docs/audit.md"]);
    const { places, controls, problems } = JSON.parse(stdout);
    expect(code).toBe(2);
    expect(problems.map(({ store, name, problem }: Record<string, string>) => `${store} ${name} ${problem}`)).toContain(
      "Fly hotdash-staging LEFT_OVER undeclared",
    );
    const [app] = places.filter(({ name }: { name: string }) => name === "Fly hotdash-staging");
    expect(app.secrets).toEqual([
      expect.objectContaining({ name: "API_KEY", present: false, source: "command printenv" }),
      expect.objectContaining({
        name: "DATABASE_URL",
        present: true,
        days: 0,
        digest: site.digests("DATABASE_URL")["hotdash-staging"],
        source: "env var STAGING_DATABASE_URL",
      }),
      expect.objectContaining({ name: "LEFT_OVER", declared: false }),
    ]);
    expect(controls).toContainEqual({ name: "Secret scanning", holds: false, text: "disabled" });
    const [production] = places.filter(({ name }: { name: string }) => name === "GitHub environment production");
    expect(production.access[1]).toContain("hotdash-owner (admin)");
    const written = readFileSync(join(site.directory, "docs/audit.md"), "utf8");
    expect(written).toContain("| `LEFT_OVER` | yes | **no** |");
    expect(written).toContain("| `API_KEY` | **missing** | yes |");
  });

  test("sees a value that production shares with another environment, by Fly's digest", async () => {
    await site.fly.secrets.set("hot-dash", { DATABASE_URL: "canary-same" });
    await site.fly.secrets.set("hotdash-staging", { DATABASE_URL: "canary-same" });
    const { stdout } = await site.secrets(["audit", "production", "staging", "--json"]);
    expect(JSON.parse(stdout).controls).toEqual([
      {
        name: "Production's values are in no other environment on Fly",
        holds: false,
        text: "DATABASE_URL of Fly hotdash-staging has the value of DATABASE_URL of Fly hot-dash",
      },
    ]);
  });

  test("names the day on which a new value is due", async () => {
    await site.fly.secrets.set("hot-dash", { DATABASE_URL: "canary" });
    const { stdout } = await site.secrets(["audit", "production", "--json"]);
    const [secret] = JSON.parse(stdout).places[0].secrets;
    expect(secret.due).toBe(new Date(Date.parse(secret.changedAt) + 90 * day).toISOString().slice(0, 10));
  });

  test("says what could not be read, and then does not end well", async () => {
    site.sandbox.control.setFaults([
      { match: { path: "/collaborators" }, effect: { status: 403, body: { message: "No" } } },
    ]);
    const { code, stderr } = await site.secrets(["audit", "github"]);
    expect({ code, says: stderr }).toEqual({
      code: 1,
      says: expect.stringContaining("Not read: people with access: "),
    });
  });
});

describe("secrets audit --logs", () => {
  const env = { STAGING_DATABASE_URL: "leaked-value-1", PRODUCTION_DATABASE_URL: "tiny" };
  const search = (...argv: string[]) => site.secrets(["audit", "staging", "github", "--logs", ...argv], { env });

  /** A run of one job that wrote these lines. */
  async function run(lines: readonly string[]): Promise<void> {
    const text = "name: Try\non: workflow_dispatch\njobs:\n  try:\n    name: Try it\n    steps: []\n";
    const content = Buffer.from(text).toString("base64");
    const path = "/contents/.github/workflows/try.yml";
    await site.github("PUT", path, { message: "Add", content, branch: "main" }).catch(() => {});
    await site.github("POST", "/actions/workflows/try.yml/dispatches", { ref: "main" });
    const { workflow_runs } = (await site.github("GET", "/actions/runs")) as { workflow_runs: { id: number }[] };
    site.sandbox.control.tamper({
      kind: "workflow-run",
      repository: "hotdash/hotdash",
      run: workflow_runs[0]?.id ?? 0,
      jobs: { try: "success" },
      logs: { try: [...lines] },
    });
  }

  test("names job and line of a value, plain or encoded, in runs and apps, and shows neither value nor line", async () => {
    const base64 = Buffer.from("x:leaked-value-1").toString("base64");
    await run(["fine", "url is leaked-value-1 here"]);
    site.sandbox.control.tamper({ kind: "wrote", app: "hotdash-staging", lines: ["fine", `auth ${base64}`] });
    const { code, stdout, stderr } = await search("--json");
    expect({ code, leaks: JSON.parse(stdout).logs.leaks }).toEqual({
      code: 2,
      leaks: [
        expect.objectContaining({
          name: "DATABASE_URL (env var STAGING_DATABASE_URL)",
          log: expect.stringMatching(/^try\.yml, run \d+, job Try it$/),
          line: 2,
        }),
        expect.objectContaining({ log: "app hotdash-staging", line: expect.any(Number) }),
      ],
    });
    expect(JSON.parse(stdout).error).toMatchObject({ class: "secret detected", id: "secrets/leak" });
    expect(stderr).toContain("Error (secret detected): Values of secrets stand in logs.");
    const told = await search();
    expect(told.stdout).toMatch(
      /stands in try\.yml, run (\d+), job Try it, line 2: .*\n {2}delete that log: gh run delete \1 -R hotdash\/hotdash/,
    );
    for (const text of [stdout, stderr, told.stdout, told.stderr]) {
      for (const value of ["leaked-value-1", base64, "url is"]) expect(text).not.toContain(value);
    }
  });

  test("finds nothing where nothing was written, and says what it could not look for", async () => {
    await run(["url is ***"]);
    const { code, stdout, stderr } = await search();
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "Looked for 2 values in 1 job of 1 run and in 1 app; 0 found.\n",
    });
    expect(stderr).toContain("Too short to be looked for: DATABASE_URL (env var PRODUCTION_DATABASE_URL).");
  });

  test("reads no more runs than it was allowed, and none before --since", async () => {
    for (const line of ["one", "two", "three"]) await run([line]);
    site.sandbox.control.clearJournal();
    await search("--runs", "2");
    const logs = site.sandbox.control.journal().filter(({ path }) => /\/jobs\/\d+\/logs$/.test(path));
    expect(logs).toHaveLength(2);
    const { code, stderr } = await search("--since", "soon");
    expect({ code, says: stderr }).toEqual({ code: 1, says: expect.stringContaining("[infra/audit-time]") });
  });
});
