import { once } from "node:events";
import { type ClientHttp2Stream, connect } from "node:http2";
import { connect as connectSocket, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Identity } from "../certificate";
import { decode, type Encodable, encode, type Message } from "../wire";

/** How a call ended: gRPC status 0 with a message in bytes, or another status and what it says. */
interface Answer {
  readonly status: number;
  readonly text: string;
  readonly message: Uint8Array;
}

/** A gRPC client on one HTTP/2 session: what a Terraform run is to a provider. */
export interface Client {
  /** Sends bytes as they are, prefix included. */
  send(path: string, body: Uint8Array): Promise<Answer>;
  /** Sends one message. */
  call(path: string, message?: Uint8Array): Promise<Answer>;
  /** Opens a stream and leaves it open. */
  open(path: string): ClientHttp2Stream;
  /** Closes the session at once, as a Terraform that is killed. */
  close(): void;
}

/** Connects to a unix socket; rejects when TLS is refused. */
export async function connectClient(path: string, tls?: { own: Identity; server: string }): Promise<Client> {
  const socket = await (tls ? overTls(connectSocket(path), tls) : connectSocket(path));
  const session = connect("http://localhost", {
    createConnection: () => socket,
    settings: { initialWindowSize: 1 << 20 },
  });
  session.on("error", () => {}); // "close" follows
  const refused = once(session, "close").then(() => "refused" as const);
  if ((await Promise.race([once(session, "remoteSettings"), refused])) === "refused") {
    throw new Error("the server closed the connection");
  }
  const open = (method: string) =>
    session.request({ ":path": method, ":method": "POST", "content-type": "application/grpc", te: "trailers" });
  const send = async (method: string, body: Uint8Array) => {
    const stream = open(method);
    stream.end(body);
    return readAnswer(stream);
  };
  return {
    send,
    open,
    call: (method, message = new Uint8Array()) => send(method, withPrefix(message)),
    close: () => session.destroy(),
  };
}

/** Calls the provider through its protocol messages; rejects when the status is not OK. */
export async function callMethod<Req extends Message, Res extends Message>(
  client: Client,
  name: string,
  method: { readonly request: Req; readonly response: Res },
  request: Encodable<Req>,
) {
  const answer = await client.call(`/tfplugin6.Provider/${name}`, encode(method.request, request));
  if (answer.status !== 0) throw new Error(`${name}: ${answer.status} ${answer.text}`);
  return decode(method.response, answer.message);
}

/** A message behind its gRPC prefix: not compressed, four bytes of length. */
export function withPrefix(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

async function readAnswer(stream: ClientHttp2Stream): Promise<Answer> {
  const status: Record<string, unknown> = {};
  stream.on("response", (headers) => Object.assign(status, headers));
  stream.on("trailers", (headers) => Object.assign(status, headers));
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return {
    status: Number(status["grpc-status"]),
    text: decodeURIComponent(String(status["grpc-message"] ?? "")),
    message: Buffer.concat(chunks).subarray(5),
  };
}

async function overTls(socket: Socket, { own, server }: { own: Identity; server: string }): Promise<Socket> {
  const options = {
    cert: own.certificatePem,
    key: own.keyPem,
    ca: server,
    servername: "localhost",
    ALPNProtocols: ["h2"],
  };
  const secure = connectTls({ socket, ...options });
  await once(secure, "secureConnect");
  return secure;
}
