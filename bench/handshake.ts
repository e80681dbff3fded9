import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { createIdentity } from "../provider/plugin/certificate";
import { connectClient } from "../provider/plugin/testing/client";
import { providerBundle } from "../synth/provider-bundle";
import { median, print, timed } from "./measure";

/*
 * Time from the start of the provider's process to its handshake line, beside a bare `node -e 0`, in turns. Terraform
 * starts the provider three times for a plan and four times for an apply. Run: npx tsx bench/handshake.ts [rounds]
 */

const file = providerBundle();
const own = createIdentity();
const env = {
  ...process.env,
  TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
  PLUGIN_PROTOCOL_VERSIONS: "5,6",
  PLUGIN_CLIENT_CERT: own.certificatePem,
};

/** A node process from its start to its end. */
const bareNode = () => once(spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }), "exit");

/** One start of the provider, in ms: to its handshake line, and to its first answer. It has ended when this resolves. */
async function startProvider() {
  const started = performance.now();
  const child = spawn(process.execPath, [file], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const [line] = await once(createInterface(child.stdout), "line");
  const handshakeMs = performance.now() - started;
  const [, , , path = "", , certificate = ""] = String(line).split("|");
  const server = new X509Certificate(Buffer.from(certificate, "base64")).toString();
  const client = await connectClient(path, { own, server });
  const { status, text } = await client.call("/tfplugin6.Provider/GetProviderSchema");
  if (status !== 0) throw new Error(`GetProviderSchema: ${text}`);
  const answerMs = performance.now() - started;
  client.close();
  await ended;
  return { handshakeMs, answerMs };
}

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 40);
  await startProvider(); // fills the file cache
  const floors: number[] = [];
  const starts: Awaited<ReturnType<typeof startProvider>>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    floors.push(await timed(bareNode));
    starts.push(await startProvider());
  }
  const floorMs = median(floors);
  const handshakeMs = median(starts.map((start) => start.handshakeMs));
  const answerMs = median(starts.map((start) => start.answerMs));
  const ratio = handshakeMs / floorMs;
  console.log(JSON.stringify({ name: "handshake", rounds, floorMs, handshakeMs, answerMs, ratio }));
  const figures = `${handshakeMs.toFixed(1)} ms, first answer ${answerMs.toFixed(1)} ms, bare node ${floorMs.toFixed(1)} ms`;
  const beside = `${figures}, medians of ${rounds}`;
  print([{ name: "handshake", value: ratio, unit: "times", budget: 1.4, beside }]);
}

void main();
