import type { EnvironmentName } from "./configuration-rule";
import { didYouMean, type Problem, renderPath } from "./problem";
import type { RepositoryShape } from "./repository-shape";
import type { Configuration } from "./schema";

type Path = readonly (string | number)[];
type Report = (id: string, path: Path, text: string) => void;

/** What GitHub would refuse of the managed repository, or would take and nobody could then work under, as far as it is known without asking. */
export function repositoryProblems(config: Configuration): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (id, path, text) =>
    problems.push({ where: "the configuration", path: renderPath(["repository", ...path]), text, id });
  for (const rule of [security, merging, checks, owners, secretNames, labels]) rule(config.repository, report);
  for (const rule of [writing, targets, production, preview, staging]) rule(config, report);
  return problems;
}

/** What is still to be decided by a person: the program goes on without, and says so in every plan. */
export function undecided({ repository }: Configuration): Problem[] {
  const { production } = repository.environments;
  if (!production || production.approvers.length > 0) return [];
  const text =
    'names nobody who may approve a production deployment; set it in config/overrides.ts, such as ["octocat"] or ["team/release"]';
  return [{ where: "the configuration", path: "release.approvers", text, id: "config/release-approvers" }];
}

function security({ security: { pushProtection, secretScanning } }: RepositoryShape, report: Report): void {
  if (!pushProtection) {
    report(
      "github/push-protection",
      ["security", "pushProtection"],
      "cannot be turned off: a push that holds a secret is to be refused; set it to true",
    );
  }
  if (!secretScanning) {
    report(
      "github/secret-scanning",
      ["security", "secretScanning"],
      "cannot be turned off: a secret in the history is to be reported; set it to true",
    );
  }
}

function merging({ merge, protection }: RepositoryShape, report: Report): void {
  if (merge.squash || merge.rebase) return;
  if (!merge.mergeCommit) {
    report("github/merge-method", ["merge"], "allows no way to merge a pull request; allow squash or rebase");
  } else if (protection.linearHistory) {
    report(
      "github/merge-method",
      ["merge"],
      "allows merge commits alone, and a linear history refuses them; allow squash or rebase",
    );
  }
}

function checks({ protection: { requiredChecks } }: RepositoryShape, report: Report): void {
  requiredChecks.forEach((name, index) => {
    if (requiredChecks.indexOf(name) === index) return;
    report(
      "github/check-twice",
      ["protection", "requiredChecks", index],
      `"${name}" stands there twice; name each check once`,
    );
  });
}

/** A team of another organization cannot own code here; GitHub then asks nobody. */
function owners({ owner, codeOwners }: RepositoryShape, report: Report): void {
  codeOwners.forEach((entry, index) => {
    entry.owners.forEach((one, position) => {
      const path = ["codeOwners", index, "owners", position];
      const [organization, team, ...rest] = one.slice(1).split("/");
      const isName = (name: string | undefined) => name !== undefined && /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name);
      if (!isName(organization) || (team !== undefined && !isName(team)) || rest.length > 0) {
        report("github/code-owner", path, `"${one}" is neither "@login" nor "@organization/team"`);
      } else if (team !== undefined && organization?.toLowerCase() !== owner.toLowerCase()) {
        report(
          "github/code-owner",
          path,
          `"${one}" is a team of another organization; only teams of ${owner} can own code here`,
        );
      }
    });
  });
}

function secretNames({ secrets, environments }: RepositoryShape, report: Report): void {
  const judge = (names: readonly string[], path: Path) =>
    names.forEach((name, index) => {
      if (/^(?!GITHUB_)[A-Z_][A-Z0-9_]*\*?$/.test(name)) return;
      // Not shown: what is no name may be a value.
      report(
        "github/secret-name",
        [...path, index],
        "is no name of a secret; use capital letters, digits and underscores, not GITHUB_ at the start, and * at the end of a group",
      );
    });
  judge(secrets, ["secrets"]);
  for (const [name, one] of Object.entries(environments)) judge(one.secrets, ["environments", name, "secrets"]);
}

function labels({ labels: all }: RepositoryShape, report: Report): void {
  const names = all.map(({ name }) => name.toLowerCase());
  names.forEach((name, index) => {
    if (names.indexOf(name) < index)
      report("github/label-twice", ["labels", index], `"${name}" stands there twice; GitHub tells no case apart`);
  });
}

function writing({ delivery, repository: { protection } }: Configuration, report: Report): void {
  if (delivery.write !== "direct" || protection.writingApps.length > 0) return;
  report(
    "github/writing-app",
    ["protection", "writingApps"],
    `names no App, and workflows.write is "direct": nobody could commit to the protected branch; name the App's id, or use "propose"`,
  );
}

/** Jobs that deploy name their GitHub environment; one that is not declared would be made by GitHub without protection. */
function targets({ environments, repository }: Configuration, report: Report): void {
  const known = Object.keys(repository.environments);
  const deployed = Object.entries(environments).flatMap(([name, one]) =>
    one?.githubEnvironment === undefined ? [] : [{ name: name as EnvironmentName, target: one.githubEnvironment }],
  );
  for (const { name, target } of deployed) {
    if (known.includes(target)) continue;
    const text = `has no "${target}", which environment ${name} names as its GitHub environment;${didYouMean(target, known)} add it`;
    report("github/environment-missing", ["environments"], text);
  }
  const shared = deployed.find(
    ({ name, target }) => name !== "production" && target === environments.production.githubEnvironment,
  );
  if (!shared) return;
  report(
    "github/environment-shared",
    ["environments", shared.target],
    `is that of production and of ${shared.name}: their secrets would be the same; give ${shared.name} another githubEnvironment`,
  );
}

/** Secrets of production are within reach of every job that may use its environment. */
function production({ environments, repository }: Configuration, report: Report): void {
  const { githubEnvironment: target = "" } = environments.production;
  const shape = repository.environments[target];
  if (!shape) return;
  const path = ["environments", target, "branches"];
  if (shape.branches.length + shape.tags.length === 0) {
    report(
      "github/production-branches",
      path,
      `and tags are empty, so that every branch could use production's secrets; name "${repository.defaultBranch}" or a tag`,
    );
  }
  shape.branches.forEach((branch, index) => {
    if (branch === repository.defaultBranch) return;
    report(
      "github/production-branches",
      [...path, index],
      `"${branch}" would let a branch that is not protected use production's secrets; only "${repository.defaultBranch}" and tags may`,
    );
  });
}

/** Pull requests run other people's code: what their environment holds must not open production. */
function preview({ environments, repository }: Configuration, report: Report): void {
  const shape = repository.environments[environments.preview.githubEnvironment ?? ""];
  shape?.secrets.forEach((name, index) => {
    if (!name.startsWith("PRODUCTION_")) return;
    report(
      "github/preview-secret",
      ["environments", environments.preview.githubEnvironment ?? "", "secrets", index],
      `${name} is a secret of production, and pull requests could read it; remove it`,
    );
  });
}

/** A push to a branch that the environment does not admit fails at the deployment, after everything else ran. */
function staging({ environments, repository, delivery }: Configuration, report: Report): void {
  const target = environments.staging?.githubEnvironment ?? "";
  const shape = repository.environments[target];
  if (!shape || shape.branches.length === 0) return;
  for (const branch of delivery.staging.branches) {
    if (shape.branches.includes(branch)) continue;
    report(
      "github/staging-branches",
      ["environments", target, "branches"],
      `lacks "${branch}", whose pushes are deployed to staging (delivery.staging.branches); add it`,
    );
  }
}
