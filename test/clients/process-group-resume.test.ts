import { createStage, type Kept, type Stage } from "./stage";

const type = "fly_process_group";
type Given = { readonly [name: string]: unknown };

const service = { internal_port: 3000, ports: [{ port: 443, handlers: ["tls"] }], checks: [{ type: "http" }] };
const web = (more: Given = {}): Given => ({
  app: "shop",
  group: "web",
  image: "registry.fly.io/shop:v1",
  machines: { ord: { count: 2 } },
  services: [service],
  wait_timeout: "30s",
  ...more,
});
const v2 = { image: "registry.fly.io/shop:v2" };
const mount = { name: "data", path: "/data" };

interface Work {
  readonly name: string;
  readonly before?: Given;
  readonly after: Given;
}

const works: readonly Work[] = [
  { name: "a create", after: web() },
  { name: "a create with volumes", after: web({ mount }) },
  { name: "a rolling change", before: web(), after: web(v2) },
  { name: "a canary change", before: web({ strategy: "canary" }), after: web({ strategy: "canary", ...v2 }) },
  { name: "a blue-green change", before: web({ strategy: "bluegreen" }), after: web({ strategy: "bluegreen", ...v2 }) },
  { name: "a move to another region", before: web(), after: web({ machines: { iad: { count: 2 } } }) },
  { name: "a change of mounts", before: web({ mount }), after: web({ mount: { ...mount, name: "more" } }) },
  { name: "a change of the host", before: web(), after: web({ guest: { host_dedication_id: "ours" } }) },
  {
    name: "a larger pool with new secrets and metadata",
    before: web(),
    after: web({ machines: { ord: { count: 3 } }, metadata: { a: "b" }, secrets_version: 1 }),
  },
];

async function open(before: Given | undefined): Promise<{ stage: Stage; kept: Kept | undefined }> {
  const stage = createStage({ limits: "off" });
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  await stage.fly.secrets.set("shop", { KEY: "value" });
  return { stage, kept: before && (await stage.apply(type, before)) };
}

/** From the k-th call on nothing reaches Fly any more; the k-th itself may have arrived with its answer lost. */
function killAt({ sandbox }: Stage, k: number, arrives: boolean): { calls(): number; revive(): void } {
  const { fetch } = sandbox;
  let calls = 0;
  Object.assign(sandbox, {
    fetch: async (request: Request) => {
      calls += 1;
      if (calls < k) return fetch(request);
      if (calls === k && arrives) await fetch(request);
      throw new TypeError("killed");
    },
  });
  return { calls: () => calls, revive: () => Object.assign(sandbox, { fetch }) };
}

/** Everything that should be the same, however the work was cut up; names and ids may differ. */
async function finalState({ fly, sandbox }: Stage): Promise<unknown> {
  await sandbox.control.advance(60_000);
  const machines = (await fly.machines.list("shop")).filter(({ state }) => state !== "destroyed");
  const volumes = (await fly.volumes.list("shop")).filter(({ state }) => state === "created");
  const rows = machines.map(({ region, state, cordoned, config }) => {
    const { infra_replaces: _, ...metadata } = config?.metadata ?? {};
    const mounts = config?.mounts?.map(({ name, path }) => ({ name, path }));
    return JSON.stringify({ region, state, cordoned, config: { ...config, metadata, mounts } });
  });
  return {
    machines: rows.sort(),
    volumes: volumes
      .map(({ name, region, attached_machine_id }) => `${name} ${region} ${attached_machine_id ? "used" : "free"}`)
      .sort(),
  };
}

async function planIsEmpty(stage: Stage, config: Given, kept: Kept): Promise<void> {
  const seen = await stage.refresh(type, kept);
  expect({ changed: (await stage.plan(type, config, seen)).changed, divergence: seen?.values.divergence }).toEqual({
    changed: [],
    divergence: {},
  });
}

describe.each(works)("$name that is killed at any call", ({ before, after }) => {
  it.each([
    ["is lost", false],
    ["arrives, its answer is lost", true],
  ])("(which %s) is finished by a second apply", async (_, arrives) => {
    const clean = await open(before);
    const counter = killAt(clean.stage, Number.POSITIVE_INFINITY, false);
    await planIsEmpty(clean.stage, after, await clean.stage.apply(type, after, clean.kept));
    const calls = counter.calls() - 1;
    const wanted = await finalState(clean.stage);
    expect(calls).toBeGreaterThan(5);
    for (let k = 1; k <= calls; k += 1) {
      const { stage, kept } = await open(before);
      const { revive } = killAt(stage, k, arrives);
      const first = await stage.apply(type, after, kept).catch(() => undefined);
      revive();
      await stage.sandbox.control.advance(31_000);
      try {
        const seen = first ?? kept;
        const second = await stage.apply(type, after, seen && (await stage.refresh(type, seen)));
        await planIsEmpty(stage, after, second);
        expect(await finalState(stage)).toEqual(wanted);
      } catch (error) {
        throw new Error(`killed at call ${k} of ${calls}: ${error instanceof Error ? error.message : error}`);
      }
      stage.sandbox.close();
    }
  });
});

test("a version that nobody saw healthy is not taken for good by a second apply", async () => {
  const { stage, kept } = await open(web());
  const [first] = await stage.fly.machines.list("shop");
  stage.sandbox.control.setFaults([{ effect: { check: "critical" } }]);
  const { fetch } = stage.sandbox;
  let updates = 0;
  Object.assign(stage.sandbox, {
    fetch: async (request: Request) => {
      if (updates > 0) throw new TypeError("killed");
      if (request.method === "POST" && /machines\/\w+$/.test(request.url)) updates += 1;
      return fetch(request);
    },
  });
  await expect(stage.apply(type, web(v2), kept)).rejects.toThrow();
  Object.assign(stage.sandbox, { fetch });
  await stage.sandbox.control.advance(31_000);
  const back = web();
  const seen = await stage.refresh(type, kept as Kept);
  expect(Object.values(seen?.values.divergence ?? {}).join()).toContain("its roll-out is under way, or was cut off");
  await expect(stage.apply(type, web(v2), seen)).rejects.toThrow(/check servicecheck-00-http-3000, which is critical/);
  stage.sandbox.control.setFaults([]);
  const repaired = await stage.apply(type, back, await stage.refresh(type, seen as Kept));
  await planIsEmpty(stage, back, repaired);
  expect((await stage.fly.machines.find("shop", first?.id ?? ""))?.config?.metadata).not.toHaveProperty(
    "infra_pending",
  );
});
