/** `infra secrets sync` as a person uses it, with values in env vars, from a program and in files. */
import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createSecretSite, type SecretSite } from "./support/secret-site";

let site: SecretSite;
beforeEach(async () => {
  site = await createSecretSite();
});
afterEach(async () => expect(await site.close()).toEqual([]));

describe("secrets sync", () => {
  const env = { STAGING_DATABASE_URL: "canary-staging", STAGING_SHOPIFY_KEY: "canary-member" };

  test("writes what differs, once: a second run writes nothing, and a rotated source is written alone", async () => {
    const first = await site.secrets(["sync", "staging", "github"], { env });
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
    expect([...site.writes()].sort()).toEqual(written);
    expect(Object.keys(site.digests("SHOPIFY_KEY"))).toEqual(["hotdash-staging"]);
    expect(Object.keys(site.digests("API_KEY"))).toEqual(["hotdash-staging"]);
    site.sandbox.control.clearJournal();
    expect((await site.secrets(["sync", "staging", "github"], { env })).stderr).toContain("Nothing to write.");
    expect(site.writes()).toEqual([]);
    const rotated = { ...env, PREVIEW_DATABASE_URL: "canary-preview" };
    await site.secrets(["sync", "staging", "github"], { env: rotated });
    expect(site.writes()).toEqual(["PUT /environments/preview/secrets/DATABASE_URL"]);
  });

  test("writes again what somebody else wrote since, and says when Fly held the same value", async () => {
    await site.secrets(["sync", "staging"], { env });
    await site.fly.secrets.set("hotdash-staging", { DATABASE_URL: "theirs" });
    const again = await site.secrets(["sync", "staging"], { env });
    expect(again.stdout).toContain(
      "  DATABASE_URL was written by somebody else since (env var STAGING_DATABASE_URL)\n",
    );
    rmSync(join(site.directory, ".infra"), { recursive: true });
    const blind = await site.secrets(["sync", "staging"], { env });
    expect(blind.stdout).toContain("DATABASE_URL cannot be compared: it was not written from here");
    expect(blind.stdout).toContain("Written: 3 to Fly hotdash-staging. 3 of them held the same value already.\n");
    expect(blind.stdout).not.toContain("infra apply");
  });

  test("with --dry-run writes nothing and says what it would", async () => {
    const { code, stdout } = await site.secrets(["sync", "staging", "--dry-run", "--json"], { env });
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
    expect(site.writes()).toEqual([]);
  });

  test("asks before it writes production, and goes ahead at its name", async () => {
    const production = { PRODUCTION_DATABASE_URL: "canary-production" };
    const refused = await site.secrets(["sync", "production"], { env: production, types: "yes" });
    expect({ code: refused.code, writes: site.writes() }).toEqual({ code: 1, writes: [] });
    const agreed = await site.secrets(["sync", "production"], { env: production, types: "hot-dash" });
    expect({ code: agreed.code, writes: site.writes() }).toEqual({ code: 0, writes: ["POST /hot-dash/secrets"] });
  });

  test("says what was written and what was not when GitHub ends in the middle, and goes on from there", async () => {
    const all = { ...env, PREVIEW_DATABASE_URL: "canary-preview", REPOSITORY_SLACK_WEBHOOK_URL: "canary-slack" };
    const effect = { status: 422, body: { message: "no: canary-staging" } };
    site.sandbox.control.setFaults([{ match: { method: "PUT", path: "environments/staging/secrets" }, effect }]);
    const { code, stdout, stderr } = await site.secrets(["sync", "staging", "github"], { env: all });
    expect(code).toBe(1);
    expect(stdout).toContain("Not written: DATABASE_URL to GitHub environment staging\n");
    expect(stderr).toMatch(
      /no: \[value of DATABASE_URL\][\s\S]*[1-9] written, [1-9] not\. Run it again.*\[secrets\/half-written\]/,
    );
    site.sandbox.control.setFaults([]);
    site.sandbox.control.clearJournal();
    await site.secrets(["sync", "staging", "github"], { env: all });
    expect(site.writes()).toContain("PUT /environments/staging/secrets/DATABASE_URL");
    expect(site.writes()).not.toContain("POST /hotdash-staging/secrets");
  });

  test("refuses a preview the value of production before anything is written", async () => {
    const mixed = { ...env, PRODUCTION_DATABASE_URL: "canary-staging" };
    const { code, stderr } = await site.secrets(["sync", "staging", "github"], { env: mixed });
    expect({ code, writes: site.writes() }).toEqual({ code: 1, writes: [] });
    expect(stderr).toContain("  DATABASE_URL of GitHub environment preview (env var STAGING_DATABASE_URL)\n");
  });

  test("leaves a GitHub environment that is not there to the apply that makes it", async () => {
    await site.github("DELETE", "/environments/preview");
    const { code, stdout } = await site.secrets(["sync", "--environment", "preview"], { env });
    expect(code).toBe(2);
    expect(stdout).toBe("GitHub environment preview: is not there yet; npx infra apply github makes it\n");
  });

  test("leaves an app that is not there to the apply that makes it", async () => {
    await site.fly.apps.delete("hotdash-staging");
    const { code, stdout } = await site.secrets(["sync", "staging"], { env });
    expect(code).toBe(2);
    expect(stdout).toBe("Fly hotdash-staging: is not there yet; npx infra apply staging makes it\n");
  });
});

