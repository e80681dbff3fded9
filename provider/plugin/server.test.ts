import { statSync } from "node:fs";
import { dirname } from "node:path";
import { createIdentity } from "./certificate";
import { createPluginServer } from "./server";
import { listen } from "./socket";
import { connectClient } from "./testing/client";
import { noteProvider } from "./testing/note-provider";

async function secureServer() {
  const [own, client] = [createIdentity(), createIdentity()];
  const onBug = jest.fn();
  const socket = await listen();
  const server = createPluginServer({
    tls: { identity: own, clientCertificate: client.certificatePem },
    openSession: noteProvider(),
    progress: () => {},
    onShutdown: () => {},
    onBug,
  });
  socket.onConnection(server.accept);
  const close = async () => {
    socket.close();
    await server.close();
  };
  return { path: socket.path, own, client, close };
}

test("lets in the client whose certificate it was given", async () => {
  const { path, own, client, close } = await secureServer();
  const connected = await connectClient(path, { own: client, server: own.certificatePem });
  expect(await connected.call("/grpc.health.v1.Health/Check")).toMatchObject({ status: 0 });
  await close();
});

test("turns away a client with another certificate, and one without TLS", async () => {
  const { path, own, client, close } = await secureServer();
  const stranger = { own: createIdentity(), server: own.certificatePem };
  await expect(connectClient(path, stranger)).rejects.toThrow();
  await expect(connectClient(path)).rejects.toThrow();
  const connected = await connectClient(path, { own: client, server: own.certificatePem });
  expect(await connected.call("/grpc.health.v1.Health/Check")).toMatchObject({ status: 0 });
  await close();
});

test("shows the certificate of the handshake, and no other", async () => {
  const { path, client, close } = await secureServer();
  const other = createIdentity().certificatePem;
  await expect(connectClient(path, { own: client, server: other })).rejects.toThrow();
  await close();
});

test("puts the socket into a folder of its own that only its user may enter, and removes it", async () => {
  const socket = await listen();
  expect(statSync(dirname(socket.path)).mode & 0o777).toBe(0o700);
  expect(Buffer.byteLength(socket.path)).toBeLessThan(100);
  socket.close();
  expect(() => statSync(dirname(socket.path))).toThrow("ENOENT");
});

test("leaves a folder whose name makes too long a path", async () => {
  const socket = await listen(`/tmp/${"long".repeat(25)}`);
  expect(socket.path).toMatch(/^\/tmp\/tfp-[^/]+\/s$/);
  socket.close();
});
