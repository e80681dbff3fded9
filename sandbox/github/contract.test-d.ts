import type { components } from "@octokit/openapi-types";
import type { organizationView } from "./account";
import type { branchView } from "./branch";
import type { runView as checkRunView, statusView } from "./check";
import type { changeView, commitView, commitWithFiles, gitCommit } from "./commit-view";
import type { statusView as deploymentStatusView, deploymentView } from "./deployment";
import type { environmentView } from "./environment";
import type { hookView } from "./hook";
import type { issueEventView } from "./issue-event";
import type { commentView, issueView } from "./issue-view";
import type { labelView } from "./label";
import type { protectionView } from "./protection";
import type { pullView, shortPull } from "./pull-view";
import type { releaseView } from "./release";
import type { fullRepository, listedRepository, minimalRepository, repositoryView } from "./repository-view";
import type { reviewView } from "./review";
import type { rulesetView } from "./ruleset";
import type { cacheView, jobView, runView, workflowView } from "./run-view";
import type { alertView } from "./secret-alert";
import type { fullTeam, listedTeam, teamView } from "./team-view";
import type { commentView as threadCommentView } from "./thread";

type Schemas = components["schemas"];
type View<Make extends (...given: never[]) => unknown> = ReturnType<Make>;
/** Does not compile unless the first is one of the second. */
type Is<Given extends Published, Published> = [Given, Published];
/** The same without some members, which only `npm run contract` compares. */
type But<Given extends Omit<Published, Member>, Published, Member extends keyof Published> = [Given, Published];

/** What the REST API shows, held to GitHub's published document. */
export type Held = [
  Is<View<typeof labelView>, Schemas["label"]>,
  Is<View<typeof commentView>, Schemas["issue-comment"]>,
  Is<View<typeof issueView>, Schemas["issue"]>,
  Is<View<typeof issueEventView>, Schemas["issue-event"]>,
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
  Is<View<typeof cacheView>, Schemas["actions-cache-list"]["actions_caches"][number]>,
  Is<View<typeof teamView>, Schemas["team-simple"]>,
  Is<View<typeof fullTeam>, Schemas["team-full"]>,
  Is<View<typeof listedTeam>, Schemas["team"]>,
  Is<View<typeof listedRepository>, Schemas["minimal-repository"]>,
  Is<View<typeof repositoryView>, Schemas["repository"]>,
  Is<View<typeof branchView>, Schemas["branch-with-protection"]>,
  Is<View<typeof changeView>, Schemas["diff-entry"]>,
  But<View<typeof protectionView>, Schemas["branch-protection"], "restrictions">,
  But<View<typeof rulesetView>, Schemas["repository-ruleset"], "rules">,
  Is<View<typeof environmentView>, Schemas["environment"]>,
  Is<View<typeof deploymentView>, Schemas["deployment"]>,
  Is<View<typeof deploymentStatusView>, Schemas["deployment-status"]>,
  Is<View<typeof pullView>, Schemas["pull-request"]>,
  But<View<typeof shortPull>, Schemas["pull-request-simple"], "labels">,
  But<View<typeof checkRunView>, Schemas["check-run"], "status" | "conclusion">,
  Is<View<typeof statusView>, Schemas["status"]>,
  Is<View<typeof releaseView>, Schemas["release"]>,
  Is<View<typeof hookView>, Schemas["hook"]>,
  Is<View<typeof alertView>, Schemas["secret-scanning-alert"]>,
];
