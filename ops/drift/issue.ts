/** One living issue for each stack that differs, kept current in place; it closes when the stack is as declared again. */
import type { Issue, RepositoryClient } from "../../api/github";
import { code, longestBody, stackMarkdown } from "../../report/markdown";
import type { Report, StackReport } from "../../report/model";
import { openGithub, type Shell } from "../github/connect";
import { repositoryOf } from "../github/governed";
import type { Stack } from "../project";

/** What became of the issue of a stack. */
export interface IssueChange {
  readonly stack: string;
  readonly number: number;
  readonly url: string;
  readonly did: "opened" | "rewritten" | "reopened" | "closed" | "kept";
}

/** Label of every such issue. */
export const driftLabel = "drift";

/** "differs": drift and pending changes. "unreadable": errors, in an issue of their own, so that neither hides the other. */
type Kind = "differs" | "unreadable";

const markerOf = (stack: string, kind: Kind): string => `<!-- infra:${kind}:${stack} -->`;

/**
 * Brings the issues of a project in step with a report.
 *
 * @param repository "owner/name"; undefined: the one that a stack governs, else that of GITHUB_REPOSITORY
 * @throws Failure when no repository is known, or without a token
 */
export function issuesFor(
  stacks: readonly Stack[],
  report: Report,
  repository: string | undefined,
  shell: Shell,
): Promise<readonly IssueChange[]> {
  const { owner, name } = repositoryOf(stacks, repository, shell.env);
  return keepIssues(openGithub(shell).repository(owner, name), report);
}

/**
 * Brings the issues in step with a report. Doing it again with the same report writes nothing. A stack that could not be read keeps its
 * issue about differences as it is: nothing is known of them.
 */
export async function keepIssues(repository: RepositoryClient, { stacks }: Report): Promise<readonly IssueChange[]> {
  const issues = await repository.issues({ state: "all", labels: driftLabel });
  const changes: IssueChange[] = [];
  for (const stack of stacks) {
    for (const kind of ["differs", "unreadable"] as const) {
      const change = await keepIssue(repository, issues, stack, kind);
      if (change) changes.push(change);
    }
  }
  return changes;
}

async function keepIssue(
  repository: RepositoryClient,
  issues: readonly Issue[],
  stack: StackReport,
  kind: Kind,
): Promise<IssueChange | undefined> {
  const own = issues.filter(({ body }) => body?.startsWith(markerOf(stack.stack, kind)));
  const issue = own.find(({ state }) => state === "open") ?? [...own].sort((a, b) => b.number - a.number)[0];
  const told = ({ number, html_url: url }: Issue, did: IssueChange["did"]) => ({
    stack: stack.stack,
    number,
    url,
    did,
  });
  if (kind === "differs" && stack.outcome === "error") return undefined;
  const wanted = kind === "differs" ? stack.outcome === "differs" : stack.outcome === "error";
  if (!wanted) {
    if (issue?.state !== "open") return undefined;
    await repository.comment(issue.number, kind === "differs" ? "As declared again." : "It can be read again.");
    await repository.closeIssue(issue.number);
    return told(issue, "closed");
  }
  const text = textOf(stack, kind);
  if (!issue) return told(await open(repository, markerOf(stack.stack, kind), text), "opened");
  if (issue.state !== "open") {
    await repository.changeIssue(issue.number, { ...text, state: "open" });
    await repository.comment(issue.number, kind === "differs" ? "It differs again." : "It could not be read again.");
    return told(issue, "reopened");
  }
  if (issue.body === text.body && issue.title === text.title) return told(issue, "kept");
  await repository.changeIssue(issue.number, text);
  return told(issue, "rewritten");
}

/** Two runs at once may both find none; the younger of two is closed at once. */
async function open(
  repository: RepositoryClient,
  marker: string,
  text: { readonly title: string; readonly body: string },
): Promise<Issue> {
  const made = await repository.createIssue({ ...text, labels: [driftLabel] });
  const alike = (await repository.issues({ state: "open", labels: driftLabel })).filter(({ body }) =>
    body?.startsWith(marker),
  );
  const oldest = [...alike].sort((a, b) => a.number - b.number)[0];
  if (!oldest || oldest.number >= made.number) return made;
  await repository.comment(made.number, `The same as #${oldest.number}.`);
  await repository.closeIssue(made.number);
  return oldest;
}

function textOf(stack: StackReport, kind: Kind): { readonly title: string; readonly body: string } {
  const marker = markerOf(stack.stack, kind);
  const what = kind === "differs" ? "is not as declared" : "could not be read";
  const whole = code(`npx infra drift ${stack.stack}`);
  const body = `${marker}\n${stackMarkdown(stack, { limit: longestBody - marker.length - 1, whole })}`.trimEnd();
  return { title: `Drift: ${stack.stack} ${what}`, body };
}
