import type { RepositoryRow } from "../../../sandbox/github/row";
import type { Stage } from "./stage";

/** What somebody changes behind Terraform's back, and what is then told. */
export interface Row {
  readonly what: string;
  tamper(row: RepositoryRow, stage: Stage): void;
  /**
   * What the output of a plain `terraform plan` holds: one text where GitHub's ETags make no difference. Undefined: no difference for
   * Terraform; `infra drift` tells (test/github-commands/drift.test.ts).
   */
  readonly plan: RegExp | { readonly withoutEtag: RegExp; readonly withEtag: RegExp } | undefined;
  /** Rows of one batch are changed together, and none hides another. @default "together" */
  readonly batch?: string;
}

const now = { createdAt: 1, updatedAt: 1 };
const env = (row: RepositoryRow, name: string) => row.environments.get(name) ?? absent(`environment ${name}`);
const ruleset = (row: RepositoryRow, name: string) =>
  [...row.rulesets.values()].find((one) => one.name === name) ?? absent(`ruleset ${name}`);
const rule = (row: RepositoryRow, name: string, type: string) =>
  ruleset(row, name).rules.find((one) => one.type === type) ?? absent(`rule ${type}`);
const without = (row: RepositoryRow, name: string, type: string) => {
  const found = ruleset(row, name);
  found.rules = found.rules.filter((one) => one.type !== type);
};
const checksOf = (row: RepositoryRow) => {
  const { parameters = absent("parameters") } = rule(row, "merge policy", "required_status_checks");
  return parameters as { required_status_checks: { context: string; integration_id?: number }[] };
};
const review = (row: RepositoryRow, change: object) =>
  Object.assign(rule(row, "merge policy", "pull_request").parameters ?? {}, change);
const settings = (change: Partial<RepositoryRow["settings"]>) => (row: RepositoryRow) =>
  void Object.assign(row.settings, change);

function absent(what: string): never {
  throw new Error(`the sandbox has no ${what}`);
}

