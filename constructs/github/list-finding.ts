import { DataGithubRepositoryWebhooks } from "@cdktf/provider-github/lib/data-github-repository-webhooks";
import type { Construct } from "constructs";
import type { Governance, GovernedEnvironment } from "../../config/governance-shape";
import type { GateReads } from "./drift-gate";
import { type Expression, format } from "./expression";
import { undeclared } from "./finding";
import { listIn } from "./live-read";

/** Objects of the kinds that the provider keeps one by one and does not count. */
export function listFindings(scope: Construct, governance: Governance, reads: GateReads): Expression[] {
  const { owner, name, environments, variables } = governance;
  const { read } = reads;
  const remove = (below: string, id: Expression) => format(`gh api -X DELETE repos/${owner}/${name}/${below}/%s`, id);
  const hooks = new DataGithubRepositoryWebhooks(scope, "found_webhooks", { repository: reads.name });
  hooks.overrideLogicalId("found_webhooks");
  return [
    undeclared({
      // Not over REST: the address of a webhook is often a secret, and would land in the state.
      items: "data.github_repository_webhooks.found_webhooks.webhooks",
      object: format("webhook/%s", "one.id"),
      remove: remove("hooks", "one.id"),
    }),
    undeclared({
      items: listIn(read("deploy_keys", "keys?per_page=100")),
      object: format("deploy_key/%s", "one.id"),
      about: `"\${one.title}, \${one.read_only ? "may read" : "may write"}"`,
      remove: remove("keys", "one.id"),
    }),
    undeclared({
      items: listIn(read("autolinks", "autolinks?per_page=100")),
      object: format("autolink/%s", "one.id"),
      about: "one.key_prefix",
      remove: remove("autolinks", "one.id"),
    }),
    undeclared({
      // Not by the data source of environments: it never ends when there is a second page.
      items: `try(${read("environments", "environments?per_page=100")}.environments, [])`,
      object: format("environment/%s", "one.name"),
      remove: remove("environments", "one.name"),
      declared: { name: "one.name", among: Object.keys(environments) },
    }),
    undeclared({
      items: `try(${read("variables", "actions/variables?per_page=100")}.variables, [])`,
      object: format("variable/%s", "one.name"),
      remove: format(`gh variable delete %s --repo ${owner}/${name}`, "one.name"),
      declared: { name: "one.name", among: Object.keys(variables) },
    }),
    ...Object.entries(environments).flatMap(([environment, declared]) =>
      environmentFindings(governance, reads, environment, declared),
    ),
  ];
}

/** Variables and branch policies of one environment. One that is still to be made has none. */
function environmentFindings(
  { owner, name }: Governance,
  { read }: GateReads,
  environment: string,
  { branches, tags }: GovernedEnvironment,
): Expression[] {
  const below = `environments/${environment}`;
  const policies = `${below}/deployment-branch-policies`;
  const variables = read(`variables_${environment}`, `${below}/variables?per_page=100`, { mayLack: true });
  const found = read(`policies_${environment}`, `${policies}?per_page=100`, { mayLack: true });
  const pattern = `"\${try(one.type, "branch")}/\${one.name}"`;
  return [
    undeclared({
      items: `try(${variables}.variables, [])`,
      object: format(`variable/${environment}/%s`, "one.name"),
      remove: format(`gh variable delete %s --repo ${owner}/${name} --env ${environment}`, "one.name"),
    }),
    undeclared({
      items: `try(${found}.branch_policies, [])`,
      object: format(`environment/${environment}/%s`, pattern),
      remove: format(`gh api -X DELETE repos/${owner}/${name}/${policies}/%s`, "one.id"),
      declared: {
        name: pattern,
        among: [...branches.map((one) => `branch/${one}`), ...tags.map((one) => `tag/${one}`)],
      },
    }),
  ];
}
