import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { type Asker, permits } from "./asker";
import { type GithubContext, type GithubEnv, page, readJson, record } from "./context";
import { badField, GithubError, missing, refused, unprocessable } from "./error";
import { issueEventView, noteLabels } from "./issue-event";
import { commentView, issueView } from "./issue-view";
import type { CommentRow, IssueRow, RepositoryRow } from "./row";

const issueBody = z.object({
  title: z.coerce.string().min(1),
  body: z.string().nullish(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)])).optional(),
  assignees: z.array(z.string()).optional(),
  state: z.enum(["open", "closed"]).optional(),
  state_reason: z.enum(["completed", "not_planned", "reopened"]).nullish(),
});
const commentBody = z.object({ body: z.string() });

/** Most characters of a body. */
const longestBody = 65_536;

/** Issues and comments; a pull request is an issue too. */
export function issueRoutes(world: World) {
  return new Hono<GithubEnv>()
    .get("/", (c) => c.json(page(c, select(c)).map((row) => issueView(world, c, row))))
    .post("/", async (c) => {
      const { title, body, labels = [], assignees = [] } = await readJson(c, issueBody);
      const { login } = c.get("asker");
      const given = { title, body: body ?? null, login, labels: mayTriage(world, c) ? labels : [], assignees };
      const row = createIssue(world, c.get("repository"), given);
      noteLabels(world, c, row, []);
      record(world, c, "issue.create", `#${row.number}`);
      return c.json(issueView(world, c, row), 201);
    })
    .get("/comments", (c) =>
      c.json(page(c, [...c.get("repository").comments.values()]).map((row) => commentView(world, c, row))),
    )
    .get("/comments/:comment{[0-9]+}", (c) => c.json(commentView(world, c, getComment(c))))
    .patch("/comments/:comment{[0-9]+}", async (c) => {
      const row = getComment(c);
      requireAuthor(world, c, row.login);
      const { body } = await readJson(c, commentBody);
      checkBody("IssueComment", body);
      Object.assign(row, { body, updatedAt: world.clock.now() });
      record(world, c, "issue_comment.update", String(row.id));
      return c.json(commentView(world, c, row));
    })
    .delete("/comments/:comment{[0-9]+}", (c) => {
      const row = getComment(c);
      requireAuthor(world, c, row.login);
      c.get("repository").comments.delete(row.id);
      record(world, c, "issue_comment.destroy", String(row.id));
      return c.body(null, 204);
    })
    .get("/:number{[0-9]+}", (c) => c.json(issueView(world, c, getIssue(c))))
    .patch("/:number{[0-9]+}", async (c) => {
      const row = getIssue(c);
      requireAuthor(world, c, row.login);
      const { labels, ...change } = await readJson(c, issueBody.partial());
      changeIssue(world, c.get("repository"), row, change);
      if (labels && mayTriage(world, c)) relabel(world, c, row, labels);
      record(world, c, "issue.update", `#${row.number}`);
      return c.json(issueView(world, c, row));
    })
    .post("/:number{[0-9]+}/labels", async (c) => {
      const { labels } = await readJson(c, z.object({ labels: z.array(z.string()) }));
      const row = getIssue(c);
      if (!mayTriage(world, c)) throw refused("Must have admin rights to Repository.");
      relabel(world, c, row, [...row.labels, ...labels]);
      return c.json(issueView(world, c, row).labels);
    })
    .delete("/:number{[0-9]+}/labels/:label", (c) => {
      const row = getIssue(c);
      const { label } = c.req.param();
      if (!row.labels.includes(label)) throw new GithubError(404, "Label does not exist");
      if (!mayTriage(world, c)) throw refused("Must have admin rights to Repository.");
      relabel(
        world,
        c,
        row,
        row.labels.filter((name) => name !== label),
      );
      return c.json(issueView(world, c, row).labels);
    })
    .get("/:number{[0-9]+}/events", (c) =>
      c.json(page(c, getIssue(c).events ?? []).map((row) => issueEventView(world, c, row))),
    )
    .get("/:number{[0-9]+}/comments", (c) => {
      const { number } = getIssue(c);
      const all = [...c.get("repository").comments.values()].filter(({ issue }) => issue === number);
      return c.json(page(c, all).map((row) => commentView(world, c, row)));
    })
    .post("/:number{[0-9]+}/comments", async (c) => {
      const { number } = getIssue(c);
      const { body } = await readJson(c, commentBody);
      const row = createComment(world, c.get("repository"), number, c.get("asker").login, body);
      record(world, c, "issue_comment.create", `#${number}`);
      return c.json(commentView(world, c, row), 201);
    });
}

