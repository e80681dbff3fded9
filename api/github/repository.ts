import { z } from "zod";
import type { Caller } from "./caller";
import type { RepositoryClient, RepositoryReader } from "./client";
import { GithubError, unlessMissing } from "./error";
import { gitClient, gitReader } from "./git";
import { query } from "./graphql";
import { historyReader } from "./history";
import { listed, listedUnder } from "./page";
import { seal } from "./sealed-box";
import * as shape from "./shape";

/** Reads of one repository. */
export function repositoryReader(caller: Caller, owner: string, name: string): RepositoryReader {
  const root = pathOf("repos", owner, name);
  const get = async <Schema extends z.ZodType>(path: string, answer: Schema) =>
    (await caller.send({ method: "GET", path: root + path, answer })).value;
  const holder = (environment: string | undefined) => root + holderOf(environment);
  return {
    owner,
    name,
    get: () => get("", shape.repository),
    vulnerabilityAlerts: async () =>
      (await unlessSaid(
        get("/vulnerability-alerts", z.unknown()).then(() => true),
        /alerts are disabled/i,
      )) ?? false,
    securityFixes: async () =>
      (await unlessMissing(get("/automated-security-fixes", z.object({ enabled: z.boolean() }))))?.enabled ?? false,
    rulesets: async () => {
      const all = await listed(caller, `${root}/rulesets`, shape.rulesetSummary, { includes_parents: "true" });
      return Promise.all(all.map(({ id }) => get(`/rulesets/${id}`, shape.ruleset)));
    },
    branchRules: (branch) => listed(caller, `${root}/rules/branches/${encodeURIComponent(branch)}`, shape.branchRule),
    protection: (branch) =>
      unlessSaid(get(`/branches/${encodeURIComponent(branch)}/protection`, shape.protection), /not protected/i),
    protectionPatterns: () => protectionPatterns(caller, owner, name),
    environments: () => listedUnder(caller, `${root}/environments`, "environments", shape.environment),
    branchPolicies: (environment) =>
      listedUnder(caller, `${holder(environment)}/deployment-branch-policies`, "branch_policies", shape.branchPolicy),
    secrets: (environment) => listedUnder(caller, `${holder(environment)}/secrets`, "secrets", shape.secret),
    variables: (environment) => listedUnder(caller, `${holder(environment)}/variables`, "variables", shape.variable),
    labels: () => listed(caller, `${root}/labels`, shape.label),
    actionsPermissions: () => get("/actions/permissions", shape.actionsPermissions),
    selectedActions: async () => {
      const { allowed_actions } = await get("/actions/permissions", shape.actionsPermissions);
      return allowed_actions === "selected"
        ? get("/actions/permissions/selected-actions", shape.selectedActions)
        : undefined;
    },
    workflowPermissions: () => get("/actions/permissions/workflow", shape.workflowPermissions),
    hooks: () => listed(caller, `${root}/hooks`, shape.hook),
    deployKeys: () => listed(caller, `${root}/keys`, shape.deployKey),
    autolinks: () => listed(caller, `${root}/autolinks`, shape.autolink),
    collaborators: () => listed(caller, `${root}/collaborators`, shape.collaborator, { affiliation: "all" }),
    directCollaborators: () => listed(caller, `${root}/collaborators`, shape.collaborator, { affiliation: "direct" }),
    teams: () => listed(caller, `${root}/teams`, shape.repositoryTeam),
    bypasses: (period) =>
      listed(caller, `${root}/rulesets/rule-suites`, shape.ruleSuite, {
        rule_suite_result: "bypass",
        time_period: period,
      }),
    checkRuns: (ref) =>
      listedUnder(caller, `${root}/commits/${encodeURIComponent(ref)}/check-runs`, "check_runs", shape.checkRun),
    issues: async ({ state, labels }) => {
      const all = await listed(caller, `${root}/issues`, shape.issue, { state, labels });
      return all.filter(({ pull_request }) => pull_request === undefined);
    },
    comments: (issue) => listed(caller, `${root}/issues/${issue}/comments`, shape.comment),
    labelEvents: async (issue) => {
      const all = await listed(caller, `${root}/issues/${issue}/events`, shape.issueEvent);
      return all.flatMap(({ label, event, ...rest }) =>
        label && (event === "labeled" || event === "unlabeled") ? [{ ...rest, event, label: label.name ?? "" }] : [],
      );
    },
    permissionOf: async (login) =>
      (await unlessMissing(get(`/collaborators/${encodeURIComponent(login)}/permission`, shape.permission)))
        ?.permission,
    statuses: (sha) => listed(caller, `${root}/commits/${sha}/statuses`, shape.status),
    pull: (number) => unlessMissing(get(`/pulls/${number}`, shape.pullSource)),
    openPulls: () => listed(caller, `${root}/pulls`, shape.pullSource, { state: "open" }),
    file: async (path) => {
      const found = await unlessMissing(get(`/contents/${pathOf(...path.split("/")).slice(1)}`, shape.file));
      return found && Buffer.from(found.content, "base64").toString("utf8");
    },
    git: gitReader(caller, owner, root),
    history: historyReader(caller, owner, name, root),
  };
}

