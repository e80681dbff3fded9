import { secret } from "../model/expression";
import { use } from "../model/step";

/** What a plan of the stacks `github` and `workflows` reads. */
const reads = {
  "permission-actions": "read",
  "permission-administration": "read",
  "permission-contents": "read",
  "permission-environments": "read",
  "permission-issues": "read",
  "permission-members": "read",
  "permission-pull-requests": "read",
  "permission-repository-hooks": "read",
  "permission-secrets": "read",
} as const;

/** What an apply of them writes besides. */
const writes = {
  "permission-administration": "write",
  "permission-contents": "write",
  "permission-environments": "write",
  "permission-issues": "write",
  "permission-pull-requests": "write",
  "permission-workflows": "write",
} as const;

/**
 * A token of our GitHub App for this repository, which ends with the job: what a job's own token can never do is to read the settings of the
 * repository, or to write workflow files. The job names the environment `infrastructure`.
 *
 * @param access "read" for plans, "write" for applies
 */
export const appToken = (access: "read" | "write") =>
  use(
    "Get a token of the GitHub App",
    "actions/create-github-app-token",
    {
      "client-id": secret("INFRA_APP_ID"),
      "private-key": secret("INFRA_APP_KEY"),
      ...reads,
      ...(access === "write" && writes),
    },
    // The action knows no input for variables of repositories, and passes on what its environment says (its issue 231, read 2026-11).
    { id: "app", env: { "INPUT_PERMISSION-VARIABLES": access } },
  );
