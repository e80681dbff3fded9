import { createHarness, type Harness } from "../harness";

let h: Harness;
const machines = "/v1/apps/shop/machines";

beforeEach(async () => {
  h = createHarness();
  await h.app("shop");
});

describe("create", () => {
  it("boots a machine in 0.2 s and tells it in events", async () => {
    const created = await h.call("POST", machines, { config: { image: "nginx" }, region: "lhr", name: "web-1" });
    expect(created).toMatchObject({ status: 200, body: { name: "web-1", region: "lhr", state: "created" } });
    expect(created.body.id).toMatch(/^[0-9a-f]{14}$/);
    expect(created.body.version).toMatch(/^[0-9A-Z]{26}$/);
    const waiting = h.call("GET", `${machines}/${created.body.id}/wait?state=started`);
    await h.sandbox.control.advance(200);
    expect(await waiting).toMatchObject({
      status: 200,
      body: { ok: true, state: "started", version: created.body.version },
    });
    const { body } = await h.call("GET", `${machines}/${created.body.id}`);
    expect(body.events.map((e: { type: string; status: string }) => `${e.type}/${e.status}`)).toEqual([
      "start/started",
      "launch/created",
      "launch/pending",
    ]);
  });

  it("reaches stopped when it is not to be launched", async () => {
    const machine = await h.machine("shop", {}, { skip_launch: true });
    expect(machine.state).toBe("stopped");
    expect((await h.call("POST", `${machines}/${machine.id}/start`)).body).toEqual({
      previous_state: "stopped",
      migrated: false,
    });
  });

  it("refuses a start while the host prepares the machine", async () => {
    const { body } = await h.call("POST", machines, { config: { image: "nginx" }, skip_launch: true });
    expect(await h.call("POST", `${machines}/${body.id}/start`)).toMatchObject({
      status: 412,
      body: { error: "failed_precondition: unable to start machine from current state: 'created'" },
    });
  });

  it("names the holder of a name that is taken", async () => {
    const { id } = await h.machine("shop", {}, { name: "web-1" });
    const again = await h.call("POST", machines, { name: "web-1", config: { image: "nginx" } });
    expect(again).toMatchObject({
      status: 409,
      body: {
        error: `already_exists: unique machine name violation, machine ID ${id} already exists with name "web-1"`,
      },
    });
  });

  it("frees the name of a machine that is destroyed", async () => {
    const { id } = await h.machine("shop", {}, { name: "web-1" });
    await h.call("DELETE", `${machines}/${id}?force=true`);
    expect((await h.machine("shop", {}, { name: "web-1" })).id).not.toBe(id);
  });

  it.each([
    [{ config: { image: "nginx", flavour: "x" } }, 'invalid_argument: unknown field "config.flavour"'],
    [{ config: { image: "nginx", guest: { ram: 1 } } }, 'invalid_argument: unknown field "config.guest.ram"'],
    [{ config: { image: "nginx" }, wait: true }, 'invalid_argument: unknown field "wait"'],
    [{ config: { image: "nginx", env: { A: 1 } } }, "invalid_argument: config.env.A: expected string, received number"],
    [{ config: { image: "nginx", guest: { cpus: "1" } } }, "config.guest.cpus: expected number, received string"],
    [{ config: { image: "nginx", guest: { memory_mb: 300 } } }, "300 MiB"],
    [{ config: { image: "nginx", guest: { cpus: 3 } } }, "invalid config.guest.cpus: 3 shared CPUs"],
    [{ config: {} }, "config.image is required"],
    [{ config: { image: "UPPER" } }, 'invalid image reference "UPPER"'],
    [{ config: { image: "nginx:missing" } }, "manifest unknown"],
    [{ config: { image: "nginx" }, region: "xyz" }, 'region "xyz" not found'],
    [{ config: { image: "nginx", stop_config: { timeout: "301s" } } }, "config.stop_config.timeout"],
    [{ config: { image: "nginx", mounts: [{ volume: "vol_1", path: "/data" }] } }, "volume vol_1 not found"],
    ["{", "the body is not JSON"],
  ])("refuses %j with 400", async (body, text) => {
    const answer = await h.call("POST", machines, body);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toContain(text);
  });

  it("refuses a secrets version that is not there yet", async () => {
    const body = { config: { image: "nginx" }, min_secrets_version: 1 };
    expect((await h.call("POST", machines, body)).status).toBe(412);
    await h.call("POST", "/v1/apps/shop/secrets", { values: { KEY: "v" } });
    expect((await h.call("POST", machines, body)).status).toBe(200);
  });

  it("starts cordoned without service registration", async () => {
    const { id, cordoned } = await h.machine("shop", {}, { skip_service_registration: true });
    expect(cordoned).toBe(true);
    await h.call("POST", `${machines}/${id}/uncordon`);
    expect((await h.call("GET", `${machines}/${id}`)).body.cordoned).toBe(false);
  });
});

