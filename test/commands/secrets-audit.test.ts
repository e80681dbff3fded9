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
    const { stdout } = await site.secrets(["audit", "production", "staging"]);
    expect(stdout).toContain("DATABASE_URL of Fly hotdash-staging has the value of DATABASE_URL of Fly hot-dash");
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
