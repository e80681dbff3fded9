import fc from "fast-check";
import type { Attributes } from "../../provider/framework/attribute";
import { defineResource } from "../../provider/framework/definition";
import { planObject } from "../../provider/framework/plan";
import { defineProvider } from "../../provider/framework/provider";
import { sameObject } from "../../provider/framework/shape";
import { decodeValue, encodeValue } from "../../provider/plugin/dynamic-value";
import { type HostedProvider, hostProvider } from "../../provider/plugin/host";
import type { OpenSession } from "../../provider/plugin/service";
import { type Client, callMethod, connectClient } from "../../provider/plugin/testing/client";
import { type MethodName, methods } from "../../provider/plugin/tfplugin6";
import { isObject, type ObjectValue, unknown, type Value } from "../../provider/plugin/value";
import type { Encodable } from "../../provider/plugin/wire";
import { applied, attributes, configuration, state } from "./support/arbitrary";
import { thingAttributes } from "./support/edge-attributes";
import { edgeProvider, Platform } from "./support/edge-provider";

const address = "registry.terraform.io/test/edge";
const hosts: HostedProvider[] = [];
const clients: Client[] = [];
type Asked<Name extends MethodName> = (typeof methods)[Name]["request"];
type Answered<Name extends MethodName> = (typeof methods)[Name]["response"];

/** Calls by name, over a socket of its own. */
async function connect(openSession: OpenSession) {
  const host = await hostProvider({ openSession, address });
  hosts.push(host);
  const client = await connectClient(JSON.parse(host.reattach)[address].Addr.String);
  clients.push(client);
  return <Name extends MethodName>(name: Name, request: Encodable<Asked<Name>> = {}) =>
    callMethod<Asked<Name>, Answered<Name>>(client, name, methods[name], request);
}

async function disconnect() {
  for (const client of clients.splice(0)) client.close();
  for (const host of hosts.splice(0)) await host.close();
}
afterEach(disconnect);

const wire = (value: Value) => ({ msgpack: encodeValue(value) });
const type_name = "edge_thing";
const nothing: ObjectValue = Object.fromEntries(Object.keys(thingAttributes).map((name) => [name, null]));
const nested = { label: "l", note: null, size: null, serial: null, deep: null };

async function edge() {
  const platform = new Platform();
  const call = await connect(edgeProvider(platform).openSession);
  await call("ConfigureProvider", { config: wire({ greeting: null }) });
  const plan = (prior: Value, config: Value) =>
    call("PlanResourceChange", {
      type_name,
      prior_state: wire(prior),
      config: wire(config),
      proposed_new_state: wire(config),
    });
  const apply = async (prior: Value, config: Value) => {
    const { planned_state, planned_private } = await plan(prior, config);
    const response = await call("ApplyResourceChange", {
      type_name,
      prior_state: wire(prior),
      planned_state: planned_state,
      config: wire(config),
      planned_private: planned_private ?? new Uint8Array(),
    });
    const state = decodeValue(response.new_state);
    return { ...response, state: isObject(state) ? state : null };
  };
  return { platform, call, plan, apply };
}

test("answers every call that comes before a configuration", async () => {
  const call = await connect(edgeProvider(new Platform()).openSession);
  const schema = await call("GetProviderSchema");
  expect(schema.diagnostics).toEqual([]);
  expect(Object.keys(schema.resource_schemas ?? {})).toEqual(["edge_thing"]);
  expect(Object.keys(schema.data_source_schemas ?? {})).toEqual(["edge_thing"]);
  expect(schema.resource_schemas?.edge_thing).toMatchObject({ version: 1 });
  expect(schema.server_capabilities).toMatchObject({ plan_destroy: true, get_provider_schema_optional: true });
  const shapes = schema.resource_schemas?.edge_thing?.block?.attributes?.find(({ name }) => name === "required");
  expect(
    shapes?.nested_type?.attributes?.map(({ name, nested_type }) => `${name} ${nested_type?.nesting ?? ""}`),
  ).toEqual([
    "string ",
    "number ",
    "bool ",
    "list ",
    "set ",
    "map ",
    "object SINGLE",
    "object_list LIST",
    "object_set SET",
    "object_map MAP",
  ]);
  expect(await call("GetMetadata")).toMatchObject({ resources: [{ type_name }], data_sources: [{ type_name }] });
  expect(await call("ValidateProviderConfig", { config: wire({ greeting: unknown }) })).toEqual({ diagnostics: [] });
  expect(await call("GetFunctions")).toEqual({ diagnostics: [] });
});

