/** A folder of files that hold values: each file is one, a `.env` file several. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { parseEnv } from "node:util";
import { Failure } from "../failure";
import { type Interruption, runProcess } from "../process";

/** Values of files by the env var that each stands for, and the file. */
export type FileValues = ReadonlyMap<string, { readonly value: string; readonly file: string }>;

/** Where a vault is looked for. */
export interface Project {
  /** Paths are shown from here. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
}

const envName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * `DATABASE_URL` in the folder `staging` stands for STAGING_DATABASE_URL, and so does a line of `staging.env` or `staging/.env`; at the top a
 * name stands for itself. Empty where there is no folder. Files whose names cannot name an env var, such as README.md, are let be.
 *
 * @param path "vault/occ/**": the folder with all below it
 * @throws Failure when git would track a file, when others may read one, or when two say the same variable
 */
export async function readVault(path: string, project: Project): Promise<FileValues> {
  const base = resolve(project.directory, path.replace(/[/\\]\*\*?$/, ""));
  if (base.includes("*")) {
    throw new Failure(
      `The vault is to be one folder with all below it, such as vault/occ/**, and "${path}" is not. Correct it. [secrets/vault-path]`,
    );
  }
  if (!statSync(base, { throwIfNoEntry: false })?.isDirectory()) return new Map();
  const files = readdirSync(base, { recursive: true, encoding: "utf8" })
    .map((name) => join(base, name))
    .filter((file) => statSync(file).isFile())
    .sort();
  const wanted = files.filter((file) => isDotenv(file) || envName.test(nameOf(file)));
  await refuseExposed(wanted, project);
  return together(
    wanted.flatMap((file) => read(file, prefixOf(base, file))),
    project,
  );
}

/** @throws Failure as {@link readVault}, and when a file cannot be read */
export async function readDotenv(files: readonly string[], project: Project): Promise<FileValues> {
  const paths = files.map((file) => resolve(project.directory, file));
  const absent = paths.filter((file) => !statSync(file, { throwIfNoEntry: false })?.isFile());
  if (absent.length > 0) {
    const list = absent.map((file) => shown(file, project)).join(", ");
    throw new Failure(`--dotenv: there is no file ${list}. Nothing was changed. [secrets/dotenv]`);
  }
  await refuseExposed(paths, project);
  return together(
    paths.flatMap((file) => lines(file, "")),
    project,
  );
}

type Entry = readonly [variable: string, found: { readonly value: string; readonly file: string }];

const nameOf = (file: string): string => file.slice(file.lastIndexOf(sep) + 1);
const isDotenv = (file: string): boolean => nameOf(file).endsWith(".env");

const read = (file: string, prefix: string): readonly Entry[] =>
  isDotenv(file) ? lines(file, prefix) : whole(file, prefix);

function lines(file: string, prefix: string): readonly Entry[] {
  const text = readFileSync(file, "utf8");
  // Everything behind it would be taken for a comment, and a value be cut without a word.
  const cut = /^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*[^\s'"`#][^\n]*?\S#/m.exec(text);
  if (cut) {
    throw new Failure(
      `${nameOf(file)}: the value of ${cut[1]} has a # in it and no quotes, so its end would be lost. Nothing was changed. Put it in quotes. [secrets/dotenv-comment]`,
    );
  }
  return Object.entries(parseEnv(text)).flatMap(([name, value = ""]): Entry[] =>
    value === "" ? [] : [[`${prefix}${name}`, { value, file }]],
  );
}

/** A newline at the end is the editor's. */
function whole(file: string, prefix: string): readonly Entry[] {
  const value = readFileSync(file, "utf8").replace(/\r?\n$/, "");
  return value === "" ? [] : [[`${prefix}${nameOf(file)}`, { value, file }]];
}

/** The folders below the vault, and the name of a `.env` file, in capitals. */
function prefixOf(base: string, file: string): string {
  const folders = relative(base, file).split(sep).slice(0, -1);
  const stem = isDotenv(file) ? nameOf(file).slice(0, -".env".length) : "";
  return [...folders, ...(stem === "" ? [] : [stem])]
    .map((one) => `${one.replace(/[^A-Za-z0-9]+/g, "_").toUpperCase()}_`)
    .join("");
}

function together(entries: readonly Entry[], project: Project): FileValues {
  const all: Map<string, Entry[1]> = new Map();
  for (const [variable, found] of entries) {
    const other = all.get(variable);
    if (other) {
      throw new Failure(
        `${shown(other.file, project)} and ${shown(found.file, project)} both give ${variable}. Nothing was changed. Remove one. [secrets/vault-twice]`,
      );
    }
    all.set(variable, found);
  }
  return new Map([...all].map(([variable, { value, file }]) => [variable, { value, file: shown(file, project) }]));
}

/** @throws Failure that names every file which git would track, and every one which others may read, with what to type */
async function refuseExposed(files: readonly string[], project: Project): Promise<void> {
  const tracked = await trackedOf(files, project);
  const problems = files.flatMap((file) => {
    const mode = statSync(file).mode & 0o777;
    const name = shown(file, project);
    return [
      ...(tracked.has(file) ? [`git would track ${name}: add it to .gitignore, and git rm --cached it`] : []),
      ...((mode & 0o077) === 0
        ? []
        : [`others may reach ${name}: its mode is ${mode.toString(8).padStart(4, "0")}; chmod 600 it`]),
    ];
  });
  if (problems.length === 0) return;
  throw new Failure(
    `${problems.length === 1 ? "1 file is" : `${problems.length} problems with files that are`} no safe source of secrets:\n${problems.map((one) => `  ${one}`).join("\n")}\nNo value was used and nothing was changed. A value that was ever committed has to be made anew. [secrets/vault-exposed]`,
  );
}

/** The files that are in git's index, or that a `git add` would put there; none outside a checkout. */
async function trackedOf(files: readonly string[], { directory, env, interruption }: Project): Promise<Set<string>> {
  const found = new Set<string>();
  for (const folder of new Set(files.map((file) => file.slice(0, file.lastIndexOf(sep))))) {
    const args = ["-C", folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "."];
    const { code, stdout } = await runProcess("git", args, { directory, env, interruption });
    if (code === 0) for (const name of stdout.split("\0").filter(Boolean)) found.add(join(folder, name));
  }
  return found;
}

const shown = (file: string, { directory }: Project): string => {
  const path = relative(directory, file);
  return path.startsWith("..") ? file : path;
};
