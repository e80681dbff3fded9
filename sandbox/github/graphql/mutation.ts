import { GraphQLError } from "graphql";
import { type Permission, requirePermission } from "../asker";
import { recordAs } from "../context";
import { changeIssue, createComment, createIssue } from "../issue";
import { parseNodeId } from "../node-id";
import { openPull } from "../pull";
import type { IssueRow, RepositoryRow } from "../row";
import { commentNode, issueNode, pullNode } from "./issue-node";
import { findProtectionNode, findRepositoryNode, issueById } from "./node";
import { notFound } from "./not-found";
import { type ProtectionInput, protectionNode, putProtection } from "./protection-node";
import type { Scene } from "./scene";
import { settle } from "./thread-node";

interface Input<Fields> {
  readonly input: Fields & { readonly clientMutationId?: string };
}

/** Mutations that the provider and gh send. */
export function mutations(scene: Scene) {
  const { world, asker, requestId } = scene;
  const { login } = asker;
  const done = (repository: RepositoryRow, action: string, subject?: string) =>
    recordAs(world, { login, requestId, org: repository.owner, action, subject, repository });
  const allow = (repository: RepositoryRow, name: string, role: Permission["role"] = "read") =>
    requirePermission(world, asker, repository, { name, level: "write", role });
  const issue = (id: string) => {
    const found = issueById(scene, id);
    allow(found.repository, found.row.pull ? "pull_requests" : "issues");
    return found;
  };
  const change = (id: string, to: Parameters<typeof changeIssue>[3], action: string) => {
    const { repository, row } = issue(id);
    changeIssue(world, repository, row, to);
    done(repository, action, `#${row.number}`);
    return nodeOf(scene, repository, row);
  };
  return {
    createBranchProtectionRule: ({ input }: Input<ProtectionInput & { repositoryId: string }>) => {
      const repository = findRepositoryNode(scene, input.repositoryId);
      const row = putProtection(scene, repository, input);
      done(repository, "protected_branch.create", row.pattern);
      return { branchProtectionRule: protectionNode(scene, repository, row) };
    },
    updateBranchProtectionRule: ({ input }: Input<ProtectionInput & { branchProtectionRuleId: string }>) => {
      const { repository, row: before } = findProtectionNode(scene, input.branchProtectionRuleId);
      const row = putProtection(scene, repository, input, before);
      done(repository, "protected_branch.update", row.pattern);
      return { branchProtectionRule: protectionNode(scene, repository, row) };
    },
    deleteBranchProtectionRule: ({ input }: Input<{ branchProtectionRuleId: string }>) => {
      const { repository, row } = findProtectionNode(scene, input.branchProtectionRuleId);
      allow(repository, "administration", "admin");
      repository.protections.delete(row.pattern);
      done(repository, "protected_branch.destroy", row.pattern);
      return { clientMutationId: input.clientMutationId ?? null };
    },
    createIssue: ({ input }: Input<{ repositoryId: string; title: string; body?: string; labelIds?: string[] }>) => {
      const repository = findRepositoryNode(scene, input.repositoryId);
      allow(repository, "issues");
      const ids = (input.labelIds ?? []).map((id) => Number(parseNodeId(id)?.id));
      const labels = [...repository.labels.values()].filter(({ id }) => ids.includes(id)).map(({ name }) => name);
      const row = createIssue(world, repository, { title: input.title, body: input.body ?? "", login, labels });
      done(repository, "issue.create", `#${row.number}`);
      return { issue: issueNode(scene, repository, row) };
    },
    updateIssue: ({ input }: Input<{ id: string; title?: string; body?: string }>) => {
      const { id, title, body } = input;
      return { issue: change(id, { title, body }, "issue.update") };
    },
    closeIssue: ({ input }: Input<{ issueId: string; stateReason?: string }>) => {
      const state_reason = input.stateReason === "NOT_PLANNED" ? "not_planned" : "completed";
      return { issue: change(input.issueId, { state: "closed", state_reason }, "issue.close") };
    },
    reopenIssue: ({ input }: Input<{ issueId: string }>) => ({
      issue: change(input.issueId, { state: "open" }, "issue.reopen"),
    }),
    closePullRequest: ({ input }: Input<{ pullRequestId: string }>) => ({
      pullRequest: change(input.pullRequestId, { state: "closed" }, "pull_request.close"),
    }),
    addComment: ({ input }: Input<{ subjectId: string; body: string }>) => {
      const { repository, row } = issue(input.subjectId);
      const comment = createComment(world, repository, row.number, login, input.body);
      done(repository, "issue_comment.create", `#${row.number}`);
      return { commentEdge: { node: commentNode(scene, repository, comment) } };
    },
    updateIssueComment: ({ input }: Input<{ id: string; body: string }>) => {
      const number = Number(parseNodeId(input.id)?.id);
      for (const repository of world.store.state.github.repositories.values()) {
        const row = repository.comments.get(number);
        if (!row) continue;
        if (row.login !== login) allow(repository, "issues", "triage");
        Object.assign(row, { body: input.body, updatedAt: world.clock.now() });
        done(repository, "issue_comment.update", String(row.id));
        return { issueComment: commentNode(scene, repository, row) };
      }
      throw notFound(input.id);
    },
    createPullRequest: ({ input }: Input<PullInput>) => {
      const repository = findRepositoryNode(scene, input.repositoryId);
      allow(repository, "pull_requests");
      const { title, body, headRefName: head, baseRefName: base, draft = false } = input;
      const row = openPull(world, repository, login, { title, body, head, base, draft });
      done(repository, "pull_request.create", `#${row.number}`);
      return { pullRequest: pullNode(scene, repository, row) };
    },
    resolveReviewThread: ({ input }: Input<{ threadId: string }>) => settle(scene, input.threadId, login),
    unresolveReviewThread: ({ input }: Input<{ threadId: string }>) => settle(scene, input.threadId, undefined),
    mergePullRequest: () => {
      throw new GraphQLError("not_emulated: mergePullRequest. Use PUT /repos/{owner}/{repo}/pulls/{number}/merge.");
    },
  };
}

interface PullInput {
  readonly repositoryId: string;
  readonly title: string;
  readonly body?: string;
  readonly headRefName: string;
  readonly baseRefName: string;
  readonly draft?: boolean;
}

const nodeOf = (scene: Scene, repository: RepositoryRow, row: IssueRow) =>
  row.pull ? pullNode(scene, repository, row) : issueNode(scene, repository, row);
