import { createStage, type Kept, type Stage } from "./stage";

const type = "fly_process_group";
type Given = { readonly [name: string]: unknown };

const service = {
  internal_port: 3000,
  ports: [{ port: 443, handlers: ["tls", "http"] }],
  checks: [{ type: "http", path: "/health" }],
};
const web = (count: number, more: Given = {}): Given => ({
  app: "shop",
  group: "web",
  image: "registry.fly.io/shop:v1",
  machines: { ord: { count } },
  services: [service],
  wait_timeout: "30s",
  ...more,
});

async function open(): Promise<Stage> {
  const stage = createStage({ limits: "off" });
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  return stage;
}

async function start(config: Given): Promise<{ stage: Stage; kept: Kept }> {
  const stage = await open();
  return { stage, kept: await stage.apply(type, config) };
}

const live = async (stage: Stage) =>
  (await stage.fly.machines.list("shop")).filter(({ state }) => state !== "destroyed" && state !== "destroying");

/** The fewest machines that were serving at any moment from now on: started, in the proxy, checks passing. */
function watchService({ sandbox }: Stage): () => number {
  let fewest = Number.POSITIVE_INFINITY;
  const sample = () => {
    const now = Date.parse(sandbox.control.status().now);
    const machines = [...(sandbox.control.state().apps.get("shop")?.machines.values() ?? [])];
    const serving = machines.filter(
      ({ state, cordoned, startedAt, imageRef }) =>
        state === "started" && !cordoned && now + 1 >= startedAt + 200 && !imageRef.tag?.startsWith("unhealthy"),
    );
    fewest = Math.min(fewest, serving.length);
  };
  const { fetch } = sandbox;
  const { advance } = sandbox.control;
  Object.assign(sandbox, {
    fetch: async (request: Request) => {
      const answer = await fetch(request);
      sample();
      return answer;
    },
  });
  Object.assign(sandbox.control, {
    advance: async (ms: number) => {
      for (let left = ms; left > 0; left -= 50) {
        await advance(Math.min(50, left));
        sample();
      }
    },
  });
  return () => fewest;
}

