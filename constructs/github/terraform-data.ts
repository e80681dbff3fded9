import { DataResource, type ITerraformDependable, type TerraformResourceLifecycle, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { type Expression, template } from "./expression";

/** What a `terraform_data` keeps. */
export interface TerraformDataProps {
  readonly input: Expression;
  readonly triggersReplace?: string;
  readonly lifecycle?: TerraformResourceLifecycle;
  readonly dependsOn?: ITerraformDependable[];
}

/** A resource of Terraform's own that holds a value, named `name` in the stack. */
export function terraformData(scope: Construct, name: string, props: TerraformDataProps): DataResource {
  const { input, triggersReplace, lifecycle, dependsOn } = props;
  const data = new DataResource(scope, name, { ...(lifecycle && { lifecycle }), ...(dependsOn && { dependsOn }) });
  data.overrideLogicalId(name);
  data.addOverride("input", template(input));
  if (triggersReplace !== undefined) data.addOverride("triggers_replace", triggersReplace);
  return data;
}

/** Names an expression in the stack, so that Terraform's messages show the name. */
export function local(scope: Construct, name: string, value: Expression): Expression {
  TerraformStack.of(scope).addOverride(`locals.${name}`, template(value));
  return `local.${name}`;
}

/**
 * A precondition that holds when a list or map is empty. Else it is not known at plan and false at apply: known to be false, it would stop
 * the apply that does the rest.
 */
export const failsAtApplyUnlessEmpty = (value: Expression): string =>
  template(`length(${value}) == 0 ? true : timestamp() == "never"`);
