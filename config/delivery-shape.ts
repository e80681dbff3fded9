import * as z from "zod";
import { strict } from "./strict";

const text = z.string().min(1);
const minutes = z.number().int().min(1).max(60);
const days = z.number().int().min(1).max(90);
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time of day such as "09:00"');
const weekday = z.enum(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
const version = z.string().regex(/^\d+\.\d+\.\d+$/, 'is no exact version such as "1.2.3"');

/** How code reaches the environments, and what watches over it: the values behind the workflow files and the managed scripts. */
export const delivery = strict({
  /** "propose": changed files become a pull request. "direct": commits on the default branch, by an App that may bypass. */
  write: z.enum(["propose", "direct"]),
  /** Files of .github/workflows that are not ours and are let be. */
  ignored: z.array(text),
  /** Runner image, by version. */
  runner: z.string().regex(/^[a-z]+-\d+\.\d+$/, 'must name a version, such as "ubuntu-24.04"'),
  /** Exact versions of what jobs install. */
  tools: strict({
    node: version,
    terraform: version,
    flyctl: version,
    supabase: version,
    gitleaks: version,
    postgres: z.number().int(),
  }),
  ci: strict({
    /** No run may take longer. */
    maxMinutes: minutes,
    /** "reported": the job runs and a failure does not block. */
    lint: z.enum(["required", "reported"]),
    /** Names of the secrets that its jobs are handed. */
    secrets: z.array(text),
    /** npm script of each job. */
    scripts: strict({ lint: text, build: text, unit: text, e2e: text, a11y: text, lighthouse: text, scan: text }),
  }),
  staging: strict({
    /** Branches whose pushes are deployed, as patterns. */
    branches: z.array(text).min(1),
    workflowFile: z.string().regex(/^[a-z0-9-]+\.yml$/),
  }),
  production: strict({
    /** "tag": a release tag, or a manual run. "manual": a manual run only. Each needs an approval. */
    trigger: z.enum(["tag", "manual"]),
    /** When a deployment may begin; rollbacks are exempt. */
    window: strict({ days: z.array(weekday).min(1), from: time, to: time, timeZone: text }),
    /** Tries of a step that failed in passing. */
    tries: z.number().int().min(1).max(3),
  }),
  rollback: strict({
    maxMinutes: minutes,
    objectiveMinutes: minutes,
    criticalPaths: z.array(z.string().startsWith("/")).min(1),
    /** How long health is watched afterwards. */
    monitorMinutes: minutes,
    /** Versions that stay ready to go back to. */
    readyVersions: z.number().int().min(1),
  }),
  /** Health check of a new preview. */
  preview: strict({ attempts: z.number().int().min(1), pauseSeconds: z.number().int().min(1) }),
  /** Days that artifacts are kept. */
  retention: strict({ auditDays: days, previewDays: days, backupDays: days, statisticsDays: days }),
  notifications: strict({
    recipients: z.array(z.email()).min(1),
    transport: z.enum(["zoho", "sendgrid"]),
    /** Besides e-mail. */
    channels: z.array(z.enum(["slack", "pagerduty"])),
  }),
  /** Budgets; absent: none is set, and nothing is over it. */
  cost: strict({
    actionsMinutes: z.number().int().min(1).optional(),
    flyUsd: z.number().min(1).optional(),
  }),
  backup: strict({ frequency: z.enum(["daily", "weekly"]) }),
  /** When the sweep runs. */
  drift: strict({ times: z.array(time).min(1), timeZone: text }),
  database: strict({
    migrations: text,
    /** SQL file with rows for the dry run of a migration. */
    fixtures: text,
    poolMax: z.number().int().min(1),
  }),
  /** The application's human-approval configuration; no default. */
  aiConfig: strict({ files: z.array(text) }),
  docs: strict({ allowed: z.array(text).min(1) }),
  /** Paths that a pull request which changes infrastructure may touch. */
  infrastructurePaths: z.array(text).min(1),
});

/** How code reaches the environments, and what watches over it. */
export type DeliveryShape = z.infer<typeof delivery>;
