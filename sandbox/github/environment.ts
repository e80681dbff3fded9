import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { simpleUser } from "./account";
import { at, type GithubContext, type GithubEnv, pageUrl, readJson, record, repositoryUrl } from "./context";
import { missing, unprocessable } from "./error";
import { nodeId } from "./node-id";
import type { EnvironmentRow } from "./row";
import { findOrganization } from "./state";
import { listedTeam } from "./team-view";

const environmentBody = z.object({
  wait_timer: z.int().min(0).max(43_200).nullish(),
  prevent_self_review: z.boolean().nullish(),
  can_admins_bypass: z.boolean().nullish(),
  reviewers: z.array(z.object({ type: z.enum(["User", "Team"]), id: z.int() })).nullish(),
  deployment_branch_policy: z
    .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
    .nullish(),
});

/** GitHub environments and which branches and tags may deploy to them. */
export function environmentRoutes(world: World) {
  return new Hono<GithubEnv>()
    .get("/", (c) => {
      const all = [...c.get("repository").environments.values()];
      // No Link header: a client is known to follow it for ever.
      const [size, number] = [Number(c.req.query("per_page") ?? 30), Number(c.req.query("page") ?? 1)];
      const shown = all.slice((number - 1) * size, number * size);
      return c.json({ total_count: all.length, environments: shown.map((row) => environmentView(world, c, row)) });
    })
    .get("/:environment", (c) => c.json(environmentView(world, c, getEnvironment(c))))
    .put("/:environment", async (c) => {
      const row = put(world, c, await readJson(c, environmentBody));
      return c.json(environmentView(world, c, row));
    })
    .delete("/:environment", (c) => {
      const { name } = getEnvironment(c);
      c.get("repository").environments.delete(name);
      record(world, c, "environment.delete", name);
      return c.body(null, 204);
    });
}

/** The environment of the path. @throws 404 */
export function getEnvironment(c: GithubContext): EnvironmentRow {
  const row = c.get("repository").environments.get(c.req.param("environment") ?? "");
  if (!row) throw missing();
  return row;
}

function put(world: World, c: GithubContext, body: z.output<typeof environmentBody>): EnvironmentRow {
  const { environments } = c.get("repository");
  const name = c.req.param("environment") ?? "";
  const policy = body.deployment_branch_policy ?? null;
  checkPlan(world, c, body);
  if (policy && policy.protected_branches === policy.custom_branch_policies) {
    throw unprocessable("Validation Failed", [
      "protected_branches and custom_branch_policies cannot have the same value",
    ]);
  }
  const reviewers = body.reviewers ?? [];
  if (reviewers.length > 6) throw unprocessable("Validation Failed", ["Up to 6 reviewers are allowed."]);
  const unknown = reviewers.filter(({ type, id }) => !isKnown(world, type, id));
  if (unknown.length > 0) {
    throw unprocessable(
      "Validation Failed",
      unknown.map(({ type, id }) => `${type} ${id} is not a valid reviewer`),
    );
  }
  const now = world.clock.now();
  const before = environments.get(name);
  const made = { id: world.ids.number(), createdAt: now, secrets: new Map(), variables: new Map() };
  const keepsPolicies = policy?.custom_branch_policies && before;
  const row: EnvironmentRow = {
    ...(before ?? made),
    name,
    waitTimer: body.wait_timer ?? 0,
    preventSelfReview: body.prevent_self_review ?? false,
    canAdminsBypass: body.can_admins_bypass ?? true,
    reviewers,
    policy,
    branchPolicies: keepsPolicies ? before.branchPolicies : new Map(),
    updatedAt: now,
  };
  environments.set(name, row);
  record(world, c, before ? "environment.update_protection_rule" : "environment.create", name);
  return row;
}

function checkPlan(world: World, c: GithubContext, body: z.output<typeof environmentBody>): void {
  const { owner, settings } = c.get("repository");
  const plan = findOrganization(world.store.state.github, owner)?.plan ?? "free";
  if (settings.visibility === "public" || plan === "enterprise") return;
  const sent = ["wait_timer", "reviewers", "prevent_self_review", "can_admins_bypass"].some((key) => key in body);
  if (sent) {
    throw unprocessable(
      "Failed to create the environment protection rule. Please ensure the billing plan supports the required reviewers protection rule.",
    );
  }
}

function isKnown(world: World, type: "User" | "Team", id: number): boolean {
  const { users, teams } = world.store.state.github;
  return type === "Team" ? teams.has(id) : [...users.values()].some((user) => user.id === id);
}

/** An environment as the REST API shows it; a rule that is not set is left out. */
export function environmentView(world: World, c: GithubContext, row: EnvironmentRow) {
  const repository = c.get("repository");
  const { id, name, waitTimer, preventSelfReview, reviewers, policy, canAdminsBypass, createdAt, updatedAt } = row;
  const rule = (offset: number, type: string) => ({
    id: id * 10 + offset,
    node_id: nodeId("Gate", id * 10 + offset),
    type,
  });
  const path = encodeURIComponent(name);
  return {
    id,
    node_id: nodeId("Environment", id),
    name,
    url: repositoryUrl(c, repository, `/environments/${path}`),
    html_url: pageUrl(repository, `/deployments/activity_log?environments_filter=${path}`),
    created_at: at(createdAt),
    updated_at: at(updatedAt),
    can_admins_bypass: canAdminsBypass,
    protection_rules: [
      ...(waitTimer > 0 ? [{ ...rule(1, "wait_timer"), wait_timer: waitTimer }] : []),
      ...(reviewers.length > 0
        ? [
            {
              ...rule(2, "required_reviewers"),
              prevent_self_review: preventSelfReview,
              reviewers: reviewers.map((reviewer) => ({
                type: reviewer.type,
                reviewer: reviewerView(world, c, reviewer),
              })),
            },
          ]
        : []),
      ...(policy ? [rule(3, "branch_policy")] : []),
    ],
    deployment_branch_policy: policy,
  };
}

/** A user or a team that may approve. */
export function reviewerView(world: World, c: GithubContext, { type, id }: EnvironmentRow["reviewers"][number]) {
  const { github } = world.store.state;
  const team = type === "Team" ? github.teams.get(id) : undefined;
  if (team) return listedTeam(github, c, team);
  return simpleUser(github, c, [...github.users.values()].find((user) => user.id === id)?.login ?? "ghost");
}
