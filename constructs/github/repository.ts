import { BranchDefault } from "@cdktf/provider-github/lib/branch-default";
import { IssueLabels } from "@cdktf/provider-github/lib/issue-labels";
import { Repository } from "@cdktf/provider-github/lib/repository";
import { RepositoryDependabotSecurityUpdates } from "@cdktf/provider-github/lib/repository-dependabot-security-updates";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { Governance } from "../../config/governance-shape";
import { template } from "./expression";

/**
 * The repository itself with its settings. Unless `adopt` is false, an existing one is taken over by an import block, and none is ever
 * made. A destroy is refused; taken out of protection, it archives and deletes nothing.
 */
export function repositoryOf(
  scope: Construct,
  governance: Governance,
  { adopt }: { readonly adopt: boolean },
): Repository {
  const { owner, name, settings, vulnerability_alerts } = governance;
  const repository = new Repository(scope, "repository", {
    name,
    description: settings.description,
    visibility: settings.visibility,
    topics: settings.topics,
    hasIssues: settings.has_issues,
    hasWiki: settings.has_wiki,
    hasProjects: settings.has_projects,
    hasDiscussions: settings.has_discussions,
    allowSquashMerge: settings.allow_squash_merge,
    allowRebaseMerge: settings.allow_rebase_merge,
    allowMergeCommit: settings.allow_merge_commit,
    allowAutoMerge: settings.allow_auto_merge,
    allowUpdateBranch: settings.allow_update_branch,
    deleteBranchOnMerge: settings.delete_branch_on_merge,
    vulnerabilityAlerts: vulnerability_alerts,
    // The other switches of this block are neither sent nor read by the provider at 6.9.0: configured, they would differ for ever.
    securityAndAnalysis: {
      secretScanning: settings.security_and_analysis.secret_scanning,
      secretScanningPushProtection: settings.security_and_analysis.secret_scanning_push_protection,
    },
    archiveOnDestroy: true,
    lifecycle: {
      preventDestroy: true,
      // GitHub has retired downloads and answers what it likes.
      ignoreChanges: ["has_downloads"],
      // The provider takes the organization for a user when its one look-up fails, and would go on.
      postcondition: [
        {
          condition: template(`self.full_name == "${owner}/${name}"`),
          errorMessage: `GitHub answers for ${owner}/${name} with ${template("self.full_name")}. Unset GITHUB_OWNER and GITHUB_ORGANIZATION, which override the configuration, and run it again; a repository that was renamed or moved needs repository.owner and repository.name corrected. [github/other-repository]`,
        },
      ],
    },
  });
  repository.overrideLogicalId("repository");
  if (adopt) repository.importFrom(name);
  return repository;
}

/** What the parts of a repository are made in. */
export interface RepositoryPlace {
  /** Name of the repository; may be a token. */
  readonly repository: string;
  /** What has to be there before. */
  readonly dependsOn: ITerraformDependable[];
}

/** Which branch is the default one; moved elsewhere, pull requests would go there. */
export function defaultBranchOf(scope: Construct, { settings }: Governance, place: RepositoryPlace) {
  const branch = new BranchDefault(scope, "default_branch", { ...place, branch: settings.default_branch });
  branch.overrideLogicalId("default_branch");
  return branch;
}

/** Dependabot's pull requests for known vulnerabilities. */
export function securityUpdatesOf(
  scope: Construct,
  { automated_security_fixes: enabled }: Governance,
  place: RepositoryPlace,
) {
  const updates = new RepositoryDependabotSecurityUpdates(scope, "security_updates", { ...place, enabled });
  updates.overrideLogicalId("security_updates");
  return updates;
}

/** All labels; the provider removes every other one. */
export function labelsOf(scope: Construct, { labels }: Governance, place: RepositoryPlace) {
  const all = new IssueLabels(scope, "labels", { ...place, label: labels });
  all.overrideLogicalId("labels");
  return all;
}
