/** A sandbox, a stack directory and the real Terraform with the bundled provider, for one test file. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostedProvider } from "../../provider/plugin/host";
import { createSandbox, type Sandbox, type SandboxOptions } from "../../sandbox";
import { providerBundle } from "../../synth/provider-bundle";
import { hostFor } from "./hosted";

/** JSON of a Terraform configuration, without the provider's own part. */
export type Configuration = Readonly<Record<string, unknown>>;

const program = "terraform";

/** What Fly takes its time for is not waited for. */
const timings: SandboxOptions["timings"] = { prepareMs: 10, bootMs: 10, stopMs: 10, checkMs: 10, appDeleteMs: 20 };

export interface Run {
  readonly code: number;
  /** Standard output and standard error, in this order. */
  readonly text: string;
}

/** One resource of a plan that is not as it should be. */
export interface Change {
  readonly address: string;
  readonly actions: readonly string[];
  /** Names of the attributes that differ, sorted; those that become known only in the apply are marked with a question mark. */
  readonly attributes: readonly string[];
}

export interface Plan extends Run {
  readonly changes: readonly Change[];
}

export interface Workshop {
  readonly sandbox: Sandbox;
  readonly url: string;
  /** Env vars of every run; a test may add the sources of secrets. */
  readonly env: Record<string, string>;
  /** Attributes of the provider. */
  readonly provider: Record<string, unknown>;
  readonly folder: string;
  /** Replaces the configuration. */
  write(configuration: Configuration): void;
  /** Runs terraform; never throws for its exit code. */
  terraform(...args: readonly string[]): Promise<Run>;
  plan(...args: readonly string[]): Promise<Plan>;
  /** @throws unless terraform ends with 0 */
  apply(...args: readonly string[]): Promise<Run>;
  /** Attributes of a resource in the state. */
  state(address: string): Readonly<Record<string, unknown>>;
  /**
   * Later runs use the provider in this process, as those of `infra` do. Until then Terraform starts it by itself, three times for a plan and four for
   * an apply, which takes most of their time.
   */
  host(): Promise<void>;
  /** Calls the sandbox as a person with a token would. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** An expression in a configuration, such as `fly_app.shop.name`. */
export const ref = (expression: string): string => `\${${expression}}`;

export const token = "fo1_sandbox_deploy";

/**
 * Starts everything; a test file closes it in `afterAll`.
 *
 * Fly's rate limits are off unless asked for: tests run terraform many times a second, each in a process of its own.
 */
export async function openWorkshop(options: SandboxOptions = {}): Promise<Workshop> {
  const bundle = providerBundle();
  const sandbox = createSandbox({ limits: "off", timings, ...options });
  const { url, close } = await sandbox.listen(0);
  const folder = mkdtempSync(join(tmpdir(), "lifecycle-"));
  const plugins = join(folder, "plugins");
  mkdirSync(plugins);
  symlinkSync(bundle, join(plugins, "terraform-provider-fly"));
  const rc = `provider_installation {\n  dev_overrides { "hotdash/fly" = "${plugins}" }\n}\n`;
  writeFileSync(join(folder, "terraform.rc"), rc);
  const provider: Record<string, unknown> = { organization: "hotdash", stack: "test", local_state: true };
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    TF_CLI_CONFIG_FILE: join(folder, "terraform.rc"),
    TF_IN_AUTOMATION: "1",
    GOGC: "400", // see ops/terraform.ts
    CHECKPOINT_DISABLE: "1",
    FLY_API_TOKEN: token,
    FLY_FLAPS_BASE_URL: url,
    FLY_API_BASE_URL: url,
    FLY_UIEX_BASE_URL: url,
  };

  function terraform(...args: readonly string[]): Promise<Run> {
    return new Promise((done) => {
      execFile(program, args, { cwd: folder, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
        const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
        done({ code, text: `${stdout}${stderr}` });
      });
    });
  }

  let hosted: HostedProvider | undefined;
  async function host(): Promise<void> {
    hosted ??= await hostFor(env);
  }

  async function changes(): Promise<readonly Change[]> {
    const { code, text } = await terraform("show", "-json", "plan");
    if (code !== 0) throw new Error(text);
    return changesOf(JSON.parse(text.slice(text.indexOf("{"))).resource_changes);
  }

  return {
    sandbox,
    url,
    env,
    provider,
    folder,
    terraform,
    host,
    write(configuration) {
      const head = {
        terraform: { required_providers: { fly: { source: "hotdash/fly" } } },
        provider: { fly: provider },
      };
      writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ ...head, ...configuration }));
    },
    async plan(...args) {
      const run = await terraform("plan", "-no-color", "-input=false", "-detailed-exitcode", "-out=plan", ...args);
      return { ...run, changes: run.code === 2 ? await changes() : [] };
    },
    async apply(...args) {
      const run = await terraform("apply", "-no-color", "-input=false", "-auto-approve", ...args);
      if (run.code !== 0) throw new Error(`terraform apply ended with ${run.code}:\n${run.text}`);
      return run;
    },
    state(address) {
      const [type, name] = address.split(".");
      const { resources = [] }: StateFile = JSON.parse(readFileSync(join(folder, "terraform.tfstate"), "utf8"));
      const found = resources.find((one) => one.mode === "managed" && one.type === type && one.name === name);
      const [instance] = found?.instances ?? [];
      if (!instance) throw new Error(`${address} is not in the state`);
      return instance.attributes;
    },
    async call(method, path, body) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === "" ? undefined : JSON.parse(text);
    },
    async close() {
      await hosted?.close();
      await close();
      sandbox.close();
      rmSync(folder, { recursive: true });
    },
  };
}

interface StateFile {
  readonly resources?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
  }[];
}

interface WireChange {
  readonly address: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    readonly after_unknown: Readonly<Record<string, unknown>>;
  };
}

function changesOf(all: readonly WireChange[] = []): readonly Change[] {
  return all
    .filter(({ change }) => change.actions.some((action) => action !== "no-op" && action !== "read"))
    .map(({ address, change }) => ({ address, actions: change.actions, attributes: differences(change) }));
}

function differences({ before, after, after_unknown }: WireChange["change"]): readonly string[] {
  if (!before || !after) return [];
  const known = Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const unknown = Object.keys(after_unknown).filter((name) => after_unknown[name] === true);
  return [...known, ...unknown.map((name) => `${name}?`)].sort();
}
