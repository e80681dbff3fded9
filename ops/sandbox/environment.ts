/** What a shell needs so that Terraform, cdktf, flyctl and gh speak to the sandbox and to nothing else. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { loopbackOnly } from "./loopback";

export interface EnvironmentOptions {
  readonly url: string;
  /** The project: the tools keep their own files below its `.infra/`. */
  readonly directory: string;
  /** Candidates of each secret's source; see `Declared`. */
  readonly secretSources: readonly (readonly string[])[];
  /** What is set already: a source that has a value keeps it. */
  readonly env: NodeJS.ProcessEnv;
}

/** Names and values, in the order in which they are printed. */
export function sandboxEnvironment({
  url,
  directory,
  secretSources,
  env,
}: EnvironmentOptions): Readonly<Record<string, string>> {
  const base = loopbackOnly(url);
  return {
    FLY_API_TOKEN: "fo1_sandbox_deploy",
    FLY_FLAPS_BASE_URL: base,
    FLY_API_BASE_URL: base,
    FLY_UIEX_BASE_URL: base,
    FLY_METRICS_BASE_URL: base,
    FLY_SYNTHETICS_BASE_URL: base,
    // Nobody uses a sandbox's production, so it may be changed at any hour.
    INFRA_WINDOW: "open",
    FLY_SEND_METRICS: "0",
    FLY_SYNTHETICS_AGENT: "0",
    FLY_NO_UPDATE_CHECK: "1",
    FLY_NO_INCIDENTS_CHECK: "1",
    FLY_CONFIG_DIR: join(directory, ".infra", "flyctl"),
    GITHUB_TOKEN: "ghp_sandbox_admin",
    GITHUB_BASE_URL: `${base}/`,
    // GitHub asks for a pause between writes, the sandbox does not.
    TF_VAR_github_write_delay_ms: "1",
    GH_TOKEN: "ghp_sandbox_admin",
    GH_HOST: "github.localhost",
    GH_CONFIG_DIR: join(directory, ".infra", "gh"),
    GH_PROMPT_DISABLED: "1",
    GH_NO_UPDATE_NOTIFIER: "1",
    CHECKPOINT_DISABLE: "1",
    ...madeUp(secretSources, env),
  };
}

/** Lines for `eval "$(infra sandbox env)"`. */
export const exportLines = (environment: Readonly<Record<string, string>>): string =>
  Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`)
    .join("\n");

/**
 * A value for each secret that has none, the same each time for the same name. The last candidate gets it: it is the one that
 * secrets of several stacks share.
 */
function madeUp(sources: readonly (readonly string[])[], env: NodeJS.ProcessEnv): Record<string, string> {
  const names = sources.flatMap((candidates) => {
    const last = candidates.at(-1);
    return last === undefined || candidates.some((name) => env[name]) ? [] : [last];
  });
  return Object.fromEntries([...new Set(names)].sort().map((name) => [name, madeUpValue(name)]));
}

const madeUpValue = (name: string): string =>
  `made-up-${createHash("sha256").update(`sandbox ${name}`).digest("hex").slice(0, 24)}`;