describe("a rolling change", () => {
  it.each([
    [1, "33%", 0],
    [2, "30%", 1],
    [3, "1", 2],
    [5, "2", 3],
    [6, "50%", 3],
    [10, "30%", 7],
    [4, "100%", 1],
  ])("of %i machines, %s unavailable, leaves %i in service", async (count, max_unavailable, least) => {
    const { stage, kept } = await start(web(count, { max_unavailable }));
    await stage.sandbox.control.advance(1_000);
    const fewest = watchService(stage);
    await stage.apply(type, web(count, { max_unavailable, image: "registry.fly.io/shop:v2" }), kept);
    expect(fewest()).toBe(least);
    expect((await live(stage)).map(({ config }) => config?.image)).toEqual(
      Array(count).fill("registry.fly.io/shop:v2"),
    );
  });

  it("keeps as many in service while it moves to another region, and while it replaces machines", async () => {
    const { stage, kept } = await start(web(3));
    await stage.sandbox.control.advance(1_000);
    const fewest = watchService(stage);
    const moved = await stage.apply(type, web(3, { machines: { iad: { count: 3 } } }), kept);
    expect((await live(stage)).map(({ region }) => region)).toEqual(["iad", "iad", "iad"]);
    await stage.apply(type, web(3, { machines: { iad: { count: 3 } }, guest: { host_dedication_id: "ours" } }), moved);
    expect(await live(stage)).toHaveLength(3);
    expect(fewest()).toBeGreaterThanOrEqual(3);
  });

  it("leaves sleeping machines asleep and gives them the new config", async () => {
    const { stage, kept } = await start(web(3, { services: [{ ...service, autostop: "stop" }] }));
    const [first, second] = await live(stage);
    for (const machine of [first, second])
      stage.sandbox.control.tamper({ kind: "autostop", app: "shop", machine: machine?.id ?? "" });
    const config = web(3, { services: [{ ...service, autostop: "stop" }], env: { LEVEL: "debug" } });
    await stage.apply(type, config, await stage.refresh(type, kept));
    await stage.sandbox.control.advance(1_000);
    expect((await live(stage)).map(({ state, config }) => [state, config?.env?.LEVEL])).toEqual([
      ["stopped", "debug"],
      ["stopped", "debug"],
      ["started", "debug"],
    ]);
  });

  it("restarts nothing when only metadata, counts or the way of rolling out change", async () => {
    const { stage, kept } = await start(web(2));
    const before = (await live(stage)).map(({ instance_id }) => instance_id);
    const config = web(2, {
      metadata: { team: "web" },
      machines: { ord: { min: 1, max: 4 } },
      strategy: "canary",
      wait_timeout: "1m",
    });
    const applied = await stage.apply(type, config, kept);
    const after = await live(stage);
    expect(after.map(({ instance_id }) => instance_id)).toEqual(before);
    expect(after.map(({ config }) => config?.metadata?.team)).toEqual(["web", "web"]);
    await stage.apply(type, web(2), applied);
    expect((await live(stage)).map(({ config }) => config?.metadata?.team)).toEqual([undefined, undefined]);
  });

  it.each([
    ["unhealthy", /check servicecheck-00-http-3000, which is critical: connect: connection refused/],
    ["crash", /its process ended with exit code 1/],
  ])("that does not become healthy (%s) is undone, and the error says what happened", async (tag, reason) => {
    const { stage, kept } = await start(web(3));
    const before = await live(stage);
    const apply = stage.apply(type, web(3, { image: `registry.fly.io/shop:${tag}` }), kept);
    await expect(apply).rejects.toThrow(reason);
    await expect(apply).rejects.toThrow(
      /Its last events: .*Undone: web-ord-\d \(\w+\) serves again as before.*Not touched: web-ord-\d .*; web-ord-\d/s,
    );
    const after = await live(stage);
    expect(after.map(({ id, config, state }) => ({ id, config, state }))).toEqual(
      before.map(({ id, config }) => ({ id, config, state: "started" })),
    );
    const seen = await stage.refresh(type, kept);
    expect((await stage.plan(type, web(3), seen)).changed).toEqual([]);
  });

  it("brings back those that were healthy already, and goes on from there", async () => {
    const { stage, kept } = await start(web(4));
    const third = (await live(stage)).sort((a, b) => (a.id < b.id ? -1 : 1))[2];
    stage.sandbox.control.setFaults([{ effect: { check: "critical", machine: third?.id } }]);
    const changed = web(4, { image: "registry.fly.io/shop:v2", max_unavailable: "1" });
    await expect(stage.apply(type, changed, kept)).rejects.toThrow("[fly/rollout-failed]");
    expect(new Set((await live(stage)).map(({ config }) => config?.image))).toEqual(
      new Set(["registry.fly.io/shop:v1"]),
    );
    stage.sandbox.control.setFaults([]);
    await stage.apply(type, changed, await stage.refresh(type, kept));
    expect(new Set((await live(stage)).map(({ config }) => config?.image))).toEqual(
      new Set(["registry.fly.io/shop:v2"]),
    );
  });

  it("destroys new machines that do not become healthy, and touches no other", async () => {
    const { stage, kept } = await start(web(2));
    const versions = (await live(stage)).map(({ instance_id }) => instance_id);
    const bigger = web(4, { image: "registry.fly.io/shop:crash" });
    await expect(stage.apply(type, bigger, kept)).rejects.toThrow(/web-ord-3 \(\w+\) destroyed/);
    expect((await live(stage)).map(({ instance_id }) => instance_id)).toEqual(versions);
  });

  it("waits for a running deploy and shows who it is", async () => {
    const { stage, kept } = await start(web(2));
    const [first] = await live(stage);
    await stage.fly.machines.acquireLease("shop", first?.id ?? "", { ttlSeconds: 13, description: "deploy" });
    const began = Date.parse(stage.sandbox.control.status().now);
    await stage.apply(type, web(2, { env: { A: "b" } }), kept);
    expect(Date.parse(stage.sandbox.control.status().now) - began).toBeGreaterThan(9_000);
    await stage.fly.machines.acquireLease("shop", first?.id ?? "", { ttlSeconds: 3_000, description: "stuck" });
    const again = stage.apply(type, web(2, { env: { A: "c" } }), await stage.refresh(type, kept));
    await expect(again).rejects.toThrow(/lease currently held by/);
    expect((await live(stage)).map(({ config }) => config?.env?.A)).toEqual(["b", "b"]);
  });

  it("hands new secrets to running machines", async () => {
    const { stage, kept } = await start(web(2));
    const { version } = await stage.fly.secrets.set("shop", { KEY: "value" });
    const config = web(2, { secrets_version: version });
    const applied = await stage.apply(type, config, kept);
    const rows = [...(stage.sandbox.control.state().apps.get("shop")?.machines.values() ?? [])];
    expect(rows.map(({ secretsVersion }) => secretsVersion)).toEqual([version, version]);
    expect((await stage.plan(type, config, await stage.refresh(type, applied))).changed).toEqual([]);
  });
});