describe("update", () => {
  it("replaces the whole configuration, gives a new version and boots it", async () => {
    const { id, version } = await h.machine("shop", { env: { A: "1" } });
    const updated = await h.call("POST", `${machines}/${id}`, { config: { image: "nginx:2" } });
    expect(updated).toMatchObject({ status: 200, body: { state: "replacing" } });
    expect(updated.body.config.env).toBeUndefined();
    expect(updated.body.version).not.toBe(version);
    const waiting = h.call("GET", `${machines}/${id}/wait?state=started&version=${updated.body.version}`);
    await h.sandbox.control.advance(200);
    expect((await waiting).status).toBe(200);
    const versions = (await h.call("GET", `${machines}/${id}/versions`)).body;
    expect(versions.map((v: { version: string }) => v.version)).toEqual([updated.body.version, version]);
  });

  it("leaves a stopped machine stopped only when told not to launch", async () => {
    const { id } = await h.machine("shop", {}, { skip_launch: true });
    const state = async (body: object) => {
      await h.call("POST", `${machines}/${id}`, { config: { image: "nginx" }, ...body });
      await h.sandbox.control.advance(200);
      return (await h.call("GET", `${machines}/${id}`)).body.state;
    };
    expect(await state({ skip_launch: true })).toBe("stopped");
    expect(await state({})).toBe("started");
  });

  it("refuses a stale version", async () => {
    const { id, version } = await h.machine("shop");
    const body = { config: { image: "nginx" }, current_version: version };
    expect((await h.call("POST", `${machines}/${id}`, body)).status).toBe(200);
    await h.sandbox.control.advance(200);
    expect((await h.call("POST", `${machines}/${id}`, body)).status).toBe(412);
  });

  it("refuses a secrets version that is not there yet, and changes nothing", async () => {
    const { id, version } = await h.machine("shop");
    const body = { config: { image: "nginx:2" }, min_secrets_version: 1 };
    expect((await h.call("POST", `${machines}/${id}`, body)).status).toBe(412);
    expect(await h.call("GET", `${machines}/${id}`)).toMatchObject({ body: { version, config: { image: "nginx" } } });
  });

  it("refuses a machine that is being replaced", async () => {
    const { id } = await h.machine("shop");
    await h.call("POST", `${machines}/${id}`, { config: { image: "nginx" } });
    expect((await h.call("POST", `${machines}/${id}`, { config: { image: "nginx" } })).status).toBe(412);
    expect((await h.call("POST", `${machines}/${id}/start`)).status).toBe(412);
  });
});

