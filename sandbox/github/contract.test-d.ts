import type { components } from "@octokit/openapi-types";
import type { organizationView } from "./account";
import type { commitView, commitWithFiles, gitCommit } from "./commit-view";
import type { commentView, issueView } from "./issue-view";
import type { labelView } from "./label";
import type { fullRepository, minimalRepository } from "./repository-view";
import type { reviewView } from "./review";
import type { jobView, runView, workflowView } from "./run-view";
import type { fullTeam, teamView } from "./team-view";
import type { commentView as threadCommentView } from "./thread";

type Schemas = components["schemas"];
type View<Make extends (...given: never[]) => unknown> = ReturnType<Make>;
/** Does not compile unless the first is one of the second. */
type Is<Given extends Published, Published> = [Given, Published];

/** What the REST API shows, held to GitHub's published document. */
export type Held = [
  Is<View<typeof labelView>, Schemas["label"]>,
  Is<View<typeof commentView>, Schemas["issue-comment"]>,
  Is<View<typeof issueView>, Schemas["issue"]>,
  Is<View<typeof threadCommentView>, Schemas["pull-request-review-comment"]>,
  Is<View<typeof reviewView>, Schemas["pull-request-review"]>,
  Is<View<typeof commitView>, Schemas["commit"]>,
  Is<View<typeof commitWithFiles>, Schemas["commit"]>,
  Is<View<typeof gitCommit>, Schemas["git-commit"]>,
  Is<View<typeof organizationView>, Schemas["organization-full"]>,
  Is<View<typeof minimalRepository>, Schemas["minimal-repository"]>,
  Is<View<typeof fullRepository>, Schemas["full-repository"]>,
  Is<View<typeof workflowView>, Schemas["workflow"]>,
  Is<View<typeof runView>, Schemas["workflow-run"]>,
  Is<View<typeof jobView>, Schemas["job"]>,
  Is<View<typeof teamView>, Schemas["team-simple"]>,
  Is<View<typeof fullTeam>, Schemas["team-full"]>,
];
