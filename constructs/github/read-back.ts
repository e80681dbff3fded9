import { DataGithubRepository } from "@cdktf/provider-github/lib/data-github-repository";
import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { Resource as NullResource } from "@cdktf/provider-null/lib/resource";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { Governance } from "../../config/governance-shape";
import type { Accounts } from "./account";
import { branchRuleComparisons } from "./branch-rule";
import { reviewerComparisons } from "./environment";
import { asDeclared, comparisons, differenceText, type Expression, literal, template } from "./expression";
import { readLive } from "./live-read";
import { rulesetComparisons, rulesetId } from "./ruleset";
import { failsAtApplyUnlessEmpty, local } from "./terraform-data";

/** What is read back: the resources of each part, so that a read waits for its own and for no other. */
export interface ReadBackProps {
  readonly accounts: Accounts;
  /** The repository, and which of its branches is the default one. */
  readonly repository: readonly ITerraformDependable[];
  /** By name of the ruleset. */
  readonly rulesets: ReadonlyMap<string, ITerraformDependable>;
  readonly branchRule: ITerraformDependable | undefined;
  /** By name of the environment. */
  readonly environments: ReadonlyMap<string, ITerraformDependable>;
}

/**
 * Reads protection from GitHub's API itself and compares every field with what is declared: at plan where nothing is to change, else after
 * the change. A difference shows in the plan, by object, and fails the apply; the read-back is then to be made again until it succeeds. What
 * another protection takes the place of goes only after it.
 *
 * The provider trusts the answer to its own writes, and asks with an ETag: after a write that failed it says "no changes" about the old value.
 */
export function readBackOf(scope: Construct, governance: Governance, props: ReadBackProps): NullResource {
  const found = new Map([
    ...repository(scope, governance, props),
    ...protection(scope, governance, props),
    ...reviewers(scope, governance, props),
  ]);
  const all = [...found].map(([object, text]) => `{ object = ${literal(object)}, text = ${text} }`).join(", ");
  const line = `"  \${one.object} \${one.text}" if one.text != ${literal(asDeclared)}`;
  const wrong = local(scope, "not_as_declared", `[for one in [${all}] : ${line}]`);
  new NullProvider(scope, "null");
  const readBack = new NullResource(scope, "read_back", {
    triggers: Object.fromEntries([...found].map(([object, text]) => [object, template(text)])),
    lifecycle: {
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

/** What was found of each object: a text, {@link asDeclared} or the differences. */
type Found = ReadonlyMap<string, Expression>;

function read(
  scope: Construct,
  { owner, name }: Governance,
  id: string,
  below: string,
  on: readonly (ITerraformDependable | undefined)[],
) {
  const dependsOn = on.filter((one) => one !== undefined);
  return readLive(scope, `live_${id}`, `repos/${owner}/${name}/${below}`, { dependsOn });
}

function repository(scope: Construct, governance: Governance, { repository: on }: ReadBackProps): Found {
  const { code } = read(scope, governance, "vulnerability_alerts", "vulnerability-alerts", on);
  const alerts = { path: "vulnerability_alerts", live: `${code} == 204`, expected: governance.vulnerability_alerts };
  return new Map([["repository", differenceText([alerts, ...settingComparisons(scope, governance, on)])]]);
}

function protection(scope: Construct, governance: Governance, props: ReadBackProps): Found {
  const { rulesets, branch_rule } = governance;
  const found = rulesets.map((ruleset): [string, Expression] => {
    const id = rulesetId(ruleset.name);
    const path = `rulesets/${template(`github_repository_ruleset.${id}.ruleset_id`)}`;
    const { body } = read(scope, governance, id, path, [props.rulesets.get(ruleset.name)]);
    return [`ruleset/${ruleset.name}`, differenceText(rulesetComparisons(body, ruleset, props.accounts))];
  });
  if (!branch_rule) return new Map(found);
  const path = `branches/${encodeURIComponent(branch_rule.pattern)}/protection`;
  const { body } = read(scope, governance, "branch_rule", path, [props.branchRule]);
  const text = differenceText(branchRuleComparisons(body, branch_rule));
  return new Map([...found, [`branch_protection/${branch_rule.pattern}`, text]]);
}

function reviewers(scope: Construct, governance: Governance, props: ReadBackProps): Found {
  return new Map(
    Object.entries(governance.environments).map(([name, environment]) => {
      const on = [props.environments.get(name)];
      const { body } = read(scope, governance, `environment_${name}`, `environments/${name}`, on);
      return [`environment/${name}`, differenceText(reviewerComparisons(body, environment, props.accounts))];
    }),
  );
}

/**
 * The settings by a data source that picks them: GitHub's whole answer holds a token for cloning, which must not reach the state. It has no
 * security settings; those are left to `infra drift`.
 */
function settingComparisons(
  scope: Construct,
  { owner, name, settings }: Governance,
  on: readonly ITerraformDependable[],
) {
  const live = new DataGithubRepository(scope, "live_repository", { fullName: `${owner}/${name}`, dependsOn: [...on] });
  live.overrideLogicalId("live_repository");
  const { security_and_analysis: _unread, ...picked } = settings;
  return comparisons("data.github_repository.live_repository", picked);
}
