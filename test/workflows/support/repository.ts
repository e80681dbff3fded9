import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Makes `folder/work`, a repository on main whose remote says hotdash/hotdash: one commit, and an earlier one where `before` has its files. A
 * checkout fetches from the folder itself.
 *
 * @param files text by path; one that begins with "#!" can be executed
 */
export async function createRepository(
  folder: string,
  { files, before, tags }: { files: Files; before: Files | undefined; tags: readonly string[] },
): Promise<{ readonly head: string; readonly base: string; readonly origin: string }> {
  const work = join(folder, "work");
  mkdirSync(work);
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...args], {
      cwd: work,
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: "1" },
    }).trim();
  const commit = (tree: Files, subject: string) => {
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(join(work, dirname(path)), { recursive: true });
      writeFileSync(join(work, path), text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
    }
    git("add", "--all", "--force");
    git("commit", "-q", "-m", subject);
    return git("rev-parse", "HEAD");
  };
  git("init", "-q", "-b", "main", "--template=");
  const base = before && commit(before, "Before");
  if (base) git("rm", "-r", "-q", ".");
  const head = commit(files, "Begin");
  for (const tag of tags) git("tag", tag);
  git("remote", "add", "origin", "https://github.com/hotdash/hotdash");
  git("update-ref", "refs/remotes/origin/main", head);
  // One pack instead of a file per object: act looks through them at every step, and each checkout copies them.
  git("repack", "-a", "-d", "-q");
  return { head, base: base ?? head, origin: work };
}

type Files = Readonly<Record<string, string>>;