/** Reads and writes of one repository. */
export function repositoryClient(caller: Caller, owner: string, name: string): RepositoryClient {
  const root = pathOf("repos", owner, name);
  const send = async (method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: object) => {
    await caller.send({ method, path: root + path, body, answer: z.unknown() });
  };
  return {
    ...repositoryReader(caller, owner, name),
    git: gitClient(caller, owner, root),
    setSecret: async (name, value, environment) => {
      const secrets = `${holderOf(environment)}/secrets`;
      const path = `${root}${secrets}/public-key`;
      const { key_id, key } = (await caller.send({ method: "GET", path, answer: shape.publicKey })).value;
      await send("PUT", `${secrets}/${encodeURIComponent(name)}`, { key_id, encrypted_value: await seal(key, value) });
    },
    setActionsPermissions: (wanted) => send("PUT", "/actions/permissions", wanted),
    setEnforceAdmins: (branch, on) =>
      send(on ? "POST" : "DELETE", `/branches/${encodeURIComponent(branch)}/protection/enforce_admins`),
    createIssue: async (body) =>
      (await caller.send({ method: "POST", path: `${root}/issues`, body, answer: shape.issue })).value,
    comment: (issue, body) => send("POST", `/issues/${issue}/comments`, { body }),
    changeComment: (id, body) => send("PATCH", `/issues/comments/${id}`, { body }),
    setStatus: async (sha, body) =>
      (await caller.send({ method: "POST", path: `${root}/statuses/${sha}`, body, answer: shape.status })).value,
    deleteComment: (id) => send("DELETE", `/issues/comments/${id}`),
    changeIssue: (issue, change) => send("PATCH", `/issues/${issue}`, change),
    closeIssue: (issue) => send("PATCH", `/issues/${issue}`, { state: "closed", state_reason: "completed" }),
  };
}

/**
 * undefined where GitHub says in these words that something is off. Any other 404 is an error: that is also how it answers a token which
 * may not look.
 */
async function unlessSaid<T>(promise: Promise<T>, words: RegExp): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof GithubError && error.kind === "not-found" && words.test(error.githubMessage)) return undefined;
    throw error;
  }
}

/** Path below a repository of what holds secrets and variables: one of its environments, or Actions as a whole. */
const holderOf = (environment: string | undefined): string =>
  environment === undefined ? "/actions" : `/environments/${encodeURIComponent(environment)}`;

/** A path of encoded parts, with leading slash. */
export const pathOf = (...parts: readonly string[]): string =>
  parts.map((part) => `/${encodeURIComponent(part)}`).join("");

/** Only GraphQL lists classic rules; REST knows them by branch. */
async function protectionPatterns(caller: Caller, owner: string, name: string): Promise<readonly string[]> {
  const text = `query($owner: String!, $name: String!, $after: String) {
    repository(owner: $owner, name: $name) {
      branchProtectionRules(first: 100, after: $after) { nodes { pattern } pageInfo { hasNextPage endCursor } }
    }
  }`;
  const patterns: string[] = [];
  for (let after: string | null = null; ; ) {
    const page: z.output<typeof shape.protectionPatterns> = await query(
      caller,
      text,
      { owner, name, after },
      shape.protectionPatterns,
    );
    const { nodes, pageInfo } = page.repository.branchProtectionRules;
    patterns.push(...(nodes ?? []).flatMap((node) => node?.pattern ?? []));
    if (!pageInfo.hasNextPage) return patterns;
    after = pageInfo.endCursor;
  }
}
