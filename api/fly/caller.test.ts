import { secrets } from "./app-parts";
import { apps } from "./apps";
import { FlyError } from "./error";
import { fakeClock, type Scripted, scripted } from "./fake";
import { machines } from "./machines";

const app = { id: "a1", name: "shop", status: "deployed", organization: { slug: "acme" } };

async function failure(promise: Promise<unknown>): Promise<FlyError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (error instanceof FlyError) return error;
  throw new Error(`expected a FlyError, got ${String(error)}`);
}

/** What `apps.find` throws when Fly answers so, for good. */
async function refusal(step: Scripted): Promise<FlyError> {
  return failure(apps(scripted([step]).caller).find("shop"));
}

test("answers undefined for what is missing", async () => {
  const { caller } = scripted([{ status: 404, body: { error: "app not found" } }]);
  expect(await apps(caller).find("shop")).toBeUndefined();
});

test.each([
  [400, "invalid"],
  [401, "unauthorized"],
  [403, "forbidden"],
  [409, "conflict"],
  [412, "precondition"],
  [422, "invalid"],
  [429, "rate-limited"],
  [500, "unavailable"],
  [501, "invalid"],
  [302, "malformed"],
] as const)("tells status %i as %s, with Fly's words and the request id", async (status, kind) => {
  const error = await refusal({ status, body: { error: "name_rules: too long" } });
  expect(error).toMatchObject({ kind, status, code: "name_rules", requestId: "01REQUEST", path: "/v1/apps/shop" });
  expect(error.message).toContain("name_rules: too long");
});

test("prefers Fly's message to its error, and its status to the word before the colon", async () => {
  const body = { error: "invalid: no", message: "Name has already been taken", status: "name_taken" };
  expect(await refusal({ status: 422, body })).toMatchObject({
    flyMessage: "Name has already been taken",
    code: "name_taken",
  });
});

test.each([
  ["no JSON", "<html>hello</html>"],
  ["JSON of another shape", { nome: "shop" }],
  ["null", null],
])("calls %s malformed and names the endpoint, without quoting the answer", async (_name, body) => {
  const error = await refusal({ status: 200, body, headers: { "content-type": "text/html" } });
  expect(error.kind).toBe("malformed");
  expect(error.message).toContain("GET /v1/apps/shop");
  expect(error.message).not.toMatch(/hello|nome/);
});

test("tries a read five times through 5xx and lost connections", async () => {
  const { caller, sent, clock } = scripted([
    { status: 503 },
    { lost: "after" },
    { lost: "before" },
    { status: 502 },
    { status: 200, body: app },
  ]);
  expect(await apps(caller).find("shop")).toEqual(app);
  expect(sent).toHaveLength(5);
  expect(clock.slept.filter((ms) => ms >= 250)).toEqual(expect.arrayContaining([250, 500, 1000, 2000]));
});

test("gives up a read after five attempts", async () => {
  const { caller, sent } = scripted([{ status: 503, body: { error: "down" } }]);
  expect(await failure(apps(caller).find("shop"))).toMatchObject({ kind: "unavailable", ambiguous: false });
  expect(sent).toHaveLength(5);
});

test("waits as long as Retry-After says, in seconds or as a date", async () => {
  const until = new Date(fakeClock().now() + 9000).toUTCString();
  for (const header of ["9", until]) {
    const { caller, clock } = scripted([
      { status: 429, headers: { "retry-after": header } },
      { status: 200, body: app },
    ]);
    await apps(caller).find("shop");
    expect(Math.max(...clock.slept)).toBeGreaterThanOrEqual(8000);
  }
});

test("gives up at once when Retry-After is longer than its patience, and ends a storm within it", async () => {
  const long = scripted([{ status: 429, headers: { "retry-after": "600" } }]);
  expect(await failure(apps(long.caller).find("shop"))).toMatchObject({ retryAfterMs: 600_000 });
  expect(long.sent).toHaveLength(1);
  const storm = scripted([{ status: 429 }]);
  const start = storm.clock.now();
  expect((await failure(apps(storm.caller).find("shop"))).kind).toBe("rate-limited");
  expect(storm.clock.now() - start).toBeLessThan(40_000);
});

test("never repeats a create of a machine that may have happened, and says so", async () => {
  for (const step of [{ lost: "after" }, { status: 500 }, { status: 408 }] as const) {
    const { caller, sent } = scripted([step]);
    const error = await failure(machines(caller).create("shop", { config: { image: "nginx" } }));
    expect(error.ambiguous).toBe(true);
    expect(sent).toHaveLength(1);
  }
});

test("repeats a create of a machine that never left", async () => {
  const made = { id: "1", state: "created", region: "lhr", instance_id: "01A", config: {} };
  const { caller, sent } = scripted([{ lost: "before" }, { status: 429 }, { status: 200, body: made }]);
  expect(await machines(caller).create("shop", { config: { image: "nginx" } })).toEqual(made);
  expect(sent).toHaveLength(3);
});

test("keeps saying that a write may have happened when a later attempt is refused", async () => {
  const { caller } = scripted([{ lost: "after" }, { status: 422, body: { error: "no" } }]);
  const error = await failure(apps(caller).create({ name: "shop", org_slug: "acme", idempotency_key: "k" }));
  expect(error).toMatchObject({ status: 422, ambiguous: true });
});

test("shows neither the token nor a secret value that Fly repeats", async () => {
  const body = { error: "bad value hunter2hunter2 for fo1_secret_token" };
  const { caller } = scripted([{ status: 400, body }]);
  const error = await failure(secrets(caller).set("shop", { PASSWORD: "hunter2hunter2" }));
  expect(`${error.message} ${JSON.stringify(error)}`).not.toMatch(/hunter2|fo1_secret/);
  expect(error.message).toContain("bad value [redacted] for [redacted]");
});

test("tells of each write, not of reads, also when it fails", async () => {
  const told: string[] = [];
  const { caller } = scripted([{ status: 400, body: {} }], { onWrite: (subject) => told.push(subject) });
  await failure(machines(caller).list("shop"));
  await failure(machines(caller).cordon("shop", "m1"));
  expect(told).toEqual(["shop/m1"]);
});

test("stops repeating when it is aborted", async () => {
  const stop = new AbortController();
  stop.abort();
  const { caller, sent } = scripted([{ lost: "after" }], { signal: stop.signal });
  expect(await failure(apps(caller).find("shop"))).toMatchObject({
    kind: "network",
    flyMessage: "stopped before Fly answered",
  });
  expect(sent).toHaveLength(1);
});
