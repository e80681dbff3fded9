/** Events that start a workflow. */
export type EventName = "push" | "pull_request" | "merge_group" | "schedule" | "workflow_dispatch";

type Json = Readonly<Record<string, unknown>>;

/**
 * Payload of an event as GitHub sends it, as far as workflows read it: a push to main, a pull request (number 7) from a branch of the same
 * repository, a manual run on main.
 *
 * @param over laid over it, object by object; "@head" becomes the commit, "@base" the one before
 */
export function eventOf(
  event: EventName,
  { head, base, inputs, over }: { head: string; base: string; inputs: Readonly<Record<string, string>>; over: Json },
): Json {
  const payload = merged({ repository, ...byEvent(inputs)[event] }, over);
  return JSON.parse(JSON.stringify(payload).replaceAll("@head", head).replaceAll("@base", base)) as Json;
}

/** What GitHub says of a run in env vars. Without them act asks the repository, thousands of times. */
export function identityOf(event: EventName, payload: Json, head: string): Readonly<Record<string, string>> {
  const ref = event === "pull_request" ? `refs/pull/${payload.number}/merge` : (payload.ref ?? "refs/heads/main");
  return {
    GITHUB_REF: String(ref),
    GITHUB_SHA: head,
    GITHUB_REPOSITORY: repository.full_name,
    GITHUB_REPOSITORY_OWNER: repository.owner.login,
    GITHUB_RUN_ID: "4242",
  };
}

const repository = {
  name: "hotdash",
  full_name: "hotdash/hotdash",
  default_branch: "main",
  owner: { login: "hotdash" },
};

const byEvent = (inputs: Json): Readonly<Record<EventName, Json>> => ({
  push: {
    ref: "refs/heads/main",
    before: "0".repeat(40),
    after: "@head",
    head_commit: { id: "@head", message: "Add a feature" },
  },
  pull_request: {
    action: "opened",
    number: 7,
    pull_request: {
      number: 7,
      title: "Add a feature",
      body: "Fixes #1",
      merged: false,
      user: { login: "octocat" },
      head: { ref: "feature", sha: "@head", repo: { full_name: "hotdash/hotdash" } },
      base: { ref: "main", sha: "@base", repo: { full_name: "hotdash/hotdash" } },
    },
  },
  merge_group: { action: "checks_requested", merge_group: { head_sha: "@head", base_ref: "refs/heads/main" } },
  schedule: { schedule: "7 3 * * *" },
  workflow_dispatch: { ref: "refs/heads/main", inputs },
});

function merged(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over;
  const keys = Object.keys(over).map((key) => [key, key in base ? merged(base[key], over[key]) : over[key]]);
  return { ...base, ...Object.fromEntries(keys) };
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
