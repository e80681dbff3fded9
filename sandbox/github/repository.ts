import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { type GithubContext, type GithubEnv, readJson, record } from "./context";
import { badField, missing, unprocessable } from "./error";
import { fullRepository } from "./repository-view";
import type { RepositoryRow } from "./row";
import { findOrganization } from "./state";

const status = z.looseObject({ status: z.enum(["enabled", "disabled"]) });

/** Settings as a body may carry them; null leaves a setting alone. */
export const settingsBody = z
  .object({
    name: z.string(),
    description: z.string().nullable(),
    homepage: z.string().nullable(),
    visibility: z.enum(["public", "private", "internal"]),
    private: z.boolean(),
    default_branch: z.string(),
    has_issues: z.boolean(),
    has_projects: z.boolean(),
    has_wiki: z.boolean(),
    has_discussions: z.boolean(),
    has_downloads: z.boolean(),
    is_template: z.boolean(),
    archived: z.boolean(),
    allow_merge_commit: z.boolean(),
    allow_squash_merge: z.boolean(),
    allow_rebase_merge: z.boolean(),
    allow_auto_merge: z.boolean(),
    allow_update_branch: z.boolean(),
    allow_forking: z.boolean(),
    delete_branch_on_merge: z.boolean(),
    squash_merge_commit_title: z.enum(["PR_TITLE", "COMMIT_OR_PR_TITLE"]),
    squash_merge_commit_message: z.enum(["PR_BODY", "COMMIT_MESSAGES", "BLANK"]),
    merge_commit_title: z.enum(["PR_TITLE", "MERGE_MESSAGE"]),
    merge_commit_message: z.enum(["PR_BODY", "PR_TITLE", "BLANK"]),
    web_commit_signoff_required: z.boolean(),
    security_and_analysis: z.record(z.string(), status.nullable()).nullable(),
  })
  .partial();

const topicForm = /^[a-z0-9][a-z0-9-]{0,49}$/;

