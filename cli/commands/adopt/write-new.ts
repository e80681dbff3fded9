/** Writes what no stack declares yet as a stack of the program, and says what could not be said. */
import { join, resolve } from "node:path";
import type { Unsaid } from "../../../ops/adopt/unsaid";
import { Failure } from "../../../ops/failure";
import type { Stack } from "../../../ops/project";
import type { ExitCode } from "../../define-command";
import type { Io } from "../../io";
import type { Tools } from "../../tools";

export interface WriteOptions {
  /** Name of the new stack. @default the name of the app or the repository */
  readonly name: string | undefined;
  /** Folder, relative to the project. */
  readonly out: string;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  /** Those that the program has already. */
  readonly stacks: readonly Stack[];
}

/** A live thing in the words of a program. */
interface Sources {
  /** In a few words: "app shop: 2 process groups, 3 secrets". */
  readonly summary: string;
  readonly text: string;
  /** What is kept without types, such as ".groups.web files". */
  readonly untyped: readonly string[];
  readonly unsaid: readonly Unsaid[];
  /** What has to be set before a value is written. */
  readonly before: readonly string[];
  readonly warnings: readonly string[];
}

/** @throws Failure when there is nothing of that name, or a file stands in the way */
export async function writeNew(what: string, options: WriteOptions, tools: Tools, io: Io): Promise<ExitCode> {
  const stack = options.name ?? what.slice(what.indexOf("/") + 1).toLowerCase();
  refuseStack(stack, options, what);
  const { functionName }: typeof import("../../../ops/adopt/stack-file") = require("../../../ops/adopt/stack-file");
  const {
    libraryFrom,
    writeGenerated,
  }: typeof import("../../../ops/adopt/write-file") = require("../../../ops/adopt/write-file");
  const folder = resolve(tools.directory, options.out);
  const shown = join(options.out, `${stack}.ts`);
  io.progress(`Reading ${what}`);
  const place = { stack, library: libraryFrom(folder), stacks: options.stacks };
  const sources = what.includes("/") ? await readRepository(what, place, tools) : await readApp(what, place, tools);
  io.progress("");
  const again = ["adopt", what, ...(options.name ? ["--stack", stack] : [])].join(" ");
  const written =
    !options.dryRun && writeGenerated(join(folder, `${stack}.ts`), sources.text, { ...options, shown, again });
  const call = functionName(stack);
  if (options.json) {
    const { summary, text, untyped, unsaid, before, warnings } = sources;
    const document = {
      version: 1,
      command: "adopt",
      subject: what,
      summary,
      stack,
      file: shown,
      written,
      function: call,
    };
    io.out(JSON.stringify({ ...document, text, untyped, unsaid, secrets: before, warnings }, null, 2));
  } else tell(sources, { shown, call, stack, written, dryRun: options.dryRun }, io);
  return options.dryRun || sources.unsaid.length > 0 ? 2 : 0;
}

function refuseStack(stack: string, { stacks, name }: WriteOptions, what: string): void {
  if (!/^[A-Za-z0-9][\w-]*$/.test(stack)) {
    throw new Failure(
      `"${stack}" cannot be the name of a stack; use letters, digits, hyphens and underscores: npx infra adopt ${what} --stack <name>. Nothing was read. [infra/adopt-stack]`,
    );
  }
  if (!stacks.some((one) => one.name === stack)) return;
  throw new Failure(
    `There is a stack "${stack}" already, and it does not declare ${what}. Name the new one: npx infra adopt ${what} --stack <another name>. ${name ? "" : "Left out, it is called as what it takes over. "}Nothing was read. [infra/adopt-stack]`,
  );
}

interface Place {
  readonly stack: string;
  readonly library: string;
  readonly stacks: readonly Stack[];
}

