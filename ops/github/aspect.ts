/** The parts of a repository that an audit reads and judges, one by one, so that one that cannot be read hides no other. */
import type { GithubReader, Repository, RepositoryReader } from "../../api/github";
import type { Governance } from "../../config/governance-shape";
import { autolinks, deployKeys, labels, pathIn, variables, webhooks } from "./aspect-list";
import { secretObservations } from "./aspect-secret";
import {
  declaredBranchRule,
  declaredEnvironment,
  declaredRuleset,
  liveBranchRule,
  liveEnvironment,
  liveRuleset,
} from "./normal";
import { fieldsOf, Hidden, missing, type Observation, undeclared } from "./observation";

/** What an aspect may read. */
export interface Scene {
  readonly github: GithubReader;
  readonly repository: RepositoryReader;
  /** The repository itself, read already. */
  readonly live: Repository;
  readonly wanted: Governance;
  /** Unix ms. */
  readonly now: number;
}

interface Aspect {
  /** In words, for "could not read ...". */
  readonly what: string;
  judge(scene: Scene): Promise<readonly Observation[]>;
}

/** Every aspect, in the order of a report. */
export const aspects: readonly Aspect[] = [
  { what: "the settings", judge: async ({ live, wanted }) => settings(live, wanted) },
  {
    what: "vulnerability alerts",
    judge: async ({ repository, wanted }) =>
      fieldsOf(
        "repository",
        { vulnerability_alerts: wanted.vulnerability_alerts },
        {
          vulnerability_alerts: await repository.vulnerabilityAlerts(),
        },
      ),
  },
  {
    what: "Dependabot's security updates",
    judge: async ({ repository, wanted }) =>
      fieldsOf(
        "repository",
        { automated_security_fixes: wanted.automated_security_fixes },
        {
          automated_security_fixes: await repository.securityFixes(),
        },
      ),
  },
  { what: "the rulesets", judge: rulesets },
  { what: "classic branch protection", judge: classic },
  { what: "the GitHub environments", judge: environments },
  { what: "the secrets and variables of the GitHub environments", judge: environmentContents },
  { what: "the settings of Actions", judge: actions },
  { what: "the secrets of the repository", judge: (scene) => secrets(scene, undefined) },
  { what: "the variables", judge: variables },
  { what: "the labels", judge: labels },
  { what: "the webhooks", judge: webhooks },
  { what: "the deploy keys", judge: deployKeys },
  { what: "the autolinks", judge: autolinks },
];

/** @throws Hidden where the token may not see a setting */
function settings(live: Repository, { settings: wanted }: Governance): readonly Observation[] {
  const { security_and_analysis: security } = live;
  if (live.allow_squash_merge === undefined) throw new Hidden("the merge settings", "contents=write");
  if (!security?.secret_scanning || !security.secret_scanning_push_protection) {
    throw new Hidden("secret scanning and push protection", "administration=read");
  }
  const names = Object.keys(wanted) as (keyof typeof wanted)[];
  const found = Object.fromEntries(names.map((name) => [name, live[name]]));
  return fieldsOf("repository", wanted, {
    ...found,
    description: live.description ?? "",
    topics: [...live.topics].sort(),
    security_and_analysis: {
      secret_scanning: security.secret_scanning,
      secret_scanning_push_protection: security.secret_scanning_push_protection,
    },
  });
}

async function rulesets({ github, repository, wanted }: Scene): Promise<readonly Observation[]> {
  const { owner, break_glass_team: slug } = wanted;
  const [all, team] = await Promise.all([repository.rulesets(), github.team(owner, slug)]);
  const teams = new Map(team ? [[team.id, team.slug]] : []);
  const live = new Map(all.map((one) => [one.name, one]));
  const declared = new Map(wanted.rulesets.map((one) => [one.name, one]));
  return [
    ...[...declared].flatMap(([name, one]) => {
      const found = live.get(name);
      const object = `ruleset/${name}`;
      return found ? fieldsOf(object, declaredRuleset(one), liveRuleset(found, one, teams)) : [missing(object)];
    }),
    ...all.flatMap(({ id, name, enforcement, source_type }) => {
      if (declared.has(name)) return [];
      const remove =
        source_type === "Organization"
          ? "in the settings of the organization"
          : `gh api -X DELETE ${pathIn(repository, `rulesets/${id}`)}`;
      return [undeclared(`ruleset/${name}`, enforcement, remove)];
    }),
  ];
}

