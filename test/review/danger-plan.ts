/** Plans by what is dangerous in them, for everything that has to tell dangers. */
import { parsePlan } from "../../report/plan-json";

type Action = "create" | "update" | "delete" | "no-op";
/** A plan of one change, and the dangers that are in it. */
export interface DangerPlan {
  readonly what: string;
  readonly type: string;
  readonly actions?: readonly Action[];
  readonly before?: object;
  readonly after?: object;
  /** Kinds that have to be told; none: the change is harmless. */
  readonly kinds: readonly string[];
}

/** What Terraform shows of a plan with these changes. */
export const planOf = (...changes: readonly Omit<DangerPlan, "what" | "kinds">[]) =>
  parsePlan(
    JSON.stringify({
      format_version: "1.2",
      resource_changes: changes.map(({ type, actions = ["update"], before, after }, index) => ({
        address: `${type}.one${index}`,
        mode: "managed",
        type,
        change: {
          actions,
          before: before ?? null,
          after: after ?? null,
          after_unknown: {},
          before_sensitive: {},
          after_sensitive: {},
        },
      })),
    }),
  );

const web = (more: object = {}) => ({
  app: "shop",
  group: "web",
  machines: { ord: { count: 2 } },
  strategy: "rolling",
  services: [
    {
      internal_port: 3000,
      min_machines_running: 2,
      ports: [{ port: 443, force_https: true }],
      checks: [{ type: "http" }],
    },
  ],
  ...more,
});
const service = (more: object) => ({ services: [{ ...web().services[0], ...more }] });
const rules = (more: object = {}) => ({
  name: "main",
  enforcement: "active",
  bypass_actors: [],
  rules: [
    {
      deletion: true,
      non_fast_forward: true,
      required_linear_history: true,
      pull_request: [{ required_approving_review_count: 1, require_code_owner_review: true }],
      required_status_checks: [{ required_check: [{ context: "lint" }, { context: "build" }] }],
      ...more,
    },
  ],
});
const environment = {
  can_admins_bypass: false,
  reviewers: [{ users: [1, 2] }],
  deployment_branch_policy: [{ protected_branches: true }],
};

