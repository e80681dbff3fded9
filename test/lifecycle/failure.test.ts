/** What goes wrong outside ends in a clear error, state and reality agree, and a second apply finishes. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Fault } from "../../sandbox/fault";
import { openWorkshop, ref, token, type Workshop } from "./workshop";

const app = { it: { name: "shop" } };
const everything = {
  fly_app: app,
  fly_volume: { data: { app: ref("fly_app.it.name"), name: "data", region: "lhr" } },
  fly_ip_address: { v6: { app: ref("fly_app.it.name"), type: "v6" } },
  fly_certificate: { it: { app: ref("fly_app.it.name"), hostname: "shop.example.org" } },
  fly_secrets: { it: { app: ref("fly_app.it.name"), sources: { TOKEN: { env: ["SECRET_SOURCE"] } } } },
};

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
  workshop.env.SECRET_SOURCE = "canary";
});
afterAll(() => workshop.close());
afterEach(() => {
  workshop.env.FLY_API_TOKEN = token;
  workshop.env.FLY_FLAPS_BASE_URL = workshop.url;
  workshop.sandbox.control.reset();
});

/** Terraform wraps its text; errors are compared without line breaks. */
async function failing(command: "plan" | "apply", resource: object): Promise<string> {
  workshop.write({ resource });
  const more = command === "apply" ? ["-auto-approve"] : [];
  const { code, text } = await workshop.terraform(command, "-no-color", "-input=false", "-state=fresh", ...more);
  expect(code).toBe(1);
  expect(text).not.toContain(token);
  return text.replace(/\s+/g, " ");
}

test("a wrong token", async () => {
  workshop.env.FLY_API_TOKEN = "fo1_expired";
  const text = await failing("plan", { fly_app: app });
  expect(text).toMatch(/401 to GET \/v1\/apps\/shop \(request \w+-iad\).*fly auth whoami.*\[fly\/token-refused\]/);
  expect(text).not.toContain("fo1_expired");
});

test("a token without the scope plans, and its apply changes nothing", async () => {
  workshop.env.FLY_API_TOKEN = "fo1_sandbox_readonly";
  expect(await failing("apply", { fly_app: app })).toMatch(
    /403 to POST \/v1\/apps.*This was not done.*\[fly\/token-scope\]/,
  );
  expect(workshop.sandbox.control.status().apps).toBe(0);
});

test("an app name that another organization holds is refused in the plan", async () => {
  const headers = { authorization: "Bearer fo1_sandbox_other", "content-type": "application/json" };
  const body = JSON.stringify({ name: "shop", org_slug: "other-org" });
  await fetch(`${workshop.url}/v1/apps`, { method: "POST", headers, body });
  expect(await failing("plan", { fly_app: app })).toMatch(/one namespace for all of Fly.*\[fly\/name-taken\]/);
});

test("an unknown region is refused with the one that was meant", async () => {
  const data = { app: "shop", name: "data", region: "lhrr" };
  expect(await failing("plan", { fly_volume: { data } })).toMatch(
    /"lhrr" is not a Fly region; did you mean "lhr"\?.*\[fly\/region\]/,
  );
});

test("an API that is down", async () => {
  const closed = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => closed.once("listening", listening));
  const { port } = closed.address() as AddressInfo;
  await new Promise((done) => closed.close(done));
  workshop.env.FLY_FLAPS_BASE_URL = `http://127.0.0.1:${port}`;
  expect(await failing("plan", { fly_app: app })).toMatch(/ECONNREFUSED.*\[fly\/unreachable\]/);
});

test.each<[string, Fault["effect"], RegExp]>([
  ["an API that fails", { status: 503, body: { error: "maintenance" } }, /503.*maintenance.*\[fly\/unavailable\]/],
  [
    "a storm of 429",
    { status: 429, body: { error: "slow down" }, headers: { "Retry-After": "600" } },
    /429.*slow down.*wait 600 s.*\[fly\/rate-limited\]/,
  ],
  ["garbage instead of JSON", { garbage: true }, /GET \/v1\/apps\/shop.*no JSON.*\[fly\/malformed\]/],
])("%s", async (_name, effect, expected) => {
  workshop.sandbox.control.setFaults([{ effect }]);
  expect(await failing("plan", { fly_app: app })).toMatch(expected);
});

test("a short storm of 429 is waited for", async () => {
  const effect = { status: 429, headers: { "Retry-After": "1" } };
  workshop.sandbox.control.setFaults([{ times: 1, effect }]);
  workshop.write({ resource: { fly_app: app } });
  expect(await workshop.plan("-state=fresh")).toMatchObject({ code: 2 });
});

test("answers that are cut off in the middle of an apply make nothing twice", async () => {
  workshop.write({ resource: everything });
  const kinds = ["/v1/apps$", "/volumes$", "/ip_assignments$", "/acme$", "/secrets$"];
  workshop.sandbox.control.setFaults(
    kinds.map((path) => ({ match: { method: "POST", path }, times: 1, effect: { cut: "after" } })),
  );
  await workshop.apply();
  expect(await workshop.plan()).toMatchObject({ code: 0 });
  expect(await workshop.call("GET", "/v1/apps/shop/volumes")).toHaveLength(1);
  expect(await workshop.call("GET", "/v1/apps/shop/ip_assignments")).toMatchObject({ ips: [{}] });
  await workshop.apply("-destroy");
});

test("requests that are cut off in the middle of an apply are an error, and the second apply finishes", async () => {
  workshop.write({ resource: everything });
  workshop.sandbox.control.setFaults([
    { match: { method: "POST", path: "/(volumes|ip_assignments|acme)$" }, times: 3, effect: { cut: "before" } },
  ]);
  await expect(workshop.apply()).rejects.toThrow(/fly\/(ambiguous-create|unreachable)/);
  await workshop.apply();
  expect(await workshop.plan()).toMatchObject({ code: 0 });
  await workshop.apply("-destroy");
});
