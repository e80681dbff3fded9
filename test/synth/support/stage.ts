/** Folders and commands for tests that synthesize; everything goes away with the folder. */
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSandbox, type Sandbox } from "../../../sandbox";

/** What a command left behind. */
export interface Run {
  readonly code: number;
  /** Standard output, then standard error. */
  readonly text: string;
}

export interface Stage {
  readonly folder: string;
  readonly sandbox: Sandbox;
  /** What a person would have set: the sandbox's address and a token. No other host can be reached. */
  readonly env: Record<string, string>;
  run(program: string, args: readonly string[], options?: { cwd?: string; env?: Record<string, string> }): Promise<Run>;
  close(): Promise<void>;
}

/** Whether a program answers to `--version`. */
export function has(program: string): boolean {
  return (
    spawnSync(program, ["--version"], { stdio: "ignore", env: { ...process.env, CHECKPOINT_DISABLE: "1" } }).status ===
    0
  );
}

export async function openStage(token = "fo1_sandbox_deploy"): Promise<Stage> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "synth-")));
  const sandbox = createSandbox({ limits: "off", timings: { appDeleteMs: 20, bootMs: 20 } });
  const { url, close } = await sandbox.listen(0);
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    TMPDIR: tmpdir(),
    CHECKPOINT_DISABLE: "1",
    HTTPS_PROXY: "http://127.0.0.1:9",
    FLY_API_TOKEN: token,
    FLY_FLAPS_BASE_URL: url,
    FLY_API_BASE_URL: url,
    FLY_UIEX_BASE_URL: url,
  };
  return {
    folder,
    sandbox,
    env,
    run: (program, args, { cwd = folder, env: more = {} } = {}) =>
      new Promise((done) => {
        execFile(program, args, { cwd, env: { ...env, ...more }, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
          const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
          done({ code, text: `${stdout}${stderr}` });
        });
      }),
    async close() {
      await close();
      sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
