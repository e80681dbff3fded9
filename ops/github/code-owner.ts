import type { GithubReader, RepositoryReader } from "../../api/github";
import { harmless } from "../../report/harmless";
import type { Trouble } from "../../report/model";

export interface OwnerQuestion {
  /** Login of the organization. */
  readonly owner: string;
  /** Logins of who may write. */
  readonly writers: readonly string[];
}

/** Where GitHub looks for code owners; the first one counts. */
const PATHS = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/**
 * What of CODEOWNERS on the default branch keeps people from merging: a pattern none of whose owners may approve, or whose one owner could not
 * approve a change of their own.
 */
export async function ownerProblems(
  github: GithubReader,
  repository: RepositoryReader,
  question: OwnerQuestion,
): Promise<readonly Trouble[]> {
  const text = await firstFile(repository);
  if (text === undefined) {
    return [
      warning(
        "There is no CODEOWNERS on the default branch",
        "Review by code owners is required, and without the file it asks nobody. Merge the managed files: npx infra apply workflows [github/merge-owner]",
      ),
    ];
  }
  const rules = rulesIn(text);
  const people = await peopleBehind(new Set(rules.flatMap(({ owners }) => owners)), github, repository, question);
  return rules.flatMap(({ pattern, owners }) => {
    if (owners.length === 0) return [];
    const able = [...new Set(owners.flatMap((one) => people.get(one) ?? []))];
    if (able.length > 1) return [];
    const named = owners.join(", ");
    return [
      able.length === 0
        ? warning(
            harmless(`Nobody could approve changes of ${pattern}`),
            harmless(
              `Its code owners are ${named}, and none of them is a person with write access. Give them write access, or correct codeOwners in the configuration [github/merge-owner]`,
            ),
          )
        : warning(
            harmless(`Nobody could approve changes of ${pattern} by ${able[0]}`),
            harmless(
              `Its code owners are ${named}: one person, who cannot approve a change of their own. Name a second owner [github/merge-owner]`,
            ),
          ),
    ];
  });
}

async function firstFile(repository: RepositoryReader): Promise<string | undefined> {
  for (const path of PATHS) {
    const text = await repository.file(path);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Patterns with their owners; a pattern without owners has none on purpose. */
function rulesIn(text: string): readonly { readonly pattern: string; readonly owners: readonly string[] }[] {
  return text
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter(Boolean)
    .map((line) => {
      const [pattern = "", ...owners] = line.split(/\s+/);
      return { pattern, owners };
    });
}

/** Logins with write access behind each "@login" and "@organization/team". An e-mail address cannot be resolved and counts as nobody. */
async function peopleBehind(
  owners: ReadonlySet<string>,
  github: GithubReader,
  repository: RepositoryReader,
  { owner, writers }: OwnerQuestion,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const lower = new Set(writers.map((login) => login.toLowerCase()));
  const teams = await repository.teams();
  const entries = await Promise.all(
    [...owners].map(async (one) => {
      const [organization = "", slug] = one.replace(/^@/, "").split("/");
      if (slug === undefined) return [one, lower.has(organization.toLowerCase()) ? [organization] : []] as const;
      const team = teams.find((each) => each.slug === slug.toLowerCase());
      const mayWrite = team !== undefined && !["pull", "triage"].includes(team.permission);
      const isOwn = organization.toLowerCase() === owner.toLowerCase();
      return [one, mayWrite && isOwn ? ((await github.teamMembers(owner, slug)) ?? []) : []] as const;
    }),
  );
  return new Map(entries);
}

const warning = (summary: string, detail: string): Trouble => ({ severity: "warning", summary, detail });
