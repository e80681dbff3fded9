import { decodeValue } from "../plugin/dynamic-value";
import type { ProviderService } from "../plugin/service";
import { unknown } from "../plugin/value";
import { string } from "./attribute";
import { defineDataSource, Problem } from "./definition";
import { defineProvider } from "./provider";
import {
  apply,
  attributes,
  configuration,
  no,
  open,
  plan,
  planned,
  type Reader,
  read,
  state,
  summaries,
  type_name,
  type Writer,
  wire,
} from "./testing/disk";

describe("a handler", () => {
  test("reads with a client that cannot write, and writes with one that can", async () => {
    const seen: string[] = [];
    const note = (client: Reader) => seen.push(client.kind);
    const { service } = await open({
      plan: async (client) => void note(client),
      read: async (client) => void note(client),
      create: async (client, plan) => {
        note(client);
        return { ...plan, id: "d" };
      },
    });
    await read(service);
    await plan(service, null, { ...planned, id: null });
    await apply(service, null, { ...planned, id: unknown });
    expect(seen).toEqual(["reader", "reader", "writer"]);
  });

  test("tells of its steps by the natural key, and of its configuration", async () => {
    const { service, steps } = await open({
      update: async (_, to, __, { progress, settings }) => {
        progress(`step of ${settings}`);
        return to;
      },
    });
    await apply(service, state, planned);
    expect(steps).toEqual([{ subject: "edge_disk d1", message: "step of s" }]);
  });

  test("may warn, and may say that it could not do all", async () => {
    const { service } = await open({
      update: async (_, to, __, { diagnose }) => {
        diagnose({ severity: "warning", summary: "Old", detail: "d" });
        diagnose({ summary: "Not all", detail: "d" });
        return { ...to, size_gb: 9 };
      },
    });
    const response = await apply(service, state, planned);
    expect(response.diagnostics).toMatchObject([{ severity: "WARNING" }, { severity: "ERROR", summary: "Not all" }]);
    expect(decodeValue(response.new_state)).toEqual({ ...state, size_gb: 9 });
  });

  test("that returns another shape is told so: a read fails, an apply warns", async () => {
    const wrong = async () => ({ ...state, env: { A: 1 }, colour: "red" }) as never;
    const { service } = await open({ read: wrong, update: wrong });
    expect(summaries(await read(service))).toEqual(["The provider has a bug [provider/wrong-shape]"]);
    const response = await apply(service, state, planned);
    expect(response.diagnostics?.[0]).toMatchObject({ severity: "WARNING" });
    expect(response.diagnostics?.[0]?.detail).toContain('env["A"]: a string is declared, got a number');
    expect(decodeValue(response.new_state)).toEqual(planned);
  });

  test("that returns something else than planned is believed at the next refresh", async () => {
    const { service } = await open({ update: async (_, to) => ({ ...to, size_gb: 7 }) });
    const response = await apply(service, state, planned);
    expect(decodeValue(response.new_state)).toEqual(planned);
    expect(response.diagnostics).toMatchObject([
      { severity: "WARNING", detail: expect.stringContaining("size_gb was planned as 2 and is 7") },
    ]);
  });
});

describe("a plan", () => {
  test("may be completed, and may ask for replacement", async () => {
    const { service } = await open({
      async plan(_, { planned, action, requireReplace }) {
        if (planned) planned.env = { ACTION: action };
        requireReplace(["env", "ACTION"]);
      },
    });
    const response = await plan(service, state, { ...state, id: null });
    expect(decodeValue(response.planned_state)).toEqual({ ...state, env: { ACTION: "update" } });
    expect(response.requires_replace).toEqual([
      { steps: [{ attribute_name: "env" }, { element_key_string: "ACTION" }] },
    ]);
  });

  test("that changes nothing is the prior state to the byte", async () => {
    const { service } = await open();
    const prior = wire({ ...state, size_gb: "0.1" });
    const config = wire({ ...state, size_gb: "0.1", id: null });
    const response = await service.planResourceChange({
      ...no,
      type_name,
      prior_state: prior,
      config,
      proposed_new_state: config,
    });
    expect(response.planned_state).toBe(prior);
  });

  test("keeps private state, which the apply hands back", async () => {
    const { service } = await open({
      plan: async (_, __, { private: store }) => store.set("seen", 1),
      create: async (_, to, { private: store }) => {
        store.set("seen", (store.get<number>("seen") ?? 0) + 1);
        return { ...to, id: "d" };
      },
    });
    const { planned_private } = await plan(service, null, { ...state, id: null });
    expect(Buffer.from(planned_private ?? []).toString()).toBe('{"seen":1}');
    const to = wire({ ...state, id: unknown });
    const kept = planned_private ?? new Uint8Array();
    const response = await service.applyResourceChange({
      ...no,
      type_name,
      prior_state: wire(null),
      planned_state: to,
      config: to,
      planned_private: kept,
    });
    expect(Buffer.from(response.private ?? []).toString()).toBe('{"seen":2}');
  });
});