export const table: readonly Row[] = [
  // What the provider reads.
  {
    what: "merge commits allowed",
    tamper: settings({ allow_merge_commit: true }),
    plan: /allow_merge_commit\s+= true -> false/,
  },
  {
    what: "squash refused",
    tamper: settings({ allow_squash_merge: false }),
    plan: /allow_squash_merge\s+= false -> true/,
  },
  { what: "auto-merge off", tamper: settings({ allow_auto_merge: false }), plan: /allow_auto_merge\s+= false -> true/ },
  {
    what: "branches kept after a merge",
    tamper: settings({ delete_branch_on_merge: false }),
    plan: /delete_branch_on_merge\s+= false -> true/,
  },
  { what: "wiki on", tamper: settings({ has_wiki: true }), plan: /has_wiki\s+= true -> false/ },
  { what: "issues off", tamper: settings({ has_issues: false }), plan: /has_issues\s+= false -> true/ },
  { what: "description", tamper: settings({ description: "theirs" }), plan: /description\s+= "theirs" -> "HotDash"/ },
  { what: "visibility", tamper: settings({ visibility: "public" }), plan: /visibility\s+= "public" -> "private"/ },
  { what: "a topic", tamper: (row) => void row.topics.push("theirs"), plan: /- "theirs"/ },
  {
    what: "another default branch",
    tamper(row) {
      row.refs.set("refs/heads/theirs", row.refs.get("refs/heads/main") ?? absent("main"));
      row.settings.default_branch = "theirs";
    },
    plan: /branch\s+= "theirs" -> "main"/,
  },
  {
    what: "secret scanning and push protection off",
    tamper: (row) =>
      void Object.assign(row.security, { secret_scanning: "disabled", secret_scanning_push_protection: "disabled" }),
    plan: /secret_scanning_push_protection \{\s+~ status = "disabled" -> "enabled"/,
  },
  { what: "archived", tamper: settings({ archived: true }), plan: /archived\s+= true -> false/, batch: "archived" },
  {
    what: "Dependabot's updates off",
    tamper: (row) => void Object.assign(row, { automatedSecurityFixes: false }),
    plan: /enabled\s+= false -> true/,
  },
  {
    what: "any action allowed",
    tamper: (row) => void Object.assign(row.actions, { allowed: "all" }),
    plan: /allowed_actions\s+= "all" -> "selected"/,
  },
  {
    what: "a foreign action allowed",
    tamper: (row) => void row.actions.selected.patterns_allowed.push("evil/action@*"),
    plan: /- "evil\/action@\*"/,
    batch: "actions",
  },
  {
    what: "a job's token may write",
    tamper: (row) => void Object.assign(row.actions, { defaultToken: "write" }),
    plan: /default_workflow_permissions\s+= "write" -> "read"/,
  },
  {
    what: "a job's token may approve",
    tamper: (row) => void Object.assign(row.actions, { canApprove: true }),
    plan: /can_approve_pull_request_reviews\s+= true -> false/,
  },
  {
    what: "a ruleset disabled",
    tamper: (row) => void Object.assign(ruleset(row, "history"), { enforcement: "disabled" }),
    plan: /enforcement\s+= "disabled" -> "active"/,
  },
  {
    what: "force pushes let through",
    tamper: (row) => without(row, "history", "non_fast_forward"),
    plan: /non_fast_forward\s+= false -> true/,
    batch: "reviewers",
  },
  {
    what: "deletion let through",
    tamper: (row) => without(row, "history", "deletion"),
    plan: /deletion\s+= false -> true/,
    batch: "actions",
  },
  {
    what: "merge commits in the history",
    tamper: (row) => without(row, "history", "required_linear_history"),
    plan: /required_linear_history\s+= false -> true/,
  },
  {
    what: "no approval needed",
    tamper: (row) => void review(row, { required_approving_review_count: 0 }),
    plan: /required_approving_review_count\s+= 0 -> 1/,
  },
  {
    what: "no code owner needed",
    tamper: (row) => void review(row, { require_code_owner_review: false }),
    plan: /require_code_owner_review\s+= false -> true/,
  },
  {
    what: "conversations left open",
    tamper: (row) => void review(row, { required_review_thread_resolution: false }),
    plan: /required_review_thread_resolution\s+= false -> true/,
  },
  {
    what: "a check that is not required any more",
    tamper(row) {
      const checks = checksOf(row);
      checks.required_status_checks = checks.required_status_checks.filter(({ context }) => context !== "lint");
    },
    plan: /\+ required_check \{\s+\+ context\s+= "lint"/,
  },
  {
    what: "a check that any app may report",
    tamper: (row) =>
      void delete checksOf(row).required_status_checks.find(({ context }) => context === "Danger")?.integration_id,
    plan: /- context\s+= "Danger" -> null\s+- integration_id = 0/,
  },
  {
    what: "branches that are behind may be merged",
    tamper: (row) => void Object.assign(checksOf(row), { strict_required_status_checks_policy: false }),
    plan: /strict_required_status_checks_policy = false -> true/,
  },
  {
    what: "administrators may bypass",
    tamper: (row) =>
      void ruleset(row, "merge policy").bypass_actors.push({
        actor_id: 5,
        actor_type: "RepositoryRole",
        bypass_mode: "always",
      }),
    plan: /- actor_type\s+= "RepositoryRole"/,
  },
  {
    what: "the break-glass team may not bypass",
    tamper: (row) => void Object.assign(ruleset(row, "history"), { bypass_actors: [] }),
    plan: /\+ actor_type\s+= "Team"/,
  },
  {
    what: "tags that the ruleset does not cover",
    tamper: (row) =>
      void Object.assign(ruleset(row, "tags"), {
        conditions: { ref_name: { include: ["refs/tags/x*"], exclude: [] } },
      }),
    plan: /"refs\/tags\/x\*" -> "refs\/tags\/v\*"/,
  },
  {
    what: "a ruleset deleted",
    tamper: (row) => void row.rulesets.delete(ruleset(row, "history").id),
    plan: /github_repository_ruleset\.ruleset_history will be created/,
    batch: "deleted",
  },
  {
    what: "a wait timer",
    tamper: (row) => void Object.assign(env(row, "staging"), { waitTimer: 5 }),
    plan: /wait_timer\s+= 5 -> 0/,
  },
  {
    what: "administrators skip approvals",
    tamper: (row) => void Object.assign(env(row, "staging"), { canAdminsBypass: true }),
    plan: /can_admins_bypass\s+= true -> false/,
  },
  {
    what: "another reviewer",
    tamper: (row, stage) =>
      void Object.assign(env(row, "production"), { reviewers: [{ type: "User", id: stage.userId("outsider") }] }),
    plan: /~ reviewers \{/,
  },
  {
    what: "a branch that may not deploy any more",
    tamper: (row) => {
      const { branchPolicies } = env(row, "staging");
      for (const { id, name } of [...branchPolicies.values()]) if (name === "main") branchPolicies.delete(id);
    },
    plan: /environment_staging_branch_main will be created/,
  },
  {
    what: "every branch may deploy",
    tamper: (row) => void Object.assign(env(row, "preview"), { policy: null, branchPolicies: new Map() }),
    plan: /\+ deployment_branch_policy \{/,
  },
  {
    what: "a label more",
    tamper: (row) =>
      void row.labels.set("theirs", { id: 1, name: "theirs", color: "000000", description: "", isDefault: false }),
    plan: /- name\s+= "theirs"/,
  },
  { what: "a label less", tamper: (row) => void row.labels.delete("drift"), plan: /\+ name\s+= "drift"/ },

  // What the provider reads nowhere, or does not believe: told by the gate and by the read-back.
  {
    what: "vulnerability alerts off",
    tamper: (row) => void Object.assign(row, { vulnerabilityAlerts: false }),
    plan: {
      withoutEtag: /vulnerability_alerts\s+= false -> true/,
      withEtag: /"vulnerability_alerts is false, declared true"/,
    },
    batch: "alerts",
  },
  {
    what: "all reviewers gone",
    tamper: (row) => void Object.assign(env(row, "production"), { reviewers: [] }),
    plan: /"reviewers are none, declared hotdash-dev"/,
    batch: "reviewers",
  },
  {
    what: "a merge method that the ruleset refuses",
    tamper: (row) => void review(row, { allowed_merge_methods: ["merge"] }),
    plan: /"pull_request.allowed_merge_methods are merge, declared merge, rebase, squash"/,
    batch: "reviewers",
  },
  {
    what: "another ruleset",
    tamper: (row) => void row.rulesets.set(4711, { ...ruleset(row, "history"), id: 4711, name: "theirs" }),
    plan: /"ruleset\/theirs"\s+= "nobody declared it \(\w+, branch\); remove it: gh api -X DELETE repos\/hotdash\/hotdash\/rulesets\/4711"/,
  },
  {
    what: "a classic rule beside the rulesets",
    tamper: (_row, stage) => stage.protectClassic("main"),
    plan: /"branch_protection\/main"\s+= "nobody declared it \(rulesets protect branches here, and never both do\)/,
  },
  {
    what: "a webhook",
    tamper: (row) =>
      void row.hooks.set(4712, {
        id: 4712,
        url: "https://evil.example/canary",
        contentType: "json",
        insecureSsl: "0",
        hasSecret: false,
        events: ["push"],
        active: true,
        ...now,
      }),
    plan: /"webhook\/4712"\s+= "nobody declared it; remove it: gh api -X DELETE/,
  },
  {
    what: "a deploy key",
    tamper: (row) =>
      void row.deployKeys.set(4713, {
        id: 4713,
        title: "theirs",
        key: "ssh-ed25519 AAAA",
        readOnly: false,
        createdAt: 1,
        addedBy: "outsider",
      }),
    plan: /"deploy_key\/4713"\s+= "nobody declared it \(theirs, may write\)/,
  },
  {
    what: "an autolink",
    tamper: (row) =>
      void row.autolinks.set(4714, {
        id: 4714,
        key_prefix: "X-",
        url_template: "https://x.example/<num>",
        is_alphanumeric: true,
      }),
    plan: /"autolink\/4714"\s+= "nobody declared it \(X-\)/,
  },
  {
    what: "a GitHub environment",
    tamper: (row) => void row.environments.set("theirs", { ...env(row, "staging"), id: 4715, name: "theirs" }),
    plan: /"environment\/theirs"\s+= "nobody declared it/,
  },
  {
    what: "a branch more that may deploy",
    tamper: (row) => void env(row, "production").branchPolicies.set(4716, { id: 4716, name: "evil/*", type: "branch" }),
    plan: /"environment\/production\/branch\/evil\/\*"\s+= "nobody declared it/,
  },
  {
    what: "a variable",
    tamper: (row) => void row.variables.set("THEIRS", { name: "THEIRS", value: "x", ...now }),
    plan: /"variable\/THEIRS"\s+= "nobody declared it/,
  },
  {
    what: "a variable of an environment",
    tamper: (row) => void env(row, "production").variables.set("THEIRS", { name: "THEIRS", value: "x", ...now }),
    plan: /"variable\/production\/THEIRS"\s+= "nobody declared it/,
  },
  {
    what: "a secret more",
    tamper: (row) => void row.secrets.set("THEIRS", { name: "THEIRS", ...now }),
    plan: /"secret\/THEIRS"\s+= "nobody declared it/,
  },
  {
    what: "a secret less",
    tamper: (row) => void row.secrets.delete("FLY_API_TOKEN"),
    plan: /"secret\/FLY_API_TOKEN"\s+= "is missing; give it a value: gh secret set FLY_API_TOKEN --repo hotdash\/hotdash"/,
  },
  {
    what: "a secret of an environment less",
    tamper: (row) => void env(row, "production").secrets.delete("DATABASE_URL"),
    plan: /"secret\/production\/DATABASE_URL"\s+= "is missing; give it a value: gh secret set DATABASE_URL --repo hotdash\/hotdash --env production"/,
  },
  {
    what: "a secret of an environment more",
    tamper: (row) => void env(row, "preview").secrets.set("THEIRS", { name: "THEIRS", ...now }),
    plan: /"secret\/preview\/THEIRS"\s+= "nobody declared it/,
  },
  {
    what: "actions that are not pinned",
    tamper: (row) => void Object.assign(row.actions, { shaPinning: false }),
    plan: /"actions\/permissions"\s+= "sha_pinning_required is false, declared true/,
  },
  {
    what: "somebody in the break-glass team",
    tamper: (_row, stage) => stage.breakGlass("hotdash-dev"),
    plan: /"team\/break-glass"\s+= "has 1 member: whoever is in it bypasses every rule/,
  },

  // What `infra drift` alone tells as a difference; the plan warns.
  {
    what: "a secret that is too old",
    tamper: (row) => void row.secrets.set("FLY_API_TOKEN", { name: "FLY_API_TOKEN", ...now }),
    plan: undefined,
    batch: "no difference",
  },
];
