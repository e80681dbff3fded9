import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { changeView, commitView } from "./commit-view";
import { type GithubContext, type GithubEnv, page, readJson, record } from "./context";
import { GithubError, unprocessable } from "./error";
import { history, writeCommit } from "./git";
import { changeIssue, createIssue } from "./issue";
import { mergeRefusal } from "./merge";
import { commitsOf, filesOf, getPull, headSha, type PullRow } from "./pull-row";
import { pullView, shortPull } from "./pull-view";
import { push } from "./push";
import type { IssueRow, RepositoryRow } from "./row";
import { noticeWorkflows } from "./workflow-file";

const pullBody = z.object({
  title: z.string().min(1),
  head: z.string(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().default(false),
});

/** Pull requests of one repository. */
export function pullRoutes(world: World) {
  return new Hono<GithubEnv>()
    .get("/", (c) => c.json(page(c, select(c)).map((row) => shortPull(world, c, row))))
    .post("/", async (c) => {
      const { login } = c.get("asker");
      const row = openPull(world, c.get("repository"), login, await readJson(c, pullBody));
      record(world, c, "pull_request.create", `#${row.number}`);
      return c.json(pullView(world, c, row), 201);
    })
    .get("/:number{[0-9]+}", (c) => c.json(pullView(world, c, getPull(c))))
    .patch("/:number{[0-9]+}", async (c) => {
      const row = getPull(c);
      const schema = z.object({
        title: z.string(),
        body: z.string().nullable(),
        state: z.enum(["open", "closed"]),
        base: z.string(),
      });
      const { base, ...change } = await readJson(c, schema.partial());
      if (base) row.pull.base = base;
      changeIssue(world, c.get("repository"), row, change);
      record(world, c, "pull_request.update", `#${row.number}`);
      return c.json(pullView(world, c, row));
    })
    .get("/:number{[0-9]+}/files", (c) => {
      const row = getPull(c);
      const tip = headSha(c.get("repository"), row) ?? "";
      return c.json(page(c, filesOf(c.get("repository"), row)).map((file) => changeView(c, file, tip)));
    })
    .get("/:number{[0-9]+}/commits", (c) =>
      c.json(page(c, commitsOf(c.get("repository"), getPull(c))).map((commit) => commitView(world, c, commit))),
    )
    .put("/:number{[0-9]+}/merge", async (c) => {
      const method = z.enum(["merge", "squash", "rebase"]).default("merge");
      const { merge_method, sha } = await readJson(c, z.object({ merge_method: method, sha: z.string().optional() }));
      return c.json(merge(world, c, getPull(c), merge_method, sha));
    });
}

/** Opens a pull request. @throws 422 for unknown branches, for no commits and for a second one of the same branches */
export function openPull(
  world: World,
  repository: RepositoryRow,
  login: string,
  { title, body, head: given, base, draft }: z.output<typeof pullBody>,
): IssueRow {
  const head = given.replace(/^[^:]+:/, "");
  const invalid = (field: string) =>
    unprocessable("Validation Failed", [{ resource: "PullRequest", field, code: "invalid" }]);
  const custom = (message: string) =>
    unprocessable("Validation Failed", [{ resource: "PullRequest", code: "custom", message }]);
  const [from, to] = [repository.refs.get(`refs/heads/${head}`), repository.refs.get(`refs/heads/${base}`)];
  if (!to) throw invalid("base");
  if (!from) throw invalid("head");
  const same = [...repository.issues.values()].find(
    ({ state, pull }) => state === "open" && pull?.head === head && pull.base === base,
  );
  if (same) throw custom(`A pull request already exists for ${repository.owner}:${head}.`);
  if (history(repository, to).some(({ sha }) => sha === from)) throw custom(`No commits between ${base} and ${head}`);
  const pull = { id: world.ids.number(), head, base, draft, reviews: [], requestedUsers: [], requestedTeams: [] };
  return createIssue(world, repository, { title, body: body ?? null, login, pull });
}

function select(c: GithubContext): IssueRow[] {
  const { state = "open", head, base } = c.req.query();
  return [...c.get("repository").issues.values()]
    .filter((row) => row.pull && (state === "all" || row.state === state))
    .filter(({ pull }) => !head || pull?.head === head.replace(/^[^:]+:/, ""))
    .filter(({ pull }) => !base || pull?.base === base)
    .reverse();
}

function merge(world: World, c: GithubContext, row: PullRow, method: "merge" | "squash" | "rebase", sha?: string) {
  const repository = c.get("repository");
  const asker = c.get("asker");
  const { pull } = row;
  const { allow_merge_commit, allow_squash_merge, allow_rebase_merge, delete_branch_on_merge } = repository.settings;
  const allowed = { merge: allow_merge_commit, squash: allow_squash_merge, rebase: allow_rebase_merge }[method];
  if (row.state === "closed" || pull.draft) throw new GithubError(405, "Pull Request is not mergeable");
  if (!allowed)
    throw new GithubError(
      405,
      `${{ merge: "Merge commits", squash: "Squash merges", rebase: "Rebase merges" }[method]} are not allowed on this repository.`,
    );
  const head = headSha(repository, row);
  if (sha && sha !== head) throw new GithubError(409, "Head branch was modified. Review and try the merge again.");
  const refusal = mergeRefusal(world, repository, row, asker);
  if (refusal) throw new GithubError(405, refusal);
  const ref = `refs/heads/${pull.base}`;
  const before = repository.refs.get(ref);
  const tip = repository.commits.get(head ?? "");
  if (!before || !tip) throw new GithubError(405, "Pull Request is not mergeable");
  const tree = mergedTree(repository, row, before);
  const now = world.clock.now();
  const author = { name: asker.login, email: `${asker.login}@users.noreply.github.com`, at: now };
  const message =
    method === "merge"
      ? `Merge pull request #${row.number} from ${repository.owner}/${pull.head}`
      : `${row.title} (#${row.number})`;
  const parents = method === "merge" ? [before, tip.sha] : [before];
  const commit = writeCommit(repository, { message, parents, ...tree, author, login: asker.login, verified: true });
  push(world, c, { ref, before, after: commit.sha, merge: true });
  Object.assign(pull, { headSha: tip.sha, mergedAt: now, mergedBy: asker.login, mergeCommit: commit.sha });
  changeIssue(world, repository, row, { state: "closed" });
  if (delete_branch_on_merge) repository.refs.delete(`refs/heads/${pull.head}`);
  noticeWorkflows(world, repository);
  record(world, c, "pull_request.merge", `#${row.number}`);
  return { sha: commit.sha, merged: true, message: "Pull Request successfully merged" };
}

/** The base's files with what the pull request changed. */
function mergedTree(repository: RepositoryRow, row: IssueRow, base: string) {
  const old = repository.commits.get(base);
  const head = repository.commits.get(headSha(repository, row) ?? "");
  const [files, executables] = [new Map(old?.files), new Set(old?.executables)];
  for (const { filename, status, sha } of filesOf(repository, row)) {
    if (status === "removed") files.delete(filename);
    else files.set(filename, sha);
    if (head?.executables?.has(filename)) executables.add(filename);
    else executables.delete(filename);
  }
  return { files, executables };
}
