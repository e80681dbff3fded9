import type { DataResource, ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { Governance } from "../../config/governance-shape";
import type { Problem } from "../../config/problem";
import type { Accounts } from "./account";
import { bypassCheck, secretAgeCheck } from "./check";
import { type Expression, literal, template } from "./expression";
import { single } from "./finding";
import { listFindings } from "./list-finding";
import { readLive } from "./live-read";
import { protectionFindings } from "./protection-finding";
import { type SecretReference, secretFindings } from "./secret-reference";
import { settingFindings } from "./setting-finding";
import { failsAtApplyUnlessEmpty, local, terraformData } from "./terraform-data";

/** What the gate stands behind. */
export interface DriftGateProps {
  readonly accounts: Accounts;
  /** Every resource of the repository: the gate comes last. */
  readonly resources: ITerraformDependable[];
  /** What nobody has decided yet; each is a finding. */
  readonly undecided: readonly Problem[];
}

/** Reads below the path of the repository; `id` names the read. */
export interface GateReads {
  /** The body of the answer. `mayLack`: 404 is one; else it is a finding of its own. */
  read(id: string, below: string, options?: { readonly mayLack: boolean }): Expression;
  /** Findings about what the token may not see. */
  readonly hidden: Expression[];
  /** Name of the repository, known when the path is. */
  readonly name: string;
}

/**
 * What no resource of the provider shows: undeclared objects, missing secrets, settings that the provider does not know. The findings are
 * the input of one resource, so that a plan shows each and ends with 2; an apply does the rest and then fails with the remedies.
 */
export function driftGateOf(scope: Construct, governance: Governance, props: DriftGateProps): DataResource {
  const { accounts, resources, undecided } = props;
  const { owner, name } = governance;
  const reads = gateReads(scope, governance, resources);
  const secrets = secretReferences(governance, reads);
  secretAgeCheck(scope, governance, secrets);
  bypassCheck(scope, governance, reads);
  const all = [
    ...protectionFindings(scope, governance, reads),
    ...listFindings(scope, governance, reads),
    ...secrets.flatMap(secretFindings),
    ...settingFindings(governance, accounts, reads),
    ...reads.hidden,
    ...undecided.map(({ path, text, id }) => single(path, literal(`${text} [${id}]`), "true")),
  ];
  const ignored = local(scope, "ignored", ignoredObjects(governance));
  const findings = local(
    scope,
    "findings",
    `{ for object, text in merge(${all.join(", ")}) : object => text if !contains(${ignored}, object) }`,
  );
  const lines = template(`join("\\n", [for object, text in ${findings} : "  \${object} \${text}"])`);
  return terraformData(scope, "drift_gate", {
    input: findings,
    dependsOn: resources,
    lifecycle: {
      precondition: [
        {
          condition: failsAtApplyUnlessEmpty(findings),
          errorMessage: `${owner}/${name} holds what an apply does not repair:\n${lines}\nThe rest was applied. What is to stay for a while goes under repository.ignore, with a reason and a day. [github/drift-gate]`,
        },
      ],
    },
  });
}

/**
 * The path of the repository comes by way of a resource that holds the names of all declared objects. While that list is to change, nothing
 * below the path is read before the resource is updated, and Terraform updates it when the objects that left the list are gone: what this very
 * apply removes is never found undeclared.
 */
function gateReads(scope: Construct, governance: Governance, resources: ITerraformDependable[]): GateReads {
  const { environments, variables, rulesets, branch_rule } = governance;
  const names = {
    environments: Object.entries(environments).map(([key, { branches, tags }]) => [key, ...branches, ...tags]),
    variables: Object.keys(variables),
    rulesets: rulesets.map((one) => one.name),
    branch_rule: branch_rule?.pattern ?? null,
  };
  const input = `{ full_name = github_repository.repository.full_name, names = ${literal(JSON.stringify(names))} }`;
  terraformData(scope, "declaration", { input, dependsOn: resources });
  const path = "terraform_data.declaration.output.full_name";
  const hidden: Expression[] = [];
  return {
    hidden,
    name: template(`element(split("/", ${path}), 1)`),
    read: (id, below, { mayLack } = { mayLack: false }) => {
      const { body, code } = readLive(scope, `found_${id}`, `repos/${template(path)}/${below}`);
      // No postcondition says so: Terraform would put the read off while anything is to change.
      const text = `was not read, so that nothing of it was compared: the token may not see it; what it lacks: npx infra doctor [github/hidden]`;
      const [what = below] = below.split("?");
      if (!mayLack) hidden.push(single(`unread/${what}`, literal(text), `${code} != 200`));
      return body;
    },
  };
}

function secretReferences({ owner, name, secrets, environments }: Governance, { read }: GateReads): SecretReference[] {
  const repository = `${owner}/${name}`;
  return [
    { repository, names: secrets, live: read("secrets", "actions/secrets?per_page=100") },
    ...Object.entries(environments).map(([environment, one]) => ({
      repository,
      environment,
      names: one.secrets,
      live: read(`secrets_${environment}`, `environments/${environment}/secrets?per_page=100`, { mayLack: true }),
    })),
  ];
}

/** Objects that are let be until the end of a day. */
function ignoredObjects({ ignore }: Governance): Expression {
  const rules = literal(ignore.map(({ object, until }) => ({ object, until })));
  const isNow = `timecmp(plantimestamp(), timeadd("\${one.until}T00:00:00Z", "24h")) < 0`;
  return `[for one in ${rules} : one.object if ${isNow}]`;
}