test("tells every problem of a configuration with its path", async () => {
  const { call } = await edge();
  const config = {
    ...nothing,
    id: "mine",
    timeout: "soon",
    password: "same",
    token: "same",
    optional: { list: [null], object_map: { "a.b": { ...nested, label: null } } },
  };
  const { diagnostics } = await call("ValidateResourceConfig", { type_name, config: wire(config) });
  const told = diagnostics?.map(({ detail, attribute }) => [
    /\[[^[]*\]$/.exec(detail ?? "")?.[0],
    attribute?.steps?.map((step) => step.attribute_name ?? step.element_key_string ?? step.element_key_int).join("/"),
  ]);
  expect(told).toEqual([
    ["[provider/read-only]", "id"],
    ["[provider/required]", "name"],
    ["[provider/null-element]", "optional/list/0"],
    ["[provider/required]", "optional/object_map/a.b/label"],
    ["[edge/duration]", "timeout"],
    ["[edge/twice]", "token"],
  ]);
  expect(JSON.stringify(diagnostics)).not.toContain("same");
});

test("plans, applies, reads and plans nothing", async () => {
  const { plan, apply, call } = await edge();
  const config = { ...nothing, name: "one", token: "secret", optional: { string: "", number: "0.1", list: [] } };
  const first = await plan(null, config);
  expect(decodeValue(first.planned_state)).toMatchObject({
    id: unknown,
    token: null,
    size_gb: 1,
    twice: 2,
    computed: unknown,
  });
  const { state, private: kept } = await apply(null, config);
  expect(state).toMatchObject({
    id: "thing-one",
    token: null,
    revision: 1,
    optional: { string: "", list: [], map: null },
  });
  const read = await call("ReadResource", { type_name, current_state: wire(state), private: kept });
  expect(decodeValue(read.new_state)).toEqual(state);
  const again = await plan(state, config);
  expect(decodeValue(again.planned_state)).toEqual(state);
  expect(again.requires_replace).toEqual([]);
});

test("asks for replacement, with the way to the attribute", async () => {
  const { plan, apply } = await edge();
  const { state } = await apply(null, { ...nothing, name: "one" });
  const { requires_replace } = await plan(state, { ...nothing, name: "two", zone: "z" });
  expect(requires_replace).toMatchObject([
    { steps: [{ attribute_name: "name" }] },
    { steps: [{ attribute_name: "zone" }] },
  ]);
});

test("reads a thing that is gone as null, and deletes it quietly", async () => {
  const { platform, apply, call } = await edge();
  const { state } = await apply(null, { ...nothing, name: "one" });
  platform.delete("one");
  const { new_state } = await call("ReadResource", { type_name, current_state: wire(state) });
  expect(decodeValue(new_state)).toBeNull();
  const response = await call("ApplyResourceChange", {
    type_name,
    prior_state: wire(state),
    planned_state: wire(null),
    config: wire(null),
  });
  expect([decodeValue(response.new_state), response.diagnostics]).toEqual([null, []]);
});

test("refuses to plan the deletion of what is protected", async () => {
  const { apply, plan } = await edge();
  const { state } = await apply(null, { ...nothing, name: "one", zone: "protected" });
  const { diagnostics } = await plan(state, null);
  expect(diagnostics).toMatchObject([{ summary: "Protected", attribute: { steps: [{ attribute_name: "zone" }] } }]);
});

test("brings a state of an earlier version up to date", async () => {
  const { call } = await edge();
  const json = Buffer.from(JSON.stringify({ name: "old", size: 3, timeout: "2s" }));
  const { upgraded_state } = await call("UpgradeResourceState", { type_name, version: 0, raw_state: { json } });
  expect(decodeValue(upgraded_state)).toMatchObject({ ...nothing, name: "old", size_gb: 3, timeout: "2s" });
});

test("two runs on one provider have each their own configuration", async () => {
  const platform = new Platform();
  const { openSession } = edgeProvider(platform);
  const [one, two] = [await connect(openSession), await connect(openSession)];
  await one("ConfigureProvider", { config: wire({ greeting: "hi" }) });
  const refused = await two("ConfigureProvider", { config: wire({ greeting: "fail" }) });
  expect(refused.diagnostics).toMatchObject([
    { summary: "No greeting", attribute: { steps: [{ attribute_name: "greeting" }] } },
  ]);
  const ask = { type_name, config: wire({ name: "x", exists: null, size_gb: null }) };
  expect(decodeValue((await one("ReadDataSource", ask)).state)).toEqual({ name: "x", exists: false, size_gb: null });
  expect((await two("ReadDataSource", ask)).state).toBeUndefined();
});

/** A provider of one resource with these attributes, whose create returns what a test says. */
function anyProvider(schema: Attributes, created: ObjectValue) {
  const resource = defineResource<Attributes, object, object>({
    type: "edge_any",
    summary: "Anything.",
    attributes: schema,
    importKey: { format: "id", parse: () => ({}) },
    read: async (_, state) => state,
    create: async () => created,
    update: async (_, to) => to,
    delete: async () => {},
  });
  return defineProvider<Record<never, never>, object, object, unknown>({
    name: "edge",
    version: "1.0.0",
    summary: "",
    attributes: {},
    configure: () => ({ reader: {}, writer: {}, settings: {} }),
    resources: [resource],
    dataSources: [],
  });
}

test("any value of any schema survives the way to the handlers and back", async () => {
  const scenario = attributes().chain((schema) =>
    configuration(schema, "maybe unknown").chain((config) => {
      const planned = planObject(schema, config, null);
      return fc.record({
        schema: fc.constant(schema),
        config: fc.constant(config),
        planned: fc.constant(planned),
        after: applied(schema, planned),
        prior: state(schema),
      });
    }),
  );
  await fc.assert(
    fc.asyncProperty(scenario, async ({ schema, config, planned, after, prior }) => {
      const call = await connect(anyProvider(schema, after).openSession);
      await call("ConfigureProvider", { config: wire({}) });
      const request = { type_name: "edge_any", config: wire(config), prior_state: wire(null) };
      const plan = await call("PlanResourceChange", { ...request, proposed_new_state: wire(config) });
      expect(decodeValue(plan.planned_state)).toEqual(decodeValue(encodeValue(planned)));
      const apply = await call("ApplyResourceChange", { ...request, planned_state: plan.planned_state });
      expect(apply.diagnostics).toEqual([]);
      const stored = decodeValue(apply.new_state);
      expect(isObject(stored) && sameObject(schema, stored, decodedObject(after))).toBe(true);
      const read = await call("ReadResource", { type_name: "edge_any", current_state: wire(prior) });
      await disconnect();
      expect([decodeValue(read.new_state), read.diagnostics]).toEqual([decodeValue(encodeValue(prior)), []]);
    }),
    { numRuns: 150 },
  );
});

function decodedObject(value: ObjectValue): ObjectValue {
  const decoded = decodeValue(encodeValue(value));
  return isObject(decoded) ? decoded : {};
}
