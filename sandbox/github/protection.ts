import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { appView, simpleUser } from "./account";
import { branchOf } from "./branch";
import { type GithubContext, type GithubEnv, readJson, record, repositoryUrl } from "./context";
import { missing, unprocessable } from "./error";
import type { ActorNames, ProtectionRow } from "./row";
import { findTeam, roleOf } from "./state";
import { listedTeam } from "./team-view";

const names = z.object({
  users: z.array(z.string()).default([]),
  teams: z.array(z.string()).default([]),
  apps: z.array(z.string()).default([]),
});
const check = z.object({ context: z.string(), app_id: z.int().nullish() });
const protectionBody = z.object({
  required_status_checks: z
    .object({
      strict: z.boolean().default(false),
      contexts: z.array(z.string()).default([]),
      checks: z.array(check).nullish(),
    })
    .nullable(),
  enforce_admins: z.boolean().nullable(),
  required_pull_request_reviews: z
    .object({
      dismissal_restrictions: names.partial().nullish(),
      dismiss_stale_reviews: z.boolean().default(false),
      require_code_owner_reviews: z.boolean().default(false),
      required_approving_review_count: z.int().min(0).max(6).default(1),
      require_last_push_approval: z.boolean().default(false),
      bypass_pull_request_allowances: names.partial().nullish(),
    })
    .nullable(),
  restrictions: names.nullable(),
  required_linear_history: z.boolean().nullish(),
  allow_force_pushes: z.boolean().nullish(),
  allow_deletions: z.boolean().nullish(),
  block_creations: z.boolean().nullish(),
  required_conversation_resolution: z.boolean().nullish(),
  lock_branch: z.boolean().nullish(),
});

/** Nobody. */
export const noActors = (): ActorNames => ({ users: [], teams: [], apps: [] });

/** Classic protection of one branch; the same rows as in GraphQL. */
export function protectionRoutes(world: World) {
  const own = (c: GithubContext): ProtectionRow => {
    const row = c.get("repository").protections.get(branchOf(c));
    if (!row) throw missing("Branch not protected");
    return row;
  };
  const signatures = (c: GithubContext, enabled: boolean) => ({
    url: repositoryUrl(c, c.get("repository"), `/branches/${c.req.param("branch")}/protection/required_signatures`),
    enabled,
  });
  const admins = (c: GithubContext, enabled: boolean) => ({
    url: repositoryUrl(c, c.get("repository"), `/branches/${c.req.param("branch")}/protection/enforce_admins`),
    enabled,
  });
  return new Hono<GithubEnv>()
    .get("/", (c) => c.json(protectionView(world, c, own(c))))
    .put("/", async (c) => {
      const branch = branchOf(c);
      const row = fromBody(world, c, await readJson(c, protectionBody));
      c.get("repository").protections.set(branch, row);
      record(world, c, "protected_branch.update", branch);
      return c.json(protectionView(world, c, row));
    })
    .delete("/", (c) => {
      c.get("repository").protections.delete(own(c).pattern);
      record(world, c, "protected_branch.destroy", c.req.param("branch"));
      return c.body(null, 204);
    })
    .delete("/required_pull_request_reviews", (c) => {
      delete own(c).reviews;
      record(world, c, "protected_branch.update", c.req.param("branch"));
      return c.body(null, 204);
    })
    .get("/enforce_admins", (c) => c.json(admins(c, own(c).enforceAdmins)))
    .on(["POST", "DELETE"], "/enforce_admins", (c) => {
      own(c).enforceAdmins = c.req.method === "POST";
      record(world, c, "protected_branch.update_admin_enforced", c.req.param("branch"));
      return c.req.method === "POST" ? c.json(admins(c, true)) : c.body(null, 204);
    })
    .get("/required_signatures", (c) => c.json(signatures(c, own(c).signatures)))
    .on(["POST", "DELETE"], "/required_signatures", (c) => {
      own(c).signatures = c.req.method === "POST";
      record(world, c, "protected_branch.update_signature_requirement_enforcement_level", c.req.param("branch"));
      return c.req.method === "POST" ? c.json(signatures(c, true)) : c.body(null, 204);
    });
}

