import http from "node:http";
import type { AddressInfo } from "node:net";
import { ConnectionError, openTransport } from "../../api/fly/transport";

const transport = openTransport();
const connections = new Set<unknown>();
const server = http.createServer((request, response) => {
  connections.add(request.socket);
  if (request.url === "/cut") request.socket.destroy();
  else if (request.url === "/half") {
    response.writeHead(200, { "content-length": "100" });
    response.write("half", () => request.socket.destroy());
  } else if (request.url === "/echo") request.pipe(response);
  // Anything else is never answered.
});
let base = "";

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  transport.close();
  server.closeAllConnections();
  server.close();
});

const send = (path: string, rest: { body?: string; idleMs?: number; signal?: AbortSignal } = {}) =>
  transport.send({ method: "POST", url: `${base}${path}`, headers: {}, idleMs: 5000, ...rest });

const failure = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (error instanceof ConnectionError) return error;
  throw new Error(`expected a ConnectionError, got ${String(error)}`);
};

test("carries text of any script both ways over one kept connection", async () => {
  const before = connections.size;
  for (const body of ["déjà vu", "日本"]) expect(await send("/echo", { body })).toMatchObject({ status: 200, body });
  expect(connections.size).toBe(before + 1);
});

test("a connection cut before or within the answer may have carried the request", async () => {
  expect((await failure(send("/cut"))).sent).toBe(true);
  expect((await failure(send("/half"))).sent).toBe(true);
});

test("a refused connection has not carried the request", async () => {
  const closed = http.createServer();
  await new Promise<void>((listening) => closed.listen(0, "127.0.0.1", listening));
  const { port } = closed.address() as AddressInfo;
  await new Promise((done) => closed.close(done));
  const error = await failure(
    transport.send({ method: "GET", url: `http://127.0.0.1:${port}/`, headers: {}, idleMs: 5000 }),
  );
  expect(error).toMatchObject({ sent: false, message: expect.stringContaining("ECONNREFUSED") });
});

test("gives up a silent connection, and one that is aborted", async () => {
  expect((await failure(send("/silent", { idleMs: 50 }))).message).toContain("no answer within");
  const stop = new AbortController();
  const waiting = failure(send("/silent", { signal: stop.signal }));
  stop.abort();
  expect((await waiting).sent).toBe(true);
});
