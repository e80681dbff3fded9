import { createSecureServer, createServer } from "node:http2";
import type { Socket } from "node:net";
import type { Identity } from "./certificate";
import { acceptSession, type Session, type SessionOptions } from "./session";

/** Mutual TLS: who we are, and the only client that may come. */
interface MutualTls {
  readonly identity: Identity;
  /** PEM; anyone who cannot show this certificate's key is turned away. */
  readonly clientCertificate: string;
}

/** Options of a server: those of its sessions, and TLS where Terraform started the process. */
export interface ServerOptions extends SessionOptions {
  readonly tls?: MutualTls;
  /** The last open session has ended, its calls answered. */
  readonly onIdle?: () => void;
}

/** Speaks HTTP/2 on connections that something else listens for. */
export interface Server {
  accept(connection: Socket): void;
  /** Closes all sessions and resolves when their calls have answered. */
  close(): Promise<void>;
}

/** Bytes that may be on their way in a stream or a session; HTTP/2's default of 64 KB makes large states crawl. */
const windowBytes = 8 * 1024 * 1024;
const http2Options = { settings: { initialWindowSize: windowBytes }, maxSessionMemory: 1024 /* MB */ };

/** A server that gives each HTTP/2 session a provider of its own. */
export function createPluginServer({ tls, onIdle, ...options }: ServerOptions): Server {
  const sessions = new Set<Session>();
  const server = tls ? createSecureServer({ ...http2Options, ...tlsOptions(tls) }) : createServer(http2Options);
  server.on("session", (http2Session) => {
    http2Session.setLocalWindowSize(windowBytes);
    const session = acceptSession(http2Session, options);
    sessions.add(session);
    void session.ended.then(() => {
      sessions.delete(session);
      if (sessions.size === 0) onIdle?.();
    });
  });
  server.on("sessionError", () => {}); // the session's own "error" and "close" tell
  return {
    accept: (connection) => void server.emit("connection", connection),
    async close() {
      for (const session of sessions) session.close();
      await Promise.all([...sessions].map((session) => session.ended));
    },
  };
}

function tlsOptions({ identity, clientCertificate }: MutualTls) {
  return {
    cert: identity.certificatePem,
    key: identity.keyPem,
    ca: clientCertificate,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: "TLSv1.2" as const,
  };
}
