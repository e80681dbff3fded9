import { createHarness, type Harness } from "../harness";

let h: Harness;
const secrets = "/v1/apps/shop/secrets";

beforeEach(async () => {
  h = createHarness();
  await h.app("shop");
});

it("gives equal values equal digests, and shows no value", async () => {
  const { body } = await h.call("POST", secrets, { values: { A: "one", B: "one", C: "two" } });
  const digests = body.secrets.map((row: { digest: string }) => row.digest);
  expect(digests[0]).toMatch(/^[0-9a-f]{16}$/);
  expect(digests[0]).toBe(digests[1]);
  expect(digests[0]).not.toBe(digests[2]);
  expect(JSON.stringify((await h.call("GET", secrets)).body)).not.toContain("one");
});

it("counts a version per app with each write", async () => {
  expect((await h.call("POST", secrets, { values: { A: "1" } })).body).toMatchObject({ version: 1, Version: 1 });
  expect(await h.call("POST", `${secrets}/B`, { value: "2" })).toMatchObject({
    status: 201,
    body: { name: "B", version: 2 },
  });
  expect((await h.call("POST", secrets, { values: { A: null } })).body).toMatchObject({ secrets: [], version: 3 });
  expect((await h.call("DELETE", `${secrets}/B`)).body).toEqual({ version: 4 });
  expect((await h.call("GET", secrets)).body).toEqual({ secrets: [] });
  expect((await h.call("GET", `${secrets}?min_version=5`)).status).toBe(412);
});

it("answers 404 for a name that is not there, 403 for a look at values, 400 for a bad name", async () => {
  expect((await h.call("GET", `${secrets}/A`)).status).toBe(404);
  expect((await h.call("DELETE", `${secrets}/A`)).status).toBe(404);
  expect((await h.call("GET", `${secrets}?show_secrets=true`)).status).toBe(403);
  expect((await h.call("POST", secrets, { values: { "A-B": "x" } })).status).toBe(400);
});

it("reaches a machine at its next start or update only", async () => {
  const { id } = await h.machine("shop");
  const seen = () => h.sandbox.control.state().apps.get("shop")?.machines.get(id)?.secretsVersion;
  await h.call("POST", secrets, { values: { A: "1" } });
  expect(seen()).toBe(0);
  await h.call("POST", `/v1/apps/shop/machines/${id}`, { config: { image: "nginx" }, min_secrets_version: 1 });
  expect(seen()).toBe(1);
});
