import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { Resource as NullResource } from "@cdktf/provider-null/lib/resource";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { Governance } from "../../config/governance-shape";
import type { Accounts } from "./account";
import { branchRuleComparisons } from "./branch-rule";
import { reviewerComparison } from "./environment";
import { asDeclared, differenceText, type Expression, literal, template } from "./expression";
import { readLive } from "./live-read";
import { rulesetComparisons, rulesetId } from "./ruleset";
import { failsAtApplyUnlessEmpty, local } from "./terraform-data";

/** What is read back: the resources of each part, so that a read waits for its own and for no other. */
export interface ReadBackProps {
  readonly accounts: Accounts;
  readonly repository: ITerraformDependable;
  /** By name of the ruleset. */
  readonly rulesets: ReadonlyMap<string, ITerraformDependable>;
  readonly branchRule: ITerraformDependable | undefined;
  /** By name of the environment. */
  readonly environments: ReadonlyMap<string, ITerraformDependable>;
}

/**
 * Reads protection from GitHub's API itself and compares every field with what is declared: at plan where nothing is to change, else after
 * the change. A difference shows in the plan, by object, and fails the apply.
 *
 * The provider trusts the answer to its own writes, and asks with an ETag: after a write that failed it says "no changes" about the old value.
 */
export function readBackOf(scope: Construct, governance: Governance, props: ReadBackProps): NullResource {
  const found = readings(scope, governance, props);
  const lines = [...found].map(([object, text]) => `{ text = ${text}, object = ${literal(object)} }`);
  const wrong = local(
    scope,
    "not_as_declared",
    `[for one in [${lines.join(", ")}] : "  \${one.object} \${one.text}" if one.text != ${literal(asDeclared)}]`,
  );
  new NullProvider(scope, "null");
  const readBack = new NullResource(scope, "read_back", {
    triggers: Object.fromEntries([...found].map(([object, text]) => [object, template(text)])),
    lifecycle: {
      // A failed comparison leaves the one that was there, so that nothing remains pending once GitHub is right again.
      createBeforeDestroy: true,
      precondition: [
        {
          condition: failsAtApplyUnlessEmpty(wrong),
          errorMessage: `GitHub does not answer what was declared:\n${template(`join("\\n", ${wrong})`)}\nThe rest was applied. See each with what to type: npx infra drift github [github/read-back]`,
        },
      ],
    },
  });
  readBack.overrideLogicalId("read_back");
  return readBack;
}

function readings(scope: Construct, governance: Governance, props: ReadBackProps): Map<string, Expression> {
  const { owner, name, rulesets, branch_rule, environments, vulnerability_alerts } = governance;
  const { accounts } = props;
  const path = `repos/${owner}/${name}`;
  const read = (id: string, below: string, on: ITerraformDependable | undefined) =>
    readLive(scope, `live_${id}`, `${path}/${below}`, { ...(on && { dependsOn: [on] }) });
  const alerts = read("vulnerability_alerts", "vulnerability-alerts", props.repository).code;
  const found = new Map<string, Expression>([
    [
      "repository",
      differenceText([{ path: "vulnerability_alerts", live: `${alerts} == 204`, expected: vulnerability_alerts }]),
    ],
  ]);
  for (const ruleset of rulesets) {
    const id = rulesetId(ruleset.name);
    const { body } = read(
      id,
      `rulesets/${template(`github_repository_ruleset.${id}.ruleset_id`)}`,
      props.rulesets.get(ruleset.name),
    );
    found.set(`ruleset/${ruleset.name}`, differenceText(rulesetComparisons(body, ruleset, accounts)));
  }
  if (branch_rule) {
    const { body } = read("branch_rule", `branches/${branch_rule.pattern}/protection`, props.branchRule);
    found.set(`branch_protection/${branch_rule.pattern}`, differenceText(branchRuleComparisons(body, branch_rule)));
  }
  for (const [key, environment] of Object.entries(environments)) {
    const { body } = read(`environment_${key}`, `environments/${key}`, props.environments.get(key));
    found.set(`environment/${key}`, differenceText(reviewerComparison(body, environment, accounts)));
  }
  return found;
}