describe("an import", () => {
  test("gives the read its key and says so once", async () => {
    const imported: boolean[] = [];
    const { service } = await open({
      read: async (_, state, context) => {
        imported.push(context.imported);
        return state;
      },
    });
    const { imported_resources } = await service.importResourceState({ ...no, type_name, id: "shop/1" });
    const [found] = imported_resources ?? [];
    expect(decodeValue(found?.state)).toEqual({ id: null, app: "shop", size_gb: null, env: null });
    const first = await service.readResource({
      ...no,
      type_name,
      current_state: wire(state),
      private: found?.private ?? new Uint8Array(),
    });
    await read(service, state, first.private as Uint8Array<ArrayBuffer>);
    expect(imported).toEqual([true, false]);
  });

  test("of a key of another form shows the form", async () => {
    const { service } = await open();
    const { diagnostics } = await service.importResourceState({ ...no, type_name, id: "shop" });
    expect(diagnostics).toMatchObject([
      { summary: '"shop" names no edge_disk', detail: expect.stringContaining("app/size_gb") },
    ]);
  });
});

describe("a stored state", () => {
  const upgrade = (service: ProviderService, version: number, stored: object) =>
    service.upgradeResourceState({ type_name, version, raw_state: { json: Buffer.from(JSON.stringify(stored)) } });

  test("goes through every step since it was written", async () => {
    const { service } = await open();
    const { upgraded_state } = await upgrade(service, 0, { app: "shop", size: 2, gone: true });
    expect(decodeValue(upgraded_state)).toEqual({ id: null, app: "shop", size_gb: 2, env: null });
    expect(decodeValue((await upgrade(service, 2, state)).upgraded_state)).toEqual(state);
  });

  test("of a newer provider, or of another shape, is refused", async () => {
    const { service } = await open();
    expect(summaries(await upgrade(service, 3, state))).toEqual([
      "The state was written by a newer provider [provider/state-newer]",
    ]);
    expect(summaries(await upgrade(service, 2, { ...state, app: 1 }))).toEqual([
      "The provider has a bug [provider/wrong-shape]",
    ]);
  });

  test("cannot be made of another resource", async () => {
    const { service } = await open();
    const response = await service.moveResourceState({
      source_provider_address: "",
      source_type_name: "other_disk",
      source_schema_version: 0,
      source_state: undefined,
      target_type_name: type_name,
      source_private: new Uint8Array(),
    });
    expect(summaries(response)).toEqual(["other_disk cannot be moved to edge_disk [provider/move]"]);
  });
});

describe("the configuration of the provider", () => {
  test("is not used while it is not known, and whoever needs it is told", async () => {
    const { service } = await open({}, { configured: false });
    const config = wire({ stack: unknown });
    expect(await service.configureProvider({ ...no, terraform_version: "1.11.4", config })).toEqual({});
    const response = await read(service);
    expect(summaries(response)).toEqual([
      "The configuration of the provider is not known yet [provider/configuration-unknown]",
    ]);
    expect((await plan(service, null, { ...state, id: null })).diagnostics).toEqual([]);
  });

  test("belongs to its session alone", async () => {
    const [one, other] = [await open(), await open({}, { configured: false })];
    expect(summaries(await read(one.service))).toEqual([]);
    expect(summaries(await read(other.service))).toEqual(["The provider has a bug [provider/bug]"]);
  });
});

test("a declaration that contradicts itself is told at once", async () => {
  const { service } = await open({}, { schema: { ...attributes, zone: string("optional+computed", { doc: "" }) } });
  const { diagnostics } = await service.getProviderSchema({});
  expect(diagnostics).toMatchObject([{ detail: expect.stringContaining("edge_disk.zone: needs a default or keep") }]);
});

test("a data source that finds nothing says so itself", async () => {
  const source = defineDataSource<typeof configuration, Reader, string>({
    type: "edge_stack",
    summary: "A stack.",
    attributes: configuration,
    read: async (_, { stack }, { settings }) => {
      if (stack === "none") throw new Problem({ summary: "No such stack", detail: "[edge/stack]" });
      return { stack: `${stack} of ${settings}` };
    },
  });
  const provider = defineProvider<typeof configuration, Reader, Writer, string>({
    name: "edge",
    version: "1",
    summary: "",
    attributes: configuration,
    configure: () => ({ reader: { kind: "r" }, writer: { kind: "w", write: () => {} }, settings: "all" }),
    resources: [],
    dataSources: [source],
  });
  const service = await provider.openSession({ signal: new AbortController().signal, progress: () => {} });
  await service.configureProvider({ ...no, terraform_version: "1.11.4", config: wire({ stack: null }) });
  const ask = (stack: string) => service.readDataSource({ ...no, type_name: "edge_stack", config: wire({ stack }) });
  expect(decodeValue((await ask("a")).state)).toEqual({ stack: "a of all" });
  expect(summaries(await ask("none"))).toEqual(["No such stack [edge/stack]"]);
});
