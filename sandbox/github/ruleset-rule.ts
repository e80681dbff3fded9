import { z } from "zod";
import type { GithubOrganizationRow, RepositoryRow, RuleRow } from "./row";
import type { GithubState } from "./state";

const pattern = z.object({
  name: z.string().optional(),
  negate: z.boolean().optional(),
  operator: z.enum(["starts_with", "ends_with", "contains", "regex"]),
  pattern: z.string(),
});

/** Parameters of each type of rule, with the values that GitHub fills in. */
const parameters = {
  creation: undefined,
  deletion: undefined,
  non_fast_forward: undefined,
  required_linear_history: undefined,
  required_signatures: undefined,
  update: z.object({ update_allows_fetch_and_merge: z.boolean().default(false) }).prefault({}),
  merge_queue: z.object({
    check_response_timeout_minutes: z.int().min(1).max(360),
    grouping_strategy: z.enum(["ALLGREEN", "HEADGREEN"]),
    max_entries_to_build: z.int().min(0).max(100),
    max_entries_to_merge: z.int().min(0).max(100),
    merge_method: z.enum(["MERGE", "SQUASH", "REBASE"]),
    min_entries_to_merge: z.int().min(0).max(100),
    min_entries_to_merge_wait_minutes: z.int().min(0).max(360),
  }),
  required_deployments: z.object({ required_deployment_environments: z.array(z.string()) }),
  pull_request: z.object({
    allowed_merge_methods: z.array(z.enum(["merge", "squash", "rebase"])).default(["merge", "squash", "rebase"]),
    dismiss_stale_reviews_on_push: z.boolean(),
    require_code_owner_review: z.boolean(),
    require_last_push_approval: z.boolean(),
    required_approving_review_count: z.int().min(0).max(10),
    required_review_thread_resolution: z.boolean(),
    required_reviewers: z.array(z.unknown()).optional(),
  }),
  required_status_checks: z.object({
    do_not_enforce_on_create: z.boolean().default(false),
    required_status_checks: z.array(z.object({ context: z.string().min(1), integration_id: z.int().optional() })),
    strict_required_status_checks_policy: z.boolean(),
  }),
  commit_message_pattern: pattern,
  commit_author_email_pattern: pattern,
  committer_email_pattern: pattern,
  branch_name_pattern: pattern,
  tag_name_pattern: pattern,
  file_path_restriction: z.object({ restricted_file_paths: z.array(z.string()) }),
  max_file_path_length: z.object({ max_file_path_length: z.int().min(1).max(32_767) }),
  file_extension_restriction: z.object({ restricted_file_extensions: z.array(z.string()) }),
  max_file_size: z.object({ max_file_size: z.int().min(1).max(100) }),
  code_scanning: z.object({ code_scanning_tools: z.array(z.record(z.string(), z.string())) }),
  copilot_code_review: z.looseObject({}).prefault({}),
} as const;

/** Types of rule that GitHub knows. */
export type RuleType = keyof typeof parameters;

/** Rules that only an Enterprise organization may set. */
const enterpriseRules: readonly string[] = [
  "commit_message_pattern",
  "commit_author_email_pattern",
  "committer_email_pattern",
  "branch_name_pattern",
  "tag_name_pattern",
];

/** A rule of a known type; what the clients add to it is dropped. */
export const ruleSchema = z.object({
  type: z.enum(Object.keys(parameters) as [RuleType, ...RuleType[]]),
  parameters: z.record(z.string(), z.unknown()).nullish(),
});

/** What a rule is checked against; `problems` takes what is wrong. */
interface Checked {
  readonly github: GithubState;
  readonly repository: RepositoryRow;
  readonly plan: GithubOrganizationRow["plan"];
  readonly problems: string[];
}

/** The rule as GitHub keeps it: checked, and with its defaults. */
export function completeRule(rule: z.output<typeof ruleSchema>, checked: Checked): RuleRow {
  const { type } = rule;
  const { problems, github, repository, plan } = checked;
  const invalid = (words: string) => problems.push(`Invalid rule '${type}': ${words}`);
  if (enterpriseRules.includes(type) && plan !== "enterprise") invalid("is not supported on this plan");
  const schema = parameters[type];
  if (!schema) return { type };
  const result = schema.safeParse(rule.parameters ?? undefined);
  if (!result.success) {
    for (const { path, message } of result.error.issues) invalid(`parameters.${path.join(".")}: ${message}`);
    return { type };
  }
  const { data } = result;
  if (type === "required_status_checks") {
    for (const { context, integration_id: id } of parameters[type].parse(data).required_status_checks) {
      if (id !== undefined && !github.apps.has(id)) invalid(`check '${context}': integration ${id} is not installed`);
    }
  }
  if (type === "required_deployments") {
    const { required_deployment_environments: names } = parameters[type].parse(data);
    const absent = names.filter((name) => !repository.environments.has(name));
    if (absent.length > 0) invalid(`environments do not exist: ${absent.join(", ")}`);
  }
  return { type, parameters: data };
}
