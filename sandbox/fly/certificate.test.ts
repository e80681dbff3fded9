import { createHarness, type Harness } from "../harness";

let h: Harness;
const certificates = "/v1/apps/shop/certificates";

beforeEach(async () => {
  h = createHarness();
  await h.app("shop");
});

it("waits for the user's DNS, and says what it must hold", async () => {
  await h.call("POST", "/v1/apps/shop/ip_assignments", { type: "shared_v4" });
  const { status, body } = await h.call("POST", `${certificates}/acme`, { hostname: "www.example.com" });
  expect(status).toBe(201);
  expect(body).toMatchObject({ hostname: "www.example.com", status: "pending_validation", configured: false });
  expect(body.dns_requirements).toMatchObject({
    a: [expect.stringMatching(/^66\.241\./)],
    acme_challenge: { name: "_acme-challenge.www.example.com" },
  });
});

it("becomes active when DNS is right", async () => {
  await h.call("POST", `${certificates}/acme`, { hostname: "www.example.com" });
  h.sandbox.control.tamper({ kind: "certificate-active", app: "shop", hostname: "www.example.com" });
  const { body } = await h.call("POST", `${certificates}/www.example.com/check`);
  expect(body).toMatchObject({ status: "active", certificates: [{ source: "fly", status: "active" }] });
});

it("takes a wildcard by its encoded name", async () => {
  await h.call("POST", `${certificates}/acme`, { hostname: "*.example.com" });
  expect((await h.call("GET", `${certificates}/%2A.example.com`)).body.hostname).toBe("*.example.com");
  expect((await h.call("DELETE", `${certificates}/%2A.example.com`)).status).toBe(204);
  expect((await h.call("GET", `${certificates}/%2A.example.com`)).status).toBe(404);
});

it.each(["not a name", "localhost", "shop.fly.dev"])("refuses %s with 422", async (hostname) => {
  expect((await h.call("POST", `${certificates}/acme`, { hostname })).status).toBe(422);
});

it("refuses a hostname that the app already has", async () => {
  await h.call("POST", `${certificates}/acme`, { hostname: "www.example.com" });
  expect((await h.call("POST", `${certificates}/acme`, { hostname: "WWW.example.com" })).status).toBe(422);
});

it("keeps the user's own beside Fly's, and drops either", async () => {
  const own = { hostname: "www.example.com", fullchain: "chain", private_key: "key" };
  await h.call("POST", `${certificates}/custom`, own);
  await h.call("POST", `${certificates}/acme`, { hostname: "www.example.com" });
  const { body } = await h.call("DELETE", `${certificates}/www.example.com/custom`);
  expect(body).toMatchObject({ acme_requested: true, certificates: [] });
});

it("lists in pages", async () => {
  for (const name of ["a", "b", "c"]) await h.call("POST", `${certificates}/acme`, { hostname: `${name}.example.com` });
  const first = (await h.call("GET", `${certificates}?limit=2`)).body;
  expect(first).toMatchObject({ total_count: 3, certificates: [{ hostname: "a.example.com" }, {}] });
  const second = (await h.call("GET", `${certificates}?limit=2&cursor=${first.next_cursor}`)).body;
  expect(second).toMatchObject({ next_cursor: "", certificates: [{ hostname: "c.example.com" }] });
});
