import * as z from "zod";
import { type Configuration, type Environment, state } from "./schema";
import { strict } from "./strict";

/**
 * The keys with which a user departs from HotDash's defaults, spelled as in the product specification; what is left out keeps its default.
 * The values stand in overrides.ts.
 */
export const overrideSchema = strict({
  /** Fly app of production. Staging's own app ("hotdash-staging") treated as production leaves no staging environment. @default "hot-dash" */
  "production.app": z.string().optional(),
  /** Name of a preview's app; `{number}` is the pull request's. @default "hotdash-pr-{number}" */
  "preview.name_pattern": z.string().optional(),
  /** Regions of production; the first is also that of every other app. Of ord, iad and sjc. @default ["ord"] */
  regions: z.array(z.string()).min(1).optional(),
  /** Process groups of the application: "app", and "worker" beside it. @default ["app"] */
  processes: z.array(z.string()).min(1).optional(),
  /** What a worker runs, such as ["npm", "run", "worker"]; needed as soon as `processes` names it. No default. */
  "processes.worker.command": z.array(z.string()).min(1).optional(),
  /** @default "rolling" */
  "deploy.production.strategy": z.enum(["rolling", "bluegreen", "canary", "immediate"]).optional(),
  /** @default "rolling" */
  "deploy.staging.strategy": z.enum(["rolling", "bluegreen", "canary", "immediate"]).optional(),
  /** Machines that staging keeps awake; 0 lets it sleep. @default 1 */
  "staging.min_running": z.number().int().min(0).optional(),
  /** Days, up to 180. @default 90 */
  "secrets.rotation_days": z.number().int().min(1).max(180).optional(),
  /** @default "vault/occ/**" */
  "secrets.vault_path": z.string().min(1).optional(),
  /** Names of the application's secrets by group; replaces the default groups that it names. */
  "secrets.groups": z.record(z.string(), z.array(z.string())).optional(),
  /** @default 9 */
  "secrets.expected_count": z.number().int().min(0).optional(),
  /** "github": workflows hand the secrets over and none is kept on Fly by this program. @default "fly" */
  "secrets.runtime_store": z.enum(["fly", "github"]).optional(),
  /** Secrets that may be read from a variable of their bare name outside production. @default none */
  "secrets.bare": z.array(z.string()).optional(),
  /** Path that tells whether the support desk is well. "/rails/health" answers 404. @default "/api" */
  "chatwoot.health_path": z.string().startsWith("/").optional(),
  /** @default "customer.support@hotrodan.com" */
  "chatwoot.mailbox": z.email().optional(),
  /** @default 5000 */
  "chatwoot.max_response_ms": z.number().int().min(1).optional(),
  /** Percent of CPU over which production is to grow. @default 70 */
  "scaling.cpu_percent": z.number().min(1).max(100).optional(),
  /** Percent of memory over which production is to grow. @default 80 */
  "scaling.memory_percent": z.number().min(1).max(100).optional(),
  /** Login of the GitHub organization. @default "hotdash" */
  "repository.owner": z.string().optional(),
  /** @default "hotdash" */
  "repository.name": z.string().optional(),
  /** "classic": one branch protection rule, which cannot pin a check to its app. @default "ruleset" */
  "protection.mechanism": z.enum(["ruleset", "classic"]).optional(),
  /** Names of the checks that a merge needs. @default the twelve of the specification */
  "checks.required": z.array(z.string()).optional(),
  /** "reported": lint runs and does not block, and it is no required check. @default "required" */
  "checks.lint": z.enum(["required", "reported"]).optional(),
  /** Who may approve a production deployment: logins, or "team/<slug>". No default: `infra check` fails while nobody is named. */
  "release.approvers": z.array(z.string()).max(6).optional(),
  /** Minutes that a CI run may take. @default 10 */
  "ci.max_minutes": z.number().int().min(1).max(60).optional(),
  /** Branches whose pushes go to staging. @default ["main", "manager-reopen-*"] */
  "staging.branches": z.array(z.string()).min(1).optional(),
  /** @default "deploy-staging.yml" */
  "staging.workflow_file": z.string().optional(),
  /** "manual": no tag starts a production deployment, somebody does. @default "tag" */
  "deploy.production.trigger": z.enum(["tag", "manual"]).optional(),
  /** Minutes that a rollback may take. @default 5 */
  "rollback.max_minutes": z.number().int().min(1).max(60).optional(),
  /** Who gets every notice. @default ["justin@hotrodan.com"] */
  "notifications.recipients": z.array(z.email()).min(1).optional(),
  /** How e-mail is sent. @default "zoho" */
  "notifications.transport": z.enum(["zoho", "sendgrid"]).optional(),
  /** Where notices go besides e-mail. @default none */
  "notifications.channels": z.array(z.enum(["slack", "pagerduty"])).optional(),
  /** @default "daily" */
  "backup.frequency": z.enum(["daily", "weekly"]).optional(),
  /** Minutes of GitHub Actions a month. @default no budget */
  "cost.actions_minutes": z.number().int().min(1).optional(),
  /** US dollars a month on Fly. @default no budget */
  "cost.fly_usd": z.number().min(1).optional(),
  /** "direct": workflow files are committed to the default branch by an App. @default "propose" */
  "workflows.write": z.enum(["propose", "direct"]).optional(),
  /** Files of .github/workflows that are let be. @default none */
  "workflows.ignored": z.array(z.string()).optional(),
  /** The application's human-approval configuration. No default. */
  "ai_config.files": z.array(z.string()).optional(),
  /** SQL file with rows for the dry run of a migration. @default "supabase/seed.sql" */
  "database.fixtures": z.string().optional(),
  /** Where Terraform keeps state. @default a file of this checkout, for the sandbox only */
  state: state.optional(),
  /** Let the real Fly be managed with state in a local file. @default false */
  "state.allowLocal": z.boolean().optional(),
});

