/** Reads a live repository that nobody declares and says it in our words; the auditor names whatever would differ. */
import type { GithubReader } from "../../api/github";
import type { RepositoryShape } from "../../config/repository-shape";
import { looksLikeSecretValue } from "../../config/secret-name";
import { governance } from "../../constructs/github/governance";
import { audit } from "../github/audit";
import type { Observation } from "../github/observation";
import { type LiveRepository, readLiveRepository } from "./live-repository";
import { type RepositoryImport, repositoryImports } from "./repository-import";
import { isEnvironmentName, repositoryShape } from "./repository-shape";
import type { Unsaid } from "./unsaid";

/** A live repository in our words. */
export interface AdoptedRepository {
  readonly shape: RepositoryShape;
  /** "direct" where Apps may push past the rules. */
  readonly write: "direct" | "propose";
  readonly imports: readonly RepositoryImport[];
  readonly unsaid: readonly Unsaid[];
  /** Names of workflow files; a `RepositoryFileStack` declares or ignores them. */
  readonly workflows: readonly string[];
}

/** @param now Unix ms @throws GithubError when the repository is not there, or not for this token */
export async function adoptRepository(
  github: GithubReader,
  { owner, name, now }: { readonly owner: string; readonly name: string; readonly now: number },
): Promise<AdoptedRepository> {
  const live = await readLiveRepository(github, owner, name);
  const found = repositoryShape(live);
  const shape = found.codeOwners.length > 0 ? found : { ...found, codeOwners: [someOwner(found)] };
  const write = shape.protection.writingApps.length > 0 ? "direct" : "propose";
  const wanted = governance(shape, { write });
  const { observations, troubles } = await audit(github, wanted, now);
  return {
    shape,
    write,
    imports: repositoryImports(shape, live),
    unsaid: [
      ...(found.codeOwners.length > 0 ? [] : [noOwners(shape)]),
      ...oddEnvironments(live),
      ...troubles.flatMap(({ severity, summary, detail }) =>
        severity === "error"
          ? [{ object: summary, reason: detail, next: "See what the token lacks: npx infra doctor" }]
          : [],
      ),
      ...live.variables.filter(({ value }) => looksLikeSecretValue(value)).map(({ name: one }) => privateVariable(one)),
      ...observations.filter((one) => one.field !== "age_days" && !isPrivate(one, live)).map(unsaid),
    ],
    workflows: live.workflows,
  };
}

/** What the auditor sees is what the construct would make otherwise. */
function unsaid({ kind, object, field, text }: Observation): Unsaid {
  const next = {
    field:
      "An apply of the stack makes it so. Where it is to stay as it is and the file has a word for it, change the file.",
    missing: "An apply of the stack makes it.",
    undeclared: `Do that, or let it be for a while: ignore: [{ object: "${object}", reason, until }].`,
  }[kind];
  return { object, reason: field === "" ? text : `${field} ${text}`, next };
}

/** A variable that nobody declares because its value may be private is told of as such. */
function isPrivate({ object }: Observation, { variables }: LiveRepository): boolean {
  return variables.some(({ name, value }) => object === `variable/${name}` && looksLikeSecretValue(value));
}

const privateVariable = (name: string): Unsaid => ({
  object: `variable/${name}`,
  reason: "may hold a private value, which is written into no file",
  next: `Make it a secret: gh secret set ${name}; then: gh variable delete ${name}, and revoke the value if it was shared.`,
});

const someOwner = ({ owner, protection }: RepositoryShape) => ({
  pattern: "*",
  owners: [`@${owner}/${protection.breakGlassTeam}`],
});

const noOwners = (shape: RepositoryShape): Unsaid => ({
  object: "CODEOWNERS",
  reason: `there is none with an owner, and a program needs one: ${someOwner(shape).owners[0]} stands in for everything`,
  next: "Write the real owners under codeOwners before you apply.",
});

const oddEnvironments = ({ environments }: LiveRepository): readonly Unsaid[] =>
  environments
    .filter(({ environment }) => !isEnvironmentName(environment.name))
    .map(({ environment: { name } }) => ({
      object: `environment/${name}`,
      reason: "a GitHub environment is named in lower-case letters, digits and hyphens here",
      next: "Make one of such a name, move its secrets, and remove this one.",
    }));
