import { writeSync } from "node:fs";
import type { OpenSession } from "./service";
import { listen } from "./socket";

/** Name and value that tell a plugin that Terraform started it (hashicorp/terraform internal/plugin, read 2026-11). */
const magicCookie = {
  name: "TF_PLUGIN_MAGIC_COOKIE",
  value: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
};

/** How long a process stays to which nobody connects: as long as Terraform waits for the handshake. */
const lonelyMs = 60_000;
/** How long calls may take to end by themselves after their Terraform is gone. */
const graceMs = 30_000;

/**
 * Serves a provider to the Terraform that started this process, and ends the process when Terraform is done.
 *
 * Nothing but what the handshake needs is loaded before its line is printed; `openSession` should load the rest when it is
 * called. Started by hand it says so on standard error and ends with exit code 1.
 */
export async function serve({ openSession }: { readonly openSession: OpenSession }): Promise<void> {
  const { env } = process;
  const refusal = refusalToServe(env);
  if (refusal) {
    process.stderr.write(`${refusal}\n`);
    process.exit(1);
  }
  let end: () => void = () => process.exit(0);
  process.on("SIGTERM", () => end());
  process.on("SIGINT", () => {}); // Ctrl-C reaches the whole process group; Terraform then sends StopProvider
  Object.defineProperty(process, "stdout", { get: () => process.stderr }); // the handshake line alone goes to Terraform

  const socket = await listen(env.PLUGIN_UNIX_SOCKET_DIR);
  const tls = mutualTls(env.PLUGIN_CLIENT_CERT);
  const certificate = tls?.identity.certificate.toString("base64").replace(/=+$/, "") ?? "";
  writeSync(1, `1|6|unix|${socket.path}|grpc|${certificate}\n`);

  // Loaded while Terraform reads the line and connects; `require` loads at this place, also in a bundle.
  const { createPluginServer }: typeof import("./server") = require("./server");
  const { progress, bug }: typeof import("./log") = require("./log");
  const server = createPluginServer({
    tls,
    openSession,
    progress,
    onBug: bug,
    onShutdown: () => end(),
    onIdle: () => end(),
  });
  end = () => {
    setTimeout(() => process.exit(0), graceMs);
    void server.close().then(() => process.exit(0));
  };
  const lonely = setTimeout(() => end(), lonelyMs);
  socket.onConnection((connection) => {
    clearTimeout(lonely);
    server.accept(connection);
  });
}

/** Without PLUGIN_CLIENT_CERT Terraform was told to use no TLS (TF_DISABLE_PLUGIN_TLS); the socket's folder still guards. */
function mutualTls(clientCertificate: string | undefined) {
  if (!clientCertificate) return undefined;
  const { createIdentity }: typeof import("./certificate") = require("./certificate");
  return { identity: createIdentity(), clientCertificate };
}

/** Why this process should not serve, for the person who started it. */
function refusalToServe(env: NodeJS.ProcessEnv): string | undefined {
  if (env[magicCookie.name] !== magicCookie.value) {
    return `This is a Terraform provider. Terraform starts it by itself; run terraform plan in a folder whose configuration requires it. [provider/started-by-hand]`;
  }
  const versions = env.PLUGIN_PROTOCOL_VERSIONS;
  if (versions !== undefined && !versions.split(",").includes("6")) {
    return `This provider speaks plugin protocol 6 and this Terraform offers ${versions}. Use Terraform 1.0 or later. [provider/protocol-version]`;
  }
  return undefined;
}
