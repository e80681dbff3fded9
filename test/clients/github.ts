import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSandbox, type Sandbox, type SandboxOptions } from "../../sandbox/index";

/** What a command left behind. */
export interface Outcome {
  readonly code: number | null;
  /** Standard output and standard error as they came. */
  readonly output: string;
}

/** A sandbox behind a port, and real clients of GitHub that can reach nothing else. */
export interface GithubBench {
  readonly sandbox: Sandbox;
  /** Asks GitHub's REST API as the organization's owner. */
  rest(method: string, path: string, body?: object, token?: string): Promise<{ status: number; body: unknown }>;
  /** Runs gh on `hotdash/hotdash`. */
  gh(...args: readonly string[]): Promise<Outcome>;
  /** Writes `main.tf` and runs terraform in its folder. */
  terraform(configuration: string, ...args: readonly string[]): Promise<Outcome>;
  close(): Promise<void>;
}

/** Where gh is: env `GH`; undefined when there is none. */
export const findGh = (): string | undefined => existing(process.env.GH);

/** The directory with the real provider: env `TF_PROVIDER_MIRROR`; undefined when there is none. */
export const findProviders = (): string | undefined =>
  existing(process.env.TF_PROVIDER_MIRROR && join(process.env.TF_PROVIDER_MIRROR)) &&
  existing(join(process.env.TF_PROVIDER_MIRROR ?? "", "registry.terraform.io/integrations/github/6.9.0")) &&
  process.env.TF_PROVIDER_MIRROR;

/** Starts a sandbox for gh and for terraform. */
export async function createGithubBench(options: SandboxOptions = {}): Promise<GithubBench> {
  const root = mkdtempSync(join(tmpdir(), "github-"));
  const sandbox = createSandbox({ limits: "off", ...options });
  const { url, close } = await sandbox.listen();
  const work = join(root, "work");
  mkdirSync(work);
  writeFileSync(
    join(root, "rc"),
    `provider_installation {\n  filesystem_mirror { path = "${findProviders() ?? root}" }\n}\n`,
  );
  const base = { PATH: process.env.PATH ?? "", HOME: root, NO_COLOR: "1", HTTPS_PROXY: "http://127.0.0.1:9" };
  return {
    sandbox,
    async rest(method, path, body, token = "ghp_sandbox_admin") {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`${url}/api/v3${path}`, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
    },
    gh: (...args) => {
      const isOwn = args[0] === "api" || args[0] === "auth" || args[0] === "repo";
      const gh = { GH_HOST: "github.localhost", GH_TOKEN: "ghp_sandbox_admin", GH_CONFIG_DIR: join(root, "gh") };
      const quiet = { GH_PROMPT_DISABLED: "1", GH_NO_UPDATE_NOTIFIER: "1", HTTP_PROXY: url };
      const all = isOwn ? args : [...args, "-R", "hotdash/hotdash"];
      return run(findGh() ?? "gh", all, work, { ...base, ...gh, ...quiet });
    },
    async terraform(configuration, ...args) {
      writeFileSync(join(work, "main.tf"), configuration);
      const env = {
        ...base,
        GOGC: "400", // see ops/terraform.ts
        CHECKPOINT_DISABLE: "1",
        TF_CLI_CONFIG_FILE: join(root, "rc"),
        GITHUB_BASE_URL: `${url}/`,
      };
      if (!existsSync(join(work, ".terraform"))) {
        const { code, output } = await run("terraform", ["init", "-no-color"], work, env);
        if (code !== 0) throw new Error(output);
      }
      return run("terraform", [...args, "-no-color"], work, { ...env, TF_IN_AUTOMATION: "1" });
    },
    async close() {
      await close();
      sandbox.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

const existing = (file: string | undefined): string | undefined => (file && existsSync(file) ? file : undefined);

function run(binary: string, args: readonly string[], cwd: string, env: Record<string, string>): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: 120_000 });
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