function fromBody(world: World, c: GithubContext, body: z.output<typeof protectionBody>): ProtectionRow {
  const { required_status_checks: checks, required_pull_request_reviews: reviews, restrictions } = body;
  const repository = c.get("repository");
  const before = repository.protections.get(c.req.param("branch") ?? "");
  // Actors without write access are dropped, as GitHub does.
  const actors = ({ users = [], teams = [], apps = [] }: Partial<ActorNames>): ActorNames => ({
    users: users.filter((login) => roleOf(world.store.state.github, repository, login)),
    teams: teams.filter((slug) => findTeam(world.store.state.github, repository.owner, slug)),
    apps,
  });
  const list = checks?.checks ?? checks?.contexts.map((context) => ({ context, app_id: null }));
  for (const { context, app_id } of list ?? []) {
    const isKnown = app_id == null || app_id === -1 || world.store.state.github.apps.has(app_id);
    if (!isKnown) throw unprocessable("Validation Failed", [`App ${app_id} of check '${context}' is not installed`]);
  }
  const bound = list?.map(({ context, app_id }) => ({ context, app_id: app_id && app_id > 0 ? app_id : null }));
  return {
    id: before?.id ?? world.ids.number(),
    pattern: c.req.param("branch") ?? "",
    enforceAdmins: body.enforce_admins ?? false,
    ...(checks && { statusChecks: { strict: checks.strict, checks: bound ?? [] } }),
    ...(reviews && {
      reviews: {
        count: reviews.required_approving_review_count,
        dismissStale: reviews.dismiss_stale_reviews,
        codeOwners: reviews.require_code_owner_reviews,
        lastPush: reviews.require_last_push_approval,
        ...(Object.keys(reviews.dismissal_restrictions ?? {}).length > 0 && {
          dismissal: actors(reviews.dismissal_restrictions ?? {}),
        }),
        bypass: actors(reviews.bypass_pull_request_allowances ?? {}),
      },
    }),
    ...(restrictions && { restrictions: actors(restrictions) }),
    blockCreations: body.block_creations ?? false,
    linearHistory: body.required_linear_history ?? false,
    allowForcePushes: body.allow_force_pushes ?? false,
    forcePushBypass: noActors(),
    allowDeletions: body.allow_deletions ?? false,
    conversationResolution: body.required_conversation_resolution ?? false,
    signatures: before?.signatures ?? false,
    lockBranch: body.lock_branch ?? false,
    creator: c.get("asker").login,
  };
}

/** Classic protection as the REST API shows it. */
export function protectionView(world: World, c: GithubContext, row: ProtectionRow) {
  const { github } = world.store.state;
  const repository = c.get("repository");
  const url = repositoryUrl(c, repository, `/branches/${encodeURIComponent(row.pattern)}/protection`);
  const places = (path: string) => ({
    url: `${url}/${path}`,
    users_url: `${url}/${path}/users`,
    teams_url: `${url}/${path}/teams`,
  });
  const actors = ({ users, teams, apps }: ActorNames) => ({
    users: users.map((login) => simpleUser(github, c, login)),
    teams: teams.flatMap((slug) => {
      const team = findTeam(github, repository.owner, slug);
      return team ? [listedTeam(github, c, team)] : [];
    }),
    apps: [...github.apps.values()].filter(({ slug }) => apps.includes(slug)).map((app) => appView(github, c, app)),
  });
  const { statusChecks, reviews, restrictions } = row;
  const on = (enabled: boolean) => ({ enabled });
  return {
    url,
    ...(statusChecks && {
      required_status_checks: {
        url: `${url}/required_status_checks`,
        strict: statusChecks.strict,
        contexts: statusChecks.checks.map(({ context }) => context),
        contexts_url: `${url}/required_status_checks/contexts`,
        checks: statusChecks.checks,
      },
    }),
    ...(reviews && {
      required_pull_request_reviews: {
        url: `${url}/required_pull_request_reviews`,
        dismiss_stale_reviews: reviews.dismissStale,
        require_code_owner_reviews: reviews.codeOwners,
        require_last_push_approval: reviews.lastPush,
        required_approving_review_count: reviews.count,
        ...(reviews.dismissal && {
          dismissal_restrictions: { ...places("dismissal_restrictions"), ...actors(reviews.dismissal) },
        }),
        bypass_pull_request_allowances: actors(reviews.bypass),
      },
    }),
    ...(restrictions && {
      restrictions: {
        ...places("restrictions"),
        apps_url: `${url}/restrictions/apps`,
        ...actors(restrictions),
      },
    }),
    required_signatures: { url: `${url}/required_signatures`, enabled: row.signatures },
    enforce_admins: { url: `${url}/enforce_admins`, enabled: row.enforceAdmins },
    required_linear_history: on(row.linearHistory),
    allow_force_pushes: on(row.allowForcePushes),
    allow_deletions: on(row.allowDeletions),
    block_creations: on(row.blockCreations),
    required_conversation_resolution: on(row.conversationResolution),
    lock_branch: on(row.lockBranch),
    allow_fork_syncing: on(false),
  };
}
