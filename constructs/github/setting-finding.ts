import type { Governance } from "../../config/governance-shape";
import type { Accounts } from "./account";
import type { GateReads } from "./drift-gate";
import { type Expression, format, literal } from "./expression";
import { single } from "./finding";

/** What cannot be seen in any resource of the repository and is no list: the team that may bypass, approvers, the pins of actions. */
export function settingFindings(governance: Governance, accounts: Accounts, { read }: GateReads): Expression[] {
  const { owner, name, break_glass_team: team, environments, actions } = governance;
  const permissions = read("actions", "actions/permissions");
  const members = `try(${accounts.breakGlass}.members_count, 0)`;
  const wantsPins = actions.permissions.sha_pinning_required;
  return [
    single(
      `team/${team}`,
      format(
        `has %s: whoever is in it bypasses every rule; close the override (npx infra override list), or empty it: gh api orgs/${owner}/teams/${team}/members`,
        `"\${${members}} \${${members} == 1 ? "member" : "members"}"`,
      ),
      `${members} > 0`,
    ),
    single(
      "actions/permissions",
      literal(
        `sha_pinning_required is ${!wantsPins}, declared ${wantsPins}; Terraform's provider cannot set it: npx infra apply github, or gh api -X PUT repos/${owner}/${name}/actions/permissions -F enabled=true -f allowed_actions=selected -F sha_pinning_required=${wantsPins}`,
      ),
      `try(${permissions}.sha_pinning_required, false) != ${wantsPins}`,
    ),
    ...Object.entries(environments).flatMap(([environment, { approval, reviewers, wait_timer }]) => {
      const asksGithub = (approval === "reviewers" && reviewers.length > 0) || wait_timer > 0;
      if (!asksGithub) return [];
      const text = literal(
        `this repository's GitHub plan has neither required reviewers nor wait timers, so that nobody has to approve; set approval of ${environment} to "confirmation" (the workflow then asks a listed approver to type one) and waitMinutes to 0, or make the repository public, or change the plan [github/reviewers-plan]`,
      );
      return [single(`environment/${environment}/reviewers`, text, `!(${accounts.hasReviewers})`)];
    }),
  ];
}
