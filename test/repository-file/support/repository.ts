/** A sandbox with a repository, a project whose stack keeps files of it, and the real Terraform with the real provider. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import type { RepositoryFile } from "../../../constructs/repository-file/repository-file";
import {
  RepositoryFileStack,
  type RepositoryFileStackProps,
} from "../../../constructs/repository-file/repository-file-stack";
import { createSandbox, type Sandbox } from "../../../sandbox";
import { synthesize } from "../../../synth/synthesize";
import { infra, type Ran } from "../../commands/support/project";

/** The directory with the real provider: env `TF_PROVIDER_MIRROR`; undefined when there is none. */
export const mirror: string | undefined =
  process.env.TF_PROVIDER_MIRROR &&
  existsSync(join(process.env.TF_PROVIDER_MIRROR, "registry.terraform.io/integrations/github/6.9.0"))
    ? process.env.TF_PROVIDER_MIRROR
    : undefined;

export interface Outcome {
  readonly code: number;
  /** Standard output and standard error, in this order. */
  readonly text: string;
}

export interface Bench {
  readonly sandbox: Sandbox;
  /** Folder of the project, with cdktf.json. */
  readonly directory: string;
  readonly env: Record<string, string>;
  /** Replaces what the project's program declares, and synthesizes it. */
  declare(files: readonly RepositoryFile[], more?: Partial<RepositoryFileStackProps>): void;
  terraform(...args: readonly string[]): Promise<Outcome>;
  /** `terraform plan -detailed-exitcode`, with how many calls of GitHub it took. */
  plan(): Promise<Outcome & { readonly calls: number }>;
  /** Asks GitHub as somebody; default: the organization's owner. Path below the repository. */
  ask(
    method: string,
    path: string,
    body?: object,
    token?: string,
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails when it is not there
  ): Promise<{ readonly status: number; readonly body: any }>;
  /** Runs `infra` in the project, in this process. */
  infra(...argv: readonly string[]): Promise<Ran>;
  /** Writes of GitHub since the last `plan` or `forget`: "POST /pulls". */
  writes(): readonly string[];
  forget(): void;
  /** Writes a file straight to main, as a person in the browser does. */
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens everything; `afterAll` closes it. */
export async function openBench(): Promise<Bench> {
  const sandbox = createSandbox({ limits: "off" });
  const { url, close } = await sandbox.listen(0);
  const directory = mkdtempSync(join(tmpdir(), "repository-file-"));
  const out = join(directory, "cdktf.out");
  // The program of the project does nothing: what it would synthesize is there already.
  const program = `node -e "const fs=require('fs');fs.utimesSync(process.env.CDKTF_OUTDIR+'/manifest.json',new Date(),new Date())"`;
  writeFileSync(join(directory, "cdktf.json"), JSON.stringify({ language: "typescript", app: program }));
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? "",
    HOME: directory,
    GITHUB_BASE_URL: `${url}/`,
    GITHUB_TOKEN: "ghp_sandbox_admin",
    TF_VAR_github_write_delay_ms: "1",
    TF_IN_AUTOMATION: "1",
    GOGC: "400", // see ops/terraform.ts
    CHECKPOINT_DISABLE: "1",
    NO_COLOR: "1",
  };
  const folder = join(out, "stacks", "workflows");
  const run = (...args: readonly string[]): Promise<Outcome> =>
    new Promise((done) => {
      execFile("terraform", args, { cwd: folder, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
        const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
        done({ code, text: `${stdout}${stderr}` });
      });
    });
  const terraform = async (...args: readonly string[]): Promise<Outcome> => {
    if (!existsSync(join(folder, ".terraform"))) {
      const { code, text } = await run("init", "-input=false", "-no-color");
      if (code !== 0) throw new Error(text);
    }
    return run(...args, "-no-color");
  };
  const ask: Bench["ask"] = async (method, path, body, token = "ghp_sandbox_admin") => {
    const response = await fetch(`${url}/api/v3/repos/hotdash/hotdash${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  };
  const put = async (method: "PUT" | "DELETE", path: string, text?: string) => {
    const { body } = await ask("GET", `/contents/${path}`);
    const content = text === undefined ? undefined : Buffer.from(text).toString("base64");
    const { status } = await ask(method, `/contents/${path}`, { message: `Edit ${path}`, content, sha: body.sha });
    if (status >= 300) throw new Error(`${method} ${path}: ${status}`);
  };
  return {
    sandbox,
    directory,
    env,
    declare(files, more = {}) {
      mkdirSync(out, { recursive: true });
      const app = new App({ outdir: out });
      const place = { owner: "hotdash", repository: "hotdash", branch: "main" };
      new RepositoryFileStack(app, "workflows", { ...place, files, ...more });
      synthesize(app, { TF_PROVIDER_MIRROR: mirror });
    },
    terraform,
    async plan() {
      sandbox.control.clearJournal();
      const planned = await terraform("plan", "-input=false", "-detailed-exitcode");
      const calls = sandbox.control.journal().filter(({ path }) => path.startsWith("/api/v3")).length;
      return { ...planned, calls };
    },
    ask,
    infra: (...argv) => infra(directory, argv, { env }),
    writes: () =>
      sandbox.control
        .journal()
        .filter(({ method }) => method !== "GET")
        .map(({ method, path }) => `${method} ${path.replace("/api/v3/repos/hotdash/hotdash", "")}`),
    forget: sandbox.control.clearJournal,
    write: (path, text) => put("PUT", path, text),
    remove: (path) => put("DELETE", path),
    async close() {
      await close();
      sandbox.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
