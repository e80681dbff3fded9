/** Where the demo plays: a folder of its own outside the checkout, a sandbox of its own, and cdktf in there. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import type { Tools } from "../cli/tools";
import { declaredIn } from "../ops/declared";
import { Failure, Interrupted } from "../ops/failure";
import { type Host, hostFlyProvider } from "../ops/host";
import { planStacks, reportPlans } from "../ops/plan";
import { runProcess } from "../ops/process";
import { type Stack, synthesize } from "../ops/project";
import { sandboxEnvironment } from "../ops/sandbox/environment";
import { startSandbox, stopSandbox } from "../ops/sandbox/sandbox";
import { seedFor } from "../ops/sandbox/seed";
import type { Report } from "../report/model";
import type { Narrator } from "./narrator";

export interface Stage {
  readonly stacks: readonly Stack[];
  /** Address of the sandbox. */
  readonly url: string;
  /** Token that the sandbox takes. */
  readonly token: string;
  /** The apps that stack owns. */
  appsOf(stack: string): readonly string[];
  /** `cdktf deploy`, all stacks. Returns what it printed. */
  deploy(): Promise<string>;
  /** What `infra plan` shows. */
  plan(): Promise<Report>;
  /** Stops the sandbox and removes the folder. */
  close(): Promise<void>;
}

/** The checkout that the demo belongs to. */
const checkout = dirname(__dirname);

/**
 * Starts the sandbox on a free port. State, synthesized stacks and the sandbox's files live in a temporary folder, so a run leaves
 * nothing behind and meets nothing of an earlier one.
 */
export async function openStage({ env: callers, interruption }: Tools, narrator: Narrator): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), "infra-demo-"));
  const place = { directory, name: undefined };
  let host: Host | undefined;
  const close = async () => {
    await host?.close();
    await stopSandbox(place);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    narrator.step("Start the sandbox: a Fly of our own on this machine");
    await writeFile(join(directory, "cdktf.json"), JSON.stringify(settings()));
    const bare = withoutCredentials(callers);
    const all = await synthesize({ directory, env: bare, interruption });
    // The others need providers of Terraform's registry, and the demo needs no network.
    const stacks = all.filter((stack) => declaredIn([stack]).apps.length > 0);
    const { organizations, secretSources } = declaredIn(stacks);
    const { url } = await startSandbox({
      ...place,
      env: bare,
      port: 0,
      stateFile: undefined,
      seed: seedFor(organizations),
    });
    const environment = sandboxEnvironment({ url, directory, secretSources, env: bare });
    const env = { ...bare, ...environment };
    replaceEnvironment(env);
    host = await hostFlyProvider(() => {});
    const { reattach } = host;
    narrator.say(`It answers at ${url}; secrets that have no value here got made-up ones.`);
    return {
      stacks,
      url,
      token: environment.FLY_API_TOKEN ?? "",
      appsOf: (name) => declaredIn(stacks.filter((stack) => stack.name === name)).apps,
      deploy: () => deploy({ directory, env, interruption }, stacks),
      async plan() {
        const running = { env, interruption, reattach, progress: () => {}, say: () => {} };
        return (await reportPlans("plan", await planStacks(stacks, running, { lock: false }))).report;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** cdktf runs this checkout's program, from the demo's folder: local state is kept where the program runs. */
function settings(): object {
  const tsx = pathToFileURL(require.resolve("tsx")).href;
  const app = [process.execPath, "--import", tsx, join(checkout, "main.ts")].map((word) => `"${word}"`).join(" ");
  return { language: "typescript", app, projectId: "infra-demo", sendCrashReports: "false" };
}

async function deploy(
  options: Pick<Tools, "directory" | "env" | "interruption">,
  stacks: readonly Stack[],
): Promise<string> {
  const cdktf = join(dirname(require.resolve("cdktf-cli/package.json")), "bundle", "bin", "cdktf");
  const names = stacks.map(({ name }) => name);
  const ended = await runProcess(
    process.execPath,
    [cdktf, "deploy", ...names, "--auto-approve", "--no-color"],
    options,
  );
  if (options.interruption.soft.aborted) throw new Interrupted();
  if (ended.code !== 0) throw new Failure(`cdktf deploy failed:\n${tidy(`${ended.stderr}\n${ended.stdout}`)}`);
  return tidy(ended.stdout);
}

/** cdktf's output without what it draws: escape sequences, frames of its spinner, blank lines. */
const tidy = (output: string): string =>
  stripVTControlCharacters(output)
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "" && !/^[\u2800-\u28ff]/u.test(line))
    .join("\n");

/** The environment without anybody's real tokens and addresses, and without settings that change what cdktf and Terraform do. */
const withoutCredentials = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !LEFT_OUT.test(name)));

const LEFT_OUT =
  /^(FLY_.*|GITHUB_.*|GH_.*|CDKTF_.*|TF_(REATTACH|CLI_ARGS|VAR|WORKSPACE|DATA).*|(PREVIEW|STAGING|PRODUCTION|CHATWOOT)_.*)$/;

/** The hosted provider reads this process's own variables. */
function replaceEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
}
