import * as z from "zod";
import { configurationProblems, type EnvironmentName, environmentNames } from "./configuration-rule";
import { hotDash } from "./hotdash";
import { applyOverrides, type Overrides, overrideSchema } from "./override";
import { overrides } from "./overrides";
import { ConfigurationError, type Problem } from "./problem";
import { repositoryProblems } from "./repository-rule";
import { appProblems } from "./rule";
import {
  type Configuration,
  type Environment,
  environment as environmentSchema,
  configuration as schema,
} from "./schema";
import { withSecretSources } from "./secret-source";
import { shapeProblems } from "./shape-problem";
import { withWorkflowSecrets } from "./workflow-secret";

export type { EnvironmentName } from "./configuration-rule";
export { notes } from "./note";
export { previewNumber, previewOf } from "./preview-number";
export { ConfigurationError } from "./problem";
export { undecided } from "./repository-rule";
export { sandboxSeed } from "./sandbox-seed";
export type { Configuration } from "./schema";

/**
 * HotDash's configuration with this checkout's overrides.
 *
 * @throws ConfigurationError with every problem at once
 */
export function configuration(): Configuration {
  return configure(hotDash, overrides);
}

/**
 * Checks a configuration, works in the overrides and spells out where secrets come from.
 *
 * @throws ConfigurationError with every problem at once
 */
export function configure(input: unknown, changes: unknown = {}): Configuration {
  const parsed = schema.safeParse(input);
  const parsedChanges = overrideSchema.safeParse(changes);
  const found = [
    ...shapeProblems(parsed.error?.issues ?? [], input, inEnvironment),
    ...shapeProblems(parsedChanges.error?.issues ?? [], changes, (path) => ({ where: "the overrides", path })),
  ];
  if (!parsed.success) throw new ConfigurationError([...found, ...soundEnvironments(input)]);
  const applied = withSources(withWorkflowSecrets(applyOverrides(parsed.data, parsedChanges.data ?? {})));
  const problems = [...found, ...ruleProblems(applied, parsedChanges.data ?? {})];
  if (problems.length > 0) throw new ConfigurationError(problems);
  return applied;
}

/** Names of the env vars that may hold each secret, first one first, by environment and secret. */
export function secretSources(
  config: Configuration,
): Readonly<Partial<Record<EnvironmentName, Readonly<Record<string, readonly string[]>>>>> {
  return Object.fromEntries(
    present(config).map(([name, { secrets = {} }]) => [
      name,
      Object.fromEntries(Object.entries(secrets).map(([secret, { env = [] }]) => [secret, env])),
    ]),
  );
}

function ruleProblems(config: Configuration, changes: Overrides): Problem[] {
  const apps = present(config).flatMap(([name, environment]) => ownProblems(name, environment));
  return [...apps, ...configurationProblems(config, changes), ...repositoryProblems(config)];
}

/** Rule problems of the environments whose shape is right, so that a wrong one does not hide them. */
function soundEnvironments(input: unknown): Problem[] {
  const environments = z.looseObject({ environments: z.record(z.string(), z.unknown()) }).safeParse(input)
    .data?.environments;
  return Object.entries(environments ?? {}).flatMap(([name, value]) => {
    const { data } = environmentSchema.safeParse(value);
    return data ? ownProblems(name, data) : [];
  });
}

/** A preview's rules are those of any one of them. */
function ownProblems(name: string, environment: Environment): Problem[] {
  return appProblems({ ...environment, app: environment.app.replace("{number}", "1") }, `environment ${name}`);
}

function withSources(config: Configuration): Configuration {
  const environments = present(config).map(([name, environment]) => [
    name,
    withSecretSources(name, environment, config),
  ]);
  return { ...config, environments: { ...config.environments, ...Object.fromEntries(environments) } };
}

function present({ environments }: Configuration): [EnvironmentName, Environment][] {
  return environmentNames.flatMap((name) => {
    const environment = environments[name];
    return environment ? [[name, environment]] : [];
  });
}

/** Problems of one environment stand under its own heading. */
function inEnvironment(path: readonly PropertyKey[]): { where: string; path: readonly PropertyKey[] } {
  const [first, name, ...rest] = path;
  return first === "environments" && name !== undefined
    ? { where: `environment ${String(name)}`, path: rest }
    : { where: "the configuration", path };
}
