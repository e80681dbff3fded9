#!/usr/bin/env node
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { start, Trouble } from "../policy/policy.mjs";
import { execute, options, refuse } from "./fly.mjs";

const usage = `Usage: node scripts/ops/validate-migrations.mjs --base COMMIT --folder FOLDER

Judges the migrations of FOLDER that are new since COMMIT, without a database:
  - A migration that is there already is neither changed, renamed nor removed: databases have it.
  - A new one sorts behind those that are there, as supabase db push wants it.
  - squawk finds nothing in it (.squawk.toml): it only adds, and locks nothing for long.
  - A comment "squawk-ignore" has right above it, in a comment: reason: <why it is safe>; owner: @login
Exit codes: 0 all is well, 1 it is not, 2 it cannot judge.`;

const answered = /\breason:\s*[^\s;][^;]{7,};\s*owner:\s*@[A-Za-z0-9-]+(\/[A-Za-z0-9-]+)?/;

await start(usage, (args) => {
  const { base, folder } = options(args, { base: "required", folder: "required" });
  const changes = changesSince(base, folder);
  const added = changes.filter(({ kind }) => kind === "A").map(({ path }) => path);
  const earlier = git("ls-tree", "-r", "-z", "--name-only", base, "--", folder).filter(isMigration);
  const problems = [
    ...changes.flatMap(changeProblems),
    ...orderProblems(added, earlier),
    ...added.flatMap(ignoreProblems),
  ];
  for (const problem of problems) refuse("Migration", problem);
  const isClean = added.length === 0 || squawk(added);
  if (problems.length > 0 || !isClean) return 1;
  console.log(`migrations: ${added.length} new since ${base.slice(0, 12)}, and they only add.`);
  return 0;
});

function git(...args) {
  const { code, stdout, stderr } = execute("git", args);
  if (code !== 0) throw new Trouble(`git ${args[0]} failed: ${stderr.trim()}`);
  return stdout.split("\0").filter(Boolean);
}

function isMigration(path) {
  return path.endsWith(".sql");
}

/** Changed migrations with git's letter: A added, M changed, D removed. A renamed one is removed and added. */
function changesSince(base, folder) {
  const parts = git("diff", "--no-renames", "--name-status", "-z", `${base}...HEAD`, "--", folder);
  const pairs = parts.flatMap((kind, index) => (index % 2 === 0 ? [{ kind, path: parts[index + 1] }] : []));
  return pairs.filter(({ path }) => isMigration(path));
}

function changeProblems({ kind, path }) {
  if (kind === "A") return [];
  return [`${path} is ${kind === "D" ? "removed" : "changed"}, and databases have it already: write a new migration.`];
}

function orderProblems(added, earlier) {
  const last =
    earlier
      .map((path) => basename(path))
      .sort()
      .at(-1) ?? "";
  return added
    .filter((path) => basename(path) < last)
    .map((path) => `${path} sorts before ${last}, which databases have: make it anew with supabase migration new.`);
}

function ignoreProblems(path) {
  const lines = readFileSync(path, "utf8").split(/\r?\n/);
  return lines.flatMap((line, index) =>
    /squawk-ignore/.test(line) && !answered.test(lines[index - 1] ?? "")
      ? [`${path}:${index + 1} ignores a finding without "-- reason: ...; owner: @login" right above it.`]
      : [],
  );
}

/** Whether squawk, as the lock file pins it, finds nothing; it says itself what it finds. */
function squawk(files) {
  const args = ["exec", "--no", "--", "squawk", "--config", ".squawk.toml", ...files];
  const { status, error } = spawnSync("npm", args, { stdio: "inherit" });
  if (error) throw new Trouble(`npm does not start: ${error.message}`);
  return status === 0;
}
