/** A live repository as an adoption reads it. No value of a secret is among it. */
import { z } from "zod";
import type {
  ActionsPermissions,
  BranchPolicy,
  GithubEnvironment,
  GithubReader,
  Label,
  Protection,
  Repository,
  Ruleset,
  SelectedActions,
  Variable,
} from "../../api/github";

export interface LiveEnvironment {
  readonly environment: GithubEnvironment;
  readonly policies: readonly BranchPolicy[];
  /** Names. */
  readonly secrets: readonly string[];
}

export interface LiveRepository {
  readonly owner: string;
  readonly repository: Repository;
  readonly vulnerabilityAlerts: boolean;
  readonly securityFixes: boolean;
  /** Of the repository itself; those of the organization are nobody's here. */
  readonly rulesets: readonly Ruleset[];
  /** Classic protection of the default branch. */
  readonly protection: Protection | undefined;
  readonly environments: readonly LiveEnvironment[];
  readonly secrets: readonly string[];
  readonly variables: readonly Variable[];
  readonly labels: readonly Label[];
  readonly actions: ActionsPermissions;
  readonly selectedActions: SelectedActions | undefined;
  /** Slugs of the organization's teams, by id. */
  readonly teams: ReadonlyMap<number, string>;
  /** Text of CODEOWNERS, from the first place at which GitHub looks. */
  readonly codeOwners: string | undefined;
  /** Names of the files in `.github/workflows`. */
  readonly workflows: readonly string[];
}

/** Reads everything of a repository that a program can declare. @throws GithubError where the token may not look */
export async function readLiveRepository(github: GithubReader, owner: string, name: string): Promise<LiveRepository> {
  const reader = github.repository(owner, name);
  const repository = await reader.get();
  const [alerts, fixes, rulesets, protection, environments, secrets, variables, labels, actions, selected] =
    await Promise.all([
      reader.vulnerabilityAlerts(),
      reader.securityFixes(),
      reader.rulesets(),
      reader.protection(repository.default_branch),
      reader.environments(),
      reader.secrets(),
      reader.variables(),
      reader.labels(),
      reader.actionsPermissions(),
      reader.selectedActions(),
    ]);
  const [teams, workflows, ...owners] = await Promise.all([
    github.get(`orgs/${owner}/teams?per_page=100`),
    github.get(`repos/${owner}/${name}/contents/.github/workflows`),
    ...[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"].map((path) => reader.file(path)),
  ]);
  return {
    owner,
    repository,
    vulnerabilityAlerts: alerts,
    securityFixes: fixes,
    rulesets: rulesets.filter(({ source_type }) => source_type !== "Organization"),
    protection,
    environments: await Promise.all(
      environments.map(async (environment) => ({
        environment,
        policies: environment.deployment_branch_policy?.custom_branch_policies
          ? await reader.branchPolicies(environment.name)
          : [],
        secrets: namesOf(await reader.secrets(environment.name)),
      })),
    ),
    secrets: namesOf(secrets),
    variables,
    labels,
    actions,
    selectedActions: selected,
    teams: new Map((teamList.parse(teams) ?? []).map(({ id, slug }) => [id, slug])),
    codeOwners: owners.find((text) => text !== undefined),
    workflows: (fileList.parse(workflows) ?? []).map((one) => one.name).sort(),
  };
}

const teamList = z.array(z.object({ id: z.number(), slug: z.string() })).optional();
const fileList = z.array(z.object({ name: z.string() })).optional();

const namesOf = (secrets: readonly { readonly name: string }[]): readonly string[] =>
  secrets.map(({ name }) => name).sort();
