import { spawn } from "node:child_process";
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { z } from "zod";
import { type Clock, createClock } from "../../sandbox/clock";
import { createSandbox, type Sandbox } from "../../sandbox/index";

/** Where flyctl is: env `FLYCTL`, else `flyctl` or `fly` on the PATH; undefined when it is on neither. */
export function findFlyctl(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const candidates = [
    process.env.FLYCTL,
    ...folders.flatMap((folder) => ["flyctl", "fly"].map((name) => join(folder, name))),
  ];
  return candidates.find((file) => file !== undefined && isExecutable(file));
}

/** What a command left behind; colours are off. */
export interface Outcome {
  readonly code: number | null;
  /** Standard output and standard error as they came, in one text. */
  readonly output: string;
}

/** A sandbox behind a port, and a real flyctl that can reach nothing else. */
export interface Bench {
  readonly sandbox: Sandbox;
  /** Where the sandbox answers. */
  readonly url: string;
  /**
   * Runs flyctl to its end, without a terminal.
   *
   * @param token default: the organization's deploy token
   * @param folder where it runs, for a fly.toml
   */
  fly(args: readonly string[], options?: { token?: string; folder?: string }): Promise<Outcome>;
  /** A folder of that name; it goes away with the bench. */
  folder(name: string): string;
  /** Makes a machine through the Machines API and waits until it is at rest. @returns its id */
  machine(app: string, body: object): Promise<string>;
  /** Everything in the environment of that flyctl; for a script that calls flyctl itself. */
  readonly env: Readonly<Record<string, string>>;
  /** Waits until a machine is at rest. */
  settled(app: string, machine: string): Promise<void>;
  close(): Promise<void>;
}

/** The organization's deploy token. */
const token = "fo1_sandbox_deploy";

/** Smoke checks pass at once when, seen from flyctl, whatever happens in the sandbox did so 11 s ago. */
const smokeMs = 11_000;

/**
 * Starts a sandbox for the flyctl at `binary`.
 *
 * @param behindMs how far the sandbox's clock is behind flyctl's; 0 lets smoke checks see what really happens,
 * at up to 10 s for each machine
 */
export async function createBench(binary: string, { behindMs = smokeMs } = {}): Promise<Bench> {
  const root = mkdtempSync(join(tmpdir(), "flyctl-"));
  const sandbox = createSandbox({ clock: behindClock(behindMs), limits: "off" });
  const { url, close } = await sandbox.listen();
  const folder = (name: string) => {
    const path = join(root, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const settled = async (app: string, machine: string) => {
    await call(url, `/v1/apps/${app}/machines/${machine}/wait?state=settled`);
  };
  return {
    sandbox,
    url,
    folder,
    env: environment(url, token, root),
    settled,
    async machine(app, body) {
      const { id } = await call(url, `/v1/apps/${app}/machines`, body);
      await settled(app, id ?? "");
      return id ?? "";
    },
    fly: (args, { token: own = token, folder: cwd = folder("work") } = {}) =>
      run(binary, args, { cwd, env: environment(url, own, root) }),
    async close() {
      await close();
      sandbox.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function call(url: string, path: string, body?: object): Promise<{ id?: string }> {
  const headers = { authorization: `Bearer ${token}` };
  const post = body && { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(`${url}${path}`, { headers, ...post });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return z.object({ id: z.string().optional() }).parse(await response.json());
}

function behindClock(behindMs: number): Clock {
  const clock = createClock();
  return {
    ...clock,
    now: () => clock.now() - behindMs,
    at: (timeMs, task) => clock.at(timeMs + behindMs, task),
  };
}

function environment(url: string, credential: string, root: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: root,
    FLY_CONFIG_DIR: join(root, "config"),
    FLY_API_TOKEN: credential,
    FLY_API_BASE_URL: url,
    FLY_FLAPS_BASE_URL: url,
    FLY_UIEX_BASE_URL: url,
    FLY_METRICS_BASE_URL: url,
    FLY_SYNTHETICS_BASE_URL: url,
    FLY_SEND_METRICS: "0",
    FLY_SYNTHETICS_AGENT: "0",
    FLY_NO_UPDATE_CHECK: "1",
    FLY_NO_INCIDENTS_CHECK: "1",
    HTTPS_PROXY: "http://127.0.0.1:9",
    NO_COLOR: "1",
  };
}

function run(
  binary: string,
  args: readonly string[],
  options: { cwd: string; env: Record<string, string> },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { ...options, stdio: ["ignore", "pipe", "pipe"], timeout: 55_000 });
    let output = "";
    const collect = (chunk: string) => {
      output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
