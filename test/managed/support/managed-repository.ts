import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { configuration } from "../../../config";
import { managedFiles } from "../../../constructs/managed/managed-file";
import type { Policy } from "../../../constructs/managed/policy";

/** What a script left behind. */
export interface Outcome {
  readonly code: number | null;
  /** Standard output, then standard error. */
  readonly output: string;
}

/** A temporary repository with the managed files in it, on branch `main`, committed once. */
export interface ManagedRepository {
  readonly folder: string;
  /** Writes a file; its folders are made. A text with a shebang becomes executable. */
  write(path: string, text: string): void;
  read(path: string): string;
  /** Changes what the scripts know of the configuration. */
  policy(change: (policy: Policy) => unknown): void;
  git(...args: readonly string[]): string;
  /** Commits everything; gives the commit. */
  commit(subject: string): string;
  /** Runs a program in it that sees PATH, HOME, GITHUB_REPOSITORY and `env`, and nothing else of this process. */
  run(file: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Outcome>;
  remove(): void;
}

/** Makes one; the caller removes it. */
export function managedRepository(): ManagedRepository {
  const folder = mkdtempSync(join(tmpdir(), "managed-"));
  const home = mkdtempSync(join(tmpdir(), "home-"));
  const env = { PATH: process.env.PATH ?? "", HOME: home, GITHUB_REPOSITORY: "hotdash/hotdash", NO_COLOR: "1" };
  const author = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"];
  const repository: ManagedRepository = {
    folder,
    write(path, text) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      chmodSync(file, text.startsWith("#!") ? 0o755 : 0o644);
    },
    read: (path) => readFileSync(join(folder, path), "utf8"),
    policy(change) {
      const path = "scripts/policy/policy.json";
      const policy = JSON.parse(repository.read(path)) as Policy;
      repository.write(path, JSON.stringify({ ...policy, ...(change(policy) as object) }));
    },
    git: (...args) => execFileSync("git", [...author, ...args], { cwd: folder, encoding: "utf8", env, stdio: "pipe" }),
    commit(subject) {
      repository.git("add", "-A");
      repository.git("commit", "-qm", subject);
      return repository.git("rev-parse", "HEAD").trim();
    },
    run: (file, args, more = {}) => run(file, args, folder, { ...env, ...more }),
    remove() {
      rmSync(folder, { recursive: true, force: true });
      rmSync(home, { recursive: true, force: true });
    },
  };
  for (const { path, text } of managedFiles(configuration())) repository.write(path, text);
  repository.write(".gitignore", "node_modules\n");
  // The managed repository has this package installed.
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(__dirname, "../../.."), join(folder, "node_modules/hotdash-infra"));
  repository.git("init", "-q");
  repository.commit("Begin");
  return repository;
}

/** Without standard input, since a script that fails early reads none. */
function run(file: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: 100_000 });
    const parts = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      parts.stdout += part;
    });
    child.stderr.setEncoding("utf8").on("data", (part: string) => {
      parts.stderr += part;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output: parts.stdout + parts.stderr }));
  });
}
