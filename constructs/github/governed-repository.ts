import type { ITerraformDependable } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import type { Governance } from "../../config/governance-shape";
import type { RepositoryShape } from "../../config/repository-shape";
import type { InfraStack } from "../stack/infra-stack";
import { lookUpAccounts } from "./account";
import { actionSettingsOf } from "./action-setting";
import { branchProtectionPath, renderBranchProtection } from "./branch-protection-page";
import { branchRuleOf } from "./branch-rule";
import { codeOwnersPath, renderCodeOwners } from "./code-owner";
import { driftGateOf } from "./drift-gate";
import { environmentOf } from "./environment";
import { type GovernanceOptions, governance } from "./governance";
import { readBackOf } from "./read-back";
import { defaultBranchOf, labelsOf, repositoryOf, securityUpdatesOf } from "./repository";
import { rulesetOf } from "./ruleset";

/** What a {@link GovernedRepository} is to be. */
export interface GovernedRepositoryProps extends GovernanceOptions {
  readonly repository: RepositoryShape;
  /** Take over the repository that is there; false: make one. @default true */
  readonly adopt?: boolean;
}

const mark = Symbol.for("hotdash-infra/GovernedRepository");

/**
 * A repository with everything that governs it. One in a stack: its resources have the names of what they are.
 *
 * Terraform works in this order: the repository, then its protection, then everything else, then the read-back of the protection, and last
 * the gate that finds what nobody declared.
 */
export class GovernedRepository extends Construct {
  readonly governance: Governance;
  /** Files that belong into the repository, by path. */
  readonly files: ReadonlyMap<string, string>;

  /** What the stack has still to decide is a finding of every plan. */
  constructor(scope: InfraStack, id: string, props: GovernedRepositoryProps) {
    super(scope, id);
    Object.defineProperty(this, mark, { value: true });
    const { repository: shape, adopt = true, ...options } = props;
    this.governance = governance(shape, options);
    this.files = new Map([
      [codeOwnersPath, renderCodeOwners(shape)],
      [branchProtectionPath, renderBranchProtection(this.governance)],
    ]);
    this.compose(scope, adopt);
  }

  /** Whether a construct is a GovernedRepository, also one of another copy of this package. */
  static isGovernedRepository(construct: IConstruct): construct is GovernedRepository {
    return mark in construct;
  }

  private compose(stack: InfraStack, adopt: boolean): void {
    const { governance: wanted } = this;
    const accounts = lookUpAccounts(this, wanted, stack);
    const repository = repositoryOf(this, wanted, { adopt });
    const { name, nodeId } = repository;
    const rulesets = new Map(
      wanted.rulesets.map((ruleset) => [ruleset.name, rulesetOf(this, ruleset, { repository: name, accounts })]),
    );
    const branchRule =
      wanted.branch_rule &&
      branchRuleOf(this, wanted.branch_rule, {
        owner: wanted.owner,
        repositoryId: nodeId,
        breakGlassTeam: wanted.break_glass_team,
      });
    const protection: ITerraformDependable[] = [...rulesets.values(), ...(branchRule ? [branchRule] : [])];
    const place = { repository: name, dependsOn: protection };
    const environments = Object.entries(wanted.environments).map(
      ([key, one]) => [key, environmentOf(this, key, one, { ...place, accounts })] as const,
    );
    const defaultBranch = defaultBranchOf(this, wanted, place);
    const rest = [
      defaultBranch,
      securityUpdatesOf(this, wanted, place),
      labelsOf(this, wanted, place),
      ...actionSettingsOf(this, wanted, place),
      ...environments.flatMap(([, parts]) => parts),
    ];
    const readBack = readBackOf(this, wanted, {
      accounts,
      repository: [repository, defaultBranch],
      rulesets,
      branchRule: branchRule ?? undefined,
      environments: new Map(environments.map(([key, [environment]]) => [key, environment])),
    });
    driftGateOf(this, wanted, {
      accounts,
      resources: [repository, ...protection, ...rest, readBack],
      undecided: stack.undecided,
    });
  }
}