async function classic({ repository, wanted }: Scene): Promise<readonly Observation[]> {
  const { branch_rule: declared } = wanted;
  const patterns = await repository.protectionPatterns();
  const others = patterns.filter((pattern) => pattern !== declared?.pattern);
  const extra = others.map((pattern) =>
    undeclared(
      `branch_protection/${pattern}`,
      wanted.mechanism === "ruleset" && pattern === wanted.settings.default_branch
        ? "rulesets protect this branch, and never both do"
        : "",
      `gh api -X DELETE ${pathIn(repository, `branches/${encodeURIComponent(pattern)}/protection`)}`,
    ),
  );
  if (!declared) return extra;
  const object = `branch_protection/${declared.pattern}`;
  const live = await repository.protection(declared.pattern);
  return [
    ...(live ? fieldsOf(object, declaredBranchRule(declared), liveBranchRule(live)) : [missing(object)]),
    ...extra,
  ];
}

async function environments({ repository, wanted }: Scene): Promise<readonly Observation[]> {
  const all = await repository.environments();
  const found = await Promise.all(
    Object.entries(wanted.environments).map(async ([name, declared]) => {
      const object = `environment/${name}`;
      const live = all.find((one) => one.name === name);
      if (!live) return [missing(object)];
      const policies = live.deployment_branch_policy?.custom_branch_policies
        ? await repository.branchPolicies(name)
        : [];
      return fieldsOf(object, declaredEnvironment(declared), liveEnvironment(live, policies));
    }),
  );
  const extra = all
    .filter(({ name }) => wanted.environments[name] === undefined)
    .map(({ name }) =>
      undeclared(
        `environment/${name}`,
        "",
        `gh api -X DELETE ${pathIn(repository, `environments/${encodeURIComponent(name)}`)}`,
      ),
    );
  return [...found.flat(), ...extra];
}

/** Of those environments that are there: one that is missing is told already. */
async function environmentContents(scene: Scene): Promise<readonly Observation[]> {
  const { repository, wanted } = scene;
  const names = (await repository.environments()).map(({ name }) => name).filter((name) => wanted.environments[name]);
  const found = await Promise.all(
    names.map(async (name) => {
      const extra = (await repository.variables(name)).map((one) =>
        undeclared(`variable/${name}/${one.name}`, "", `gh variable delete ${one.name} --env ${name}`),
      );
      return [...(await secrets(scene, name)), ...extra];
    }),
  );
  return found.flat();
}

async function actions({ repository, wanted: { actions: wanted } }: Scene): Promise<readonly Observation[]> {
  const [permissions, selected, workflow] = await Promise.all([
    repository.actionsPermissions(),
    repository.selectedActions(),
    repository.workflowPermissions(),
  ]);
  return [
    ...fieldsOf("actions/permissions", wanted.permissions, { sha_pinning_required: false, ...permissions }),
    ...(selected === undefined
      ? [] // told already: allowed_actions is something else
      : fieldsOf("actions/selected", wanted.selected, {
          ...selected,
          patterns_allowed: [...selected.patterns_allowed].sort(),
        })),
    ...fieldsOf("actions/workflow", wanted.workflow, workflow),
  ];
}

async function secrets({ repository, wanted, now }: Scene, environment: string | undefined) {
  const declared = environment === undefined ? wanted.secrets : (wanted.environments[environment]?.secrets ?? []);
  const live = await repository.secrets(environment);
  return secretObservations({ declared, live, environment, rotationDays: wanted.rotation_days, now });
}
