import { type ChildProcess, spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { createIdentity } from "../../provider/plugin/certificate";
import { encodeValue } from "../../provider/plugin/dynamic-value";
import { callMethod, connectClient } from "../../provider/plugin/testing/client";
import { bundleNote, type NoteBinary } from "../../provider/plugin/testing/note-binary";
import { methods } from "../../provider/plugin/tfplugin6";

const cookie = { TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2" };
const own = createIdentity();
let binary: NoteBinary;
const children: { readonly child: ChildProcess; readonly exit: Promise<unknown> }[] = [];

beforeAll(() => {
  binary = bundleNote();
});
afterAll(() => binary.remove());
afterEach(async () => {
  for (const { child, exit } of children.splice(0)) {
    child.kill("SIGTERM");
    await exit;
  }
});

/** Starts the provider as Terraform does, and reads its handshake line. */
async function start(env: NodeJS.ProcessEnv = { PLUGIN_CLIENT_CERT: own.certificatePem }) {
  const child = spawn(process.execPath, [binary.file], { env: { ...cookie, PLUGIN_PROTOCOL_VERSIONS: "5,6", ...env } });
  const output = { stdout: [] as string[], stderr: "" };
  child.stderr.on("data", (chunk) => {
    output.stderr += chunk;
  });
  const lines = createInterface(child.stdout).on("line", (line) => output.stdout.push(line));
  const exit = once(child, "close");
  children.push({ child, exit });
  await Promise.race([once(lines, "line"), exit]);
  const [core, protocol, network, path = "", kind, certificate = ""] = output.stdout[0]?.split("|") ?? [];
  const server = certificate && new X509Certificate(Buffer.from(certificate, "base64")).toString();
  const connect = () => connectClient(path, server ? { own, server } : undefined);
  return { child, output, exit, connect, path, head: [core, protocol, network, kind].join("|"), certificate };
}

test("prints a handshake line that leads to a provider over mutual TLS", async () => {
  const { head, certificate, path, connect } = await start();
  expect(head).toBe("1|6|unix|grpc");
  expect(certificate).not.toMatch(/=$/);
  expect(Buffer.byteLength(path)).toBeLessThan(100);
  const client = await connect();
  const schema = await callMethod(client, "GetProviderSchema", methods.GetProviderSchema, {});
  expect(Object.keys(schema.resource_schemas)).toEqual(["note_note"]);
});

test("ends when Terraform asks it to, and leaves nothing behind", async () => {
  const { connect, exit, path } = await start();
  const client = await connect();
  await client.call("/plugin.GRPCController/Shutdown");
  expect(await exit).toEqual([0, null]);
  expect(existsSync(path)).toBe(false);
});

test("ends by itself when its Terraform is gone", async () => {
  const { connect, exit } = await start();
  const client = await connect();
  await callMethod(client, "GetProviderSchema", methods.GetProviderSchema, {});
  client.close();
  expect(await exit).toEqual([0, null]);
});

test("goes on after Ctrl-C, which Terraform turns into a stop", async () => {
  const { connect, child } = await start();
  const client = await connect();
  child.kill("SIGINT");
  for (let call = 0; call < 10; call += 1) {
    await callMethod(client, "GetProviderSchema", methods.GetProviderSchema, {});
  }
  expect(child.exitCode ?? child.signalCode).toBeNull();
});

test("ends on SIGTERM", async () => {
  const { child, exit, path } = await start();
  child.kill("SIGTERM");
  expect(await exit).toEqual([0, null]);
  expect(existsSync(path)).toBe(false);
});

test("prints nothing but the handshake line on standard output, and steps for Terraform's log on standard error", async () => {
  const { connect, exit, output } = await start();
  const client = await connect();
  const planned_state = { msgpack: encodeValue({ text: "loud" }) };
  await callMethod(client, "ApplyResourceChange", methods.ApplyResourceChange, { planned_state });
  await client.call("/plugin.GRPCController/Shutdown");
  await exit;
  expect(output.stdout).toHaveLength(1);
  const [said = "", ...rest] = output.stderr.trim().split("\n");
  expect(said).toBe("the note loud goes to standard output");
  expect(rest.map((line) => JSON.parse(line))).toEqual([
    {
      "@level": "info",
      "@message": "note loud: being written",
      "@module": "provider",
      "@timestamp": expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    },
  ]);
});

test("serves without TLS where Terraform gives no certificate", async () => {
  const { connect, certificate } = await start({});
  expect(certificate).toBe("");
  expect(await (await connect()).call("/grpc.health.v1.Health/Check")).toMatchObject({ status: 0 });
});

test.each([
  ["by hand", { TF_PLUGIN_MAGIC_COOKIE: undefined }, "This is a Terraform provider."],
  ["by a Terraform of another protocol", { PLUGIN_PROTOCOL_VERSIONS: "4,5" }, "offers 4,5"],
])("started %s it says what to do and ends with 1", async (_, env, message) => {
  const { exit, output } = await start(env);
  expect(await exit).toEqual([1, null]);
  expect(output.stdout).toEqual([]);
  expect(output.stderr).toContain(message);
});
