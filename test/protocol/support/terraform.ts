import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostProvider } from "../../../provider/plugin/host";
import type { OpenSession, Progress } from "../../../provider/plugin/service";

/** How a terraform process ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** A change in the plan of one resource, as `terraform show -json` tells it. */
export interface PlannedChange {
  readonly address: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Record<string, unknown> | null;
    readonly after: Record<string, unknown> | null;
    readonly after_unknown: Record<string, unknown>;
    readonly replace_paths?: readonly unknown[];
  };
}

/** A folder with a configuration and a state, and the real terraform on it, with a provider that runs in this process. */
export interface Workbench {
  /** Writes main.tf.json. */
  configure(configuration: object): void;
  run(...args: readonly string[]): Promise<Ended>;
  /** Applies and fails with terraform's output unless it ends well. */
  apply(configuration?: object): Promise<string>;
  /** Resource changes of a plan that are not "no-op"; fails with terraform's output when there is no plan. */
  plan(configuration?: object): Promise<readonly PlannedChange[]>;
  /** Attributes of a resource in the state. */
  state(address: string): Promise<Record<string, unknown>>;
  readonly progress: readonly Progress[];
  close(): Promise<void>;
}

/** The address of the provider `edge` in these folders. */
const address = "registry.terraform.io/test/edge";

/** Opens an empty folder in which terraform is initialised for the provider. */
export async function openWorkbench(openSession: OpenSession): Promise<Workbench> {
  const folder = mkdtempSync(join(tmpdir(), "edge-"));
  const progress: Progress[] = [];
  const host = await hostProvider({ openSession, address, onProgress: (step) => progress.push(step) });
  const env = {
    ...process.env,
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    TF_CLI_CONFIG_FILE: join(folder, "rc"),
  };
  const run = (...args: readonly string[]) => terraform(folder, args, { ...env, TF_REATTACH_PROVIDERS: host.reattach });
  const configure = (configuration: object) =>
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ ...required, ...configuration }));
  const succeed = async (...args: readonly string[]): Promise<string> => {
    const { code, output } = await run(...args);
    if (code !== 0) throw new Error(`terraform ${args.join(" ")} ended with ${code}:\n${output}`);
    return output;
  };
  writeFileSync(join(folder, "rc"), "");
  configure({});
  await succeed("init", "-no-color");
  return {
    configure,
    run,
    progress,
    async apply(configuration) {
      if (configuration) configure(configuration);
      return succeed("apply", "-auto-approve", "-no-color");
    },
    async plan(configuration) {
      if (configuration) configure(configuration);
      await succeed("plan", "-no-color", "-out=plan");
      const { resource_changes = [] } = JSON.parse(await succeed("show", "-json", "plan"));
      return resource_changes.filter(({ change }: PlannedChange) => change.actions.join() !== "no-op");
    },
    async state(wanted) {
      const { values } = JSON.parse(await succeed("show", "-json"));
      const resources: { address: string; values: Record<string, unknown> }[] = values?.root_module.resources ?? [];
      const found = resources.find((one) => one.address === wanted);
      if (!found) throw new Error(`the state has no ${wanted}`);
      return found.values;
    },
    async close() {
      await host.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const required = { terraform: { required_providers: { edge: { source: "test/edge" } } } };

function terraform(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn("terraform", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
