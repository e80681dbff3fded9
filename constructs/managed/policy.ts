import { environmentNames } from "../../config/configuration-rule";
import { previewStayDays } from "../../config/preview-number";
import type { Configuration } from "../../config/schema";
import { severities } from "./notice";
import { previewCost } from "./preview-cost";
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
  /** Days that backups are kept, and the age in hours over which the newest one is too old. */
  readonly backup: { readonly retentionDays: number; readonly maxAgeHours: number };
  /** When the drift sweep is due, and the hours without one after which somebody is told. */
  readonly drift: Configuration["delivery"]["drift"] & { readonly maxSilenceHours: number };
  /** Name of the app of a pull request's preview; `{number}` stands for its number. */
  readonly previewApp: string;
  /** Days that a preview stays after its last change. */
  readonly previewStayDays: number;
  /** What one costs a month, in words. */
  readonly previewCost: string;
  /** What `scripts/ops/probe.mjs` asks from outside. */
  readonly probes: readonly ProbeTarget[];
}

/** The data file of the managed scripts. */
export function policy(config: Configuration): Policy {
  const { docs, aiConfig, infrastructurePaths, ci, notifications, retention, drift, backup } = config.delivery;
  return {
    docs,
    aiConfig,
    pullRequest: { infrastructurePaths, waitSeconds: Math.max(0, Math.min(30, ci.maxMinutes) - 2) * 60 },
    secrets: secretScopes(config),
    notifications: { ...notifications, severities },
    // Two hours for a run that GitHub starts late.
    backup: { retentionDays: retention.backupDays, maxAgeHours: (backup.frequency === "daily" ? 1 : 7) * 24 + 2 },
    // A day has a time of each; two hours for a run that GitHub starts late.
    drift: { ...drift, maxSilenceHours: 26 },
    previewApp: config.environments.preview.app,
    previewStayDays,
    previewCost: previewCost(config.environments.preview),
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
