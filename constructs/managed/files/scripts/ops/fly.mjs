import { spawn, spawnSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Trouble } from "../policy/policy.mjs";

/**
 * Options of a script: `{ app: "required", image: "optional", first: "switch" }`.
 *
 * @throws Trouble with what is wrong
 */
export function options(args, shape) {
  const types = Object.entries(shape).map(([name, kind]) => [name, { type: kind === "switch" ? "boolean" : "string" }]);
  let values;
  try {
    ({ values } = parseArgs({ args, options: Object.fromEntries(types) }));
  } catch (error) {
    throw new Trouble(`${error.message} See --help.`);
  }
  const missing = Object.keys(shape).filter((name) => shape[name] === "required" && !values[name]);
  if (missing.length > 0) throw new Trouble(`${missing.map((name) => `--${name}`).join(", ")} is missing; see --help`);
  return values;
}

/** A whole number among the options. */
export function whole(text, name, fallback) {
  if (text === undefined || text === "") return fallback;
  if (!/^\d{1,15}$/.test(text)) throw new Trouble(`--${name} is "${text}" and has to be a whole number`);
  return Number(text);
}

/** Runs a program to its end: exit code and what it said. `input` is its standard input. */
export function execute(tool, args, input = "") {
  const { status, stdout, stderr, error } = spawnSync(tool, args, { encoding: "utf8", input, maxBuffer: 2 ** 27 });
  // A program may end before it has read its input; what it said then tells why.
  if (error && error.code !== "EPIPE") throw new Trouble(`${tool} does not start: ${error.message}`);
  return { code: status ?? 1, stdout, stderr };
}

/**
 * What a program answers as JSON; nothing said is `fallback`.
 *
 * @throws Trouble with its own words when it fails
 */
export function json(tool, args, fallback = null, input = "") {
  const { code, stdout, stderr } = execute(tool, args, input);
  if (code !== 0) throw new Trouble(`${tool} ${args.slice(0, 2).join(" ")} failed: ${masked(stderr || stdout).trim()}`);
  try {
    return stdout.trim() === "" ? fallback : (JSON.parse(stdout) ?? fallback);
  } catch {
    throw new Trouble(`${tool} ${args.slice(0, 2).join(" ")} answered no JSON: ${masked(stdout).slice(0, 200)}`);
  }
}

/** Machines of an app that carry the product: not those that run a release command, a console or a canary. */
export function machines(app) {
  const passing = ["fly_app_release_command", "fly_app_console", "fly_app_test_machine_command"];
  return json("flyctl", ["machine", "list", "--app", app, "--json"], []).filter(({ state, config }) => {
    const { fly_process_group: group, fly_canary: canary } = config?.metadata ?? {};
    return !passing.includes(group) && canary !== "true" && !["destroyed", "destroying"].includes(state);
  });
}

/** Every spelling of the image that a machine runs. */
export function imagesOf({ config, image_ref: ref }) {
  const name = ref && `${ref.registry}/${ref.repository}`;
  return [
    config?.image,
    ...(ref ? [`${name}:${ref.tag}`, `${name}@${ref.digest}`, `${name}:${ref.tag}@${ref.digest}`] : []),
  ].filter(Boolean);
}

/** Releases of an app that were completed, newest first: `{ number, image }`. */
export function releases(app) {
  return json("flyctl", ["releases", "--app", app, "--image", "--json"], [])
    .filter(({ Status, ImageRef }) => ["complete", "succeeded"].includes(Status) && ImageRef)
    .map(({ Version, ImageRef }) => ({ number: Version, image: ImageRef }))
    .sort((one, other) => other.number - one.number);
}

/** Waits; by the command of that name, so that whoever tests a script can make the time pass. */
export const pause = (seconds) => execute("sleep", [String(seconds)]);

/** Hands values to the steps after this one, and says them. */
export function give(values) {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${String(value).replace(/\s+/g, " ")}`);
  for (const line of lines) console.log(line);
  if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, `${lines.join("\n")}\n`);
}

/** Adds Markdown to the summary of the job. */
export function summarize(markdown) {
  if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, `${markdown}\n`);
}

/** An annotation that people see on the run. */
export function annotate(level, title, text) {
  const clean = (part) => masked(part).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  console.log(`::${level} title=${clean(title)}::${clean(text)}`);
}

/** Says on the run why something is refused or failed. @returns the exit code of that */
export function refuse(title, text) {
  annotate("error", title, text);
  return 1;
}

/** Text without the tokens that this process holds. */
export function masked(text) {
  const held = ["FLY_API_TOKEN", "GH_TOKEN"].map((name) => process.env[name] ?? "").filter((value) => value.length > 5);
  return held.reduce((rest, value) => rest.replaceAll(value, "***"), text);
}

/** Classes of errors, each with its exit code; the first that fits. What no pattern knows is none that passes by itself. */
const failures = [
  {
    kind: "rate limit",
    code: 4,
    passes: true,
    fits: /\b429\b|rate.?limit|too many requests/i,
    instead: "Run it again in a quarter of an hour, or with flyctl by hand in an emergency.",
  },
  { kind: "deployment failure", code: 1, fits: /health ?check|smoke ?check|release[_ ]command|become healthy|crash/i },
  { kind: "image missing", code: 5, fits: /could not find image|manifest unknown|image .*not found/i },
  { kind: "build failure", code: 3, fits: /dockerfile|failed to (solve|build)|error building|build failed/i },
  {
    kind: "transient failure",
    code: 1,
    passes: true,
    fits: /\b50[0234]\b|time(d )?.?out|deadline exceeded|connection (reset|refused)|unexpected EOF|no such host|handshake|temporar|unavailable|lease|could not reserve/i,
  },
];

/**
 * Runs flyctl and shows what it says as it comes. What fails in passing is tried again, `tries` times in all, with growing pauses.
 *
 * @returns `{ ok, tries, kind, code, text }`; kind and code name the class of the failure
 */
export async function persistently(args, tries, otherwise) {
  let text = "";
  for (let tried = 1; ; tried++) {
    const { code, said } = await shown(args);
    text += said;
    if (code === 0) return { ok: true, tries: tried, text };
    const failure = failures.find(({ fits }) => fits.test(complaints(said))) ?? otherwise;
    if (!failure.passes || tried >= tries) return { ok: false, tries: tried, text, ...failure };
    console.log(`${failure.kind}: try ${tried} of ${tries} failed, again in ${tried * 10} s`);
    pause(tried * 10);
  }
}

/** The lines that complain: flyctl speaks of timeouts and release commands when all is well, too. */
const complaints = (said) =>
  said
    .split("\n")
    .filter((line) => /error|fail|✖|could not|cannot/i.test(line))
    .join("\n");

function shown(args) {
  return new Promise((resolve, reject) => {
    const child = spawn("flyctl", args, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (part) => {
        said += masked(part);
        process.stdout.write(masked(part));
      });
    }
    child.on("error", (error) => reject(new Trouble(`flyctl does not start: ${error.message}`)));
    child.on("close", (code) => resolve({ code, said }));
  });
}
