import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHarness } from "./harness";
import { createSandbox } from "./index";
import { defaultSeed } from "./seed";

describe("every answer", () => {
  it("carries a request id", async () => {
    const h = createHarness();
    for (const path of ["/v1/apps/none", "/v1/platform/regions", "/nowhere"]) {
      expect((await h.call("GET", path)).headers.get("fly-request-id")).toMatch(/^[0-9A-Z]{26}-iad$/);
    }
  });

  it("of a route that is not emulated names the route", async () => {
    const h = createHarness();
    expect(await h.call("GET", "/v1/postgres?org_slug=hotdash")).toMatchObject({
      status: 501,
      body: { error: "not_emulated: GET /v1/postgres", status: "not_emulated" },
    });
    await h.app("shop");
    const { id } = await h.machine("shop", {}, { lease_ttl: 30 });
    expect((await h.call("PUT", `/v1/apps/shop/machines/${id}/memory`)).status).toBe(501);
    expect((await h.call("POST", "/_sandbox/explode")).status).toBe(501);
  });

  it("is the same for the same calls and the same seed of ids", async () => {
    const run = async (idSeed: string, reads: number) => {
      const h = createHarness({ idSeed });
      await h.app("shop");
      for (let i = 0; i < reads; i++) await h.call("GET", "/v1/apps/shop");
      return h.machine("shop");
    };
    expect(await run("a", 0)).toEqual(await run("a", 3));
    expect((await run("b", 0)).id).not.toBe((await run("a", 0)).id);
  });
});

describe("journal", () => {
  it("says who did what, without values that may be secret", async () => {
    const h = createHarness();
    await h.app("shop");
    const canary = "canary-4711";
    await h.call("POST", "/v1/apps/shop/secrets", { values: { A: canary }, wrong: { B: canary } });
    await h.call("POST", "/v1/apps/shop/secrets", `{"values": ${canary}`);
    const files = [{ guest_path: "/f", raw_value: Buffer.from(canary).toString("base64") }];
    const env = { A: canary };
    await h.call("POST", "/v1/apps/shop/machines", { config: { image: "nginx", env, files, processes: [{ env }] } });
    const custom = { hostname: "a.example.com", fullchain: canary, private_key: canary };
    await h.call("POST", "/v1/apps/shop/certificates/custom", custom);
    const entries = h.sandbox.control.journal();
    const text = JSON.stringify(entries);
    expect(text).not.toContain(canary);
    expect(text).not.toContain(Buffer.from(canary).toString("base64"));
    expect(text).not.toContain("fo1_sandbox");
    expect(entries[0]).toMatchObject({
      method: "POST",
      path: "/v1/apps",
      status: 201,
      token_kind: "org-deploy",
      body: { name: "shop", org_slug: "hotdash" },
    });
    expect(entries[1]).toMatchObject({ status: 400, body: { values: { A: "[redacted]" } } });
  });
});

describe("control", () => {
  it("refuses every write in read-only mode", async () => {
    const h = createHarness();
    await h.app("shop");
    expect((await h.call("PUT", "/_sandbox/read-only", { on: true })).body).toMatchObject({ read_only: true });
    expect((await h.call("POST", "/v1/apps/shop/secrets", { values: { A: "1" } })).status).toBe(403);
    expect((await h.call("GET", "/v1/apps/shop/secrets")).body).toEqual({ secrets: [] });
  });

  it("goes back to the seed", async () => {
    const h = createHarness();
    await h.app("shop");
    h.sandbox.control.setFaults([{ match: {}, effect: { status: 500 } }]);
    await h.call("POST", "/_sandbox/reset");
    expect(h.sandbox.control.status()).toMatchObject({ apps: 0, machines: 0, faults: 0 });
    expect((await h.call("GET", "/v1/apps?org_slug=hotdash")).body.apps).toEqual([]);
  });

  it("moves the clock over HTTP", async () => {
    const h = createHarness();
    const before = h.sandbox.control.status().now;
    const { body } = await h.call("POST", "/_sandbox/clock", { advance_ms: 1500 });
    expect(Date.parse(body.now) - Date.parse(before)).toBe(1500);
  });

  it("lists its routes and shows its state without a secret", async () => {
    const h = createHarness();
    await h.app("shop");
    await h.call("POST", "/v1/apps/shop/secrets", { values: { A: "canary-4711" } });
    expect((await h.call("GET", "/_sandbox/routes")).body).toContain("POST /v1/apps/:app/machines/:id/lease");
    const state = JSON.stringify((await h.call("GET", "/_sandbox/state")).body);
    expect(state).toContain('"digest"');
    expect(state).not.toMatch(/canary-4711|fo1_sandbox/);
  });
});

