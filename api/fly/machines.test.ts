import { fakeClock, type Scripted, scripted } from "./fake";
import { machines } from "./machines";

const config = { image: "nginx", env: { A: "1" }, metadata: { m: "1" } };
const before = { id: "m1", state: "started", region: "lhr", instance_id: "01A", config: { image: "old" } };
const after = { ...before, instance_id: "01B", config: { ...config, restart: { policy: "on-failure" } } };
const body = { config, current_version: "01A" };

function client(...script: readonly Scripted[]) {
  const { caller, sent, clock } = scripted(script);
  return {
    machines: machines(caller),
    sent,
    clock,
    asked: () => sent.map(({ method, url }) => `${method} ${new URL(url).pathname}`),
  };
}

test("sends the nonce with every fenced call", async () => {
  const { machines, sent } = client({ status: 200, body: { ok: true } });
  await machines.start("shop", "m1", { nonce: "n1" });
  await machines.delete("shop", "m1", { nonce: "n1", force: true });
  expect(sent.map(({ headers }) => headers["fly-machine-lease-nonce"])).toEqual(["n1", "n1"]);
  expect(sent[1]?.url).toContain("force=true&kill=true");
});

test("finds out by reading that an update whose answer was lost has landed", async () => {
  const { machines, asked } = client({ lost: "after" }, { status: 200, body: after });
  expect(await machines.update("shop", "m1", body)).toEqual(after);
  expect(asked()).toEqual(["POST /v1/apps/shop/machines/m1", "GET /v1/apps/shop/machines/m1"]);
});

test("sends an update again when the machine still has the version before", async () => {
  const { machines, asked } = client({ status: 502 }, { status: 200, body: before }, { status: 200, body: after });
  expect(await machines.update("shop", "m1", body)).toEqual(after);
  expect(asked()).toHaveLength(3);
});

test("takes the refusal of the second update for success when the first arrives late", async () => {
  const { machines } = client(
    { status: 502 },
    { status: 200, body: before },
    { status: 412, body: { error: "version mismatch" } },
    { status: 200, body: after },
  );
  expect(await machines.update("shop", "m1", body)).toEqual(after);
});

test("does not take another's update for its own", async () => {
  const others = { ...after, config: { image: "theirs" } };
  const { machines } = client({ lost: "after" }, { status: 200, body: others });
  await expect(machines.update("shop", "m1", body)).rejects.toMatchObject({ kind: "network", ambiguous: true });
});

test("unwraps a lease, and finds its own after a lost answer by the description", async () => {
  const lease = { nonce: "n1", expires_at: 1 };
  const plain = client({ status: 201, body: { status: "success", data: lease } });
  expect(await plain.machines.acquireLease("shop", "m1", { ttlSeconds: 30, description: "apply" })).toEqual(lease);

  let description = "";
  const { caller, sent } = scripted([{ lost: "after" }], {
    transport: {
      close() {},
      async send(request) {
        if (request.method === "POST") {
          description = JSON.parse(request.body ?? "{}").description;
          return { status: 500, headers: {}, body: "" };
        }
        return { status: 200, headers: {}, body: JSON.stringify({ data: { ...lease, description } }) };
      },
    },
  });
  expect((await machines(caller).acquireLease("shop", "m1", { ttlSeconds: 30, description: "apply" })).nonce).toBe(
    "n1",
  );
  expect(sent).toEqual([]);
});

test("reports who holds a lease", async () => {
  const { machines } = client({ status: 409, body: { error: "lease currently held by ann@example.org" } });
  await expect(machines.acquireLease("shop", "m1", { ttlSeconds: 30, description: "apply" })).rejects.toMatchObject({
    kind: "conflict",
    flyMessage: expect.stringContaining("ann@example.org"),
  });
});

test("is quiet about a lease that has ended and a machine that is gone", async () => {
  await client({ status: 403, body: {} }).machines.releaseLease("shop", "m1", { nonce: "n" });
  await client({ status: 404, body: {} }).machines.delete("shop", "m1");
});

test.each([10_000, 60_000, 150_000])(
  "waits for %i ms and no longer, asking again after Fly's 60 seconds",
  async (timeoutMs) => {
    const clock = fakeClock();
    const { caller } = scripted([], {
      clock,
      transport: {
        close() {},
        async send({ url }) {
          const seconds = Number(new URL(url).searchParams.get("timeout"));
          await clock.sleep(seconds * 1000);
          return { status: 408, headers: {}, body: JSON.stringify({ error: "deadline_exceeded: not yet" }) };
        },
      },
    });
    const start = clock.now();
    await expect(
      machines(caller).wait("shop", "m1", { state: "started", version: "01B", timeoutMs }),
    ).rejects.toMatchObject({ kind: "timeout", code: "deadline_exceeded" });
    expect(clock.now() - start).toBe(timeoutMs);
  },
);

test("takes a machine that Fly no longer knows for destroyed", async () => {
  await client({ status: 404, body: {} }).machines.wait("shop", "m1", { state: "destroyed", timeoutMs: 1000 });
});

test("starting a machine that runs already is no error", async () => {
  const { machines } = client(
    { status: 412, body: { error: "failed_precondition: unable to start machine" } },
    { status: 200, body: before },
  );
  await machines.start("shop", "m1");
});

test("follows the pages of an organization, also empty ones, takes what comes twice as it was last, and keeps the regions that did not answer", async () => {
  const row = { id: "m1", name: "n", app_name: "shop", region: "lhr", state: "started", version: "01A" };
  const { machines } = client(
    { status: 200, body: { machines: [row], next_cursor: "a", error_regions: ["syd"] } },
    { status: 200, body: { machines: [], next_cursor: "b", error_regions: ["syd"] } },
    {
      status: 200,
      body: {
        machines: [
          { ...row, id: "m2" },
          { ...row, state: "stopped" },
        ],
        next_cursor: "",
      },
    },
  );
  expect(await machines.listOrganization("acme")).toEqual({
    machines: [
      { ...row, state: "stopped" },
      { ...row, id: "m2" },
    ],
    error_regions: ["syd"],
  });
});
