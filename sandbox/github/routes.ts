import { createHash } from "node:crypto";
import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import type { World } from "../world";
import { userRoutes } from "./account";
import { actionSettingRoutes } from "./action-setting";
import { appRoutes } from "./app";
import { requireAsker, requirePermission, sees } from "./asker";
import { branchRoutes } from "./branch";
import { checkRoutes } from "./check";
import { collaboratorRoutes } from "./collaborator";
import { contentRoutes } from "./content";
import { apiUrl, type GithubContext, type GithubEnv } from "./context";
import { deploymentRoutes } from "./deployment";
import { environmentRoutes, getEnvironment } from "./environment";
import { GithubError, missing, refused } from "./error";
import { gitDataRoutes } from "./git-data";
import { hookRoutes } from "./hook";
import { issueRoutes } from "./issue";
import { jobRoutes } from "./job-log";
import { autolinkRoutes, keyRoutes } from "./key";
import { labelRoutes } from "./label";
import { organizationRoutes } from "./organization";
import { requiredPermission } from "./permission";
import { policyRoutes } from "./policy";
import { protectionRoutes } from "./protection";
import { pullRoutes } from "./pull";
import { releaseRoutes } from "./release";
import { repositoryRoutes } from "./repository";
import { reviewRoutes } from "./review";
import { rulesetRoutes } from "./ruleset";
import { runRoutes } from "./run";
import { approvalRoutes } from "./run-approval";
import { type Holder, secretRoutes } from "./secret";
import { secretAlertRoutes } from "./secret-alert";
import { findRepository, repositoryById } from "./state";
import { teamRoutes } from "./team";
import { threadRoutes } from "./thread";
import { variableRoutes } from "./variable";

/** GitHub's REST API, below `/api/v3`. */
export function githubRoutes(world: World) {
  const secrets = (holder: (c: GithubContext) => Holder) => secretRoutes(world, holder);
  const variables = (holder: (c: GithubContext) => Holder) => variableRoutes(world, holder);
  const own = (c: GithubContext) => c.get("repository");
  const repository = new Hono<GithubEnv>()
    .use("*", repositoryScope(world))
    .route("/", repositoryRoutes(world))
    .route("/", rulesetRoutes(world))
    .route("/", branchRoutes(world))
    .route("/", contentRoutes(world))
    .route("/git", gitDataRoutes(world))
    .route("/", collaboratorRoutes(world))
    .route("/labels", labelRoutes(world))
    .route("/branches/:branch/protection", protectionRoutes(world))
    .route("/environments", environmentRoutes(world))
    .route("/environments/:environment/deployment-branch-policies", policyRoutes(world))
    .route("/environments/:environment/secrets", secrets(getEnvironment))
    .route("/environments/:environment/variables", variables(getEnvironment))
    .route("/actions/secrets", secrets(own))
    .route("/actions/variables", variables(own))
    .route("/actions/permissions", actionSettingRoutes(world))
    .route("/actions", runRoutes(world))
    .route("/actions/jobs", jobRoutes())
    .route("/actions", approvalRoutes(world))
    .route("/issues", issueRoutes(world))
    .route("/pulls", pullRoutes(world))
    .route("/pulls", reviewRoutes(world))
    .route("/pulls", threadRoutes(world))
    .route("/", checkRoutes(world))
    .route("/deployments", deploymentRoutes(world))
    .route("/releases", releaseRoutes(world))
    .route("/secret-scanning", secretAlertRoutes(world))
    .route("/hooks", hookRoutes(world))
    .route("/keys", keyRoutes(world))
    .route("/autolinks", autolinkRoutes(world));
  const routes = new Hono<GithubEnv>()
    .use("*", headers(world))
    .route("/", appRoutes(world))
    .use("*", entry(world))
    .get("/", (c) => c.json({ current_user_url: apiUrl(c, "/user") }))
    .route("/", organizationRoutes(world))
    .route("/", userRoutes(world))
    .route("/", teamRoutes(world))
    .route("/repos/:owner/:name", repository)
    .route("/repositories/:repository_id{[0-9]+}", repository)
    .all("*", (c) => {
      throw new GithubError(501, `not_emulated: ${c.req.method} ${c.req.path}. Known routes: GET /_sandbox/routes.`);
    });
  routes.onError((error, c) => {
    if (error instanceof GithubError) return c.json(error.body(), error.status, { ...error.headers });
    return c.json({ message: `the sandbox failed: ${error.stack ?? error.message}`, documentation_url: "" }, 500);
  });
  return routes;
}

/** Request id on every answer, and a weak ETag with 304 where the sandbox is told to. */
function headers(world: World) {
  return createMiddleware<GithubEnv>(async (c, next) => {
    await next();
    c.header("X-GitHub-Request-Id", c.get("requestId"));
    c.header("X-GitHub-Api-Version-Selected", "2022-11-28");
    const asker = c.get("asker");
    if (asker?.token.kind === "classic") c.header("X-OAuth-Scopes", asker.token.scopes.join(", "));
    if (world.mode.etag && c.req.method === "GET" && c.res.status === 200) await tag(c);
  });
}

async function tag(c: GithubContext): Promise<void> {
  const body = await c.res.clone().text();
  const etag = `W/"${createHash("sha256").update(body).digest("hex")}"`;
  c.header("ETag", etag);
  if (c.req.header("If-None-Match") !== etag) return;
  const { headers } = c.res;
  headers.delete("content-type");
  c.res = new Response(null, { status: 304, headers });
}

/** Lets known tokens pass, and no write in read-only mode. */
function entry(world: World) {
  return createMiddleware<GithubEnv>(async (c, next) => {
    c.set("asker", requireAsker(world, c.req.header("Authorization")));
    if (c.req.method !== "GET" && world.mode.readOnly) throw refused("The sandbox is in read-only mode.");
    await next();
  });
}

/** Finds the repository, by name or by id, and checks that the token may do this with it. */
function repositoryScope(world: World) {
  return createMiddleware<GithubEnv>(async (c, next) => {
    const { github } = world.store.state;
    const [owner, name, repository_id] = ["owner", "name", "repository_id"].map((key) => c.req.param(key));
    const repository = repository_id
      ? repositoryById(github, Number(repository_id))
      : findRepository(github, owner ?? "", name ?? "");
    const asker = c.get("asker");
    if (!repository || !sees(world, asker, repository)) throw missing();
    const [, rest = ""] = /\/(?:repos\/[^/]+\/[^/]+|repositories\/\d+)(.*)$/.exec(new URL(c.req.url).pathname) ?? [];
    requirePermission(world, asker, repository, requiredPermission(c.req.method, rest));
    const isSettings = rest === "" && c.req.method !== "GET";
    if (repository.settings.archived && c.req.method !== "GET" && !isSettings) {
      throw refused("Repository was archived so is read-only.");
    }
    c.set("repository", repository);
    await next();
  });
}
