/** Terraform and provider, for the sandbox's organization. */
const head = `
terraform {
  required_providers {
    github = {
      source  = "integrations/github"
      version = "6.9.0"
    }
  }
}
provider "github" {
  owner             = "hotdash"
  token             = "ghp_sandbox_admin"
  write_delay_ms    = 1
  parallel_requests = true
}
`;

/** The adopted repository, a ruleset with a pinned check, and a GitHub environment with a reviewer. */
export const governance = `${head}
import {
  to = github_repository.r
  id = "hotdash"
}
resource "github_repository" "r" {
  name                   = "hotdash"
  visibility             = "private"
  has_issues             = true
  has_projects           = true
  has_wiki               = true
  has_downloads          = true
  allow_merge_commit     = false
  allow_rebase_merge     = false
  delete_branch_on_merge = true
  vulnerability_alerts   = true
  security_and_analysis {
    secret_scanning {
      status = "enabled"
    }
    secret_scanning_push_protection {
      status = "enabled"
    }
  }
}
data "github_team" "glass" {
  slug         = "break-glass"
  summary_only = true
}
data "github_user" "dev" {
  username = "hotdash-dev"
}
resource "github_repository_ruleset" "main" {
  repository  = github_repository.r.name
  name        = "main"
  target      = "branch"
  enforcement = "active"
  conditions {
    ref_name {
      include = ["~DEFAULT_BRANCH"]
      exclude = []
    }
  }
  bypass_actors {
    actor_id    = data.github_team.glass.id
    actor_type  = "Team"
    bypass_mode = "always"
  }
  rules {
    deletion                = true
    non_fast_forward        = true
    required_linear_history = true
    pull_request {
      required_approving_review_count   = 1
      required_review_thread_resolution = true
    }
    required_status_checks {
      strict_required_status_checks_policy = true
      required_check {
        context        = "lint"
        integration_id = 15368
      }
    }
  }
}
resource "github_repository_environment" "production" {
  repository          = github_repository.r.name
  environment         = "production"
  prevent_self_review = true
  reviewers {
    users = [data.github_user.dev.id]
  }
  deployment_branch_policy {
    protected_branches     = false
    custom_branch_policies = true
  }
}
`;

/** One of each other resource that the provider has and the sandbox plays. */
export const everything = `${head}
data "github_repository" "r" {
  full_name = "hotdash/hotdash"
}
resource "github_branch" "dev" {
  repository = "hotdash"
  branch     = "dev/x"
}
resource "github_branch_default" "main" {
  repository = "hotdash"
  branch     = "main"
}
resource "github_branch_protection" "release" {
  repository_id           = data.github_repository.r.node_id
  pattern                 = "release/*"
  enforce_admins          = true
  required_linear_history = true
  required_status_checks {
    strict   = true
    contexts = ["lint"]
  }
  required_pull_request_reviews {
    required_approving_review_count = 1
    restrict_dismissals             = true
    dismissal_restrictions          = ["/hotdash-owner", "hotdash/maintainers"]
  }
  restrict_pushes {
    push_allowances = ["/hotdash-dev"]
  }
}
resource "github_branch_protection_v3" "dev" {
  repository = "hotdash"
  branch     = github_branch.dev.branch
  required_status_checks {
    strict = true
    checks = ["lint:15368"]
  }
}
resource "github_repository_environment" "staging" {
  repository  = "hotdash"
  environment = "staging"
  deployment_branch_policy {
    protected_branches     = false
    custom_branch_policies = true
  }
}
resource "github_repository_environment_deployment_policy" "branch" {
  repository     = "hotdash"
  environment    = github_repository_environment.staging.environment
  branch_pattern = "main"
}
resource "github_repository_environment_deployment_policy" "tag" {
  repository  = "hotdash"
  environment = github_repository_environment.staging.environment
  tag_pattern = "v*.*.*"
}
resource "github_actions_repository_permissions" "r" {
  repository      = "hotdash"
  allowed_actions = "selected"
  allowed_actions_config {
    github_owned_allowed = true
    patterns_allowed     = ["superfly/*"]
  }
}
resource "github_workflow_repository_permissions" "r" {
  repository                   = "hotdash"
  default_workflow_permissions = "read"
}
resource "github_actions_variable" "v" {
  repository    = "hotdash"
  variable_name = "REGION"
  value         = "ord"
}
resource "github_actions_environment_variable" "v" {
  repository    = "hotdash"
  environment   = github_repository_environment.staging.environment
  variable_name = "APP"
  value         = "shop"
}
resource "github_actions_secret" "s" {
  repository      = "hotdash"
  secret_name     = "FLY_TOKEN"
  plaintext_value = "made up"
}
resource "github_actions_environment_secret" "s" {
  repository      = "hotdash"
  environment     = github_repository_environment.staging.environment
  secret_name     = "FLY_TOKEN"
  plaintext_value = "made up"
}
resource "github_issue_label" "drift" {
  repository = "hotdash"
  name       = "drift"
  color      = "ff0000"
}
resource "github_repository_file" "owners" {
  repository     = "hotdash"
  branch         = "main"
  file           = ".github/CODEOWNERS"
  content        = "* @hotdash/maintainers\\n"
  commit_message = "Name owners"
}
resource "github_team" "new" {
  name    = "Release Approvers"
  privacy = "closed"
}
resource "github_team_membership" "dev" {
  team_id  = github_team.new.id
  username = "hotdash-dev"
}
resource "github_team_repository" "new" {
  team_id    = github_team.new.id
  repository = "hotdash"
  permission = "push"
}
resource "github_repository_webhook" "w" {
  repository = "hotdash"
  events     = ["push"]
  configuration {
    url          = "https://example.com/hook"
    content_type = "json"
  }
}
resource "github_repository_autolink_reference" "a" {
  repository          = "hotdash"
  key_prefix          = "OPS-"
  target_url_template = "https://example.com/<num>"
}
resource "github_repository_deploy_key" "k" {
  repository = "hotdash"
  title      = "reader"
  key        = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBvV4Yk0Y0c2N5QmJ0cG1qU0lVZ0xHb2x3a1BqZ0d4 somebody"
}
data "github_actions_secrets" "all" {
  name       = "hotdash"
  depends_on = [github_actions_secret.s]
}
data "github_rest_api" "rules" {
  endpoint = "repos/hotdash/hotdash/rules/branches/main"
}
output "secrets" {
  value = data.github_actions_secrets.all.secrets[*].name
}
output "rules" {
  value = data.github_rest_api.rules.code
}
`;

