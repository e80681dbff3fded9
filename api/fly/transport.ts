import http from "node:http";
import https from "node:https";

/** One HTTP request, ready to leave. */
export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Without a byte from the other side for this long, the connection is given up. */
  readonly idleMs: number;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** The connection failed. `sent` is false when not a byte of the request can have arrived. */
export class ConnectionError extends Error {
  readonly sent: boolean;
  constructor(message: string, sent: boolean, cause?: unknown) {
    super(message, { cause });
    this.sent = sent;
  }
}

export interface Transport {
  send(request: Request): Promise<Answer>;
  close(): void;
}

/** Kept-alive connections over node:http and node:https, which cost nothing to load. */
export function openTransport(): Transport {
  const agents = {
    "http:": new http.Agent({ keepAlive: true, maxSockets: 64 }),
    "https:": new https.Agent({ keepAlive: true, maxSockets: 64 }),
  };
  return {
    send: (request) =>
      request.url.startsWith("https:")
        ? exchange(https.request, agents["https:"], request)
        : exchange(http.request, agents["http:"], request),
    close() {
      agents["http:"].destroy();
      agents["https:"].destroy();
    },
  };
}

function exchange(open: typeof http.request, agent: http.Agent, request: Request): Promise<Answer> {
  const { promise, resolve, reject } = withResolvers<Answer>();
  const body = request.body === undefined ? undefined : Buffer.from(request.body);
  const headers = body
    ? { ...request.headers, "content-type": "application/json", "content-length": String(body.length) }
    : request.headers;
  const outgoing = open(request.url, { method: request.method, headers, agent, signal: request.signal });
  outgoing.setTimeout(request.idleMs, () => {
    outgoing.destroy(new Error(`no answer within ${request.idleMs / 1000} s`));
  });
  outgoing.once("error", (error) => reject(connectionError(error)));
  outgoing.once("response", (incoming) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.once("error", (error) => reject(connectionError(error)));
    incoming.once("aborted", () => reject(new ConnectionError("the connection was cut within the answer", true)));
    incoming.once("end", () => {
      resolve({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      });
    });
  });
  outgoing.end(body);
  return promise;
}

const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

function connectionError(error: Error): ConnectionError {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return new ConnectionError(error.message || code, !neverSent.has(code), error);
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: Error) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
