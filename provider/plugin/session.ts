import type { ServerHttp2Session } from "node:http2";
import { answerStream, GrpcError, grpcStatus, type Route, type Unary } from "./grpc";
import type { OpenSession, Progress, ProviderService } from "./service";

/** What a session needs from the server that accepted it. */
export interface SessionOptions {
  readonly openSession: OpenSession;
  readonly progress: (step: Progress) => void;
  /** Terraform asked this provider to end. Not called by a Terraform that reattached to a running provider. */
  readonly onShutdown: () => void;
  /** Something went wrong that is our fault; Terraform gets the message alone. */
  readonly onBug: (error: unknown) => void;
}

/** A connection of one Terraform run, with a provider of its own. */
export interface Session {
  /** Resolves when the connection is closed and every call that was under way has answered. */
  readonly ended: Promise<void>;
  /** Closes the connection now, which aborts the calls under way. */
  close(): void;
}

/** Answers everything that Terraform asks on an HTTP/2 session. */
export function acceptSession(session: ServerHttp2Session, options: SessionOptions): Session {
  const closed = new AbortController();
  const underWay = new Set<Promise<void>>();
  const provider = providerOf(closed.signal, options);
  const routes = routesTo(provider, options);

  session.on("error", () => {}); // a Terraform that was killed; "close" follows
  session.on("stream", (stream, headers) => {
    const answered = answerStream(stream, headers, routes).finally(() => underWay.delete(answered));
    underWay.add(answered);
  });
  const ended = new Promise<void>((resolve) => {
    session.once("close", () => {
      closed.abort();
      void Promise.all(underWay).then(() => resolve());
    });
  });
  return { ended, close: () => session.destroy() };
}

/** The provider of a session, made at the first call and kept. A failure to make it is kept as well. */
function providerOf(signal: AbortSignal, { openSession, progress }: SessionOptions): () => Promise<ProviderService> {
  let opening: Promise<ProviderService> | undefined;
  return () => {
    opening ??= Promise.resolve().then(() => openSession({ signal, progress }));
    return opening;
  };
}

/**
 * The services of a plugin: Terraform's own, and those of hashicorp/go-plugin (internal/plugin/*.proto, grpc_server.go,
 * read 2026-11). Its stdio and broker streams stay silent: nothing but the handshake line goes to standard output, and
 * Terraform's providers dial nothing back. An open stream also keeps Go's gRPC from closing an idle connection.
 */
function routesTo(provider: () => Promise<ProviderService>, options: SessionOptions): Route {
  const prefix = "/tfplugin6.Provider/";
  return (path) => {
    if (path.startsWith(prefix)) return providerCall(path.slice(prefix.length), provider, options);
    switch (path) {
      case "/grpc.health.v1.Health/Check":
        return checkHealth;
      case "/plugin.GRPCStdio/StreamStdio":
      case "/plugin.GRPCBroker/StartStream":
        return "open";
      case "/plugin.GRPCController/Shutdown":
        return async () => {
          setImmediate(options.onShutdown); // after the answer is on its way
          return new Uint8Array();
        };
      default:
        return undefined;
    }
  };
}

function providerCall(name: string, provider: () => Promise<ProviderService>, { onBug }: SessionOptions): Unary {
  return async (request) => {
    const { callProvider }: typeof import("./provider-calls") = require("./provider-calls");
    try {
      return await callProvider(name, await provider(), request);
    } catch (error) {
      if (!(error instanceof GrpcError)) onBug(error);
      throw error;
    }
  };
}

/** HealthCheckResponse { status: SERVING }, for the service that go-plugin asks about. */
const serving = Uint8Array.of(0x08, 1);
const servicesThatServe = ["", "plugin"];

async function checkHealth(request: Uint8Array): Promise<Uint8Array> {
  const { decode, message, string }: typeof import("./wire") = require("./wire");
  const { service } = decode(message({ service: string(1) }), request);
  if (!servicesThatServe.includes(service)) throw new GrpcError(grpcStatus.notFound, `unknown service ${service}`);
  return serving;
}