export const dangerPlans: readonly DangerPlan[] = [
  {
    what: "destroys an app",
    type: "fly_app",
    actions: ["delete"],
    before: { name: "shop" },
    kinds: ["data loss", "destroy"],
  },
  {
    what: "destroys a volume",
    type: "fly_volume",
    actions: ["delete"],
    before: { name: "data" },
    kinds: ["data loss", "destroy"],
  },
  {
    what: "replaces a volume",
    type: "fly_volume",
    actions: ["delete", "create"],
    before: {},
    after: {},
    kinds: ["data loss", "replace"],
  },
  { what: "destroys a group", type: "fly_process_group", actions: ["delete"], before: web(), kinds: ["destroy"] },
  {
    what: "destroys a group with volumes",
    type: "fly_process_group",
    actions: ["delete"],
    before: web({ mount: {} }),
    kinds: ["data loss", "destroy"],
  },
  {
    what: "replaces a group",
    type: "fly_process_group",
    actions: ["create", "delete"],
    before: web(),
    after: web(),
    kinds: ["replace"],
  },
  {
    what: "destroys a repository",
    type: "github_repository",
    actions: ["delete"],
    before: {},
    kinds: ["data loss", "destroy"],
  },
  {
    what: "destroys a ruleset",
    type: "github_repository_ruleset",
    actions: ["delete"],
    before: rules(),
    kinds: ["destroy"],
  },
  { what: "destroys a gate", type: "terraform_data", actions: ["delete"], before: {}, kinds: [] },
  {
    what: "removes a secret",
    type: "fly_secrets",
    before: { sources: { A: {}, B: {} } },
    after: { sources: { A: {} } },
    kinds: ["data loss"],
  },
  {
    what: "adds a secret",
    type: "fly_secrets",
    before: { sources: { A: {} } },
    after: { sources: { A: {}, B: {} } },
    kinds: [],
  },
  {
    what: "unprotects an app",
    type: "fly_app",
    before: { deletion_protection: true },
    after: { deletion_protection: false },
    kinds: ["protection"],
  },
  {
    what: "opens a port",
    type: "fly_process_group",
    before: web(),
    after: web(service({ ports: [{ port: 443, force_https: true }, { port: 5432 }] })),
    kinds: ["exposure"],
  },
  {
    what: "stops redirecting to HTTPS",
    type: "fly_process_group",
    before: web(),
    after: web(service({ ports: [{ port: 443, force_https: false }] })),
    kinds: ["exposure"],
  },
  {
    what: "takes a machine away",
    type: "fly_process_group",
    before: web(),
    after: web({ machines: { ord: { count: 1 } } }),
    kinds: ["downtime"],
  },
  {
    what: "lowers the most",
    type: "fly_process_group",
    before: web({ machines: { ord: { min: 2, max: 10 } } }),
    after: web({ machines: { ord: { min: 2, max: 4 } } }),
    kinds: ["downtime"],
  },
  {
    what: "adds a machine",
    type: "fly_process_group",
    before: web(),
    after: web({ machines: { ord: { count: 3 } } }),
    kinds: [],
  },
  {
    what: "removes a check",
    type: "fly_process_group",
    before: web(),
    after: web(service({ checks: [] })),
    kinds: ["downtime"],
  },
  {
    what: "lets machines sleep",
    type: "fly_process_group",
    before: web(),
    after: web(service({ min_machines_running: 0 })),
    kinds: ["downtime"],
  },
  {
    what: "changes all at once",
    type: "fly_process_group",
    before: web(),
    after: web({ strategy: "immediate", guest: { cpus: 2 } }),
    kinds: ["downtime"],
  },
  {
    what: "drops a volume",
    type: "fly_process_group",
    before: web({ mount: { name: "data" } }),
    after: web(),
    kinds: ["data loss"],
  },
  {
    what: "gives more memory",
    type: "fly_process_group",
    before: web(),
    after: web({ guest: { memory_mb: 2048 } }),
    kinds: [],
  },
  {
    what: "makes a repository public",
    type: "github_repository",
    before: { visibility: "private" },
    after: { visibility: "public" },
    kinds: ["exposure"],
  },
  {
    what: "turns push protection off",
    type: "github_repository",
    before: { security_and_analysis: [{ secret_scanning_push_protection: [{ status: "enabled" }] }] },
    after: { security_and_analysis: [{ secret_scanning_push_protection: [{ status: "disabled" }] }] },
    kinds: ["protection"],
  },
  {
    what: "disables a ruleset",
    type: "github_repository_ruleset",
    before: rules(),
    after: { ...rules(), enforcement: "disabled" },
    kinds: ["protection"],
  },
  {
    what: "allows force pushes",
    type: "github_repository_ruleset",
    before: rules(),
    after: rules({ non_fast_forward: false }),
    kinds: ["protection"],
  },
  {
    what: "drops a required check",
    type: "github_repository_ruleset",
    before: rules(),
    after: rules({ required_status_checks: [{ required_check: [{ context: "lint" }] }] }),
    kinds: ["protection"],
  },
  {
    what: "asks for no approval",
    type: "github_repository_ruleset",
    before: rules(),
    after: rules({ pull_request: [{ required_approving_review_count: 0, require_code_owner_review: true }] }),
    kinds: ["protection"],
  },
  {
    what: "adds somebody who may bypass",
    type: "github_repository_ruleset",
    before: rules(),
    after: { ...rules(), bypass_actors: [{ actor_id: 5, actor_type: "RepositoryRole" }] },
    kinds: ["protection"],
  },
  {
    what: "adds a required check",
    type: "github_repository_ruleset",
    before: rules(),
    after: rules({
      required_status_checks: [{ required_check: [{ context: "lint" }, { context: "build" }, { context: "test" }] }],
    }),
    kinds: [],
  },
  {
    what: "takes reviewers away",
    type: "github_repository_environment",
    before: environment,
    after: { ...environment, reviewers: [] },
    kinds: ["protection"],
  },
  {
    what: "lets administrators bypass",
    type: "github_repository_environment",
    before: environment,
    after: { ...environment, can_admins_bypass: true },
    kinds: ["protection"],
  },
  {
    what: "opens an environment to every branch",
    type: "github_repository_environment",
    before: environment,
    after: { ...environment, deployment_branch_policy: [] },
    kinds: ["secret reach"],
  },
  {
    what: "lets another branch reach secrets",
    type: "github_repository_environment_deployment_policy",
    actions: ["create"],
    after: { environment: "production", branch_pattern: "feature/*" },
    kinds: ["secret reach"],
  },
  {
    what: "allows any action",
    type: "github_actions_repository_permissions",
    before: { allowed_actions: "selected" },
    after: { allowed_actions: "all" },
    kinds: ["secret reach"],
  },
  {
    what: "lets every token write",
    type: "github_workflow_repository_permissions",
    before: { default_workflow_permissions: "read" },
    after: { default_workflow_permissions: "write" },
    kinds: ["secret reach"],
  },
  {
    what: "loosens classic protection",
    type: "github_branch_protection",
    before: { enforce_admins: true, allows_force_pushes: false },
    after: { enforce_admins: false, allows_force_pushes: true },
    kinds: ["protection", "protection"],
  },
];
