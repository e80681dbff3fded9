/** Reads a repository from GitHub itself, beside Terraform, and compares both ways: what differs, and what nobody declared. */
import { GithubError, type GithubReader, type Repository, type RepositoryReader } from "../../api/github";
import type { Governance } from "../../config/governance-shape";
import type { Trouble } from "../../report/model";
import { aspects, type Scene } from "./aspect";
import { breakGlassAudit } from "./break-glass";
import { Hidden, type Observation } from "./observation";

export interface Audit {
  readonly observations: readonly Observation[];
  /** "error": something could not be read, so the observations are not complete. "warning": rules were bypassed. */
  readonly troubles: readonly Trouble[];
}

/** Compares a repository with what was declared. What cannot be read is a trouble, never a difference. `now`: Unix ms. */
export async function audit(github: GithubReader, wanted: Governance, now: number): Promise<Audit> {
  const repository = github.repository(wanted.owner, wanted.name);
  const live = await readRepository(repository);
  if ("trouble" in live) return { observations: [], troubles: [live.trouble] };
  const scene: Scene = { github, repository, live: live.repository, wanted, now };
  const results = await Promise.all([
    ...aspects.map(({ what, judge }) =>
      judge(scene).then(
        (observations): Audit => ({ observations, troubles: [] }),
        (error): Audit => ({ observations: [], troubles: [unread(what, wanted, error)] }),
      ),
    ),
    breakGlassAudit(scene).catch(
      (error): Audit => ({ observations: [], troubles: [unread("who bypassed the rules", wanted, error)] }),
    ),
  ]);
  const ignored = new Set(wanted.ignore.filter(({ until }) => now < dayAfter(until)).map(({ object }) => object));
  return {
    observations: results
      .flatMap(({ observations }) => observations)
      .filter(({ kind, object }) => kind !== "undeclared" || !ignored.has(object)),
    troubles: results.flatMap(({ troubles }) => troubles),
  };
}

/** Begin of the day after `day` ("2026-12-31"), Unix ms: the day itself still counts. */
const dayAfter = (day: string): number => Date.parse(`${day}T00:00:00Z`) + 24 * 60 * 60 * 1000;

/** The repository itself, or why nothing can be read of it. */
async function readRepository(
  reader: RepositoryReader,
): Promise<{ readonly repository: Repository } | { readonly trouble: Trouble }> {
  const asked = `${reader.owner}/${reader.name}`;
  try {
    const repository = await reader.get();
    if (repository.full_name.toLowerCase() === asked.toLowerCase()) return { repository };
    const detail = `GitHub answers for ${asked} with ${repository.full_name}: it was renamed or moved. Correct repository.owner and repository.name in the configuration. Nothing was compared. [github/moved]`;
    return { trouble: { severity: "error", summary: `${asked} has another name`, detail } };
  } catch (error) {
    return { trouble: unread("the repository", reader, error) };
  }
}

function unread(
  what: string,
  { owner, name }: { readonly owner: string; readonly name: string },
  error: unknown,
): Trouble {
  const summary = `Could not read ${what} of ${owner}/${name}`;
  if (error instanceof GithubError) return { severity: "error", summary, detail: error.message };
  if (error instanceof Hidden) {
    const detail = `${error.message}. It was not compared. See what the token lacks: npx infra doctor [github/hidden]`;
    return { severity: "error", summary, detail };
  }
  throw error;
}
