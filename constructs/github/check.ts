import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Governance } from "../../config/governance-shape";
import type { GateReads } from "./drift-gate";
import { type Expression, template } from "./expression";
import { listIn } from "./live-read";
import { oldSecrets, type SecretReference } from "./secret-reference";
import { local } from "./terraform-data";

/** Warns of secrets that are older than they may be. A warning is no difference: the exit code stays. */
export function secretAgeCheck(scope: Construct, governance: Governance, secrets: readonly SecretReference[]): void {
  const { owner, name, rotation_days: days } = governance;
  const old = local(scope, "old_secrets", `flatten([${secrets.map((one) => oldSecrets(one, days)).join(", ")}])`);
  const names = template(`join(", ", ${old})`);
  addCheck(
    scope,
    "secret_age",
    old,
    `Secrets of ${owner}/${name} are older than ${days} days: ${names}. Make new values at their issuers and set them: gh secret set NAME --repo ${owner}/${name} [github/secret-age]`,
  );
}

/** Warns of rules that somebody bypassed in the last day. */
export function bypassCheck(scope: Construct, { owner, name }: Governance, { read }: GateReads): void {
  const suites = read("bypasses", "rulesets/rule-suites?rule_suite_result=bypass&time_period=day&per_page=100");
  const line = `"\${one.actor_name} on \${one.ref} at \${one.pushed_at}"`;
  const bypasses = local(scope, "bypasses", `[for one in ${listIn(suites)} : ${line}]`);
  const all = template(`join("; ", ${bypasses})`);
  addCheck(
    scope,
    "bypass",
    bypasses,
    `Rules of ${owner}/${name} were bypassed in the last day: ${all}. [github/bypassed]`,
  );
}

/** What it looks at is read outside: a data source inside a check is planned each time, and the plan is never empty. */
function addCheck(scope: Construct, name: string, list: Expression, message: string): void {
  TerraformStack.of(scope).addOverride(`check.${name}.assert`, [
    { condition: template(`length(${list}) == 0`), error_message: message },
  ]);
}