describe("wait", () => {
  it("answers 408 when the time is over", async () => {
    const { id } = await h.machine("shop", {}, { skip_launch: true });
    const waiting = h.call("GET", `${machines}/${id}/wait?state=started&timeout=1`);
    await h.sandbox.control.advance(1000);
    expect(await waiting).toMatchObject({
      status: 408,
      body: { error: "deadline_exceeded: machine failed to reach desired state, started, currently stopped" },
    });
  });

  it("takes no more than 60 s", async () => {
    const { id } = await h.machine("shop");
    expect((await h.call("GET", `${machines}/${id}/wait?timeout=61`)).status).toBe(400);
  });

  it("does not take the old version's state for the new one's", async () => {
    const { id, version } = await h.machine("shop");
    const updated = await h.call("POST", `${machines}/${id}`, { config: { image: "nginx" } });
    await h.sandbox.control.advance(200);
    const waiting = h.call("GET", `${machines}/${id}/wait?state=started&version=${version}&timeout=1`);
    await h.sandbox.control.advance(1000);
    expect((await waiting).status).toBe(408);
    expect((await h.call("GET", `${machines}/${id}/wait?version=${updated.body.version}`)).status).toBe(200);
  });

  it("does not count a prepared machine as settled", async () => {
    const { body } = await h.call("POST", machines, { config: { image: "nginx" }, skip_launch: true });
    const waiting = h.call("GET", `${machines}/${body.id}/wait?state=settled`);
    await h.sandbox.control.advance(100);
    expect((await waiting).body.state).toBe("stopped");
  });
});

describe("end", () => {
  it("refuses to delete a running machine unless forced, and keeps it readable", async () => {
    const { id } = await h.machine("shop");
    expect((await h.call("DELETE", `${machines}/${id}`)).status).toBe(412);
    expect(await h.call("DELETE", `${machines}/${id}?kill=true`)).toMatchObject({ status: 200, body: { ok: true } });
    await h.sandbox.control.advance(100);
    expect((await h.call("GET", `${machines}/${id}`)).body.state).toBe("destroyed");
    expect((await h.call("GET", machines)).body).toEqual([]);
    expect((await h.call("GET", `${machines}?include_deleted=true`)).body).toHaveLength(1);
    expect((await h.call("DELETE", `${machines}/${id}`)).status).toBe(404);
  });

  it("stops with an exit event that was asked for", async () => {
    const { id } = await h.machine("shop");
    await h.call("POST", `${machines}/${id}/stop`, { id, timeout: "0s" });
    await h.sandbox.control.advance(100);
    const { body } = await h.call("GET", `${machines}/${id}`);
    expect(body.state).toBe("stopped");
    expect(body.events[0]).toMatchObject({
      type: "exit",
      source: "flyd",
      request: { exit_event: { requested_stop: true } },
    });
    expect(body.events[1]).toMatchObject({ type: "stop", source: "user" });
  });

  it("stops a machine that is still starting: it never comes up", async () => {
    const { id } = (await h.call("POST", machines, { config: { image: "nginx" } })).body;
    await h.sandbox.control.advance(150);
    expect((await h.call("POST", `${machines}/${id}/stop`)).status).toBe(200);
    await h.sandbox.control.advance(500);
    const { state, events } = (await h.call("GET", `${machines}/${id}`)).body;
    expect(state).toBe("stopped");
    expect(events.map((event: { status: string }) => event.status)).not.toContain("started");
  });

  it("lets a release command exit with code 0 and be destroyed, its events still readable", async () => {
    const metadata = { fly_process_group: "fly_app_release_command" };
    const { id } = await h.machine("shop", { metadata, auto_destroy: true, restart: { policy: "no" } });
    await h.sandbox.control.advance(500);
    const { body } = await h.call("GET", `${machines}/${id}`);
    expect(body.state).toBe("destroyed");
    const exit = body.events.find((event: { type: string }) => event.type === "exit");
    expect(exit.request.exit_event).toMatchObject({ exit_code: 0, requested_stop: false });
  });

  it("restarts a crashing image as often as its policy says, then leaves it stopped", async () => {
    const { id } = await h.machine("shop", {
      image: "nginx:crash-1",
      restart: { policy: "on-failure", max_retries: 2 },
    });
    await h.sandbox.control.advance(2000);
    const { body } = await h.call("GET", `${machines}/${id}/events`);
    const exits = body.filter((event: { type: string }) => event.type === "exit");
    expect(exits).toHaveLength(3);
    expect(exits[0].request).toMatchObject({ restart_count: 2, exit_event: { exit_code: 1, restarting: false } });
    expect((await h.call("GET", `${machines}/${id}`)).body.state).toBe("stopped");
  });

  it("suspends, and refuses what cannot be suspended", async () => {
    const small = await h.machine("shop");
    await h.call("POST", `${machines}/${small.id}/suspend`);
    await h.sandbox.control.advance(100);
    expect((await h.call("GET", `${machines}/${small.id}`)).body.state).toBe("suspended");
    const large = await h.machine("shop", { guest: { cpus: 2, memory_mb: 4096 } });
    expect((await h.call("POST", `${machines}/${large.id}/suspend`)).status).toBe(412);
  });
});

