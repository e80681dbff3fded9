import { createHarness, type Harness } from "../harness";
import type { SandboxOptions } from "../index";

/** Asks GitHub's REST API about `hotdash/hotdash`, in process. */
export interface GithubHarness extends Pick<Harness, "sandbox"> {
  /**
   * @param path after `/repos/hotdash/hotdash`; one that begins with `//` stands for itself
   * @param token default: the owner's
   * @param accept media type, where an answer depends on it
   */
  ask(method: string, path: string, body?: unknown, token?: string, accept?: string): ReturnType<Harness["call"]>;
  /** Commits one file to a branch that is made from main where there is none. @returns the commit */
  commit(branch: string, path: string): Promise<string>;
  /** Makes an active ruleset for main. */
  protect(rules: readonly object[], more?: object): Promise<number>;
  query(text: string, variables?: object): Promise<{ data?: unknown; errors?: { message: string; type?: string }[] }>;
}

/** For tests of GitHub's side. */
export function createGithubHarness(options: SandboxOptions = {}): GithubHarness {
  const { sandbox, call } = createHarness(options);
  const harness: GithubHarness = {
    sandbox,
    ask(method, path, body, token = "ghp_sandbox_admin", accept = "application/json") {
      const full = path.startsWith("//") ? path.slice(1) : `/repos/hotdash/hotdash${path}`;
      return call(method, `/api/v3${full.replace(/^\/$/, "")}`, body, { authorization: `Bearer ${token}`, accept });
    },
    async commit(branch, path) {
      const { object } = (await harness.ask("GET", "/git/ref/heads/main")).body;
      await harness.ask("POST", "/git/refs", { ref: `refs/heads/${branch}`, sha: object.sha });
      const body = { message: `Write ${path}`, content: Buffer.from(path).toString("base64"), branch };
      return (await harness.ask("PUT", `/contents/${path}`, body)).body.commit.sha;
    },
    async protect(rules, more = {}) {
      const conditions = { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } };
      const body = { name: "main", enforcement: "active", target: "branch", conditions, rules, ...more };
      return (await harness.ask("POST", "/rulesets", body)).body.id;
    },
    async query(query, variables = {}) {
      const headers = { authorization: "Bearer ghp_sandbox_admin" };
      return (await call("POST", "/api/graphql", { query, variables }, headers)).body;
    },
  };
  return harness;
}

/** A rule that asks for a pull request with one approval. */
export const pullRule = {
  type: "pull_request",
  parameters: {
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_approving_review_count: 1,
    required_review_thread_resolution: false,
  },
};

/** A rule that asks for one check, of the Actions app unless told otherwise. */
export const checkRule = (context: string, integration_id: number | undefined = 15368) => ({
  type: "required_status_checks",
  parameters: {
    strict_required_status_checks_policy: false,
    required_status_checks: [{ context, ...(integration_id && { integration_id }) }],
  },
});
