import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { examineToken } from "./token";

const declared = {
  organizations: ["acme"],
  apps: ["shop", "desk"],
  secretSources: [],
  tokenEnvs: [],
  providers: [],
  backends: ["local"],
};

/** What the doctor says when Fly answers with these tokens. */
async function says(tokens: readonly object[], status = 200) {
  const server = createServer((_request, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ tokens }));
  }).listen(0, "127.0.0.1");
  await new Promise((ready) => server.once("listening", ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { FLY_API_TOKEN: "fo1_test", FLY_FLAPS_BASE_URL: url, FLY_API_BASE_URL: url, FLY_UIEX_BASE_URL: url };
  try {
    const found = await examineToken({ env, declared, signal: new AbortController().signal });
    return found.map(({ state, says: text }) => `${state} ${text.replace(url, "URL")}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("examineToken", () => {
  test("an organization's deploy token is enough and no more", async () => {
    expect(await says([{ org_slug: "acme", apps: null }])).toEqual([
      "ok the sandbox at URL accepts it; it covers acme",
    ]);
  });

  test("names the organization that is lacking and the one that is too much", async () => {
    expect(await says([{ org_slug: "other", apps: null }])).toEqual([
      "ok the sandbox at URL accepts it; it covers other",
      "fail lacks organization acme, which the stacks name",
      "warn has too much: it also covers organization other, which no stack names",
    ]);
  });

  test("names the apps that an app token does not cover", async () => {
    expect(await says([{ org_slug: "acme", apps: ["shop"] }])).toEqual([
      "ok the sandbox at URL accepts it; it covers acme",
      "warn lacks app desk: its stack cannot be read with it",
    ]);
  });

  test("a refused token fails, and is not printed", async () => {
    const [refused] = await says([], 401);
    expect(refused).toContain("fail the sandbox at URL does not accept it");
    expect(refused).not.toContain("fo1_test");
  });

  const signal = new AbortController().signal;

  test("an address that nobody answers at says nothing against the token", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await new Promise((ready) => closed.once("listening", ready));
    const url = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
    await new Promise((done) => closed.close(done));
    const [found] = await examineToken({
      env: { FLY_API_TOKEN: "fo1_test", FLY_FLAPS_BASE_URL: url, FLY_API_BASE_URL: url, FLY_UIEX_BASE_URL: url },
      declared,
      signal,
    });
    expect(found).toMatchObject({ state: "fail", says: expect.stringContaining("not judged: the sandbox at") });
    expect(found?.next).toContain("npx infra sandbox start");
  });

  test.each(["nonsense", "http://fly.example"])("the address %j is refused in words", async (url) => {
    const [found] = await examineToken({
      env: { FLY_API_TOKEN: "fo1_test", FLY_FLAPS_BASE_URL: url },
      declared,
      signal,
    });
    expect(found).toMatchObject({ state: "fail", says: expect.stringMatching(/is not used: "[^"]+" is .*\[fly\//) });
  });

  test("a missing token says what to type", async () => {
    const [found] = await examineToken({ env: {}, declared, signal: new AbortController().signal });
    expect(found).toMatchObject({ state: "fail", says: "FLY_API_TOKEN is not set" });
    expect(found?.next).toContain("fly tokens create readonly acme");
  });
});
