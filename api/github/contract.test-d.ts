import type { components } from "@octokit/openapi-types";
import type { z } from "zod";
import type * as shape from "./shape";

type Schemas = components["schemas"];
/** Does not compile unless what GitHub publishes is what our shape takes in. */
type Reads<Published extends z.input<Shape>, Shape extends z.ZodType> = [Published, Shape];

/** What the client reads, held to GitHub's published document. */
export type Held = [
  Reads<Schemas["full-repository"], typeof shape.repository>,
  Reads<Schemas["repository-ruleset"], typeof shape.rulesetSummary>,
  Reads<Schemas["environment"], typeof shape.environment>,
  Reads<Schemas["actions-secret"], typeof shape.secret>,
  Reads<Schemas["actions-public-key"], typeof shape.publicKey>,
  Reads<Schemas["actions-variable"], typeof shape.variable>,
  Reads<Schemas["label"], typeof shape.label>,
  Reads<Schemas["actions-repository-permissions"], typeof shape.actionsPermissions>,
  Reads<Schemas["selected-actions"], typeof shape.selectedActions>,
  Reads<Schemas["actions-get-default-workflow-permissions"], typeof shape.workflowPermissions>,
  Reads<Schemas["hook"], typeof shape.hook>,
  Reads<Schemas["deploy-key"], typeof shape.deployKey>,
  Reads<Schemas["autolink"], typeof shape.autolink>,
  Reads<Schemas["collaborator"], typeof shape.collaborator>,
  Reads<Schemas["team"], typeof shape.repositoryTeam>,
  Reads<Schemas["team-full"], typeof shape.team>,
  Reads<Schemas["simple-user"], typeof shape.user>,
  Reads<Schemas["rule-suites"][number], typeof shape.ruleSuite>,
  Reads<Schemas["check-run"], typeof shape.checkRun>,
  Reads<Schemas["issue"], typeof shape.issue>,
];
