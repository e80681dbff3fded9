import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { permits } from "./asker";
import { at, type GithubContext, type GithubEnv, page, pageUrl, readJson, record, repositoryUrl } from "./context";
import { missing, refused, unprocessable } from "./error";
import { nodeId } from "./node-id";
import type { RepositoryRow, RulesetRow } from "./row";
import { appliesTo, canBypass } from "./ruleset-match";
import { completeRule, ruleSchema } from "./ruleset-rule";
import { findOrganization } from "./state";

const bypassActor = z.object({
  actor_id: z.number().int().nullish(),
  actor_type: z.enum(["RepositoryRole", "Team", "Integration", "OrganizationAdmin", "DeployKey", "User"]),
  bypass_mode: z.enum(["always", "pull_request", "exempt"]).default("always"),
});
const condition = z.object({ include: z.array(z.string()).default([]), exclude: z.array(z.string()).default([]) });

/** A ruleset as a body carries it. */
const rulesetBody = z.object({
  name: z.string().min(1),
  target: z.enum(["branch", "tag", "push"]).optional(),
  enforcement: z.enum(["disabled", "active", "evaluate"]),
  bypass_actors: z.array(bypassActor).optional(),
  conditions: z.object({ ref_name: condition }).nullish(),
  rules: z.array(ruleSchema).optional(),
});
type Body = z.output<typeof rulesetBody>;

/** Rulesets of a repository, and the rules that are in force for a branch. */
export function rulesetRoutes(world: World) {
  return new Hono<GithubEnv>()
    .get("/rulesets", (c) => c.json(page(c, [...c.get("repository").rulesets.values()]).map((row) => summary(c, row))))
    .post("/rulesets", async (c) => {
      const body = await readJson(c, rulesetBody);
      const { rulesets } = c.get("repository");
      const now = world.clock.now();
      const parts = check(world, c, body);
      const row = { id: world.ids.number(), ...parts, createdAt: now, updatedAt: now, versions: [] };
      rulesets.set(row.id, row);
      keepVersion(world, c, row);
      record(world, c, "repository_ruleset.create", row.name);
      return c.json(rulesetView(world, c, row), 201);
    })
    .get("/rulesets/rule-suites", (c) => c.json(page(c, suites(c))))
    .get("/rulesets/:id{[0-9]+}", (c) => c.json(rulesetView(world, c, get(c))))
    .put("/rulesets/:id{[0-9]+}", async (c) => {
      const row = get(c);
      const sent = await readJson(c, rulesetBody.partial());
      const { name, target, enforcement, bypass_actors, conditions, rules } = row;
      const before = { name, target, enforcement, bypass_actors, conditions, rules };
      const given = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined));
      Object.assign(row, check(world, c, { ...before, ...given }, row.id), { updatedAt: world.clock.now() });
      keepVersion(world, c, row);
      record(world, c, "repository_ruleset.update", row.name);
      return c.json(rulesetView(world, c, row));
    })
    .delete("/rulesets/:id{[0-9]+}", (c) => {
      const row = get(c);
      c.get("repository").rulesets.delete(row.id);
      record(world, c, "repository_ruleset.destroy", row.name);
      return c.body(null, 204);
    })
    .get("/rulesets/:id{[0-9]+}/history", (c) =>
      c.json(
        page(c, get(c).versions.toReversed()).map(({ id, actor, at: time }) => ({
          version_id: id,
          actor: actorView(world, actor),
          updated_at: at(time),
        })),
      ),
    )
    .get("/rules/branches/:branch", (c) => {
      const repository = c.get("repository");
      const ref = `refs/heads/${c.req.param("branch")}`;
      return c.json(page(c, effectiveRules(repository, ref)));
    });
}

/** The rules that are in force for a ref, each with the ruleset it is from. */
export function effectiveRules(repository: RepositoryRow, ref: string) {
  return [...repository.rulesets.values()]
    .filter((ruleset) => ruleset.enforcement === "active" && appliesTo(repository, ruleset, ref))
    .flatMap((ruleset) =>
      ruleset.rules.map(({ type, parameters }) => ({
        type,
        ...(parameters && { parameters }),
        ruleset_source_type: "Repository",
        ruleset_source: `${repository.owner}/${repository.settings.name}`,
        ruleset_id: ruleset.id,
      })),
    );
}

function get(c: GithubContext): RulesetRow {
  const row = c.get("repository").rulesets.get(Number(c.req.param("id")));
  if (!row) throw missing();
  return row;
}

