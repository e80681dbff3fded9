import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** What the configuration of the infrastructure says to the scripts of this repository. */
export const policy = JSON.parse(readFileSync(new URL("policy.json", import.meta.url), "utf8"));

/** Something that keeps a script from judging; its message is all that a reader needs. */
export class Trouble extends Error {}

/**
 * Runs a script: `--help` prints `usage`, else `main(args)` gives the exit code: 0 passes, 1 does not. What keeps it from judging ends in 2.
 */
export async function start(usage, main) {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) {
    console.log(usage);
    return;
  }
  try {
    process.exitCode = await main(args);
  } catch (error) {
    console.error(error instanceof Trouble ? error.message : error.stack);
    process.exitCode = 2;
  }
}

/** Paths of every file that git tracks here, from the root of the repository. */
export function trackedFiles() {
  try {
    return execFileSync("git", ["ls-files", "-z", "--full-name", ":/"], { encoding: "utf8" })
      .split("\0")
      .filter(Boolean);
  } catch (error) {
    throw new Trouble(`git cannot list the files here: ${String(error.stderr || error.message).trim()}`);
  }
}

/** Tells whether a path fits any of the patterns: `**` any folders, `*` and `?` within one name, the rest as it is. */
export function matcher(patterns) {
  const expressions = patterns.map(expression);
  return (path) => expressions.some((one) => one.test(path));
}

function expression(pattern) {
  const source = pattern
    .replace(/^\//, "")
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*\*\/|\*\*|\*|\?/g, (wild) => ({ "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]" })[wild]);
  return new RegExp(`^${source}$`);
}

/**
 * The data of a YAML text. The parser is the one that hotdash-infra, of which this repository pins a version, has with it.
 *
 * @throws Trouble where it does not parse, with the place, or where there is no parser
 */
export function parseYaml(text, where) {
  const yaml = yamlParser();
  const document = yaml.parseDocument(text);
  const [first] = document.errors;
  if (first) throw new Trouble(`${where} is not YAML: ${first.message.split("\n")[0]}`);
  return document.toJS();
}

function yamlParser() {
  const here = createRequire(import.meta.url);
  try {
    return createRequire(here.resolve("hotdash-infra/package.json"))("yaml");
  } catch {
    throw new Trouble("There is no YAML parser: hotdash-infra is not installed. Run: npm ci");
  }
}
