import { createHarness, type Harness } from "../harness";

let h: Harness;
const ips = "/v1/apps/shop/ip_assignments";
const allocate = async (body: object) => h.call("POST", ips, body);

beforeEach(async () => {
  h = createHarness();
  await h.app("shop");
});

it.each([
  ["v4", /^\d+\.\d+\.\d+\.\d+$/, { shared: false }],
  ["shared_v4", /^66\.241\./, { shared: true }],
  ["v6", /^2a09:8280:1::/, { shared: false }],
  ["private_v6", /^fdaa:/, { network: { name: "default", org_slug: "hotdash" } }],
])("allocates %s", async (type, form, fields) => {
  const { body } = await allocate({ type });
  expect(body.ip).toMatch(form);
  expect(body).toMatchObject(fields);
  expect((await h.call("GET", ips)).body.ips).toEqual([body]);
  expect(body).not.toHaveProperty("type");
});

it("gives a pair for egress, and every address once", async () => {
  const { ip_pair } = (await allocate({ type: "egress_pair", region: "lhr" })).body;
  expect(ip_pair).toMatchObject({ v4: { egress: true, region: "lhr" }, v6: { egress: true } });
  const seen = new Set<string>();
  for (let i = 0; i < 300; i++) seen.add((await allocate({ type: i % 2 ? "v4" : "v6" })).body.ip);
  expect(seen.size).toBe(300);
});

it("releases an address once", async () => {
  const { ip } = (await allocate({ type: "v6" })).body;
  expect((await h.call("DELETE", `${ips}/${ip}`)).status).toBe(204);
  expect((await h.call("DELETE", `${ips}/${ip}`)).status).toBe(404);
});

it("refuses an unknown type, an unknown region and another organization's network", async () => {
  expect((await allocate({ type: "v5" })).status).toBe(400);
  expect((await allocate({ type: "v4", region: "xyz" })).status).toBe(400);
  expect((await allocate({ type: "private_v6", org_slug: "other-org" })).status).toBe(403);
});
