import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { type GithubEnv, readJson, record, repositoryUrl } from "./context";
import { GithubError } from "./error";

/** What Actions may do, below `/actions/permissions`. */
export function actionSettingRoutes(world: World) {
  return new Hono<GithubEnv>()
    .get("/", (c) => {
      const { enabled, allowed, shaPinning } = c.get("repository").actions;
      const selected = repositoryUrl(c, c.get("repository"), "/actions/permissions/selected-actions");
      return c.json({
        enabled,
        ...(enabled && { allowed_actions: allowed, selected_actions_url: selected }),
        sha_pinning_required: shaPinning,
      });
    })
    .put("/", async (c) => {
      const schema = z.object({
        enabled: z.boolean(),
        allowed_actions: z.enum(["all", "local_only", "selected"]).optional(),
        sha_pinning_required: z.boolean().optional(),
      });
      const { enabled, allowed_actions, sha_pinning_required } = await readJson(c, schema);
      const { actions } = c.get("repository");
      Object.assign(actions, { enabled }, allowed_actions && { allowed: allowed_actions });
      if (sha_pinning_required !== undefined) actions.shaPinning = sha_pinning_required;
      record(world, c, "repo.actions_enabled");
      return c.body(null, 204);
    })
    .get("/selected-actions", (c) => {
      const { allowed, selected } = c.get("repository").actions;
      if (allowed !== "selected") throw new GithubError(409, "Selected actions are not enabled for this repository.");
      return c.json(selected);
    })
    .put("/selected-actions", async (c) => {
      const schema = z.object({
        github_owned_allowed: z.boolean().optional(),
        verified_allowed: z.boolean().optional(),
        patterns_allowed: z.array(z.string()).optional(),
      });
      const { actions } = c.get("repository");
      if (actions.allowed !== "selected")
        throw new GithubError(409, "Selected actions are not enabled for this repository.");
      Object.assign(actions.selected, await readJson(c, schema));
      record(world, c, "repo.set_actions_allowed");
      return c.body(null, 204);
    })
    .get("/workflow", (c) => {
      const { defaultToken, canApprove } = c.get("repository").actions;
      return c.json({ default_workflow_permissions: defaultToken, can_approve_pull_request_reviews: canApprove });
    })
    .put("/workflow", async (c) => {
      const schema = z.object({
        default_workflow_permissions: z.enum(["read", "write"]).optional(),
        can_approve_pull_request_reviews: z.boolean().optional(),
      });
      const body = await readJson(c, schema);
      const { actions } = c.get("repository");
      actions.defaultToken = body.default_workflow_permissions ?? actions.defaultToken;
      actions.canApprove = body.can_approve_pull_request_reviews ?? actions.canApprove;
      record(world, c, "repo.set_default_workflow_permissions");
      return c.body(null, 204);
    });
}