/** What an issue begins with. */
interface NewIssue {
  readonly title: string;
  readonly body: string | null;
  readonly login: string;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
  readonly pull?: IssueRow["pull"];
}

/** Opens an issue or a pull request. @throws 410 where issues are off, 422 for a body that is too long */
export function createIssue(world: World, repository: RepositoryRow, wanted: NewIssue): IssueRow {
  const { pull, labels = [], assignees = [], ...rest } = wanted;
  if (!pull && !repository.settings.has_issues)
    throw new GithubError(410, "Issues has been disabled in this repository.");
  checkBody("Issue", rest.body);
  const now = world.clock.now();
  const number = 1 + Math.max(0, ...repository.issues.keys());
  const row: IssueRow = {
    ...rest,
    id: world.ids.number(),
    number,
    state: "open",
    stateReason: null,
    labels: [],
    assignees: [...assignees],
    createdAt: now,
    updatedAt: now,
    ...(pull && { pull }),
  };
  repository.issues.set(number, row);
  changeIssue(world, repository, row, { labels: [...labels] });
  return row;
}

/** Changes an issue; labels that the repository lacks are made. */
export function changeIssue(
  world: World,
  repository: RepositoryRow,
  row: IssueRow,
  change: Partial<z.output<typeof issueBody>>,
): void {
  const { title, body, labels, assignees, state, state_reason } = change;
  checkBody("Issue", body);
  const now = world.clock.now();
  Object.assign(row, title !== undefined && { title }, body !== undefined && { body }, { updatedAt: now });
  Object.assign(row, labels && { labels }, assignees && { assignees });
  for (const name of labels ?? []) {
    const isNew = !repository.labels.has(name.toLowerCase());
    const label = { id: world.ids.number(), name, color: "ededed", description: null, isDefault: false };
    if (isNew) repository.labels.set(name.toLowerCase(), label);
  }
  if (state && state !== row.state) {
    row.state = state;
    row.stateReason = state === "closed" ? (state_reason ?? "completed") : "reopened";
    Object.assign(row, { closedAt: state === "closed" ? now : undefined });
  }
  world.store.touch();
}

/** Gives an issue these labels and no others, and notes who added and removed which. */
function relabel(world: World, c: GithubContext, row: IssueRow, labels: readonly string[]): void {
  const before = row.labels;
  changeIssue(world, c.get("repository"), row, { labels: [...new Set(labels)] });
  noteLabels(world, c, row, before);
}

/** Writes a comment. @throws 422 for a body that is too long or empty */
export function createComment(
  world: World,
  repository: RepositoryRow,
  issue: number,
  login: string,
  body: string,
): CommentRow {
  checkBody("IssueComment", body);
  if (body.trim() === "") throw badField("IssueComment", "body", "missing_field");
  const now = world.clock.now();
  const row = { id: world.ids.number(), issue, login, body, createdAt: now, updatedAt: now };
  repository.comments.set(row.id, row);
  return row;
}

/** The issue or pull request of the path. @throws 404 */
export function getIssue(c: GithubContext): IssueRow {
  const row = c.get("repository").issues.get(Number(c.req.param("number")));
  if (!row) throw missing();
  return row;
}

function getComment(c: GithubContext): CommentRow {
  const row = c.get("repository").comments.get(Number(c.req.param("comment")));
  if (!row) throw missing();
  return row;
}

function checkBody(resource: string, body: string | null | undefined): void {
  if ((body ?? "").length <= longestBody) return;
  throw unprocessable("Validation Failed", [
    { resource, code: "custom", field: "body", message: `body is too long (maximum is ${longestBody} characters)` },
  ]);
}

/** Lets the author and who may write change something. */
function requireAuthor(world: World, c: GithubContext, login: string): void {
  const asker: Asker = c.get("asker");
  if (asker.login !== login && !mayTriage(world, c)) throw refused("Must have admin rights to Repository.");
}

/** Labels that somebody gives who may not are dropped without a word, where the call is about more than labels. */
const mayTriage = (world: World, c: GithubContext): boolean =>
  permits(world, c.get("asker"), c.get("repository"), { name: "issues", level: "write", role: "triage" });

function select(c: GithubContext): IssueRow[] {
  const { state = "open", labels = "", creator } = c.req.query();
  const wanted = labels.split(",").filter(Boolean);
  return [...c.get("repository").issues.values()]
    .filter((row) => state === "all" || row.state === state)
    .filter((row) => wanted.every((label) => row.labels.includes(label)))
    .filter((row) => !creator || row.login === creator)
    .reverse();
}
