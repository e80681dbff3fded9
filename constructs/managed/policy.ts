import { environmentNames } from "../../config/configuration-rule";
import type { Configuration } from "../../config/schema";
import { severities } from "./notice";
import { type ProbeTarget, probeTargets } from "./probe";

/** What the managed scripts know of the configuration: `scripts/policy/policy.json`. Names, never a secret. */
export interface Policy {
  readonly docs: { readonly allowed: readonly string[] };
  readonly aiConfig: { readonly files: readonly string[] };
  readonly pullRequest: {
    /** What `infrastructure` stands for among the allowed paths of a pull request. */
    readonly infrastructurePaths: readonly string[];
    /** How long Danger waits for the run of a changed workflow; two minutes less than a run of CI may take. */
    readonly waitSeconds: number;
  };
  /** Names of the secrets that a job has to find, by scope. */
  readonly secrets: Readonly<Record<string, readonly string[]>>;
  readonly notifications: Configuration["delivery"]["notifications"] & { readonly severities: typeof severities };
  readonly backup: { readonly retentionDays: number };
  /** Budgets of a month; an absent one is not set. */
  readonly cost: Configuration["delivery"]["cost"];
  /** What `scripts/ops/probe.mjs` asks from outside. */
  readonly probes: readonly ProbeTarget[];
}

/** The data file of the managed scripts. */
export function policy(config: Configuration): Policy {
  const { docs, aiConfig, infrastructurePaths, ci, notifications, retention, cost } = config.delivery;
  return {
    docs,
    aiConfig,
    pullRequest: { infrastructurePaths, waitSeconds: Math.max(0, ci.maxMinutes - 2) * 60 },
    secrets: secretScopes(config),
    notifications: { ...notifications, severities },
    backup: { retentionDays: retention.backupDays },
    cost,
    probes: probeTargets(config),
  };
}

/**
 * Names of the secrets that `scripts/verify_secrets.sh <scope>` asks for, sorted: `ci` for what CI is handed, and each GitHub environment for
 * what its jobs use. A group without members (`CHATWOOT_*`) names nothing that could be asked for.
 */
export function secretScopes(config: Configuration): Readonly<Record<string, readonly string[]>> {
  const handed = environmentNames.flatMap((name) => config.environments[name] ?? []);
  const scopes = Object.entries(config.repository.environments).map(([scope, { secrets }]) => {
    const own = handed.filter(({ githubEnvironment }) => githubEnvironment === scope);
    return [
      scope,
      named([...secrets, ...own.flatMap((environment) => Object.keys(environment.secrets ?? {}))]),
    ] as const;
  });
  return { ci: named(config.delivery.ci.secrets), ...Object.fromEntries(scopes) };
}

const named = (names: readonly string[]): string[] => [...new Set(names)].filter((name) => !name.endsWith("*")).sort();
