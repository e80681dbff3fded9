import { once } from "node:events";
import { createServer } from "node:http2";
import { answerStream, GrpcError, grpcStatus, type Route } from "./grpc";
import { type ListeningSocket, listen } from "./socket";
import { type Client, connectClient, withPrefix } from "./testing/client";

let socket: ListeningSocket;
let client: Client;
let route: Route;

beforeEach(async () => {
  socket = await listen();
  const server = createServer({ maxSessionMemory: 1024 });
  server.on("stream", (stream, headers) => void answerStream(stream, headers, (path) => route(path)));
  socket.onConnection((connection) => server.emit("connection", connection));
  client = await connectClient(socket.path);
});

afterEach(() => {
  client.close();
  socket.close();
});

const echo = async (request: Uint8Array) => request;

test("answers a message with a message", async () => {
  route = (path) => (path === "/a/b" ? echo : undefined);
  expect(await client.call("/a/b", Buffer.from("hello"))).toEqual({
    status: 0,
    text: "",
    message: Buffer.from("hello"),
  });
});

test("answers an empty message with an empty message", async () => {
  route = () => echo;
  expect(await client.call("/a/b")).toEqual({ status: 0, text: "", message: Buffer.alloc(0) });
});

test("carries 64 MB both ways", async () => {
  route = () => echo;
  const large = Buffer.alloc(64 * 1024 * 1024, "0123456789abcde");
  const { message, status } = await client.call("/a/b", large);
  expect(status).toBe(0);
  expect(Buffer.compare(message, large)).toBe(0);
});

test("answers many calls at once, each when it is ready", async () => {
  const order: string[] = [];
  const ends: (() => void)[] = [];
  route = () => (request) => new Promise((resolve) => ends.push(() => resolve(request)));
  const calls = Array.from({ length: 200 }, async (_, index) => {
    const { message } = await client.call("/a/b", Buffer.from(String(index)));
    order.push(Buffer.from(message).toString());
  });
  while (ends.length < 200) await new Promise(setImmediate);
  for (const end of ends.reverse()) end();
  await Promise.all(calls);
  expect([...order].sort()).toEqual(Array.from({ length: 200 }, (_, index) => String(index)).sort());
  expect(order[0]).not.toBe("0");
});

test("says UNIMPLEMENTED for what it does not know", async () => {
  route = () => undefined;
  expect(await client.call("/a/other")).toMatchObject({ status: 12, text: "/a/other is not offered by this provider" });
});

test("says what went wrong in any script, on one line", async () => {
  route = () => async () => {
    throw new GrpcError(grpcStatus.notFound, "100 %\nüber 日本");
  };
  expect(await client.call("/a/b")).toMatchObject({ status: 5, text: "100 %\nüber 日本" });
  route = () => () => Promise.reject(new TypeError("a bug"));
  expect(await client.call("/a/b")).toMatchObject({ status: 13, text: "a bug" });
});

test("cuts a very long message so that the header still fits", async () => {
  route = () => () => Promise.reject(new Error("x".repeat(100_000)));
  expect((await client.call("/a/b")).text).toHaveLength(4000);
});

test.each([
  ["nothing", Buffer.alloc(0), 13],
  ["a cut message", withPrefix(Buffer.from("hello")).subarray(0, 7), 13],
  ["two messages", Buffer.concat([withPrefix(Buffer.from("a")), withPrefix(Buffer.from("b"))]), 13],
  ["a compressed message", Buffer.from("0100000000", "hex"), 12],
])("refuses %s and keeps serving", async (_, body, status) => {
  route = () => echo;
  expect(await client.send("/a/b", body)).toMatchObject({ status });
  expect(await client.call("/a/b", Buffer.from("next"))).toMatchObject({ status: 0 });
});

test("keeps a stream open that has nothing to say, until its client goes", async () => {
  route = (path) => (path === "/a/open" ? "open" : echo);
  const stream = client.open("/a/open");
  stream.end(withPrefix(new Uint8Array()));
  const [headers] = await once(stream, "response");
  expect(headers).toMatchObject({ ":status": 200, "content-type": "application/grpc" });
  await client.call("/a/b");
  expect(stream.closed).toBe(false);
  stream.close();
  await once(stream, "close");
});

test("survives a client that cancels a call under way", async () => {
  let started = () => {};
  const start = new Promise<void>((resolve) => {
    started = resolve;
  });
  let finish = () => {};
  route = () => (request) =>
    new Promise((resolve) => {
      finish = () => resolve(request);
      started();
    });
  const stream = client.open("/a/b");
  stream.end(withPrefix(new Uint8Array()));
  await start;
  stream.close(8);
  await once(stream, "close");
  finish();
  route = () => echo;
  expect(await client.call("/a/b")).toMatchObject({ status: 0 });
});
