/** Starts, finds and stops the sandbox, a process of its own that outlives the command. */
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, extname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { Failure } from "../failure";
import { filesOf, forget, type Instance, type Place, readRecord } from "./record";

/** The port of Fly's own API inside its private network; taken when it is free and none was asked for. */
const USUAL_PORT = 4280;

export interface StartOptions extends Place {
  readonly env: NodeJS.ProcessEnv;
  /** undefined: 4280, or a free one where that is taken. */
  readonly port: number | undefined;
  /** File that keeps the state over a restart; undefined: in memory. */
  readonly stateFile: string | undefined;
  /** What it starts with. */
  readonly seed: unknown;
}

export interface Started extends Instance {
  /** true: it ran before. */
  readonly already: boolean;
}

/**
 * Returns when the sandbox is ready; leaves one that runs already alone.
 *
 * @throws Failure when the port is taken, when it runs on another one or with another state file, or when it ends at once
 */
export async function startSandbox(options: StartOptions): Promise<Started> {
  const running = await findSandbox(options);
  if (running) {
    refuseOtherPort(running, options.port);
    await refuseOtherState(running, options);
    return { ...running, already: true };
  }
  forget(options);
  return { ...(await launch(options, await choosePort(options.port))), already: false };
}

/** The sandbox of that name if it runs and answers; a note of one that is gone does not count. */
export async function findSandbox(place: Place): Promise<Instance | undefined> {
  const recorded = readRecord(place);
  return recorded && isAlive(recorded.pid) && (await answers(recorded)) ? recorded : undefined;
}

/** @throws Failure that says how to start it */
export async function getSandbox(place: Place): Promise<Instance> {
  const found = await findSandbox(place);
  if (found) return found;
  const name = place.name === undefined ? "" : ` --name ${place.name}`;
  throw new Failure(`No sandbox runs for this project. Start it: npx infra sandbox start${name} [sandbox/not-running]`);
}

/** Ends it and returns it; undefined: none ran. */
export async function stopSandbox(place: Place): Promise<Instance | undefined> {
  const found = await findSandbox(place);
  if (found) {
    process.kill(found.pid, "SIGTERM");
    if (!(await within(5000, () => !isAlive(found.pid)))) process.kill(found.pid, "SIGKILL");
  }
  forget(place);
  return found;
}

/** Calls a control route (`/_sandbox/...`) and returns its JSON answer. */
export async function control(
  sandbox: Instance,
  method: "GET" | "POST",
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(`${sandbox.url}/_sandbox/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  if (response.ok) return text === "" ? null : JSON.parse(text);
  throw new Failure(
    `The sandbox answered ${response.status} to ${method} /_sandbox/${path}: ${text} [sandbox/refused]`,
  );
}

function refuseOtherPort(running: Instance, port: number | undefined): void {
  if (port === undefined || port === 0 || Number(new URL(running.url).port) === port) return;
  throw new Failure(
    `The sandbox runs already, at ${running.url}, not on port ${port}. Stop it first (npx infra sandbox stop) or give the second one a name (--name). [sandbox/other-port]`,
  );
}

async function refuseOtherState(running: Instance, { directory, stateFile }: StartOptions): Promise<void> {
  if (stateFile === undefined) return;
  const { state_file: kept } = (await control(running, "GET", "status")) as { readonly state_file: string | null };
  if (kept === resolve(directory, stateFile)) return;
  throw new Failure(
    `The sandbox runs already, at ${running.url}, and keeps its state in ${kept ?? "memory"}, not in ${stateFile}. Stop it first (npx infra sandbox stop) or give the second one a name (--name). [sandbox/other-state]`,
  );
}

async function choosePort(asked: number | undefined): Promise<number> {
  if (asked === 0) return 0;
  if (asked !== undefined && asked > 65_535)
    throw new Failure(`${asked} is no port: the highest is 65535. Leave --port out and one is found. [sandbox/port]`);
  if (await isFree(asked ?? USUAL_PORT)) return asked ?? USUAL_PORT;
  if (asked === undefined) return 0;
  throw new Failure(
    `Port ${asked} is taken by another program. Choose another one (--port N), or leave --port out and one is found. [sandbox/port-taken]`,
  );
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const probe = createServer()
      .once("error", () => done(false))
      .listen(port, "127.0.0.1", () => probe.close(() => done(true)));
  });

async function launch(options: StartOptions, port: number): Promise<Instance> {
  const { directory, env, stateFile, seed } = options;
  const files = filesOf(options);
  mkdirSync(files.folder, { recursive: true });
  if (stateFile !== undefined) mkdirSync(dirname(resolve(directory, stateFile)), { recursive: true });
  writeFileSync(files.seed, JSON.stringify(seed, null, 2));
  const log = openSync(files.log, "w", 0o600);
  const args = [
    ...entry(),
    ...["--port", String(port), "--seed", files.seed, "--instance", files.record],
    ...(stateFile === undefined ? [] : ["--state", resolve(directory, stateFile)]),
  ];
  // No token of the caller's goes along: the sandbox needs none.
  const child = spawn(process.execPath, args, {
    detached: true,
    stdio: ["ignore", log, log],
    env: { PATH: env.PATH, HOME: env.HOME, TMPDIR: env.TMPDIR },
  });
  closeSync(log);
  let ended = false;
  child.once("exit", () => {
    ended = true;
  });
  child.unref();
  const ready = async () => ended || ((await findSandbox(options))?.pid ?? 0) > 0;
  await within(20_000, ready);
  const found = await findSandbox(options);
  if (found) return found;
  if (!ended) child.kill("SIGTERM");
  throw new Failure(
    `The sandbox did not start. Its last words:\n${readFileSync(files.log, "utf8").slice(-2000).trim()}\nThe whole log: ${files.log} [sandbox/not-started]`,
  );
}

/** The sandbox's entry beside us: a source file in a checkout, a compiled one in the package. */
function entry(): readonly string[] {
  const extension = extname(__filename);
  const path = join(__dirname, "..", "..", "sandbox", `main${extension}`);
  if (!existsSync(path)) throw new Failure(`This installation has no sandbox: ${path} is missing. [sandbox/missing]`);
  return extension === ".ts" ? ["--import", pathToFileURL(require.resolve("tsx")).href, path] : [path];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Something else may have got the port since: only a sandbox knows its own status route. */
async function answers({ url }: Instance): Promise<boolean> {
  try {
    const response = await fetch(`${url}/_sandbox/status`, { signal: AbortSignal.timeout(5000) });
    return response.ok && response.headers.get("content-type")?.includes("json") === true;
  } catch {
    return false;
  }
}

async function within(limitMs: number, met: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + limitMs; Date.now() < end; await pause(20)) if (await met()) return true;
  return met();
}
