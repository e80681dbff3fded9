import { DataGithubBranchProtectionRules } from "@cdktf/provider-github/lib/data-github-branch-protection-rules";
import type { Construct } from "constructs";
import type { Governance } from "../../config/governance-shape";
import type { GateReads } from "./drift-gate";
import { type Expression, format, literal } from "./expression";
import { undeclared } from "./finding";
import { rulesetNames } from "./governance";
import { listIn } from "./live-read";
import { terraformData } from "./terraform-data";

/** What else protects branches and tags. */
export function protectionFindings(scope: Construct, governance: Governance, reads: GateReads): Expression[] {
  const { owner, name, rulesets, branch_rule, mechanism, settings } = governance;
  const isChanging = changesNow(scope, [mechanism, ...rulesets.map((one) => one.name)].join(", "));
  const rules = new DataGithubBranchProtectionRules(scope, "found_branch_rules", { repository: reads.name });
  rules.overrideLogicalId("found_branch_rules");
  const found = listIn(reads.read("rulesets", "rulesets?per_page=100&includes_parents=false"));
  const isOwn = `contains(${literal([...rulesetNames])}, each.name)`;
  const isDefault = `each.pattern == ${literal(settings.default_branch)}`;
  return [
    undeclared({
      items: `[for each in ${found} : each if !(${isOwn} && ${isChanging})]`,
      object: format("ruleset/%s", "one.name"),
      about: `"\${one.enforcement}, \${one.target}"`,
      remove: format(`gh api -X DELETE repos/${owner}/${name}/rulesets/%s`, "one.id"),
      declared: { name: "one.name", among: rulesets.map((one) => one.name) },
    }),
    undeclared({
      items: `[for each in data.github_branch_protection_rules.found_branch_rules.rules : each if !(${isDefault} && ${isChanging})]`,
      object: format("branch_protection/%s", "one.pattern"),
      ...(mechanism === "ruleset" && { about: literal("rulesets protect branches here, and never both do") }),
      remove: format(`gh api -X DELETE repos/${owner}/${name}/branches/%s/protection`, "one.pattern"),
      declared: { name: "one.pattern", among: branch_rule ? [branch_rule.pattern] : [] },
    }),
  ];
}

/**
 * Whether this very apply changes which protection there is, named by `protection`: then the old and the new are there on purpose, until the
 * new one has been read back. The first apply of all changes nothing, and what it finds is somebody else's.
 */
function changesNow(scope: Construct, protection: string): Expression {
  terraformData(scope, "protection", since(protection));
  terraformData(scope, "first_apply", since());
  return "terraform_data.protection.output == plantimestamp() && terraform_data.first_apply.output != plantimestamp()";
}

/** Holds the time of the plan that made it; made anew when `trigger` changes. */
const since = (trigger?: string) => ({
  input: "plantimestamp()",
  ...(trigger !== undefined && { triggersReplace: trigger }),
  lifecycle: { ignoreChanges: ["input"] },
});