describe("a blue-green change", () => {
  const blue = web(3, { strategy: "bluegreen" });

  it("replaces all machines and never has fewer in service", async () => {
    const { stage, kept } = await start(blue);
    await stage.sandbox.control.advance(1_000);
    const old = (await live(stage)).map(({ id }) => id);
    const fewest = watchService(stage);
    const green = { ...blue, image: "registry.fly.io/shop:v2" };
    const applied = await stage.apply(type, green, kept);
    const now = await live(stage);
    expect(fewest()).toBe(3);
    expect(now.map(({ config, cordoned }) => [config?.image, cordoned])).toEqual(
      Array(3).fill(["registry.fly.io/shop:v2", false]),
    );
    expect(now.filter(({ id }) => old.includes(id))).toEqual([]);
    expect((await stage.plan(type, green, await stage.refresh(type, applied))).changed).toEqual([]);
  });

  it("destroys the new machines when one is not healthy; the old ones never notice", async () => {
    const { stage, kept } = await start(blue);
    const before = (await live(stage)).map(({ id, instance_id }) => [id, instance_id]);
    await expect(stage.apply(type, { ...blue, image: "registry.fly.io/shop:unhealthy" }, kept)).rejects.toThrow(
      /destroyed/,
    );
    expect((await live(stage)).map(({ id, instance_id }) => [id, instance_id])).toEqual(before);
  });
});

describe("a canary change", () => {
  const config = web(2, { strategy: "canary" });

  it("tries one extra machine, then rolls", async () => {
    const { stage, kept } = await start(config);
    stage.calls();
    await stage.apply(type, { ...config, image: "registry.fly.io/shop:v2" }, kept);
    expect(stage.calls().filter((call) => call === "POST /v1/apps/shop/machines")).toHaveLength(1);
    expect((await live(stage)).map(({ config }) => config?.image)).toEqual(Array(2).fill("registry.fly.io/shop:v2"));
  });

  it("touches nothing when the canary fails", async () => {
    const { stage, kept } = await start(config);
    const before = (await live(stage)).map(({ id, instance_id }) => [id, instance_id]);
    await expect(stage.apply(type, { ...config, image: "registry.fly.io/shop:crash" }, kept)).rejects.toThrow(
      /exit code 1/,
    );
    expect((await live(stage)).map(({ id, instance_id }) => [id, instance_id])).toEqual(before);
  });
});

test("an immediate change waits for nothing", async () => {
  const config = web(3, { strategy: "immediate" });
  const { stage, kept } = await start(config);
  const changed = { ...config, image: "registry.fly.io/shop:unhealthy" };
  await stage.apply(type, changed, kept);
  expect((await live(stage)).map(({ config }) => config?.image)).toEqual(
    Array(3).fill("registry.fly.io/shop:unhealthy"),
  );
});

