/** Rulesets and classic protection. */
import { checkRule, type GithubHarness, pullRule } from "../../../sandbox/github/harness";

type Ask = GithubHarness["ask"];

/** Rulesets. */
export async function rules(ask: Ask): Promise<void> {
  const conditions = { ref_name: { include: ["refs/heads/release/*"], exclude: [] } };
  const bypass_actors = [
    { actor_id: 5, actor_type: "RepositoryRole", bypass_mode: "pull_request" },
    { actor_type: "OrganizationAdmin" },
  ];
  const plain = [
    "creation",
    "deletion",
    "non_fast_forward",
    "required_linear_history",
    "required_signatures",
    "update",
  ];
  const list = [...plain.map((type) => ({ type })), pullRule, checkRule("lint")];
  const body = { name: "release", enforcement: "active", target: "branch", bypass_actors, conditions, rules: list };
  const { body: made } = await ask("POST", "/rulesets", body);
  await ask("POST", "/rulesets", body);
  await ask("POST", "/rulesets", body, "ghp_sandbox_dev");
  await ask("POST", "/rulesets", { name: "files", enforcement: "disabled", target: "push", rules: pushRules });
  await ask("GET", "/rulesets");
  await ask("GET", `/rulesets/${made.id}`);
  await ask("GET", `/rulesets/${made.id}`, undefined, "ghp_sandbox_dev");
  await ask("GET", "/rulesets/1");
  await ask("PUT", `/rulesets/${made.id}`, { enforcement: "evaluate" });
  await ask("PUT", `/rulesets/${made.id}`, { enforcement: "active" });
  await ask("GET", `/rulesets/${made.id}/history`);
  await ask("GET", "/rules/branches/release%2F1");
  await ask("GET", "/rulesets/rule-suites");
  await ask("DELETE", `/rulesets/${made.id}`);
  await ask("DELETE", `/rulesets/${made.id}`);
}

const pushRules = [
  { type: "file_path_restriction", parameters: { restricted_file_paths: ["secret/**"] } },
  { type: "max_file_path_length", parameters: { max_file_path_length: 200 } },
  { type: "file_extension_restriction", parameters: { restricted_file_extensions: ["*.exe"] } },
  { type: "max_file_size", parameters: { max_file_size: 10 } },
];

/** Classic protection. */
export async function protection(ask: Ask): Promise<void> {
  const own = "/branches/main/protection";
  const actors = { users: ["hotdash-dev"], teams: ["maintainers"], apps: ["github-actions"] };
  const reviews = { dismissal_restrictions: actors, bypass_pull_request_allowances: actors };
  const body = {
    required_status_checks: { strict: true, checks: [{ context: "lint", app_id: 15368 }, { context: "any" }] },
    enforce_admins: true,
    required_pull_request_reviews: { ...reviews, required_approving_review_count: 2 },
    restrictions: actors,
  };
  await ask("GET", own);
  await ask("PUT", own, body);
  await ask("PUT", own, { required_status_checks: 1 });
  await ask("PUT", "/branches/nothing/protection", body);
  await ask("GET", own);
  await ask("GET", "/branches/main");
  await ask("GET", "/branches");
  for (const part of ["enforce_admins", "required_signatures"]) {
    await ask("POST", `${own}/${part}`);
    await ask("GET", `${own}/${part}`);
    await ask("DELETE", `${own}/${part}`);
  }
  await ask("DELETE", `${own}/required_pull_request_reviews`);
  await ask("DELETE", own);
  await ask("DELETE", own);
}
