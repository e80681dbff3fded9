/** Runs `terraform` as a process inside one stack directory. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Trouble } from "../report/model";
import { type PlanJson, parsePlan } from "../report/plan-json";
import { type Schemas, schemasOf } from "../report/provider-schema";
import { Failure, Interrupted } from "./failure";
import { type Ended, type Interruption, runProcess } from "./process";
import { readLine, type Step, withHolder } from "./terraform-message";

export interface TerraformOptions {
  /** The stack directory. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
  /** Value of TF_REATTACH_PROVIDERS: providers that run already. `init` never gets it, else a later plain plan finds no package. */
  readonly reattach?: string;
  onStep?(step: Step): void;
}

export interface Planned {
  /** Whether anything would be done. false as well when the plan failed. */
  readonly differs: boolean;
  /** undefined: the plan failed, `troubles` say why. */
  readonly plan: PlanJson | undefined;
  /** For `apply`; kept in a folder that only this user can read, until `discard`. */
  readonly file: string;
  readonly troubles: readonly Trouble[];
  discard(): Promise<void>;
}

interface Applied {
  readonly succeeded: boolean;
  readonly troubles: readonly Trouble[];
  /** Addresses that were done, with what was done to them. */
  readonly done: readonly Step[];
}

/** `lineage` is the state's own id, `serial` goes up with each change of it. */
interface StateVersion {
  readonly lineage: string;
  readonly serial: number;
}

/** Terraform in one stack directory. */
export interface Terraform {
  /** Prepares the directory where that has not been done for its present content. Throws a Failure with Terraform's own words. */
  init(): Promise<void>;
  /** Reads everything live and compares. Takes the state's lock only with `lock`. */
  plan(options?: { readonly lock?: boolean; readonly destroy?: boolean }): Promise<Planned>;
  apply(file: string): Promise<Applied>;
  /** Addresses of the resources in the state. */
  addresses(): Promise<readonly string[]>;
  /** Which state this is, and which of its versions; undefined: there is none yet. */
  stateVersion(): Promise<StateVersion | undefined>;
  /** What the providers say of the types that they bring. */
  schemas(): Promise<Schemas>;
  /** Writes what exists under this id into the state; changes nothing else. Errors are troubles. */
  importResource(address: string, id: string): Promise<readonly Trouble[]>;
  /** Configuration errors that need no network; empty: valid. */
  validate(): Promise<readonly Trouble[]>;
}

export function terraformIn(options: TerraformOptions): Terraform {
  return {
    init: () => init(options),
    async plan({ lock = false, destroy = false } = {}) {
      const folder = await mkdtemp(join(tmpdir(), "infra-plan-"));
      const file = join(folder, "plan");
      const discard = () => rm(folder, { recursive: true, force: true });
      try {
        const args = [
          "plan",
          "-json",
          "-input=false",
          "-detailed-exitcode",
          `-out=${file}`,
          `-lock=${lock}`,
          "-lock-timeout=30s",
        ];
        const ended = await streaming([...args, ...(destroy ? ["-destroy"] : [])], options);
        if (ended.code !== 0 && ended.code !== 2) {
          return { differs: false, plan: undefined, file, troubles: orRaw(ended), discard };
        }
        const shown = await quiet(["show", "-json", file], options);
        if (shown.code !== 0) throw unexpected("terraform show", "[terraform/show]", options, shown);
        return { differs: ended.code === 2, plan: parsePlan(shown.stdout), file, troubles: ended.troubles, discard };
      } catch (error) {
        await discard();
        throw error;
      }
    },
    async apply(file) {
      const ended = await streaming(
        ["apply", "-json", "-input=false", "-auto-approve", "-lock-timeout=30s", file],
        options,
      );
      const done = ended.steps.filter(({ kind, phase }) => kind === "apply" && phase === "done");
      return { succeeded: ended.code === 0, troubles: ended.code === 0 ? ended.troubles : orRaw(ended), done };
    },
    async addresses() {
      const ended = await quiet(["state", "list"], options);
      // Terraform ends with 1 where there is no state yet, and says so.
      if (ended.code !== 0 && !/No state file was found/.test(ended.stderr))
        throw unexpected("terraform state list", "[terraform/state]", options, ended);
      return ended.code === 0 ? ended.stdout.split("\n").filter(Boolean) : [];
    },
    async stateVersion() {
      const ended = await quiet(["state", "pull"], options);
      if (ended.code !== 0) throw unexpected("terraform state pull", "[terraform/state]", options, ended);
      return ended.stdout.trim() === "" ? undefined : stateVersion.parse(JSON.parse(ended.stdout));
    },
    async schemas() {
      const ended = await quiet(["providers", "schema", "-json"], options);
      if (ended.code !== 0) throw unexpected("terraform providers schema", "[terraform/schema]", options, ended);
      return schemasOf(ended.stdout);
    },
    async importResource(address, id) {
      const ended = await quiet(["import", "-input=false", "-no-color", "-lock-timeout=30s", address, id], options);
      if (ended.code === 0) return [];
      return [
        { severity: "error", summary: `${address} could not be taken over`, detail: unboxed(ended.stderr), address },
      ];
    },
    async validate() {
      const ended = await quiet(["validate", "-json"], options);
      const { diagnostics } = JSON.parse(ended.stdout) as { readonly diagnostics: readonly object[] };
      return diagnostics.flatMap((diagnostic) => readLine(JSON.stringify({ diagnostic })).trouble ?? []);
    },
  };
}

