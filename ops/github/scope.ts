/** What a token for GitHub lacks for a governed repository, and what it has too much of. */
import { GithubError, type GithubReader, type Viewer } from "../../api/github";
import type { Governance } from "../../config/governance-shape";

export interface Scopes {
  readonly viewer: Viewer;
  /** What keeps a plan from being complete. */
  readonly lacksForPlan: readonly string[];
  /** What keeps an apply from being carried out; nothing of `lacksForPlan` again. */
  readonly lacksForApply: readonly string[];
  /** What no command needs. */
  readonly spare: readonly string[];
}

/** What classic tokens may need: the repository, its workflow files, and who is in teams. */
const NEEDED = ["repo", "workflow", "read:org", "write:org", "admin:org", "public_repo"];

/**
 * Finds it out by reading: GitHub names the scopes of a classic token; of the others it only answers or does not, and leaves out of answers
 * what a token may not change.
 *
 * @throws GithubError when the token or the repository is not known at all
 */
export async function examineScopes(github: GithubReader, wanted: Governance): Promise<Scopes> {
  const repository = github.repository(wanted.owner, wanted.name);
  const [viewer, live] = await Promise.all([github.viewer(), repository.get()]);
  const probes = await Promise.all([
    lackOf(repository.actionsPermissions(), "administration=read"),
    lackOf(repository.secrets(), "secrets=read"),
    lackOf(repository.environments(), "actions=read"),
    ...Object.keys(wanted.environments).map((name) =>
      lackOf(repository.secrets(name), "environments=read", { mayBeMissing: true }),
    ),
    lackOf(repository.hooks(), "repository_hooks=read"),
    lackOf(repository.checkRuns(wanted.settings.default_branch), "checks=read", { mayBeMissing: true }),
    lackOf(repository.bypasses("day"), "administration=write"),
    teamLack(github, wanted),
  ]);
  const rulesets = await repository.rulesets();
  const hidesActors = rulesets.some(({ bypass_actors }) => bypass_actors === undefined);
  const lacksForPlan = unique([
    ...probes.flat(),
    ...(live.allow_squash_merge === undefined
      ? ["contents=write (GitHub shows the merge settings to nobody else)"]
      : []),
    ...(hidesActors ? ["administration=write (GitHub shows who may bypass a ruleset to nobody else)"] : []),
  ]);
  const isAdmin = live.permissions?.admin !== false || viewer.login === undefined;
  return {
    viewer,
    lacksForPlan,
    lacksForApply: isAdmin
      ? []
      : [`the role of an administrator of ${wanted.owner}/${wanted.name}, for ${viewer.login}`],
    spare: (viewer.scopes ?? []).filter((scope) => !NEEDED.includes(scope)),
  };
}

/** The permission that a read lacks. GitHub answers 404 as well to who may not look. */
async function lackOf(
  reading: Promise<unknown>,
  permission: string,
  { mayBeMissing = false } = {},
): Promise<readonly string[]> {
  try {
    await reading;
    return [];
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
    if (error.kind === "forbidden" || (error.kind === "not-found" && !mayBeMissing)) return [permission];
    if (error.kind === "not-found") return [];
    throw error;
  }
}

async function teamLack(
  github: GithubReader,
  { owner, break_glass_team: slug }: Governance,
): Promise<readonly string[]> {
  try {
    return (await github.team(owner, slug)) ? [] : [`members=read, or there is no team ${slug}`];
  } catch (error) {
    if (error instanceof GithubError && error.kind === "forbidden") return ["members=read"];
    throw error;
  }
}

const unique = (list: readonly string[]): readonly string[] => [...new Set(list)];