describe("checks", () => {
  const services = [{ protocol: "tcp", internal_port: 8080, checks: [{ type: "http", path: "/health" }] }];

  it("come after a moment and pass", async () => {
    const { body } = await h.call("POST", machines, { config: { image: "nginx", services } });
    await h.sandbox.control.advance(300);
    expect((await h.call("GET", `${machines}/${body.id}`)).body).toMatchObject({ state: "started", checks: [] });
    await h.sandbox.control.advance(100);
    expect((await h.call("GET", `${machines}/${body.id}`)).body.checks).toMatchObject([
      { name: "servicecheck-00-http-8080", status: "passing" },
    ]);
  });

  it("collapse when equal, and never pass for an unhealthy image", async () => {
    const checks = { alive: { type: "tcp", port: 9000 } };
    const machine = await h.machine("shop", { image: "nginx:unhealthy", services: [...services, ...services], checks });
    expect(machine.checks.map((c: { name: string; status: string }) => [c.name, c.status])).toEqual([
      ["servicecheck-00-http-8080", "critical"],
      ["alive", "critical"],
    ]);
  });
});

describe("list", () => {
  it("filters by region, state and metadata", async () => {
    const one = await h.machine("shop", { metadata: { a: "1", b: "2" } }, { region: "lhr" });
    await h.machine("shop", { metadata: { a: "1" } }, { region: "iad" });
    await h.machine("shop", {}, { skip_launch: true });
    const ids = async (query: string) =>
      (await h.call("GET", `${machines}?${query}`)).body.map((machine: { id: string }) => machine.id);
    expect(await ids("region=lhr")).toEqual([one.id]);
    expect(await ids("metadata.a=1")).toHaveLength(2);
    expect(await ids("metadata.a=1&metadata.b=2")).toEqual([one.id]);
    expect(await ids("state=started,suspended")).toHaveLength(2);
  });

  it("leaves the configuration out of a summary", async () => {
    await h.machine("shop");
    expect((await h.call("GET", `${machines}?summary=true`)).body[0]).not.toHaveProperty("config");
  });
});

describe("metadata", () => {
  it("changes without a lease, a new version or a restart", async () => {
    const machine = await h.machine("shop", { metadata: { keep: "1", drop: "1" } }, { lease_ttl: 30 });
    const path = `${machines}/${machine.id}/metadata`;
    expect((await h.call("POST", `${path}/added`, { value: "x" })).status).toBe(204);
    expect((await h.call("DELETE", `${path}/drop`)).status).toBe(204);
    expect((await h.call("GET", path)).body).toEqual({ keep: "1", added: "x" });
    expect((await h.call("PATCH", path, { metadata: { keep: null } })).status).toBe(204);
    const now = (await h.call("GET", `${machines}/${machine.id}`)).body;
    expect(now).toMatchObject({ version: machine.version, state: "started", config: { metadata: { added: "x" } } });
    const stale = { metadata: { a: "1" }, machine_version: "01J0000000000000000000000A" };
    expect((await h.call("PUT", path, stale)).status).toBe(412);
  });
});