/** A new repository with people, labels and a tag rule, made by an app, and the data sources that look around. */
export const newRepository = `${head.replace("ghp_sandbox_admin", "ghs_sandbox_infra")}
resource "github_repository" "n" {
  name = "second"
  auto_init = true
  topics = ["a","b"]
  vulnerability_alerts = true
  allow_merge_commit = false
}
resource "github_repository_dependabot_security_updates" "d" {
  repository = github_repository.n.name
  enabled = true
}
resource "github_issue_labels" "l" {
  repository = github_repository.n.name
  label {
    name = "drift"
    color = "ff0000"
  }
}
resource "github_repository_collaborators" "c" {
  repository = github_repository.n.name
  user {
    username = "hotdash-dev"
    permission = "push"
  }
  user {
    username = "outsider"
    permission = "pull"
  }
  team {
    team_id = "maintainers"
    permission = "admin"
  }
}
resource "github_team" "t" { name = "T t" }
resource "github_team_members" "m" {
  team_id = github_team.t.id
  members {
    username = "hotdash-dev"
    role = "maintainer"
  }
}
resource "github_repository_ruleset" "tags" {
  repository = github_repository.n.name
  name = "tags"
  target = "tag"
  enforcement = "active"
  conditions {
    ref_name {
      include = ["refs/tags/v*"]
      exclude = []
    }
  }
  rules {
    deletion = true
    update = true
    update_allows_fetch_and_merge = true
  }
}
data "github_branch_protection_rules" "b" { repository = "hotdash" }
data "github_repository_environments" "e" { repository = "hotdash" }
data "github_actions_variables" "v" { name = "hotdash" }
data "github_organization" "o" { name = "hotdash" }
data "github_repository_teams" "t" { name = "hotdash" }
data "github_collaborators" "c" { 
  owner = "hotdash" 
  repository = "hotdash" 
}
data "github_issue_labels" "l" { repository = "hotdash" }
data "github_repository_webhooks" "w" { repository = "hotdash" }
data "github_repository_deploy_keys" "w" { repository = "hotdash" }
data "github_branch" "w" { 
  repository = "hotdash" 
  branch = "main"
}
data "github_repository_file" "w" { 
  repository = "hotdash" 
  file = "README.md"
}
data "github_app" "a" { slug = "github-actions" }
data "github_repositories" "r" { query = "org:hotdash" }
`;