async function readApp(app: string, { stack, library, stacks }: Place, { env, now }: Tools): Promise<Sources> {
  const { flyFrom }: typeof import("../../../ops/fly") = require("../../../ops/fly");
  const { adoptApp }: typeof import("../../../ops/adopt/adopt-app") = require("../../../ops/adopt/adopt-app");
  const { appStackFile }: typeof import("../../../ops/adopt/stack-file") = require("../../../ops/adopt/stack-file");
  const found = await adoptApp(flyFrom(env).fly, app, { stack, now });
  if (!found) throw nothingFound(app, stacks);
  const { shape, overrides, secrets, unsaid, warnings } = found;
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const groups = Object.keys(shape.groups);
  const of = (type: string) => found.parts.filter((part) => part.type === type).length;
  const rest = [
    [of("fly_ip_address"), "IP"],
    [of("fly_certificate"), "certificate"],
    [secrets.length, "secret"],
  ] as const;
  const counts = rest.flatMap(([number, noun]) => (number > 0 ? [count(number, noun)] : []));
  return {
    summary: [`app ${app}: ${count(groups.length, "process group")} (${groups.join(", ")})`, ...counts].join(", "),
    text: appStackFile(found, { stack, library }),
    untyped: overrides.map(({ handle, path }) => `${handle.replace("?", "")} ${path}`),
    unsaid,
    before: secrets.map((one) => one.env),
    warnings,
  };
}

async function readRepository(what: string, { stack, library }: Place, tools: Tools): Promise<Sources> {
  const { openReader }: typeof import("../../../ops/github/connect") = require("../../../ops/github/connect");
  const { repositoryOf }: typeof import("../../../ops/github/governed") = require("../../../ops/github/governed");
  const {
    adoptRepository,
  }: typeof import("../../../ops/adopt/adopt-repository") = require("../../../ops/adopt/adopt-repository");
  const {
    repositoryStackFile,
  }: typeof import("../../../ops/adopt/stack-file") = require("../../../ops/adopt/stack-file");
  const github = openReader({ env: tools.env, signal: tools.interruption.soft });
  const found = await adoptRepository(github, { ...repositoryOf([], what, tools.env), now: tools.now() });
  const { shape, unsaid, workflows } = found;
  const environments = Object.keys(shape.environments);
  const noted = workflows.length > 0 ? [`${workflowNote} ignored: ${JSON.stringify(workflows)}`] : [];
  return {
    summary: `repository ${shape.owner}/${shape.name}: protected by ${shape.protection.mechanism}, GitHub environments: ${environments.join(", ") || "none"}`,
    text: repositoryStackFile(found, { stack, library }),
    untyped: [],
    unsaid,
    before: [],
    warnings: noted,
  };
}

const workflowNote =
  "its workflow files are no part of this stack. A RepositoryFileStack declares them (files), or lets them be:";

function nothingFound(app: string, stacks: readonly Stack[]): Failure {
  const { closest }: typeof import("../../../report/similar") = require("../../../report/similar");
  const names = stacks.map(({ name }) => name);
  const meant = closest(app, names);
  return new Failure(
    `"${app}" is neither a stack nor an app that Fly shows to this token.${meant ? ` Did you mean "${meant}"?` : ""} Stacks: ${names.join(", ") || "none"}. Apps are listed by: fly apps list. Nothing was written. [infra/adopt-unknown]`,
  );
}

interface Told {
  readonly shown: string;
  readonly call: string;
  readonly stack: string;
  readonly written: boolean;
  readonly dryRun: boolean;
}

function tell(sources: Sources, { shown, call, stack, written, dryRun }: Told, io: Io): void {
  const { harmless }: typeof import("../../../report/harmless") = require("../../../report/harmless");
  const { summary, text, untyped, unsaid, before, warnings } = sources;
  const report = dryRun ? (line: string) => io.say(line) : (line: string) => io.out(line);
  if (dryRun) io.out(text.trimEnd());
  else report(`${shown}  ${written ? "written" : "is so already"}: ${harmless(summary)}`);
  for (const one of warnings) report(`  Warning: ${harmless(one)}`);
  if (untyped.length > 0)
    report(`\n  Kept, though the construct has no word for it: ${untyped.map((one) => harmless(one)).join(", ")}`);
  if (unsaid.length > 0) {
    report(`\n  Not in the file (${unsaid.length}); the next plan names what of it is a difference:`);
    for (const { object, reason, next } of unsaid) {
      report(`    ${harmless(object)}  ${harmless(reason)}`);
      report(`      ${harmless(next)}`);
    }
  }
  if (dryRun) {
    io.say("\nNothing was written.");
    return;
  }
  io.say(`\nNext, in main.ts: import { ${call} } from "./${shown.replace(/\.ts$/, "")}"; and there: ${call}(app);`);
  io.say(`Then take it over into the state, which changes nothing on Fly: npx infra adopt ${stack}`);
  if (before.length > 0) {
    io.say(`Secrets stay as they are on Fly. Set these before you write one: ${before.join(", ")}`);
  }
}