const stateVersion = z.object({ lineage: z.string(), serial: z.number() });

interface Streamed extends Ended {
  readonly steps: readonly Step[];
  readonly troubles: readonly Trouble[];
}

async function streaming(args: readonly string[], options: TerraformOptions): Promise<Streamed> {
  const steps: Step[] = [];
  const troubles: Trouble[] = [];
  const ended = await run(args, options, environment(options), (line) => {
    const { step, trouble } = readLine(line);
    if (trouble) troubles.push(withHolder(trouble, options.directory));
    if (!step) return;
    steps.push(step);
    options.onStep?.(step);
  });
  return { ...ended, steps, troubles };
}

const quiet = (args: readonly string[], options: TerraformOptions) => run(args, options, environment(options));

async function run(
  args: readonly string[],
  { directory, env, interruption }: TerraformOptions,
  childEnv: NodeJS.ProcessEnv,
  onLine?: (line: string) => void,
): Promise<Ended> {
  const program = env.TERRAFORM_BINARY_NAME || "terraform";
  const ended = await runProcess(program, args, { directory, env: childEnv, interruption, onLine });
  if (interruption.soft.aborted && ended.code !== 0 && ended.code !== 2 && args[0] !== "apply") throw new Interrupted();
  return ended;
}

/** No telemetry and no update check; no arguments of the caller's shell, which would change what is planned. */
function environment({ env, reattach }: TerraformOptions): NodeJS.ProcessEnv {
  const { TF_REATTACH_PROVIDERS: _ours, ...rest } = bare(env);
  return reattach === undefined ? rest : { ...rest, TF_REATTACH_PROVIDERS: reattach };
}

const bare = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^TF_CLI_ARGS(_plan|_apply|_show|_validate|_state|_import)?$/.test(name)),
  ),
  // Terraform and the GitHub provider are short-lived, and would spend a quarter of their time collecting what their end frees anyway.
  GOGC: env.GOGC ?? "400",
  CHECKPOINT_DISABLE: "1",
  TF_IN_AUTOMATION: "1",
});

async function init(options: TerraformOptions): Promise<void> {
  const { directory } = options;
  const stamp = join(directory, ".terraform", "infra-init");
  const wanted = contentOf(directory);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const ended = await run(
    ["init", "-input=false", "-no-color"],
    options,
    environment({ ...options, reattach: undefined }),
  );
  if (ended.code !== 0) throw unexpected("terraform init", "[terraform/init]", options, ended);
  writeFileSync(stamp, contentOf(directory));
}

/** What `init` depends on: the backend and the providers in the configuration, the lock file, which it fills in, and the packages beside it. */
function contentOf(directory: string): string {
  const hash = createHash("sha256");
  const { terraform } = JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")) as { terraform?: unknown };
  hash.update(JSON.stringify(terraform ?? null));
  const lock = join(directory, ".terraform.lock.hcl");
  if (existsSync(lock)) hash.update(readFileSync(lock));
  const packages = join(directory, "terraform.d", "plugins");
  if (existsSync(packages)) hash.update(readdirSync(packages, { recursive: true }).sort().join("\n"));
  return hash.digest("hex");
}

function unexpected(what: string, id: string, { directory }: TerraformOptions, { stderr, stdout }: Ended): Failure {
  return new Failure(
    `${what} failed in ${directory}:\n${unboxed(stderr || stdout)}\nSee what is missing on this machine: npx infra doctor ${id}`,
  );
}

/** What Terraform said in its own frame, when it ended before it could say it as JSON. */
const orRaw = ({ troubles, stderr, code }: Streamed): readonly Trouble[] =>
  troubles.some(({ severity }) => severity === "error")
    ? troubles
    : [
        ...troubles,
        {
          severity: "error",
          summary: `terraform ended with code ${code}`,
          detail:
            `${unboxed(stderr)}\nSee what is missing on this machine: npx infra doctor [terraform/failed]`.trimStart(),
        },
      ];

/** Text without Terraform's frame, whose left edge is drawn with box characters. */
const unboxed = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.replace(/^[╷│╵]\s?/, "").trimEnd())
    .filter(Boolean)
    .join("\n");
