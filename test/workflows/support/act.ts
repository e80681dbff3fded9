import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { parse } from "yaml";
import { type JobResult, jobResults, parseLog, readable, stepOutputs, summaries } from "./act-log";
import { type ActionAnswers, policyProblems, type Use, usesOf, writeActions } from "./action-stub";
import { type Call, callsOf, type Stubs, writeStubs } from "./command-stub";
import { type EventName, eventOf, identityOf } from "./event";
import { createRepository } from "./repository";
import { type Served, type Sites, serve } from "./site";
import { findTool, runTool } from "./tool";

/** What happens around a workflow: an event, and how the world behaves. */
export interface Scenario {
  /** Text of the workflow files by name: the one that runs and those that it calls. */
  readonly files: Readonly<Record<string, string>>;
  /** Name of the one that runs, such as "ci.yml". */
  readonly file: string;
  readonly event: EventName;
  /** Laid over the usual payload of the event; "@head" in it becomes the commit that is there, "@base" the one before. */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** Inputs of a manual run. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Values by name. They must show up neither in the log, nor in an argument, nor in an artifact. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  /** Files of the repository by path, besides the workflows. One that begins with "#!" can be executed. */
  readonly tree?: Readonly<Record<string, string>>;
  /** Its files at a commit before, from which a pull request goes off. @default there is one commit, which is both */
  readonly before?: Readonly<Record<string, string>>;
  /** Tags of the commit. */
  readonly tags?: readonly string[];
  /** Behaviour of commands; see {@link Stubs}. */
  readonly stubs?: Stubs;
  /** Behaviour of actions; see {@link ActionAnswers}. */
  readonly actions?: ActionAnswers;
  /** What answers at HTTPS addresses below fly.dev and at these hosts. */
  readonly sites?: Sites;
  /** Only this job and what it needs. */
  readonly job?: string;
}

/** What a run left behind. */
export interface Run {
  /** By job id; a job of a called workflow is "caller/job". */
  readonly jobs: Readonly<Record<string, JobResult>>;
  /** Calls of stubbed commands as one would type them, in their order. Of jobs side by side the order is by chance. */
  readonly commands: readonly string[];
  /** The same calls with their environment and input. */
  readonly calls: readonly Call[];
  readonly uses: readonly Use[];
  /** What steps wrote to GITHUB_OUTPUT, as "job.step.name". */
  readonly outputs: Readonly<Record<string, string>>;
  /** What steps wrote to GITHUB_STEP_SUMMARY. */
  readonly summary: string;
  /** Files of uploaded artifacts as "artifact/path", with their text. */
  readonly artifacts: Readonly<Record<string, string>>;
  /** Requests to the sites, such as "GET hot-dash.fly.dev/health". */
  readonly requests: readonly string[];
  /** What people would read. */
  readonly log: string;
}

/**
 * Runs a workflow with `act` on this machine, in a scratch repository, with every action of the lock, every command that reaches out and
 * every site in the test's hands. About 0.3 seconds.
 *
 * A table of one file, to be written as `test/workflows/<file>.test.ts`:
 *
 * ```ts
 * describeWith(["act"], "rollback-staging.yml", () => {
 *   test.each<[string, Partial<Scenario>, Partial<Run>]>([
 *     ["puts the image before back", { stubs: { flyctl: { on: "releases", says: releases } } }, { jobs: { rollback: "success" } }],
 *     ["fails where there is none", { stubs: { flyctl: { on: "releases", says: "[]" } } }, { jobs: { rollback: "failure" } }],
 *   ])("%s", async (_, given, expected) => {
 *     expect(await runWorkflow({ files, file: "rollback-staging.yml", event: "workflow_dispatch", ...given })).toMatchObject(expected);
 *   });
 * });
 * ```
 *
 * Not played, so not proven here: permissions, environments and their approvals, concurrency, services, the time limit of a job, real
 * tokens. `hashFiles` is a constant. `node`, `git`, `jq` and the rest of the machine are real; `sleep` returns at once.
 *
 * @throws when a secret shows in the log, an argument or an artifact; when an action is used against its policy ({@link policyProblems}); when act
 *   itself cannot run the file
 */
