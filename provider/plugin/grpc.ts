import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";

/** The gRPC status codes we answer with (grpc/grpc doc/statuscodes.md, read 2026-11). */
export const grpcStatus = { ok: 0, notFound: 5, resourceExhausted: 8, unimplemented: 12, internal: 13 } as const;

/** An answer that is a gRPC status other than OK. Terraform shows its message behind "rpc error". */
export class GrpcError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Answers one request message with one response message, both still encoded. */
export type Unary = (request: Uint8Array) => Promise<Uint8Array>;

/**
 * What a path leads to: a unary call, or `open` for a stream on which we never say anything and that its client ends.
 * Undefined is answered with UNIMPLEMENTED.
 */
export type Route = (path: string) => Unary | "open" | undefined;

/** Longest request that is taken, in bytes. Terraform itself sets no limit; a large state has some MB. */
const requestLimit = 256 * 1024 * 1024;

const accepted = { ":status": 200, "content-type": "application/grpc" };

/** Answers a gRPC stream. Never rejects: what goes wrong becomes the status of the answer. */
export async function answerStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, route: Route) {
  stream.on("error", () => {}); // the client went away
  const path = headers[":path"] ?? "";
  const target = route(path);
  if (target === "open") return keepOpen(stream);
  try {
    if (!target) throw new GrpcError(grpcStatus.unimplemented, `${path} is not offered by this provider`);
    succeed(stream, await target(await readMessage(stream)));
  } catch (error) {
    fail(stream, error);
  }
}

/** Says that the call is accepted, and nothing more until the client cancels it or goes away. */
function keepOpen(stream: ServerHttp2Stream): void {
  stream.respond(accepted);
  stream.resume();
}

function succeed(stream: ServerHttp2Stream, response: Uint8Array): void {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(response.length, 1);
  stream.respond(accepted, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": grpcStatus.ok }));
  stream.write(prefix);
  stream.end(response);
}

function fail(stream: ServerHttp2Stream, error: unknown): void {
  if (stream.closed || stream.destroyed) return; // the client went away, which also makes an answer fail
  const status = error instanceof GrpcError ? error.status : grpcStatus.internal;
  const message = error instanceof Error ? error.message : String(error);
  const trailers = { "grpc-status": status, "grpc-message": percentEncode(message) };
  stream.respond({ ...accepted, ...trailers }, { endStream: true });
  stream.resume();
}

/** The one message of a unary request, without its prefix of a compression flag and a length. */
async function readMessage(stream: ServerHttp2Stream): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > requestLimit) {
      throw new GrpcError(grpcStatus.resourceExhausted, `a request may have ${requestLimit} bytes`);
    }
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks, length);
  if (body.length < 5 || body.readUInt32BE(1) !== body.length - 5) {
    throw new GrpcError(grpcStatus.internal, "the request is not one whole gRPC message");
  }
  if (body[0] !== 0) throw new GrpcError(grpcStatus.unimplemented, "compressed requests are not taken");
  return body.subarray(5);
}

/** Text for the grpc-message header: printable ASCII as it is, all other bytes as %XX; cut to fit into a header. */
function percentEncode(message: string): string {
  return Array.from(Buffer.from(message).subarray(0, 4000), (byte) =>
    byte < 0x20 || byte > 0x7e || byte === 0x25
      ? `%${byte.toString(16).toUpperCase().padStart(2, "0")}`
      : String.fromCharCode(byte),
  ).join("");
}
