/** `infra secrets set` as a person uses it. */
import type { RunOptions } from "./support/project";
import { createSecretSite, type SecretSite } from "./support/secret-site";

let site: SecretSite;
beforeEach(async () => {
  site = await createSecretSite();
});
afterEach(async () => expect(await site.close()).toEqual([]));

describe("secrets set", () => {
  test("writes one value from standard input to the app and the GitHub environment, and says what is to be redeployed", async () => {
    const { code, stdout, stderr } = await site.secrets(["set", "DATABASE_URL", "--environment", "staging"], {
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
    const { "hotdash-staging": onFly, "gh staging": onGithub, ...others } = site.digests("DATABASE_URL");
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
    const { code, stderr } = await site.secrets(["set", ...argv], options);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(says) });
    expect(site.writes()).toEqual([]);
  });

  test("names what updates the machines for a member of a group, which an apply does not", async () => {
    const { stdout } = await site.secrets(["set", "SHOPIFY_KEY", "--stack", "staging"], { stdin: "canary" });
    expect(stdout).toContain("until it is updated: fly secrets deploy -a hotdash-staging\n");
  });

  test("takes each place's own source with --source, the repository's too", async () => {
    const env = { REPOSITORY_ZOHO_SMTP_PASSWORD: "canary-zoho", ZOHO_SMTP_PASSWORD: "canary-of-the-shell" };
    expect((await site.secrets(["set", "ZOHO_SMTP_PASSWORD", "--source"], { env })).code).toBe(0);
    expect(site.writes()).toEqual(["PUT /actions/secrets/ZOHO_SMTP_PASSWORD"]);
  });
});
