import type { World } from "../world";
import { simpleUser } from "./account";
import { at, type GithubContext, repositoryUrl } from "./context";
import { nodeId } from "./node-id";
import type { IssueEventRow, IssueRow } from "./row";

/** Notes the labels that an issue got and lost since it had those of `before`. */
export function noteLabels(world: World, c: GithubContext, row: IssueRow, before: readonly string[]): void {
  const { login } = c.get("asker");
  const note = (event: IssueEventRow["event"], names: readonly string[]) =>
    names.map((label): IssueEventRow => ({ id: world.ids.number(), event, label, login, at: world.clock.now() }));
  const news = [
    ...note(
      "unlabeled",
      before.filter((name) => !row.labels.includes(name)),
    ),
    ...note(
      "labeled",
      row.labels.filter((name) => !before.includes(name)),
    ),
  ];
  if (news.length > 0) row.events = [...(row.events ?? []), ...news];
}

/** What happened to an issue, as the REST API shows it. */
export function issueEventView(world: World, c: GithubContext, { id, event, label, login, at: time }: IssueEventRow) {
  const color = c.get("repository").labels.get(label.toLowerCase())?.color ?? "ededed";
  return {
    id,
    node_id: nodeId(event === "labeled" ? "LabeledEvent" : "UnlabeledEvent", id),
    url: repositoryUrl(c, c.get("repository"), `/issues/events/${id}`),
    actor: simpleUser(world.store.state.github, c, login),
    event,
    commit_id: null,
    commit_url: null,
    created_at: at(time),
    label: { name: label, color },
    performed_via_github_app: null,
  };
}