function check(world: World, c: GithubContext, body: Body, own?: number) {
  const repository = c.get("repository");
  const { github } = world.store.state;
  const plan = findOrganization(github, repository.owner)?.plan ?? "free";
  if (plan === "free" && repository.settings.visibility !== "public") {
    throw refused("Upgrade to GitHub Pro or make this repository public to enable this feature.");
  }
  const problems: string[] = [];
  const { name, target = "branch", enforcement, bypass_actors = [], conditions, rules = [] } = body;
  if (enforcement === "evaluate" && plan !== "enterprise") {
    problems.push(
      "Enforcement evaluate option is not supported on this plan. Please upgrade to GitHub Enterprise to enable.",
    );
  }
  const twin = [...repository.rulesets.values()].find((one) => one.id !== own && one.name === name);
  if (twin) problems.push("Name must be unique");
  for (const { actor_type, actor_id } of bypass_actors) {
    const known =
      (actor_type === "Team" && github.teams.has(actor_id ?? 0)) ||
      (actor_type === "Integration" && github.apps.has(actor_id ?? 0)) ||
      (actor_type === "RepositoryRole" && [2, 4, 5].includes(actor_id ?? 0)) ||
      (actor_type === "User" && [...github.users.values()].some(({ id }) => id === actor_id)) ||
      actor_type === "OrganizationAdmin" ||
      actor_type === "DeployKey";
    if (!known)
      problems.push(`Actor ${actor_type} ${actor_id} must be part of the ruleset source or owner organization`);
  }
  const complete = rules.map((rule) => completeRule(rule, { github, repository, plan, problems }));
  if (problems.length > 0) throw unprocessable("Validation Failed", problems);
  return {
    name,
    target,
    enforcement,
    bypass_actors: bypass_actors.map(({ actor_id, ...actor }) => {
      const isAnonymous = actor.actor_type === "OrganizationAdmin" || actor.actor_type === "DeployKey";
      return { actor_id: isAnonymous ? null : (actor_id ?? null), ...actor };
    }),
    ...(conditions && { conditions }),
    rules: complete,
  };
}

function keepVersion(world: World, c: GithubContext, row: RulesetRow): void {
  const { name, target, enforcement, bypass_actors, conditions, rules } = row;
  const state = JSON.stringify({ name, target, enforcement, bypass_actors, conditions, rules });
  row.versions.push({ id: world.ids.number(), actor: c.get("asker").login, at: row.updatedAt, state });
}

function summary(c: GithubContext, { id, name, target, enforcement, createdAt, updatedAt }: RulesetRow) {
  const repository = c.get("repository");
  return {
    id,
    name,
    target,
    source_type: "Repository" as const,
    source: `${repository.owner}/${repository.settings.name}`,
    enforcement,
    node_id: nodeId("RepositoryRuleset", id),
    _links: {
      self: { href: repositoryUrl(c, repository, `/rulesets/${id}`) },
      html: { href: pageUrl(repository, `/rules/${id}`) },
    },
    created_at: at(createdAt),
    updated_at: at(updatedAt),
  };
}

/** A ruleset in full; who may pass it is told only to those that may write it. */
export function rulesetView(world: World, c: GithubContext, row: RulesetRow) {
  const repository = c.get("repository");
  const isWriter = permits(world, c.get("asker"), repository, {
    name: "administration",
    level: "write",
    role: "admin",
  });
  const mode = canBypass(world.store.state.github, repository, row, c.get("asker"));
  return {
    ...summary(c, row),
    ...(isWriter && { bypass_actors: row.bypass_actors }),
    ...(row.conditions && { conditions: row.conditions }),
    rules: row.rules,
    current_user_can_bypass: mode === "pull_request" ? ("pull_requests_only" as const) : (mode ?? ("never" as const)),
  };
}

function actorView(world: World, login: string) {
  const { users, apps } = world.store.state.github;
  const app = [...apps.values()].find(({ slug }) => `${slug}[bot]` === login);
  return app ? { id: app.id, type: "Bot" } : { id: users.get(login.toLowerCase())?.id ?? 0, type: "User" };
}

function suites(c: GithubContext) {
  const repository = c.get("repository");
  const { rule_suite_result: wanted, ref } = c.req.query();
  return repository.ruleSuites
    .filter(({ result }) => !wanted || wanted === "all" || wanted === result)
    .filter((suite) => !ref || suite.ref === ref || suite.ref === `refs/heads/${ref}`)
    .toReversed()
    .map(({ id, login, ref, before, after, at: time, result }) => ({
      id,
      actor_id: 0,
      actor_name: login,
      before_sha: before,
      after_sha: after,
      ref,
      repository_id: repository.id,
      repository_name: repository.settings.name,
      pushed_at: at(time),
      result,
      evaluation_result: result,
    }));
}