describe("capacity and hosts", () => {
  it("makes another machine where the host has no room, and destroys the old one after it", async () => {
    const { stage, kept } = await start(web(2));
    const [first] = await live(stage);
    stage.sandbox.control.tamper({ kind: "host-full", app: "shop", machine: first?.id ?? "" });
    const config = web(2, { guest: { memory_mb: 1024 } });
    const applied = await stage.apply(type, config, kept);
    const now = await live(stage);
    expect(now).toHaveLength(2);
    expect(now.map(({ id }) => id)).not.toContain(first?.id);
    expect((await stage.plan(type, config, await stage.refresh(type, applied))).changed).toEqual([]);
  });

  it("says what to do where a volume binds the machine to a full host", async () => {
    const config = web(2, { mount: { name: "data", path: "/data" } });
    const { stage, kept } = await start(config);
    const [first] = await live(stage);
    stage.sandbox.control.tamper({ kind: "host-full", app: "shop", machine: first?.id ?? "" });
    await expect(stage.apply(type, { ...config, guest: { memory_mb: 1024 } }, kept)).rejects.toThrow(
      "[fly/no-capacity]",
    );
    expect((await live(stage)).map(({ config }) => config?.guest?.memory_mb)).toEqual([256, 256]);
  });

  it("replaces a machine whose host does not answer when the declaration changes", async () => {
    const { stage, kept } = await start(web(2));
    const [first] = await live(stage);
    stage.sandbox.control.tamper({ kind: "host-unreachable", app: "shop", machine: first?.id ?? "" });
    const seen = await stage.refresh(type, kept);
    await stage.apply(type, web(2, { env: { A: "b" } }), seen);
    expect((await live(stage)).filter(({ config }) => config?.env?.A === "b")).toHaveLength(2);
  });
});

describe("volumes", () => {
  const data = web(2, { mount: { name: "data", path: "/data", size_gb: 2 } });

  it("gives each machine one, keeps it when the machine goes, and takes it up again", async () => {
    const { stage, kept } = await start(data);
    const ids = (await stage.fly.volumes.list("shop")).map(({ id }) => id).sort();
    const smaller = await stage.apply(type, { ...data, machines: { ord: { count: 1 } } }, kept);
    expect((await stage.fly.volumes.list("shop")).map(({ id }) => id).sort()).toEqual(ids);
    await stage.apply(type, data, smaller);
    const volumes = await stage.fly.volumes.list("shop");
    expect(volumes.map(({ id }) => id).sort()).toEqual(ids);
    expect(volumes.every(({ attached_machine_id }) => attached_machine_id)).toBe(true);
  });

  it("makes another where the host of a new one has no room for the machine, and leaves none behind", async () => {
    const stage = await open();
    const match = { method: "POST", path: "/machines$" };
    const body = {
      error: "insufficient resources to create new machine with existing volume",
      status: "insufficient_capacity",
    };
    stage.sandbox.control.setFaults([{ match, times: 1, effect: { status: 412, body } }]);
    await stage.apply(type, data);
    const volumes = (await stage.fly.volumes.list("shop")).filter(({ state }) => state === "created");
    expect(volumes.map(({ attached_machine_id }) => Boolean(attached_machine_id))).toEqual([true, true]);
    expect(await live(stage)).toHaveLength(2);
  });

  it("extends them, and refuses to shrink or to change their encryption at plan time", async () => {
    const { stage, kept } = await start(data);
    const mount = { name: "data", path: "/data" };
    const larger = await stage.apply(type, { ...data, mount: { ...mount, size_gb: 5 } }, kept);
    expect((await stage.fly.volumes.list("shop")).map(({ size_gb }) => size_gb)).toEqual([5, 5]);
    await expect(stage.plan(type, data, larger)).rejects.toThrow("[fly/volume-shrink]");
    await expect(
      stage.plan(type, { ...data, mount: { ...mount, size_gb: 5, encrypted: false } }, larger),
    ).rejects.toThrow("[fly/volume-encryption]");
  });

  it("destroys them with the group, and the plan says which", async () => {
    const { stage, kept } = await start(data);
    const ids = (await stage.fly.volumes.list("shop")).map(({ id }) => id);
    await stage.destroy(type, kept);
    expect(stage.warnings.join()).toBe("");
    expect(await live(stage)).toEqual([]);
    const left = (await stage.fly.volumes.list("shop")).filter(({ state }) => state === "created");
    expect(left).toEqual([]);
    expect(ids).toHaveLength(2);
  });
});

test("a create refuses machines that nobody here made, and names them", async () => {
  const stage = await open();
  const metadata = { fly_platform_version: "v2", fly_process_group: "web" };
  await stage.fly.machines.create("shop", { name: "old", region: "ord", config: { image: "nginx", metadata } });
  await expect(stage.plan(type, web(2))).rejects.toThrow(
    /old \(\w+\).*terraform import fly_process_group\.<name> 'shop\/web'.*\[fly\/exists\]/s,
  );
});
