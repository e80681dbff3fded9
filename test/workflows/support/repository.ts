import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Makes `folder/work`, a repository of one commit on main whose remote says hotdash/hotdash. A checkout fetches from the folder itself.
 *
 * @param files text by path; one that begins with "#!" can be executed
 */
export async function createRepository(
  folder: string,
  files: Readonly<Record<string, string>>,
  tags: readonly string[],
): Promise<{ readonly head: string; readonly origin: string }> {
  const work = join(folder, "work");
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(work, dirname(path)), { recursive: true });
    writeFileSync(join(work, path), text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
  }
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...args], {
      cwd: work,
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: "1" },
    }).trim();
  git("init", "-q", "-b", "main");
  git("add", "--all", "--force");
  git("commit", "-q", "-m", "Begin");
  for (const tag of tags) git("tag", tag);
  git("remote", "add", "origin", "https://github.com/hotdash/hotdash");
  return { head: git("rev-parse", "HEAD"), origin: work };
}