describe("the vault", () => {
  const sync = (...argv: string[]) => site.secrets(["sync", "staging", "--dry-run", ...argv]);

  test("gives values by folder, by .env file and by name, after env vars and --dotenv", async () => {
    site.put("vault/staging/DATABASE_URL", "canary-folder\n");
    site.put("vault/README.md", "not a value", 0o644);
    expect((await sync()).stdout).toContain("STAGING_DATABASE_URL of vault/staging/DATABASE_URL");
    rmSync(join(site.directory, "vault/staging"), { recursive: true });
    site.put("vault/staging.env", 'export DATABASE_URL="canary#lines"\n');
    expect((await sync()).stdout).toContain("STAGING_DATABASE_URL of vault/staging.env");
    site.put("mine.env", "STAGING_DATABASE_URL=canary-mine");
    expect((await sync("--dotenv", "mine.env")).stdout).toContain("STAGING_DATABASE_URL of mine.env");
  });

  test("is refused where git would track it, and where others may read it, each file by name", async () => {
    const git = (...args: string[]) => execFileSync("git", args, { cwd: site.directory, stdio: "pipe" });
    git("init", "-q");
    site.put(".gitignore", "vault/hidden/\n");
    site.put("vault/staging.env", "DATABASE_URL=canary", 0o644);
    site.put("vault/hidden/OTHER", "canary");
    const { code, stderr } = await sync();
    expect(code).toBe(1);
    expect(stderr).toContain("git would track vault/staging.env: add it to .gitignore, and git rm --cached it");
    expect(stderr).toContain("others may reach vault/staging.env: its mode is 0644; chmod 600 it");
    expect(stderr).not.toContain("OTHER");
    site.put(".gitignore", "vault/\n");
    chmodSync(join(site.directory, "vault/staging.env"), 0o600);
    expect((await sync()).code).toBe(2);
    git("add", "--force", "vault/staging.env");
    expect((await sync()).stderr).toContain("[secrets/vault-exposed]");
  });

  test.each<[string, () => void, string]>([
    [
      "a value that a comment would cut",
      () => site.put("vault/staging.env", "DATABASE_URL=canary#tail"),
      "[secrets/dotenv-comment]",
    ],
    [
      "two files for one variable",
      () => {
        site.put("vault/staging.env", "DATABASE_URL=canary");
        site.put("vault/staging/DATABASE_URL", "canary");
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