/** A repository's own calls, below `/repos/:owner/:name`. */
export function repositoryRoutes(world: World) {
  const { github } = world.store.state;
  return new Hono<GithubEnv>()
    .get("/", (c) => c.json(fullRepository(world, c, c.get("repository"))))
    .patch("/", async (c) => {
      change(world, c, await readJson(c, settingsBody));
      return c.json(fullRepository(world, c, c.get("repository")));
    })
    .delete("/", (c) => {
      const { owner, settings } = c.get("repository");
      world.store.state.github.repositories.delete(`${owner}/${settings.name}`.toLowerCase());
      record(world, c, "repo.destroy");
      return c.body(null, 204);
    })
    .get("/topics", (c) => c.json({ names: c.get("repository").topics }))
    .put("/topics", async (c) => {
      const { names } = await readJson(c, z.object({ names: z.array(z.string()) }));
      const bad = names.filter((name) => !topicForm.test(name.toLowerCase()));
      if (bad.length > 0 || names.length > 20) {
        throw unprocessable("Validation Failed", ["Topics: up to 20, of lower-case letters, digits and hyphens."]);
      }
      c.get("repository").topics = names.map((name) => name.toLowerCase());
      record(world, c, "repo.update_topics");
      return c.json({ names: c.get("repository").topics });
    })
    .get("/vulnerability-alerts", (c) => {
      if (!c.get("repository").vulnerabilityAlerts) throw missing("Vulnerability alerts are disabled.");
      return c.body(null, 204);
    })
    .on(["PUT", "DELETE"], "/vulnerability-alerts", (c) => {
      c.get("repository").vulnerabilityAlerts = c.req.method === "PUT";
      if (c.req.method === "DELETE") c.get("repository").automatedSecurityFixes = false;
      record(world, c, `repository_vulnerability_alerts.${c.req.method === "PUT" ? "enable" : "disable"}`);
      return c.body(null, 204);
    })
    .get("/automated-security-fixes", (c) =>
      c.json({ enabled: c.get("repository").automatedSecurityFixes, paused: false }),
    )
    .on(["PUT", "DELETE"], "/automated-security-fixes", (c) => {
      const on = c.req.method === "PUT";
      if (on && !c.get("repository").vulnerabilityAlerts) {
        throw unprocessable("Vulnerability alerts must be enabled to configure automated security fixes.");
      }
      c.get("repository").automatedSecurityFixes = on;
      record(world, c, `dependabot_security_updates.${on ? "enable" : "disable"}`);
      return c.body(null, 204);
    });

  function change(world: World, c: GithubContext, body: z.output<typeof settingsBody>): void {
    const repository = c.get("repository");
    const { security_and_analysis, name, private: isPrivate, ...wanted } = body;
    if (repository.settings.archived && wanted.archived !== false && !onlyArchived(body)) {
      throw unprocessable("Repository was archived so is read-only.");
    }
    checkSettings(repository, wanted);
    const visibility = wanted.visibility ?? (isPrivate === undefined ? undefined : isPrivate ? "private" : "public");
    if (security_and_analysis) setSecurity(repository, security_and_analysis, visibility);
    if (name !== undefined && name !== repository.settings.name) rename(c, repository, name);
    const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
    Object.assign(repository.settings, Object.fromEntries(given), visibility && { visibility });
    repository.updatedAt = world.clock.now();
    record(world, c, actionOf(body));
  }

  function setSecurity(
    repository: RepositoryRow,
    wanted: NonNullable<z.output<typeof settingsBody>["security_and_analysis"]>,
    visibility = repository.settings.visibility,
  ): void {
    if (visibility === "public" && wanted.advanced_security) {
      throw unprocessable("Advanced security is always available for public repos.");
    }
    const plan = findOrganization(github, repository.owner)?.plan;
    const on = Object.entries(wanted).filter(([, value]) => value?.status === "enabled");
    if (visibility !== "public" && plan !== "enterprise" && on.length > 0) {
      throw unprocessable("Secret scanning is not available for this repository.");
    }
    for (const [name, value] of Object.entries(wanted)) if (value) repository.security[name] = value.status;
    if (repository.security.secret_scanning === "disabled") {
      repository.security.secret_scanning_push_protection = "disabled";
    }
  }

  function rename(c: GithubContext, repository: RepositoryRow, name: string): void {
    if (!/^[\w.-]{1,100}$/.test(name)) throw badField("Repository", "name", "invalid");
    const before = `${repository.owner}/${repository.settings.name}`.toLowerCase();
    const after = `${repository.owner}/${name}`.toLowerCase();
    const { repositories, renamed } = world.store.state.github;
    if (after !== before && repositories.has(after)) {
      throw badField("Repository", "name", "custom", "name already exists on this account");
    }
    repositories.delete(before);
    repositories.set(after, repository);
    renamed.set(before, repository.id);
    repository.settings.name = name;
    record(world, c, "repo.rename", name);
  }
}

function checkSettings({ settings, refs }: RepositoryRow, wanted: Partial<RepositoryRow["settings"]>): void {
  const next = { ...settings, ...wanted };
  if (!next.allow_merge_commit && !next.allow_squash_merge && !next.allow_rebase_merge) {
    const words = "Sorry, you need to allow at least one merge strategy. (no_merge_method)";
    throw badField("Repository", "merge_commit_allowed", "custom", words);
  }
  if (wanted.visibility && wanted.visibility === settings.visibility && Object.keys(wanted).length === 1) {
    throw unprocessable(`Visibility is already ${settings.visibility}.`);
  }
  if (wanted.default_branch !== undefined && !refs.has(`refs/heads/${wanted.default_branch}`) && refs.size > 0) {
    throw badField("Repository", "default_branch", "invalid", `The branch ${wanted.default_branch} was not found.`);
  }
}

const onlyArchived = (body: object) => Object.keys(body).every((key) => key === "archived");

function actionOf(body: z.output<typeof settingsBody>): string {
  if (body.security_and_analysis) return "repo.update_security_and_analysis";
  if (body.archived !== undefined) return body.archived ? "repo.archived" : "repo.unarchived";
  if (body.visibility !== undefined) return "repo.access";
  return body.default_branch === undefined ? "repo.update" : "repo.update_default_branch";
}
