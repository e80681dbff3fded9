import { createSign, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultSeed } from "../seed";
import { createGithubHarness } from "./harness";
import { defaultGithubSeed } from "./seed";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const start = Date.UTC(2026, 0, 1) / 1000;
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

function sign(issuer: number, expires = start + 300): string {
  const text = `${encode({ alg: "RS256" })}.${encode({ iss: issuer, iat: start - 60, exp: expires })}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(privateKey, "base64url")}`;
}

describe("an app", () => {
  const key = publicKey.export({ type: "spki", format: "pem" }).toString();
  const apps = (defaultGithubSeed.apps ?? []).map((app) => ({ ...app, public_key: key }));
  const seed = { ...defaultSeed, github: { ...defaultGithubSeed, apps } };
  const path = "//app/installations/900002/access_tokens";

  it("is nobody: there is no person behind its token", async () => {
    const { ask } = createGithubHarness();
    expect((await ask("GET", "//user", undefined, "ghs_sandbox_infra")).status).toBe(403);
  });

  it("gets a token for an hour against its signature", async () => {
    const { ask, sandbox } = createGithubHarness({ seed });
    const { status, body } = await ask("POST", path, {}, sign(900_001));
    expect(status).toBe(201);
    expect((await ask("PATCH", "", { has_wiki: false }, body.token)).status).toBe(200);
    await sandbox.control.advance(3_600_001);
    expect((await ask("GET", "", undefined, body.token)).status).toBe(401);
  });

  it.each([
    ["of an unknown app", () => sign(1)],
    ["that lasts too long", () => sign(900_001, start + 7200)],
    ["that somebody else has signed", () => `${sign(900_001).slice(0, -6)}AAAAAA`],
  ])("gets none for a token %s", async (_, token) => {
    const { ask } = createGithubHarness({ seed });
    expect((await ask("POST", path, {}, token())).status).toBe(401);
  });
});

describe("the state of GitHub", () => {
  it("comes back from its file, without any token", async () => {
    const folder = mkdtempSync(join(tmpdir(), "github-state-"));
    const stateFile = join(folder, "state.json");
    const first = createGithubHarness({ stateFile });
    const id = await first.protect([{ type: "deletion" }]);
    first.sandbox.close();
    expect(readFileSync(stateFile, "utf8")).not.toContain("ghp_sandbox_admin");
    const second = createGithubHarness({ stateFile });
    expect((await second.ask("GET", `/rulesets/${id}`)).body.name).toBe("main");
    second.sandbox.close();
    rmSync(folder, { recursive: true });
  });

  it("goes back to its seed, and takes no write in read-only mode", async () => {
    const { ask, protect, sandbox } = createGithubHarness();
    await protect([{ type: "deletion" }]);
    sandbox.control.reset();
    expect((await ask("GET", "/rulesets")).body).toEqual([]);
    sandbox.control.setReadOnly(true);
    expect((await ask("PATCH", "", { has_wiki: false })).status).toBe(403);
  });
});