export async function runWorkflow(scenario: Scenario): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "workflow-"));
  const served = await serve(scenario.sites ?? {});
  try {
    return await runIn(folder, served, scenario);
  } finally {
    await served.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runIn(folder: string, served: Served, scenario: Scenario): Promise<Run> {
  const { files, file, event, tree = {}, before, tags = [], stubs = {}, actions = {} } = scenario;
  const path = [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter);
  const workflows = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`.github/workflows/${name}`, lingering(withoutHashes(text))]),
  );
  const redirected = redirectedValues({ ...tree, ...workflows }, served);
  const { head, base, origin } = await createRepository(folder, { files: redirected, before, tags });
  writeStubs(folder, stubs, path);
  writeFileSync(join(folder, "bin/linger"), linger, { mode: 0o755 });
  const secrets = redirectedValues({ GITHUB_TOKEN: "token-of-the-job-canary", ...scenario.secrets }, served);
  const payload = eventOf(event, { head, base, inputs: scenario.inputs ?? {}, over: scenario.payload ?? {} });
  writeFileSync(join(folder, "event.json"), JSON.stringify(payload));
  mkdirSync(join(folder, "home"));
  // A fetch from GitHub stays on this machine.
  writeFileSync(
    join(folder, "home/.gitconfig"),
    `[url "${origin}"]\n\tinsteadOf = https://github.com/hotdash/hotdash\n`,
  );
  const args = [
    event,
    ...["-W", `.github/workflows/${file}`, "-e", join(folder, "event.json"), "-a", "octocat", "--strict", "--json"],
    ...["-P", "ubuntu-24.04=-self-hosted", "--no-cache-server", "--pull=false", "--no-skip-checkout"],
    ...["--defaultbranch", "main", "--insecure-secrets", ...(scenario.job ? ["-j", scenario.job] : [])],
    ...pairs("--env", identityOf(event, payload, head)),
    ...pairs("--input", scenario.inputs),
    ...pairs("--var", redirectedValues(scenario.vars, served)),
    ...pairs("-s", secrets),
    ...writeActions(folder, { origin, head }, actions),
  ];
  const act = findTool("act") ?? "act";
  const { stdout, stderr } = await runTool(act, args, {
    cwd: join(folder, "work"),
    env: environment(folder, path),
  });
  const log = parseLog(stdout);
  if (!log.some(({ job }) => job !== undefined) && complaints(stderr) !== "") {
    throw new Error(`act cannot run ${file}:\n${complaints(stderr)}`);
  }
  const { name, jobs } = parse(files[file] ?? "") as { name: string; jobs: Record<string, { name?: string }> };
  const named = Object.entries(jobs).map(([id, job]) => ({ id, name: job.name ?? id }));
  const calls = callsOf(folder);
  const run = {
    jobs: jobResults(log, name, named),
    commands: calls.map(({ line }) => served.restore(line)),
    calls,
    uses: usesOf(folder),
    outputs: stepOutputs(log),
    summary: summaries(log),
    artifacts: artifactsOf(folder),
    requests: served.requests,
    log: readable(log),
  };
  refuseLeaks(run, secrets, stdout);
  const problems = run.uses.flatMap(policyProblems);
  if (problems.length > 0) throw new Error(`${file} breaks the policy of its actions:\n${problems.join("\n")}`);
  return run;
}

/** act starts Node four times for each hash of files, half of a run's time; no cache is real here. */
const withoutHashes = (text: string): string => text.replace(/\bhashFiles\([^)]*\)/g, "'hash-of-files'");

/**
 * act throws away what a failing step said last when its process ends before act has read it (one run in twenty on a busy machine), so a
 * failing script ends a moment later.
 */
const lingering = (text: string): string => text.replace(/^( {4}shell:) bash$/m, "$1 linger {0}");
const linger = `#!/bin/bash
/bin/bash --noprofile --norc -e -o pipefail "$1" || { code=$?; /bin/sleep 0.1; exit $code; }
`;

const pairs = (flag: string, values: Readonly<Record<string, string>> = {}): string[] =>
  Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);

const redirectedValues = (values: Readonly<Record<string, string>> = {}, served: Served): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, served.redirect(value)]));

/** Its home stands beside the repository: inside it, act would copy itself into itself. A dead proxy keeps everything on this machine. */
function environment(folder: string, path: string): NodeJS.ProcessEnv {
  const nowhere = "http://127.0.0.1:9";
  return {
    PATH: `${join(folder, "bin")}${delimiter}${path}`,
    HOME: join(folder, "home"),
    ...{ HTTPS_PROXY: nowhere, HTTP_PROXY: nowhere, https_proxy: nowhere, http_proxy: nowhere },
    ...{ NO_PROXY: "127.0.0.1,localhost", no_proxy: "127.0.0.1,localhost" },
  };
}

const complaints = (stderr: string): string =>
  stderr
    .split("\n")
    .filter((line) => line !== "" && !line.includes("valid docker connection"))
    .join("\n");

function artifactsOf(folder: string): Readonly<Record<string, string>> {
  const root = join(folder, "artifacts");
  const names = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [file.slice(root.length + 1), existsSync(file) ? readFileSync(file, "utf8") : ""];
    }),
  );
}

function refuseLeaks(run: Run, secrets: Readonly<Record<string, string>>, stdout: string): void {
  const places = [
    ...run.calls.map(({ tool, args }) => ({ place: `the arguments of ${tool}`, text: args.join("\n") })),
    ...Object.entries(run.artifacts).map(([file, text]) => ({ place: `artifact ${file}`, text })),
    { place: "the log", text: stdout },
  ];
  for (const [name, value] of Object.entries(secrets)) {
    const found = value === "" ? [] : places.filter(({ text }) => text.includes(value));
    if (found.length > 0) throw new Error(`secret ${name} shows in ${found.map(({ place }) => place).join(", ")}`);
  }
}
