import type { SecretSource } from "./app-shape";
import type { EnvironmentName } from "./configuration-rule";
import type { Configuration, Environment } from "./schema";

/**
 * An environment's secrets with the application's groups joined in and every source spelled out: `<STACK>_<NAME>`, for previews
 * PREVIEW_<NAME> and else STAGING_<NAME>, and the bare name only where `secrets.bare` says so, never in production.
 */
export function withSecretSources(name: EnvironmentName, environment: Environment, config: Configuration): Environment {
  const application = name !== "chatwoot";
  const { groups, bare, runtimeStore } = config.secrets;
  if (application && runtimeStore === "github") return { ...environment, secrets: {} };
  const names = application ? Object.values(groups).flat() : [];
  const declared: Record<string, SecretSource> = { ...environment.secrets };
  for (const one of names) declared[one] ??= {};
  const secrets = Object.entries(declared).map(([one, source]): [string, SecretSource] => [
    one,
    isEmpty(source) ? { env: variables(name, one, bare) } : source,
  ]);
  const patterns = Object.keys(groups).filter((group) => group.endsWith("*"));
  return {
    ...environment,
    secrets: Object.fromEntries(secrets),
    ...(application && { secretGroups: [...new Set([...(environment.secretGroups ?? []), ...patterns])] }),
  };
}

function variables(environment: EnvironmentName, name: string, bare: readonly string[]): string[] {
  const prefixes = {
    production: ["PRODUCTION_"],
    staging: ["STAGING_"],
    chatwoot: ["CHATWOOT_"],
    preview: ["PREVIEW_", "STAGING_"],
  };
  const own = prefixes[environment].map((prefix) => `${prefix}${name}`);
  return environment !== "production" && bare.includes(name) ? [...own, name] : own;
}

const isEmpty = ({ env, file, command }: SecretSource) => !env && !file && !command;