/** Departures from HotDash's defaults. */
export type Overrides = z.infer<typeof overrideSchema>;

/** Writable at every depth: a private copy while overrides are worked in. */
type Draft<T> = T extends object ? { -readonly [K in keyof T]: Draft<T[K]> } : T;
type DraftEnvironment = Draft<Environment>;
type Values = { readonly [K in keyof Overrides]-?: NonNullable<Overrides[K]> };
type Apply = { readonly [K in keyof Values]: (draft: Draft<Configuration>, value: Values[K]) => void };

/** The configuration with the overrides worked in. */
export function applyOverrides(input: Configuration, overrides: Overrides): Configuration {
  const draft = structuredClone(input) as Draft<Configuration>;
  for (const key of Object.keys(apply) as (keyof Overrides)[]) set(draft, key, overrides[key]);
  return draft;
}

function set<K extends keyof Values>(draft: Draft<Configuration>, key: K, value: Values[K] | undefined): void {
  if (value !== undefined) apply[key](draft, value);
}

/** What each key changes. The order is that of application: `processes` before the command of its worker. */
const apply: Apply = {
  "production.app": ({ environments }, app) => {
    rename(environments.production, app);
    if (environments.staging?.app === app) delete environments.staging;
  },
  "preview.name_pattern": ({ environments }, pattern) => rename(environments.preview, pattern),
  regions: ({ environments }, regions) => {
    const [first = ""] = regions;
    for (const environment of all(environments)) environment.regions = [first];
    environments.production.regions = [...regions];
  },
  processes: ({ environments }, processes) => {
    if (!processes.includes("worker")) return;
    for (const environment of applicationOf(environments)) {
      const { cpuKind, cpus, memoryMb, restart } = environment.groups.app ?? {};
      environment.groups.worker = { cpuKind, cpus, memoryMb, restart };
    }
  },
  "processes.worker.command": ({ environments }, command) => {
    for (const { groups } of applicationOf(environments)) if (groups.worker) groups.worker.command = [...command];
  },
  "deploy.production.strategy": ({ environments }, strategy) => {
    environments.production.deploy = { ...environments.production.deploy, strategy };
  },
  "deploy.staging.strategy": ({ environments: { staging } }, strategy) => {
    if (staging) staging.deploy = { ...staging.deploy, strategy };
  },
  "staging.min_running": ({ environments: { staging } }, minRunning) => {
    for (const service of staging?.groups.app?.services ?? []) service.minRunning = minRunning;
  },
  "secrets.rotation_days": ({ environments }, days) => {
    for (const environment of all(environments)) environment.rotationDays = days;
  },
  "secrets.vault_path": ({ secrets }, path) => {
    secrets.vaultPath = path;
  },
  "secrets.groups": ({ secrets }, groups) => {
    Object.assign(secrets.groups, groups);
  },
  "secrets.expected_count": ({ secrets }, expected) => {
    secrets.expectedCount = expected;
  },
  "secrets.runtime_store": ({ secrets }, store) => {
    secrets.runtimeStore = store;
  },
  "secrets.bare": ({ secrets }, names) => {
    secrets.bare = [...names];
  },
  "chatwoot.health_path": ({ environments: { chatwoot } }, path) => {
    const checks = chatwoot.groups.web?.services?.flatMap((service) => service.checks ?? []) ?? [];
    for (const check of checks) check.path = path;
  },
  "chatwoot.mailbox": ({ environments: { chatwoot } }, mailbox) => {
    chatwoot.beyondFly = { ...chatwoot.beyondFly, mailbox };
  },
  "chatwoot.max_response_ms": ({ environments: { chatwoot } }, maxResponseMs) => {
    chatwoot.beyondFly = { ...chatwoot.beyondFly, maxResponseMs };
  },
  "scaling.cpu_percent": ({ environments: { production } }, cpuPercent) => scale(production, { cpuPercent }),
  "scaling.memory_percent": ({ environments: { production } }, memoryPercent) => scale(production, { memoryPercent }),
  "repository.owner": ({ repository }, owner) => {
    repository.owner = owner;
  },
  "repository.name": ({ repository }, name) => {
    repository.name = name;
  },
  "protection.mechanism": ({ repository }, mechanism) => {
    repository.protection.mechanism = mechanism;
  },
  "checks.required": ({ repository }, names) => {
    repository.protection.requiredChecks = [...names];
  },
  "checks.lint": ({ repository: { protection }, delivery }, lint) => {
    delivery.ci.lint = lint;
    if (lint === "reported") protection.requiredChecks = protection.requiredChecks.filter((name) => name !== "lint");
  },
  "release.approvers": ({ repository: { environments } }, approvers) => {
    if (environments.production) environments.production.approvers = [...approvers];
  },
  "ci.max_minutes": ({ delivery }, maxMinutes) => {
    delivery.ci.maxMinutes = maxMinutes;
  },
  "staging.branches": ({ repository: { environments }, delivery }, branches) => {
    delivery.staging.branches = [...branches];
    if (environments.staging) environments.staging.branches = [...branches];
  },
  "staging.workflow_file": ({ delivery }, file) => {
    delivery.staging.workflowFile = file;
  },
  "deploy.production.trigger": ({ delivery }, trigger) => {
    delivery.production.trigger = trigger;
  },
  "rollback.max_minutes": ({ delivery: { rollback } }, maxMinutes) => {
    rollback.maxMinutes = maxMinutes;
    rollback.objectiveMinutes = Math.min(rollback.objectiveMinutes, maxMinutes);
    rollback.monitorMinutes = Math.min(rollback.monitorMinutes, maxMinutes);
  },
  "notifications.recipients": ({ delivery }, recipients) => {
    delivery.notifications.recipients = [...recipients];
  },
  "notifications.transport": ({ delivery }, transport) => {
    delivery.notifications.transport = transport;
  },
  "notifications.channels": ({ delivery }, channels) => {
    delivery.notifications.channels = [...channels];
  },
  "backup.frequency": ({ delivery }, frequency) => {
    delivery.backup.frequency = frequency;
  },
  "cost.actions_minutes": ({ delivery }, actionsMinutes) => {
    delivery.cost.actionsMinutes = actionsMinutes;
  },
  "cost.fly_usd": ({ delivery }, flyUsd) => {
    delivery.cost.flyUsd = flyUsd;
  },
  "workflows.write": ({ delivery }, write) => {
    delivery.write = write;
  },
  "workflows.ignored": ({ delivery }, ignored) => {
    delivery.ignored = [...ignored];
  },
  "ai_config.files": ({ delivery }, files) => {
    delivery.aiConfig.files = [...files];
  },
  "database.fixtures": ({ delivery }, fixtures) => {
    delivery.database.fixtures = fixtures;
  },
  state: (draft, state) => {
    draft.state = state;
  },
  "state.allowLocal": (draft, allowLocal) => {
    if (draft.state.backend === "local") draft.state.allowLocal = allowLocal;
  },
};

function rename(environment: DraftEnvironment, app: string): void {
  environment.app = app;
  environment.url = `https://${app}.fly.dev`;
}

function scale(production: DraftEnvironment, part: Partial<{ cpuPercent: number; memoryPercent: number }>): void {
  const scaling = { cpuPercent: 70, memoryPercent: 80, ...production.beyondFly?.scaling, ...part };
  production.beyondFly = { ...production.beyondFly, scaling };
}

function all({ production, staging, chatwoot, preview }: Draft<Configuration>["environments"]): DraftEnvironment[] {
  return [production, ...(staging ? [staging] : []), chatwoot, preview];
}

/** The environments that run the application itself; the support desk is another program. */
function applicationOf({ production, staging, preview }: Draft<Configuration>["environments"]): DraftEnvironment[] {
  return [production, ...(staging ? [staging] : []), preview];
}