describe("seed", () => {
  it("brings apps with running machines, a quota and tokens", async () => {
    const app = {
      name: "shop",
      org: "hotdash",
      machines: [
        { count: 2, region: "lhr", config: { image: "nginx", checks: { a: { type: "tcp" as const, port: 1 } } } },
      ],
      volumes: [{ name: "data", region: "lhr" }],
      secrets: { A: "1" },
      addresses: ["shared_v4" as const],
      certificates: ["www.example.com"],
    };
    const organizations = [{ slug: "hotdash", name: "HotDash", quota: 2 }];
    const h = createHarness({ seed: { ...defaultSeed, organizations, apps: [app] } });
    const { body } = await h.call("GET", "/v1/apps/shop/machines");
    expect(body).toMatchObject([
      { state: "started", checks: [{ status: "passing" }] },
      { state: "started", region: "lhr" },
    ]);
    const third = await h.call("POST", "/v1/apps/shop/machines", { config: { image: "nginx" } });
    expect(third.status).toBe(422);
    expect(third.body.error).toContain("limit of 2 machines");
  });
});

describe("state file", () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-"));
  const stateFile = join(folder, "state.json");
  afterAll(() => rmSync(folder, { recursive: true }));

  it("holds everything but secret values, and what was pending goes on", async () => {
    const first = createHarness({ stateFile });
    await first.app("shop");
    await first.call("POST", "/v1/apps/shop/secrets", { values: { A: "canary-4711" } });
    const created = await first.call("POST", "/v1/apps/shop/machines", { config: { image: "nginx" } });
    const digest = (await first.call("GET", "/v1/apps/shop/secrets")).body.secrets[0].digest;
    first.sandbox.close();
    const text = readFileSync(stateFile, "utf8");
    expect(text).toContain(digest);
    expect(text).not.toMatch(/canary-4711|fo1_sandbox/);
    expect(statSync(stateFile).mode & 0o077).toBe(0);

    const second = createHarness({ stateFile });
    const path = `/v1/apps/shop/machines/${created.body.id}`;
    expect((await second.call("GET", path)).body.state).toBe("created");
    await second.sandbox.control.advance(200);
    expect((await second.call("GET", path)).body.state).toBe("started");
    expect((await second.call("GET", "/v1/apps/shop/secrets")).body.secrets[0].digest).toBe(digest);
    expect((await second.machine("shop")).id).not.toBe(created.body.id);
    second.sandbox.close();
  });
});

describe("listen", () => {
  it("serves on loopback, and cuts a connection when told to", async () => {
    const sandbox = createSandbox({ limits: "off" });
    const { url, close } = await sandbox.listen();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const headers = { authorization: "Bearer fo1_sandbox_deploy" };
    const body = JSON.stringify({ name: "shop", org_slug: "hotdash" });
    sandbox.control.setFaults([{ match: { method: "POST" }, times: 1, effect: { cut: "after" } }]);
    await expect(fetch(`${url}/v1/apps`, { method: "POST", headers, body })).rejects.toThrow("fetch failed");
    const { status, headers: answered } = await fetch(`${url}/v1/apps/shop`, { headers });
    expect(status).toBe(200);
    expect(answered.get("fly-request-id")).toBeTruthy();
    await close();
    sandbox.close();
  });

  it("forgets a wait whose client has gone", async () => {
    const sandbox = createSandbox({
      limits: "off",
      seed: { ...defaultSeed, apps: [{ name: "shop", org: "hotdash", machines: [{ config: { image: "nginx" } }] }] },
    });
    const { url, close } = await sandbox.listen();
    const id = [...(sandbox.control.state().apps.get("shop")?.machines.keys() ?? [])][0];
    const headers = { authorization: "Bearer fo1_sandbox_deploy" };
    const leave = new AbortController();
    const waiting = fetch(`${url}/v1/apps/shop/machines/${id}/wait?state=stopped`, { headers, signal: leave.signal });
    leave.abort();
    await expect(waiting).rejects.toThrow();
    expect((await fetch(`${url}/_sandbox/status`)).status).toBe(200);
    await close();
    sandbox.close();
  });
});
