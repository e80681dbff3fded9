import type { World } from "../world";
import type { GithubContext } from "./context";
import { GithubError, missing } from "./error";
import { readBlob, resolve } from "./git";
import type { RepositoryRow } from "./row";

/** Gives an id to each workflow file of the default branch that has none yet. */
export function noticeWorkflows(world: World, repository: RepositoryRow): void {
  for (const path of workflowPaths(repository)) {
    if (repository.workflows.has(path)) continue;
    const id = world.ids.number();
    repository.workflows.set(path, { id, path, state: "active", createdAt: world.clock.now() });
  }
}

/** Workflow files on the default branch, by path. */
export function workflowPaths(repository: RepositoryRow): string[] {
  const sha = resolve(repository, repository.settings.default_branch);
  const files = repository.commits.get(sha ?? "")?.files ?? new Map<string, string>();
  return [...files.keys()].filter((path) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)).sort();
}

/** The `name:` of a workflow file, else its path, as GitHub shows it. */
export function workflowName(repository: RepositoryRow, path: string): string {
  const sha = resolve(repository, repository.settings.default_branch);
  const blob = repository.commits.get(sha ?? "")?.files.get(path);
  const text = blob === undefined ? "" : (readBlob(repository, blob)?.toString("utf8") ?? "");
  return /^name: *(["']?)(.+?)\1 *(?:#.*)?$/m.exec(text)?.[2] ?? path;
}

/** Lets a token pass that may write this file. GitHub hides workflow files from writers whose token does not cover them. @throws 404, 403 */
export function requireWorkflowScope(c: GithubContext, path: string): void {
  if (!path.startsWith(".github/workflows/")) return;
  const { kind, scopes, permissions } = c.get("asker").token;
  if (kind === "classic" ? scopes.includes("workflow") : permissions.workflows === "write") return;
  if (kind === "classic") throw missing();
  throw new GithubError(403, `Resource not accessible by ${kind === "app" ? "integration" : "personal access token"}`);
}
