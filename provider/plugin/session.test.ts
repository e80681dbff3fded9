import { encodeValue } from "./dynamic-value";
import { createPluginServer, type Server } from "./server";
import type { OpenSession } from "./service";
import { type ListeningSocket, listen } from "./socket";
import { type Client, callMethod, connectClient } from "./testing/client";
import { type NoteHooks, noteProvider } from "./testing/note-provider";
import { methods } from "./tfplugin6";
import { encode, message, string } from "./wire";

let socket: ListeningSocket;
let server: Server;
const clients: Client[] = [];
const bugs: unknown[] = [];
const shutdown = jest.fn();
const idle = jest.fn();

async function start(openSession: OpenSession): Promise<void> {
  socket = await listen();
  server = createPluginServer({
    openSession,
    progress: () => {},
    onShutdown: shutdown,
    onBug: (error) => bugs.push(error),
    onIdle: idle,
  });
  socket.onConnection(server.accept);
}

async function connect(): Promise<Client> {
  const client = await connectClient(socket.path);
  clients.push(client);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  socket.close();
  await server.close();
  bugs.splice(0);
  jest.clearAllMocks();
});

const check = message({ service: string(1) });
const configure = (client: Client, prefix: string) =>
  callMethod(client, "ConfigureProvider", methods.ConfigureProvider, { config: { msgpack: encodeValue({ prefix }) } });
const prefixOf = (client: Client) =>
  callMethod(client, "ReadDataSource", methods.ReadDataSource, { type_name: "note_prefix" });

test("is healthy as go-plugin asks, and knows no other service", async () => {
  await start(noteProvider());
  const client = await connect();
  const health = (service: string) => client.call("/grpc.health.v1.Health/Check", encode(check, { service }));
  expect(await health("plugin")).toMatchObject({ status: 0, message: Buffer.of(8, 1) });
  expect(await health("")).toMatchObject({ status: 0 });
  expect(await health("other")).toMatchObject({ status: 5 });
});

test("makes a provider at the first call of a session, once, and another for another session", async () => {
  const onOpen = jest.fn();
  await start(noteProvider({ onOpen }));
  const [one, other] = [await connect(), await connect()];
  await one.call("/grpc.health.v1.Health/Check");
  expect(onOpen).toHaveBeenCalledTimes(0);
  await Promise.all([1, 2, 3].map(() => callMethod(one, "GetProviderSchema", methods.GetProviderSchema, {})));
  expect(onOpen).toHaveBeenCalledTimes(1);
  await callMethod(other, "GetProviderSchema", methods.GetProviderSchema, {});
  expect(onOpen).toHaveBeenCalledTimes(2);
});

test("keeps the configurations of two sessions apart", async () => {
  await start(noteProvider());
  const [one, other] = [await connect(), await connect()];
  await configure(one, "one");
  await configure(other, "other");
  expect((await prefixOf(one)).state?.msgpack).toEqual(Buffer.from(encodeValue({ value: "one" })));
  expect((await prefixOf(other)).state?.msgpack).toEqual(Buffer.from(encodeValue({ value: "other" })));
});

test("stops and aborts one session and never another", async () => {
  const said: string[] = [];
  const hooks: NoteHooks = {
    onStop: (prefix) => said.push(`stop ${prefix}`),
    onAbort: (prefix) => said.push(`abort ${prefix}`),
  };
  await start(noteProvider(hooks));
  const [one, other] = [await connect(), await connect()];
  await configure(one, "one");
  await configure(other, "other");
  await callMethod(one, "StopProvider", methods.StopProvider, {});
  one.close();
  while (said.length < 2) await new Promise(setImmediate);
  expect(said).toEqual(["stop one", "abort one"]);
  expect((await prefixOf(other)).state).toBeDefined();
  expect(idle).not.toHaveBeenCalled();
});

test("is idle only when the calls of the last session have ended", async () => {
  let finish = () => {};
  const during = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const started = jest.fn();
  const duringApply = () => {
    started();
    return during;
  };
  const onAbort = jest.fn();
  await start(noteProvider({ duringApply, onAbort }));
  const client = await connect();
  const planned_state = { msgpack: encodeValue({ text: "t" }) };
  const call = callMethod(client, "ApplyResourceChange", methods.ApplyResourceChange, { planned_state }).catch(
    () => {},
  );
  while (started.mock.calls.length === 0) await new Promise(setImmediate);
  client.close();
  await call;
  const closed = server.close();
  while (onAbort.mock.calls.length === 0) await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(idle).not.toHaveBeenCalled();
  finish();
  await closed;
  expect(idle).toHaveBeenCalledTimes(1);
});

test("tells of a request to shut down after it has answered", async () => {
  await start(noteProvider());
  const client = await connect();
  expect(await client.call("/plugin.GRPCController/Shutdown")).toMatchObject({ status: 0 });
  expect(shutdown).toHaveBeenCalledTimes(1);
});

test("answers UNIMPLEMENTED for calls of newer Terraforms, without calling it a bug", async () => {
  await start(noteProvider());
  const client = await connect();
  for (const name of [
    "GetResourceIdentitySchemas",
    "OpenEphemeralResource",
    "ListResource",
    "CallFunction",
    "toString",
  ]) {
    expect(await client.call(`/tfplugin6.Provider/${name}`)).toMatchObject({ status: 12 });
  }
  expect(bugs).toEqual([]);
});

test("says why a provider could not be made, to every call", async () => {
  await start(() => Promise.reject(new Error("no such file: fly.cjs")));
  const client = await connect();
  for (const name of ["GetProviderSchema", "ConfigureProvider"]) {
    expect(await client.call(`/tfplugin6.Provider/${name}`)).toMatchObject({
      status: 13,
      text: "no such file: fly.cjs",
    });
  }
  expect(bugs).toHaveLength(2);
});

test("reports a request that is no protobuf as an error of the call", async () => {
  await start(noteProvider());
  const client = await connect();
  expect(await client.call("/tfplugin6.Provider/ReadResource", Buffer.of(0x0a))).toMatchObject({ status: 13 });
});
